"""An empty database with all tables, for one measurement: Django's own, on a PostgreSQL that is gone afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command

from claimtrack.embedded.temporary import temporary_postgres


@contextmanager
def temporary_database() -> Iterator[None]:
    """Serve Django's models in this process from a new PostgreSQL; they can be imported inside the block."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    with temporary_postgres() as cluster:
        database = settings.DATABASES["default"]
        database.update(NAME="claimtrack", USER="claimtrack", PASSWORD="", HOST=str(cluster.socket_folder), PORT="")
        database.setdefault("OPTIONS", {}).pop("host", None)
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        yield
        from django.db import connections  # noqa: PLC0415 - once it is set up

        connections.close_all()
