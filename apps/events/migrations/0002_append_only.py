"""The log is only added to: triggers refuse anything else."""

from django.db import migrations

from apps.events.append_only import guard_table, make_guard


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [make_guard(), guard_table("events_event")]
