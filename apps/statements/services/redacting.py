"""Words that had to go: they are blanked where they stand, so that every place still holds."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from apps.sources.models import Article, ArticleVersion
from apps.statements.models import Statement, StatementSpan
from claimtrack.errors import Conflict, NotFound

BLANK = "█"


@transaction.atomic
def blank_words(*, statement_id: int) -> Statement:
    """Blank the words of a statement in every version that has them, and in each statement that shares them.

    Each letter becomes a block, so that all offsets stay. The digests of the texts stay those of the originals: the
    same text that comes in again is known, and not kept again. Raises NotFound, and Conflict where they are blank.
    """
    statement = Statement.objects.filter(pk=statement_id).first()
    if statement is None:
        raise NotFound(f"There is no statement {statement_id}.")
    Article.objects.select_for_update(no_key=True).get(pk=statement.article_id)
    statement.refresh_from_db(fields=["text"])
    if not any(letter.isalnum() for letter in statement.text):
        raise Conflict("The words of this statement are blanked already.")
    touched: set[int] = {statement.pk}
    for version in ArticleVersion.objects.filter(statement_spans__statement=statement).distinct().order_by("pk"):
        spans = list(version.statement_spans.all())
        gone = [(start, end) for span in spans if span.statement_id == statement.pk for start, end in span.content]
        version.text = blanked(version.text, gone)
        version.save(update_fields=["text"])
        touched |= {span.statement_id for span in spans if _meet(gone, _places(span))}
    for one in Statement.objects.filter(pk__in=touched).order_by("pk"):
        _read_again(one)
    statement.refresh_from_db()
    return statement


def blanked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with a block for each character at these places; white space stays."""
    letters = list(text)
    for start, end in places:
        letters[start:end] = [one if one.isspace() else BLANK for one in letters[start:end]]
    return "".join(letters)


def _read_again(statement: Statement) -> None:
    """Take the words of a statement anew from where they stand."""
    spans = statement.spans.select_related("version")
    span = max(spans, key=lambda one: (one.version.number, one.reader == statement.reader, one.pk))
    for field, places in (("text", span.content), ("source_text", span.source), ("cue_text", span.cue)):
        setattr(statement, field, " … ".join(span.version.text[start:end] for start, end in places))
    statement.proposition = statement.text
    statement.save(update_fields=["text", "source_text", "cue_text", "proposition"])


def _places(span: StatementSpan) -> list[tuple[int, int]]:
    return [(start, end) for part in (span.source, span.cue, span.content) for start, end in part]


def _meet(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for start, end in some for other_start, other_end in others)
