from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # nobody who writes waits while the index is built

    dependencies = [("actions", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="action",
            index=models.Index(
                condition=models.Q(("traceback", ""), _negated=True),
                fields=["finished_at"],
                name="action_traced",
            ),
        ),
    ]
