"""Old articles before a newer reader or matcher, each in one transaction, beside the workers.

What an article was read or matched by is stored with it, so that a run which ends at any moment goes on where it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from apps.claims.models import Link
from apps.claims.services.matching import match_waiting
from apps.claims.services.review import SAYS_THE_CLAIM
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion, Publisher
from apps.statements.models import Statement
from apps.statements.services.reading import READS, note_reading, reader_in_use, store_reading
from apps.statements.services.redacting import BLANK
from claimtrack.errors import Conflict
from claimtrack.extraction.attribution import Attribution
from claimtrack.matching.decision import MATCHER

BATCH = 200


class Overtaken(Conflict):
    """The article is under way, or was read since it was looked at: there is nothing to do, or another does it."""

    code = "overtaken"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles: of this publisher, published (else received) in these days, seen by this version only."""

    publisher: Publisher | None = None
    since: date | None = None
    until: date | None = None
    seen_by: str = ""

    def articles(self) -> QuerySet[Article]:
        """The chosen ones among those whose way is ended."""
        day = Coalesce(TruncDate("published_at"), TruncDate("received_at"))
        chosen = Article.objects.annotate(day=day).filter(state=Article.State.DONE)
        if self.publisher:
            chosen = chosen.filter(publisher=self.publisher)
        if self.since:
            chosen = chosen.filter(day__gte=self.since)
        if self.until:
            chosen = chosen.filter(day__lte=self.until)
        return chosen


def to_reread(choice: Choice) -> QuerySet[ArticleVersion]:
    """The newest version of each chosen article that another reader than the one in use has read.

    Articles of which words were blanked stay as they are: what is left of them says something else.
    """
    later = ArticleVersion.objects.filter(
        article=OuterRef("article"), number__gt=OuterRef("number"), read_at__isnull=False
    )
    blanked = Statement.objects.filter(article=OuterRef("article"), text__contains=BLANK)
    versions = ArticleVersion.objects.filter(
        ~Exists(later), ~Exists(blanked), read_at__isnull=False, article__in=choice.articles()
    ).exclude(reader=reader_in_use())
    return versions.filter(reader=choice.seen_by) if choice.seen_by else versions


def to_rematch(choice: Choice) -> QuerySet[Article]:
    """The chosen articles with statements that another matcher than the present one looked at."""
    older = Statement.objects.filter(article=OuterRef("pk")).filter(_matched_before())
    if choice.seen_by:
        older = older.filter(matcher=choice.seen_by)
    return choice.articles().filter(Exists(older))


def one_by_one[M: Model](rows: QuerySet[M]) -> Iterator[M | None]:
    """Each row as it is when its turn comes, held for this process meanwhile; None where another has or had it."""
    after = 0
    while ids := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for pk in ids:
            with _held(f"reread {rows.model._meta.db_table} {pk}") as is_ours:
                yield rows.filter(pk=pk).first() if is_ours else None
        after = ids[-1]


@transaction.atomic
def reread_article(*, version: ArticleVersion, found: Sequence[Attribution] | None) -> Outcome[Article]:
    """Store what the reader in use found in a version that an older one has read, and match what is new by it.

    A statement that is found again keeps its id, links and decisions. One that bears on nothing yet is matched again
    where it was read in another way. `found` is None for a language that is not read. Raises Overtaken.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=version.article_id)
    newest = article.versions.filter(read_at__isnull=False).latest("number")
    as_seen = (version.pk, version.reader, version.text)
    if article.state != Article.State.DONE or (newest.pk, newest.reader, newest.text) != as_seen:
        raise Overtaken("The article is under way, or was read again.")
    if found is None:
        note_reading(version)
        return Outcome(article, [_reread(version, {"new": 0}, [])])
    stored = store_reading(article, version, found)
    _have_matched(article, stored.value.changed)
    matched = match_waiting(article, dated_anew=_said_by(stored.value.changed))
    if article.skipped:
        article.skipped, article.language = "", READS
        article.save(update_fields=["skipped", "language"])
    happened = [*stored.happened, *matched.happened]
    return Outcome(article, [*happened, _reread(version, {"new": len(stored.value.new)}, happened)])


@transaction.atomic
def rematch_article(*, article_id: int) -> Outcome[Article]:
    """Match statements of an article again that an older matcher looked at.

    Suggestions that nobody decided on are renewed or taken back; all else stands. Raises Overtaken.
    """
    article = Article.objects.select_for_update(no_key=True).get(pk=article_id)
    older = Statement.objects.filter(_matched_before(), article=article)
    if article.state != Article.State.DONE or not older.update(matched_at=None):
        raise Overtaken("The article is under way, or was matched again.")
    return Outcome(article, match_waiting(article).happened)


def _matched_before() -> Q:
    """Of statements: those that another matcher than the present one looked at."""
    return Q(state=Statement.State.CURRENT, matched_at__isnull=False) & ~Q(matcher=MATCHER)


@contextmanager
def _held(name: str) -> Iterator[bool]:
    """Whether this is ours to the end of the block: two processes share the work, and a killed one holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _have_matched(article: Article, changed: Mapping[int, Sequence[str]]) -> None:
    """Have those matched that bear on nothing yet, where they read otherwise, or ceased to wrap another statement."""
    otherwise = Q(pk__in=changed) | Q(nested__state=Statement.State.SUPERSEDED)
    unlinked = Statement.objects.filter(otherwise, article=article, state=Statement.State.CURRENT, links=None)
    Statement.objects.filter(pk__in=unlinked.values("pk")).update(matched_at=None)


def _said_by(changed: Mapping[int, Sequence[str]]) -> Sequence[int]:
    """The claims that statements say which turned out to be of another day."""
    dated_anew = [pk for pk, fields in changed.items() if "said_on" in fields]
    says = Link.objects.filter(statement__in=dated_anew, state=Link.State.ACCEPTED, stance__in=SAYS_THE_CLAIM)
    return list(says.values_list("claim_id", flat=True))


def _reread(version: ArticleVersion, counts: Mapping[str, int], happened: Sequence[Happened]) -> Happened:
    kinds = Counter(one.kind for one in happened)
    return Happened(
        EventKind.ARTICLE_REREAD,
        article_id=version.article_id,
        payload={
            "reader": reader_in_use(),
            "was": version.reader,
            **counts,
            "changed": kinds[EventKind.STATEMENT_CHANGED],
            "superseded": kinds[EventKind.STATEMENT_SUPERSEDED],
        },
    )
