"""Reading a version of an article: the only place where statements are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.sources.models import Article, ArticleVersion
from apps.statements.models import Speaker, Statement, StatementSpan
from apps.statements.services.rereading import bring_up_to_date, note_what_is_gone
from apps.statements.services.speakers import speakers_for
from claimtrack.extraction import READERS, Engine, language, read_statements
from claimtrack.extraction.attribution import (
    Attribution,
    Polarity,
    Span,
    SpeakerKind,
    SpeakerName,
    statements_among,
)
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of the findings of one reading: statements that are new, and that were known already.

    `changed` are those of the known ones that a newer reader sees in another way, with the fields.
    """

    new: Sequence[Statement]
    known: Sequence[Statement]
    changed: dict[int, Sequence[str]]


def attributions_of(version: ArticleVersion) -> Sequence[Attribution] | None:
    """The statements the reader finds in a version, without the database; None where it cannot read the language."""
    if language(version.text) != READS:
        return None
    published_on = version.article.published_at.date() if version.article.published_at else None
    engine = Engine(settings.READING_ENGINE)
    return statements_among(
        read_statements(version.text, title=version.title, published_on=published_on, engine=engine)
    )


def load_reader() -> None:
    """Read something, so that the first article finds in memory what reading needs."""
    language(_SAMPLE)
    read_statements(_SAMPLE, published_on=date(2019, 5, 4), engine=Engine(settings.READING_ENGINE))


def reader_in_use() -> str:
    """The version of the reader, stored with what it reads."""
    return READERS[Engine(settings.READING_ENGINE)]


@transaction.atomic
def read_article(*, version_id: int, found: Sequence[Attribution] | None, lane: Lane) -> Outcome[Article]:
    """Store what the reader found in a version, and send the article on to be matched.

    `found` is None for a language that the reader does not read: the article is then done.
    """
    version = ArticleVersion.objects.get(pk=version_id)
    article = Article.objects.select_for_update(no_key=True).get(pk=version.article_id)
    if found is None:
        note_reading(version)
        article.state, article.skipped = Article.State.DONE, "language"
        article.language = language(version.text)
        article.save(update_fields=["state", "skipped", "language"])
        done = Happened(EventKind.ARTICLE_DONE, article_id=article.pk, payload={"skipped": "language"})
        return Outcome(article, [done])

    stored = store_reading(article, version, found)
    article.state, article.language = Article.State.MATCHING, READS
    article.save(update_fields=["state", "language"])
    Work.objects.make_due(Kind.MATCH, [version.pk], lane)
    nudge(Kind.MATCH)
    return Outcome(article, stored.happened)


def store_reading(article: Article, version: ArticleVersion, found: Sequence[Attribution]) -> Outcome[Stored]:
    """Store what the reader found in a version of a locked article.

    A finding that is a statement we have already (the same words, speaker and polarity, after the two texts are
    aligned) is that statement: it keeps its id, links and decisions, and what an older reader made of it is brought up
    to date. What the newest version no longer has is `gone`; what only an older reader finds in it, `superseded`.
    """
    note_reading(version)
    store = _Store(article, version, found)
    store.keep_all()
    note_what_is_gone(article)
    return Outcome(Stored(store.new, list(store.known.values()), store.changed), store.happened)


def note_reading(version: ArticleVersion) -> None:
    """Note that the reader in use has read a version now."""
    ArticleVersion.objects.filter(pk=version.pk).update(reader=reader_in_use(), read_at=Now())


class _Store:
    """The findings of one reading on their way into the database."""

    def __init__(self, article: Article, version: ArticleVersion, found: Sequence[Attribution]) -> None:
        self.article = article
        self.version = version
        self.found = found
        self.reader = reader_in_use()
        self.known = self._known()
        self.speakers = self._speakers()
        self.new: list[Statement] = []
        self.changed: dict[int, Sequence[str]] = {}
        self.happened: list[Happened] = []

    def keep_all(self) -> None:
        kept = [self.known.get(position) or self._new(one) for position, one in enumerate(self.found)]
        self.new = [statement for statement in kept if statement.pk is None]
        Statement.objects.bulk_create(self.new)  # their ids are in the order of the text
        self._nest_new(kept)
        for position, statement in sorted(self.known.items()):
            if statement.reader != self.reader:
                self._bring_up_to_date(statement, self.found[position], kept)
        self._place(kept)

    def _nest_new(self, kept: Sequence[Statement]) -> None:
        nested = []
        for position, one in enumerate(self.found):
            if one.nested_in is not None and position not in self.known:
                kept[position].outer = kept[one.nested_in]
                nested.append(kept[position])
        Statement.objects.bulk_update(nested, ["outer"])

    def _place(self, kept: Sequence[Statement]) -> None:
        spans = []
        for statement, one in zip(kept, self.found, strict=True):
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
            spans = version.statement_spans.select_related("statement__speaker").exclude(statement__in=taken)
            old = {span.statement_id: span for span in spans.order_by("pk")}
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

    def _speakers(self) -> dict[SpeakerName, Speaker]:
        """Whom each name means; who is known in this article already stays who they are."""
        known = {self.found[position].speaker: statement.speaker for position, statement in self.known.items()}
        to_read = [
            one
            for position, one in enumerate(self.found)
            if position not in self.known or self.known[position].reader != self.reader
        ]
        names = {name for one in to_read for name in (one.speaker, *one.chain, *filter(None, [one.addressee]))}
        unnamed = [name for name in names - known.keys() if name.kind == SpeakerKind.UNNAMED]
        if unnamed and self.known:
            of_article = Q(statements__article=self.article) | Q(heard__article=self.article)
            here = {one.name: one for one in Speaker.objects.filter(of_article, kind=SpeakerKind.UNNAMED)}
            known |= {name: here[name.name[:300]] for name in unnamed if name.name[:300] in here}
        return speakers_for(names - known.keys(), on=_day(self.article)) | known

    def _new(self, one: Attribution) -> Statement:
        return Statement(
            article=self.article,
            speaker=self.speakers[one.speaker],
            speaker_name=one.speaker.name[:300],
            polarity=one.polarity,
            **self._read(one),
        )

    def _bring_up_to_date(self, statement: Statement, one: Attribution, kept: Sequence[Statement]) -> None:
        outer_id = kept[one.nested_in].pk if one.nested_in is not None else None
        if changed := bring_up_to_date(statement, {"outer_id": outer_id, **self._read(one)}):
            self.changed[statement.pk] = changed.payload["fields"]
            self.happened.append(changed)

    def _read(self, one: Attribution) -> dict[str, Any]:
        """What the reader makes of a statement, by field: all but its place and what tells it from others."""
        text = self.version.text
        publisher = self.article.publisher
        chain = [{"type": "publisher", "id": str(publisher.pk), "name": publisher.name}] if publisher else []
        chain += [
            {"type": "speaker", "id": str(self.speakers[name].pk), "name": self.speakers[name].name}
            for name in one.chain
        ]
        return {
            "role": one.speaker.role[:200],
            "addressee_id": self.speakers[one.addressee].pk if one.addressee else None,
            "chain": chain,
            "text": _words(text, one.content),
            "proposition": one.proposition[:LONGEST_PROPOSITION],
            "source_text": _words(text, one.source),
            "cue_text": _words(text, one.cue),
            "speech": one.speech,
            "kind": one.kind,
            "hedged": one.hedged,
            "said_on": one.said_on or _day(self.article),
            "due_on": one.due_on,
            "check_worthiness": one.check_worthiness,
            "confidence": one.confidence,
            "reader": self.reader,
        }


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
