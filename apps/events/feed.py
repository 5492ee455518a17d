"""The change feed: everything that happened after a cursor, in order, without gaps."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core import signing

from apps.events.models import Event
from claimtrack.errors import DomainError, Gone

_SALT = "claimtrack.changes"


class BadCursor(DomainError):
    """The cursor is none of ours, or belongs to another filter."""

    code = "bad_cursor"


class CursorGone(Gone):
    """The cursor names an event that this log does not have: the database was restored from an older state."""

    code = "cursor_gone"


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the log. `cursor` is where the next one begins, also when this one is empty."""

    events: Sequence[Event]
    cursor: str
    has_more: bool


def newest_cursor() -> str:
    """The cursor after the last event there is, for an unfiltered feed."""
    last = Event.objects.order_by("-pk").only("pk", "at").first()
    return _cursor(last, {})


def read_changes(*, cursor: str, filters: Mapping[str, str | int], limit: int) -> Page:
    """The events after the cursor ('' is the beginning) that pass the filters, at most `limit`.

    Raises BadCursor and CursorGone.
    """
    after = _position(cursor, filters) if cursor else 0
    events = list(Event.objects.filter(pk__gt=after, **filters).order_by("pk")[: limit + 1])
    page = events[:limit]
    new_cursor = _cursor(page[-1], filters) if page else cursor or _cursor(None, filters)
    return Page(page, new_cursor, len(events) > limit)


def _cursor(event: Event | None, filters: Mapping[str, str | int]) -> str:
    place = [event.pk, event.at.isoformat()] if event else [0, ""]
    return signing.dumps([*place, _digest(filters)], salt=_SALT)


def _position(cursor: str, filters: Mapping[str, str | int]) -> int:
    try:
        event_id, at, digest = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor("This cursor was not given out by this service.", field="cursor") from error
    # A cursor from a list (`changes_cursor`) knows no filter and may begin any feed.
    if digest not in (_digest(filters), _digest({})):
        raise BadCursor("This cursor belongs to a feed with other filters.", field="cursor")
    if event_id and not Event.objects.filter(pk=event_id, at=at).exists():
        raise CursorGone(
            "This cursor points beyond the log, which was restored from a backup. Read the lists again and go on from"
            " their changes_cursor.",
            field="cursor",
        )
    return int(event_id)


def _digest(filters: Mapping[str, str | int]) -> str:
    return hashlib.sha256(repr(sorted(filters.items())).encode()).hexdigest()[:12]
