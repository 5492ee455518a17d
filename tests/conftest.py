"""What every test may use. The tests that touch the database get a PostgreSQL of their own."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from claimtrack.embedded.temporary import temporary_postgres, temporary_valkey
from claimtrack.embedded.valkey import Broker


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Point Django at a private PostgreSQL for this run, unless DATABASE_URL names one.

    pytest-django asks for this once, before it makes the test database. The settings were read long before:
    the dict that Django's connections share is changed in place.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with temporary_postgres() as cluster:
        settings.DATABASES["default"].update(
            NAME="claimtrack", USER="claimtrack", PASSWORD="", HOST=str(cluster.socket_folder), PORT=""
        )
        settings.DATABASES["default"].setdefault("OPTIONS", {}).pop("host", None)
        yield


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """A private Valkey, for tests that run real workers; `broker.url()` is its address for Celery."""
    with temporary_valkey() as valkey:
        yield valkey


# History is only added to, also against Django's flush: between tests the triggers are put to sleep.


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards(django_db_setup: None) -> Iterator[None]:
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_with_triggers_asleep(self: DatabaseOperations, sql_list: list[str]) -> None:
        flush(self, ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = origin"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_with_triggers_asleep)
        yield
