"""Writing to PostgreSQL past the models: rows by COPY, and indexes that are built when all rows are there."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import psycopg
from django.core.management.color import no_style
from django.db import connection, models

MEMORY = "3GB"
WORKERS = 2
TELL_EVERY = 20.0
_PROGRESS = "SELECT phase, tuples_done, tuples_total FROM pg_stat_progress_create_index"

type Tell = Callable[[str], None]


class Table:
    """A table that rows are copied into; columns that are not named get what the model gives them."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self._model = model
        self._rest: list[Any] = []
        self._columns = list(columns)
        for field in model._meta.concrete_fields:
            by_database = field.generated or field.has_db_default() or (field.primary_key and "id" not in columns)
            if field.column and field.column not in columns and not by_database:
                self._columns.append(field.column)
                self._rest.append(field.get_db_prep_save(field.get_default(), connection))

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        columns = ", ".join(self._columns)
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self._model._meta.db_table} ({columns}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row([*row, *self._rest])


@contextmanager
def bulk_load(*later: tuple[type[models.Model], str], tell: Tell) -> Iterator[None]:
    """Load without checking foreign keys row by row, build these indexes afterwards, and take statistics.

    The rows must name only what is there. Nothing else may write meanwhile.
    """
    indexes = [(model, index) for model, name in later for index in model._meta.indexes if index.name == name]
    _execute("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()", "SET session_replication_role = replica")
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    yield
    _execute(f"SET maintenance_work_mem = '{MEMORY}'", f"SET max_parallel_maintenance_workers = {WORKERS}")
    for model, index in indexes:
        began = time.monotonic()
        with _told_progress(index.name, tell), connection.schema_editor(atomic=False) as editor:
            editor.add_index(model, index)
        tell(f"index {index.name} built in {time.monotonic() - began:.0f} s")
    _execute("RESET ALL", "VACUUM (ANALYZE)")


def continue_counting(*tables: type[models.Model]) -> None:
    """Let the next row that the service writes have an id of its own."""
    _execute(*connection.ops.sequence_reset_sql(no_style(), tables))


def size_of(relation: str) -> int:
    """How many bytes a table or an index has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s::regclass)", [relation])
        [size] = cursor.fetchone()
    return int(size)


@contextmanager
def _told_progress(name: str, tell: Tell) -> Iterator[None]:
    """Say from time to time how far an index is, asked over a connection of its own."""
    is_built = Event()

    def watch() -> None:
        with psycopg.connect(**_address(), autocommit=True) as asking:
            while not is_built.wait(TELL_EVERY):
                if row := asking.execute(_PROGRESS).fetchone():
                    phase, done, rows = row
                    tell(f"index {name}: {phase}, {done:,} of {rows:,}")

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_built.set()
        watcher.join()


def _address() -> dict[str, Any]:
    given = connection.settings_dict
    return {"host": given["HOST"], "port": given["PORT"] or None, "user": given["USER"], "dbname": given["NAME"]}


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
