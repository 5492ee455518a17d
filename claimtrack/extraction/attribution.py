"""What the reader returns: one `Attribution` for each thing that somebody is reported to have said.

Plain data. Offsets are code points into the text that was read, as half-open `(start, end)` pairs, so that
`text[start:end]` is the quoted wording.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

type Span = tuple[int, int]


class Speech(StrEnum):
    """How the words are reported: in quotation marks, in the reporter's own words, or both at once."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Kind(StrEnum):
    """What sort of claim it is; each kind has statuses of its own."""

    ASSERTION = "assertion"
    PROMISE = "promise"
    PREDICTION = "prediction"
    DEMAND = "demand"


class Polarity(StrEnum):
    """Whether the content affirms or negates its proposition."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"


class SpeakerKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class SpeakerName:
    """Who speaks, as resolved inside one article: the fullest name the article gives, and how else it calls them."""

    name: str
    kind: SpeakerKind
    aliases: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """One reported saying.

    `source`, `cue` and `content` are spans in the order of the text: none where the text has no such words, several
    where they are broken ("A," he said, "B").
    `chain` goes from the outermost speaker of the text to the one whose words these are (the last is `speaker`);
    `nested_in` is the position, in the sequence returned, of the attribution around this one. `proposition` is the
    content as a sentence of its own, with the speaker's pronouns replaced by the name, for matching and as the text
    of a claim. `confidence` and `check_worthiness` lie between 0 and 1. `is_statement` is false where the text only
    tells that there was talk of something, or none ("made little mention of the tests"): nobody says anything then.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speech: Speech
    kind: Kind
    polarity: Polarity
    hedged: bool
    speaker: SpeakerName
    addressee: SpeakerName | None
    chain: tuple[SpeakerName, ...]
    proposition: str
    said_on: date | None
    due_on: date | None
    check_worthiness: float
    confidence: float
    nested_in: int | None = None
    is_statement: bool = True


def statements_among(attributions: Sequence[Attribution]) -> Sequence[Attribution]:
    """Return those in which something is said; what was inside another moves to what is around it."""
    kept: list[Attribution] = []
    position: dict[int | None, int | None] = {None: None}
    for number, one in enumerate(attributions):
        outer = position[one.nested_in]
        position[number] = len(kept) if one.is_statement else outer
        if one.is_statement:
            kept.append(replace(one, nested_in=outer))
    return kept
