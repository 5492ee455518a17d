"""The statements of a story as the matcher meets them: with the words and facts of the reader, or of the marks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache

from bench.matching.stories import Article, Stance, Statement, Story
from bench.reading.scoring import FOUND_AT
from claimtrack.extraction import read_statements
from claimtrack.extraction.attribution import Attribution, Polarity, Span, SpeakerKind
from claimtrack.extraction.dates import due_on
from claimtrack.extraction.spelling import name_key
from claimtrack.matching.embedding import embed
from claimtrack.matching.stance import ClaimFacts, StatementFacts, Vector, denied_by_cue

ITS_WORDS_AT = 0.8
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")

type Key = tuple[str, str]  # of a story and a claim in it


class Facts(StrEnum):
    """Where what is known of a statement comes from.

    MARKED: speaker, kind and day as marked, the words as read where the reader cut them so, else as marked: matching
    apart from reading. FILLED: all as read, and what was missed as marked. READ: all as read, what was missed is not
    there.
    """

    MARKED = "marked"
    FILLED = "filled"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Told:
    """A marked statement: what the matcher is given (nothing where it was missed), and what is right."""

    story: str
    article: Article
    marked: Statement
    facts: StatementFacts | None

    @property
    def claim(self) -> Key:
        return self.story, self.marked.claim

    @property
    def bears_on(self) -> Mapping[Key, Stance]:
        return {(self.story, other): stance for other, stance in self.marked.bears_on.items()}

    def as_claim(self, claim_id: int) -> ClaimFacts:
        """The claim that the service would open for it."""
        assert self.facts is not None
        return ClaimFacts(
            claim_id=claim_id,
            text=self.facts.text,
            speaker_ids=self.facts.speaker_ids,
            kind=self.facts.kind,
            polarity_negated_by_cue=self.facts.polarity_negated_by_cue,
            first_said_on=self.facts.said_on,
            due_on=self.facts.due_on,
            meaning=self.facts.meaning,
        )


def with_meaning[F: (StatementFacts, ClaimFacts)](facts: F) -> F:
    """Add what the text means."""
    return replace(facts, meaning=_meaning(facts.text))


@cache
def _meaning(text: str) -> Vector:
    vector: Vector = embed([text])[0]
    return vector


@cache
def _read(text: str, title: str, published_on: date) -> Sequence[Attribution]:
    return read_statements(text, title=title, published_on=published_on)


def told(story: Story, facts: Facts) -> list[Told]:
    """Read the articles of a story and pair what is found with what is marked, in the order of telling."""
    found = []
    for article in story.articles:
        pairs = _pairs(article, _read(article.text, article.title, article.published_on))
        for number, one in enumerate(article.statements):
            read, overlap = pairs.get(number, (None, 0.0))
            if facts is Facts.READ and read is None:
                known = None
            elif facts is Facts.MARKED or read is None:
                known = with_meaning(_as_marked(article, one, read if overlap >= ITS_WORDS_AT else None))
            else:
                known = with_meaning(_as_read(article, one, read))
            found.append(Told(story.name, article, one, known))
    return found


def _as_marked(article: Article, marked: Statement, read: Attribution | None) -> StatementFacts:
    text = read.proposition if read else _words(article.text, marked.content)
    return StatementFacts(
        text=text,
        speaker_ids=frozenset({name_key(marked.speaker)}),
        kind=marked.kind,
        polarity_negated_by_cue=read is not None and _is_denied(read),
        said_on=marked.said_on or article.published_on,
        due_on=due_on(text, marked.said_on, kind=marked.kind),
    )


def _as_read(article: Article, marked: Statement, read: Attribution) -> StatementFacts:
    return StatementFacts(
        text=read.proposition,
        speaker_ids=frozenset({_speaker(article, marked, read)}),
        kind=read.kind,
        polarity_negated_by_cue=_is_denied(read),
        said_on=read.said_on or article.published_on,
        due_on=read.due_on,
        check_worthiness=read.check_worthiness,
    )


def _speaker(article: Article, marked: Statement, read: Attribution) -> str:
    """Who speaks, as the store of speakers knows them: who is not named is known in one article only."""
    right, key = name_key(marked.speaker), name_key(read.speaker.name)
    if right in {key, *map(name_key, read.speaker.aliases)}:
        return right
    return f"{article.id} {key}" if read.speaker.kind == SpeakerKind.UNNAMED else key


def _is_denied(read: Attribution) -> bool:
    return denied_by_cue(read.proposition, negated=read.polarity == Polarity.NEGATED)


def _words(text: str, content: Sequence[Span]) -> str:
    return " ".join(text[start:end] for start, end in content).strip("“”,. ")


def _pairs(article: Article, read: Sequence[Attribution]) -> dict[int, tuple[Attribution, float]]:
    """What was read for each marked statement, by number, and how far it is the same; each once, the closest first."""
    words = [match.span() for match in _WORD.finditer(article.text)]
    marked = [_within(one.content, words) for one in article.statements]
    found = [_within(one.content, words) for one in read]
    close = sorted(
        (-overlap, number, position)
        for number, content in enumerate(marked)
        for position, other in enumerate(found)
        if (overlap := len(content & other) / len(content | other)) >= FOUND_AT
    )
    pairs: dict[int, tuple[Attribution, float]] = {}
    unread = set(range(len(read)))
    for less, number, position in close:
        if number not in pairs and position in unread:
            unread.remove(position)
            pairs[number] = read[position], -less
    return pairs


def _within(spans: Sequence[Span], words: Sequence[Span]) -> frozenset[int]:
    return frozenset(
        number for first, last in spans for number, (start, end) in enumerate(words) if start < last and end > first
    )
