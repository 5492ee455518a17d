"""What a newer reading changes about the statements that an article has already."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.events.log import Happened
from apps.events.models import EventKind
from apps.sources.models import Article
from apps.statements.models import Statement, StatementSpan

_NO_TEXT = ("reader", "speech", "kind", "hedged", "said_on", "due_on")
"""What may be told of as it was: the log holds no words of people, because it outlives them."""
_OF_THE_READER = {"reader", "confidence"}
"""What every reader says in its own way of the same."""


def bring_up_to_date(statement: Statement, read: Mapping[str, Any]) -> Happened | None:
    """Give a statement what a newer reader makes of it, by field; the event, where it is read in another way."""
    changed = {field: value for field, value in read.items() if getattr(statement, field) != value}
    was = {field: _plain(getattr(statement, field)) for field in _NO_TEXT if field in changed}
    for field, value in changed.items():
        setattr(statement, field, value)
    statement.save(update_fields=list(changed))
    fields = sorted(changed.keys() - _OF_THE_READER)
    if not fields:
        return None
    return Happened(
        EventKind.STATEMENT_CHANGED,
        article_id=statement.article_id,
        statement_id=statement.pk,
        payload={"reader": statement.reader, "fields": [field.removesuffix("_id") for field in fields], "was": was},
    )


def note_what_is_gone(article: Article) -> None:
    """A statement is current as long as the newest version that was read has it, for the reader that read it last.

    What only an older reader found there is superseded. The matcher then takes back what it had made of it, or leaves
    it current where a person vouched for it. What is found again is matched again.
    """
    newest = article.versions.filter(read_at__isnull=False).values("pk", "reader").latest("number")
    there = StatementSpan.objects.filter(version=newest["pk"])
    found = there.filter(reader=newest["reader"]).values("statement")
    statements = Statement.objects.filter(article=article)
    back = statements.filter(pk__in=found)
    back.filter(state=Statement.State.SUPERSEDED).update(state=Statement.State.CURRENT, matched_at=None)
    back.filter(state=Statement.State.GONE).update(state=Statement.State.CURRENT)
    lost = statements.exclude(pk__in=found).filter(state=Statement.State.CURRENT)
    lost.filter(pk__in=there.values("statement")).update(state=Statement.State.SUPERSEDED, matched_at=None)
    lost.update(state=Statement.State.GONE)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
