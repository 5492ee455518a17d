import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import pytest
from django.db import DatabaseError, connection, transaction

from apps.claims.models import ClaimRevision, StatusChange
from apps.events.feed import newest_cursor, read_changes
from apps.events.log import Happened, Outcome, recording
from apps.events.models import Event, EventKind
from claimtrack.errors import DomainError
from tests.factories import make_claim

ARTICLE_DONE = EventKind.ARTICLE_DONE


def happen(number: int) -> Outcome[int]:
    return Outcome(number, [Happened(ARTICLE_DONE, article_id=number)])


@pytest.mark.django_db
def test_the_events_of_all_services_of_one_transaction_are_written_together_at_its_end():
    with recording() as record:
        assert record(happen(1)) == 1
        assert not Event.objects.exists()
        record(happen(2))

    assert list(Event.objects.order_by("pk").values_list("article_id", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_change_that_fails_leaves_no_event():
    def change() -> None:
        with recording() as record:
            record(happen(1))
            raise DomainError("no")

    with pytest.raises(DomainError):
        change()

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_events_are_recorded_by_the_outermost_transaction_only():
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), recording():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_24_writers_misses_nothing_and_sees_nothing_twice():
    writers, each = 24, 25
    over = Flag()

    def write(writer: int) -> None:
        for number in range(each):
            with recording() as record:
                record(happen(writer * each + number))
                time.sleep(random.uniform(0, 0.01))
        connection.close()

    def follow() -> list[Event]:
        seen, cursor = [], ""
        while True:
            last_round = over.is_set()
            page = read_changes(cursor=cursor, filters={}, limit=7)
            seen += page.events
            cursor = page.cursor
            if last_round and not page.events:
                connection.close()
                return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(follow)
        list(pool.map(write, range(writers)))
        over.set()
        seen = reader.result(timeout=60)

    assert sorted(event.article_id for event in seen) == list(range(writers * each))
    assert [event.pk for event in seen] == sorted(event.pk for event in seen)
    assert [event.at for event in seen] == sorted(event.at for event in seen)
    assert len({event.at for event in seen}) == writers * each


@pytest.mark.django_db
def test_a_clock_that_is_set_back_does_not_turn_the_log_round():
    with recording() as record:
        record(happen(1))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE events_event SET at = at + interval '1 hour'")
        cursor.execute("SET session_replication_role = origin")

    with recording() as record:
        record(happen(2))

    first, second = Event.objects.order_by("pk")
    assert second.at > first.at


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["events_event", "claims_claimrevision", "claims_statuschange", "claims_evidence"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_history_is_only_added_to(table, statement, editor):
    from tests.claims.test_judging import judge  # noqa: PLC0415 a judged claim fills all four tables

    judge(make_claim(), editor)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="is only added to"), transaction.atomic():
            cursor.execute(statement.format(table))

    assert ClaimRevision.objects.exists()
    assert StatusChange.objects.get().evidence.exists()
    assert Event.objects.exists()


def test_rows_are_locked_so_that_no_foreign_key_waits_for_them():
    """A full lock would make the check of a foreign key wait, after the lock of the log."""
    sources = [path for folder in ("apps", "claimtrack") for path in Path(folder).rglob("*.py")]
    locks = [
        f"{path}: {call}" for path in sources for call in re.findall(r"select_for_update\([^)]*\)", path.read_text())
    ]

    assert len(locks) > 5
    # The rows of work are named by no foreign key, and skipped rather than waited for.
    assert [lock for lock in locks if "no_key=True" not in lock] == [
        "claimtrack/work/models.py: select_for_update(skip_locked=True)"
    ]


@pytest.mark.django_db
def test_the_newest_cursor_is_where_a_filtered_feed_may_begin():
    with recording() as record:
        record(happen(1))
    cursor = newest_cursor()
    with recording() as record:
        record(happen(1))
        record(happen(2))

    page = read_changes(cursor=cursor, filters={"article_id": 2}, limit=10)

    assert [event.article_id for event in page.events] == [2]
