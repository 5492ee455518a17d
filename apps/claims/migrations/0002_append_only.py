"""History is only added to: triggers refuse anything else."""

from django.db import migrations

from apps.events.append_only import guard_table


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("events", "0002_append_only")]
    operations = [
        guard_table("claims_claimrevision"),
        guard_table("claims_statuschange"),
        guard_table("claims_evidence"),
    ]
