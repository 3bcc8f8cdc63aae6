from django.db import migrations, models

from server.apps.indexes import BuildIndexConcurrently


class Migration(migrations.Migration):
    atomic = False  # nobody who writes waits while the index is built

    dependencies = [("actions", "0001_initial")]

    operations = [
        BuildIndexConcurrently(
            model_name="action",
            index=models.Index(
                condition=models.Q(("traceback", ""), _negated=True),
                fields=["finished_at"],
                name="action_traced",
            ),
        ),
    ]
