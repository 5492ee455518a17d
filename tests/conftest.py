"""What every test may use. The tests that touch the database get a PostgreSQL of their own."""

import os
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from rest_framework.test import APIClient

from apps.accounts.models import Role, User
from apps.events import log
from apps.events.models import Event
from claimtrack.embedded.temporary import temporary_postgres, temporary_valkey
from claimtrack.embedded.valkey import Broker
from claimtrack.work import nudging
from tests.factories import make_user, token_of


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


@pytest.fixture(autouse=True)
def _nudges_go_nowhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests with real workers have a broker to tell."""
    if "flow" not in request.keywords:
        monkeypatch.setattr(nudging.app, "send_task", lambda *args, **kwargs: None)


@pytest.fixture(autouse=True)
def _nothing_is_locked_after_the_event_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """In every test: whatever a transaction does once it holds the lock of the log, it locks no row any more."""
    write_events = log.write_events

    def write_and_watch(happened: Sequence[log.Happened]) -> list[Event]:
        holds_the_lock = False

        def watch(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
            nonlocal holds_the_lock
            if holds_the_lock and (not sql.startswith(("INSERT INTO", "SELECT")) or " FOR " in sql):
                raise AssertionError(f"after the lock of the event log: {sql}")
            holds_the_lock = holds_the_lock or "pg_advisory_xact_lock" in sql
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            return write_events(happened)

    monkeypatch.setattr(log, "write_events", write_and_watch)


@pytest.fixture
def editor() -> User:
    return make_user(Role.EDITOR)


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """A client of the API with the rights of a role (None: nobody), or of a given user and scopes."""

    def client(
        role: Role | None = Role.EDITOR, *, user: User | None = None, scopes: Sequence[str] | None = None
    ) -> APIClient:
        made = APIClient()
        if role is not None:
            made.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(user or make_user(role), scopes)}")
        return made

    return client
