"""Writing the event log: change and event in one transaction, the events last."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import connection, transaction

from apps.events.models import Event, EventKind

EVENT_LOG_LOCK = 0x636C61696D  # "claim"
_MICROSECOND = timedelta(microseconds=1)


class Entry(Protocol):
    """A history row that is written at the moment of its event, so that its time rises with the event's id."""

    hash: Any

    def seal(self, recorded_at: datetime) -> None:
        """Write the row, as recorded at this moment, with its hash."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that followers will hear of. An `entry` is sealed, under the lock of the log, just before."""

    kind: EventKind
    article_id: int | None = None
    statement_id: int | None = None
    claim_id: int | None = None
    link_id: int | None = None
    speaker_id: int | None = None
    user_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Outcome[T]:
    """What a service made, and what happened by it."""

    value: T
    happened: Sequence[Happened] = ()


class Recorder:
    """Gathers the events of every outcome of one transaction."""

    def __init__(self) -> None:
        self.happened: list[Happened] = []

    def __call__[T](self, outcome: Outcome[T]) -> T:
        self.happened += outcome.happened
        return outcome.value


@contextmanager
def recording() -> Iterator[Recorder]:
    """Open the outermost transaction, gather the events of the services called in it, and write them last."""
    with transaction.atomic(durable=True):
        recorder = Recorder()
        yield recorder
        write_events(recorder.happened)


def write_events(happened: Sequence[Happened]) -> list[Event]:
    """Seal the history and append to the event log: the last statements of the transaction of the change.

    The lock makes ids commit in the order they are handed out, so that a follower who remembers the last id it saw
    never misses one. No row may be locked after it: that order deadlocks. Foreign keys are checked at once from here
    on, because a check left to the commit would lock the rows it looks at after this lock.
    """
    if not happened:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVENT_LOG_LOCK])
        # A statement of its own: the clock is read when the lock is held. A clock set back never turns the log round.
        cursor.execute(
            "SELECT greatest(clock_timestamp(), (SELECT at + interval '1 microsecond' FROM events_event"
            " ORDER BY id DESC LIMIT 1))"
        )
        [now] = cursor.fetchone()
    events = []
    for position, one in enumerate(happened):
        at = now + position * _MICROSECOND
        if one.entry is not None:
            one.entry.seal(at)
        events.append(
            Event(
                kind=one.kind,
                at=at,
                article_id=one.article_id,
                statement_id=one.statement_id,
                claim_id=one.claim_id,
                link_id=one.link_id,
                speaker_id=one.speaker_id,
                user_id=one.user_id,
                payload=one.payload,
                head=one.entry.hash if one.entry is not None else None,
            )
        )
    return Event.objects.bulk_create(events)
