"""Reading a version of an article: the only place where statements are made."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion
from apps.statements.models import Speaker, Statement, StatementSpan
from apps.statements.services.speakers import speakers_for
from claimtrack.extraction import READERS, Engine, language, read_statements
from claimtrack.extraction.attribution import Attribution, Polarity, Span, SpeakerName
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.identity import Placed, carried_over
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from claimtrack.work.nudging import nudge

READS = "en"
LONGEST_PROPOSITION = 2_000
_SAMPLE = """BERLIN, May 4 - Finance Minister Anna Weber said on Monday that the bridge would open by the end of June.

“It will be cheap,” she told reporters, adding that Paul Reed, the governor of Norland, had promised her to pay for it.
According to the council, its decision to wait was not a mistake. "I think," he wrote, "that they won't agree." """


def attributions_of(version: ArticleVersion) -> Sequence[Attribution] | None:
    """What the reader finds in a version, without touching the database; None where it cannot read the language."""
    if language(version.text) != READS:
        return None
    published_on = version.article.published_at.date() if version.article.published_at else None
    return read_statements(
        version.text, title=version.title, published_on=published_on, engine=Engine(settings.READING_ENGINE)
    )


def load_reader() -> None:
    """Read something, so that the first article finds in memory what reading needs."""
    read_statements(_SAMPLE, published_on=date(2019, 5, 4), engine=Engine(settings.READING_ENGINE))


def reader_in_use() -> str:
    """The version of the reader, stored with what it reads."""
    return READERS[Engine(settings.READING_ENGINE)]


@transaction.atomic
def read_article(*, version_id: int, found: Sequence[Attribution] | None, lane: Lane) -> Outcome[Article]:
    """Store what the reader found in a version, and send the article on to be matched.

    A finding that is a statement we have already (the same words, speaker and polarity, after the two texts are
    aligned) is that statement: it keeps its id, links and decisions. What the newest version no longer has is `gone`.
    `found` is None for a language that the reader does not read: the article is then done.
    """
    version = ArticleVersion.objects.get(pk=version_id)
    article = Article.objects.select_for_update(no_key=True).get(pk=version.article_id)
    ArticleVersion.objects.filter(pk=version_id).update(reader=reader_in_use(), read_at=Now())
    if found is None:
        article.state, article.skipped = Article.State.DONE, "language"
        article.language = language(version.text)
        article.save(update_fields=["state", "skipped", "language"])
        done = Happened(EventKind.ARTICLE_DONE, article_id=article.pk, payload={"skipped": "language"})
        return Outcome(article, [done])

    store = _Store(article, version, found)
    store.keep_all()
    _note_what_is_gone(article)
    article.state, article.language = Article.State.MATCHING, READS
    article.save(update_fields=["state", "language"])
    Work.objects.make_due(Kind.MATCH, [version.pk], lane)
    nudge(Kind.MATCH)
    return Outcome(article)


class _Store:
    """The findings of one reading on their way into the database."""

    def __init__(self, article: Article, version: ArticleVersion, found: Sequence[Attribution]) -> None:
        self.article = article
        self.version = version
        self.found = found
        self.reader = reader_in_use()
        self.known = self._known()
        new = [one for position, one in enumerate(found) if position not in self.known]
        names = {name for one in new for name in (one.speaker, *one.chain, *filter(None, [one.addressee]))}
        self.speakers: dict[SpeakerName, Speaker] = speakers_for(names, on=_day(article))

    def keep_all(self) -> None:
        kept: list[Statement] = []
        spans: list[StatementSpan] = []
        for position, one in enumerate(self.found):
            statement = self.known.get(position) or self._new(one, kept)
            kept.append(statement)
            place = {"source": one.source, "cue": one.cue, "content": one.content}
            spans.append(StatementSpan(statement=statement, version=self.version, reader=self.reader, **place))
        StatementSpan.objects.bulk_create(
            spans,
            update_conflicts=True,
            unique_fields=["statement", "version", "reader"],
            update_fields=["source", "cue", "content"],
        )

    def _known(self) -> dict[int, Statement]:
        """The findings, by position, that are statements of a version read before, the newest version first."""
        known: dict[int, Statement] = {}
        taken: set[int] = set()
        read = self.article.versions.filter(statement_spans__isnull=False).distinct().order_by("-number")
        for version in read:
            spans = version.statement_spans.select_related("statement").exclude(statement__in=taken).order_by("pk")
            old = {span.statement_id: span for span in spans}
            new = [position for position in range(len(self.found)) if position not in known]
            if not new:
                break
            same = carried_over(
                [_place_of(span) for span in old.values()],
                [_place(self.found[position]) for position in new],
                version.text,
                self.version.text,
            )
            spans_in_order = list(old.values())
            for here, there in same.items():
                known[new[here]] = spans_in_order[there].statement
            taken |= set(old)
        return known

    def _new(self, one: Attribution, kept: Sequence[Statement]) -> Statement:
        text = self.version.text
        speaker = self.speakers[one.speaker]
        publisher = self.article.publisher
        chain = [{"type": "publisher", "id": str(publisher.pk), "name": publisher.name}] if publisher else []
        chain += [
            {"type": "speaker", "id": str(self.speakers[name].pk), "name": self.speakers[name].name}
            for name in one.chain
        ]
        return Statement.objects.create(
            article=self.article,
            outer=kept[one.nested_in] if one.nested_in is not None else None,
            speaker=speaker,
            speaker_name=one.speaker.name[:300],
            role=one.speaker.role[:200],
            addressee=self.speakers[one.addressee] if one.addressee else None,
            chain=chain,
            text=_words(text, one.content),
            proposition=one.proposition[:LONGEST_PROPOSITION],
            source_text=_words(text, one.source),
            cue_text=_words(text, one.cue),
            speech=one.speech,
            kind=one.kind,
            polarity=one.polarity,
            hedged=one.hedged,
            said_on=one.said_on or _day(self.article),
            due_on=one.due_on,
            check_worthiness=one.check_worthiness,
            confidence=one.confidence,
            reader=self.reader,
        )


def _words(text: str, spans: Sequence[Span]) -> str:
    """The words at these places, verbatim; the parts of a broken quote joined by an ellipsis."""
    return " … ".join(text[start:end] for start, end in spans)


def _place_of(span: StatementSpan) -> Placed:
    content = tuple((start, end) for start, end in span.content)
    return Placed(content, name_key(span.statement.speaker_name), span.statement.polarity == Polarity.NEGATED)


def _place(one: Attribution) -> Placed:
    return Placed(one.content, name_key(one.speaker.name[:300]), one.polarity == Polarity.NEGATED)


def _day(article: Article) -> date | None:
    return article.published_at.date() if article.published_at else None


def _note_what_is_gone(article: Article) -> None:
    """A statement is current as long as the newest version that was read has it."""
    newest = article.versions.filter(read_at__isnull=False).order_by("-number").values("pk")[:1]
    there = StatementSpan.objects.filter(version__in=newest).values("statement")
    statements = Statement.objects.filter(article=article).exclude(state=Statement.State.SUPERSEDED)
    statements.filter(pk__in=there).update(state=Statement.State.CURRENT)
    statements.exclude(pk__in=there).update(state=Statement.State.GONE)
