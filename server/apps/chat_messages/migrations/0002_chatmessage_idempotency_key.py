from django.db import migrations, models


class Migration(migrations.Migration):
    """A column that may be null rewrites no row, and a version that does not know it goes on writing."""

    dependencies = [("chat_messages", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="chatmessage",
            name="idempotency_key",
            field=models.CharField(blank=True, editable=False, max_length=255, null=True),
        ),
    ]
