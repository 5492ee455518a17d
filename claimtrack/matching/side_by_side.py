"""Two texts as the pair network sees them: word pieces, and what of each word the other text has.

Small networks align two texts word by word only with much training, and hardly ever compare numbers. Both are
done here by rule and told to the network.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, auto

from claimtrack.matching.calendar import Timing
from claimtrack.matching.lexicon import CONCEPTS, OPPOSITES, STOP_WORDS, lemma
from claimtrack.matching.quantities import DIGITS, SCALES, SMALL_NUMBERS, TENS
from claimtrack.wordpieces import WordPieces

MOST_PIECES = 160
MOST_OF_CLAIM = 64
MOST_CHARACTERS = 2_000
NEAREST_FACTOR = 5.0  # numbers further apart than this are no rivals
STEM = 5
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WORD = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+|\S")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_FILLER = r"\W+(?:(?:the|an?|of|us|about|around|late|early|mid|in|on|[$£€])\W*)*$"
_AT_MOST = re.compile(
    r"\b(?:(?:no|not) (?:more|later) than|(?:less|fewer|lower|earlier|shorter) than"
    rf"|under|below|at most|up to|maximum|before|prior to|until|by|within){_FILLER}",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:(?:no|not) (?:less|fewer|earlier) than|(?:more|greater|higher|later|longer|better) than"
    rf"|over|above|at least|exceed\w*|surpass\w*|minimum|after|since|past|beyond){_FILLER}",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"or (?:more|later|higher|above|over)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"or (?:less|fewer|earlier|lower|under)\b", re.IGNORECASE)
BEFORE, AFTER = 6, 3  # how many words beside a number may bound it


class Seen(IntEnum):
    """What a word is, and what of it the other text has."""

    SIGN = auto()
    WORD_ALONE = auto()
    WORD_SAME = auto()
    WORD_NEAR = auto()
    WORD_OPPOSITE = auto()
    NAME_ALONE = auto()
    NAME_SAME = auto()
    NAME_NEAR = auto()
    NUMBER_ALONE = auto()
    NUMBER_SAME = auto()
    NUMBER_LESS = auto()
    NUMBER_MORE = auto()
    BOUND_HOLDS = auto()
    BOUND_FAILS = auto()
    BOUND_EDGE = auto()


KINDS = ("assertion", "promise", "prediction", "demand")
_OF_MARKS = 1 + 2 * len(Seen)  # 0 for a mark between the texts, then the shapes of the claim, then those of the other
_OF_KINDS = _OF_MARKS + 2 * len(Timing)
SHAPES = _OF_KINDS + 2 * len(KINDS)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a statement and a claim beside their words; the kinds are of `KINDS`."""

    same_speaker: bool
    timing: Timing
    kind: str
    claim_kind: str

    @property
    def shapes(self) -> tuple[int, int, int]:
        """What the three marks say: who speaks and of when, the claim's kind, the statement's kind."""
        who_and_when = self.same_speaker * len(Timing) + list(Timing).index(self.timing)
        kinds = KINDS.index(self.claim_kind), len(KINDS) + KINDS.index(self.kind)
        return _OF_MARKS + who_and_when, _OF_KINDS + kinds[0], _OF_KINDS + kinds[1]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, a year or a month, and the words that write it; `bound` is 1 for "more than" it, -1 for "less"."""

    value: float
    kind: str
    first: int
    end: int
    bound: int = 0


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The pieces of a claim and of what is held against it, between marks, and the shape of each piece."""

    pieces: list[int]
    shapes: list[int]


def side_by_side(claim: str, other: str, vocabulary: WordPieces, known: Circumstances | None = None) -> SideBySide:
    """Lay two texts beside each other; of long ones the first `MOST_PIECES` pieces count."""
    opens, *closes = known.shapes if known else (0, 0, 0)
    sides = [WORD.findall(text[:MOST_CHARACTERS]) for text in (claim, other)]
    pieces, shapes = [vocabulary.opens], [opens]
    seen = (compare(sides[0], sides[1]), compare(sides[1], sides[0]))
    for side, room in enumerate((MOST_OF_CLAIM, MOST_PIECES)):
        for word, kind in zip(sides[side], seen[side], strict=True):
            of_word = vocabulary.of(word)
            if len(pieces) + len(of_word) >= room:
                break
            pieces += of_word
            shapes += [kind + side * len(Seen)] * len(of_word)
        pieces.append(vocabulary.closes)
        shapes.append(closes[side])
    return SideBySide(pieces, shapes)


def compare(words: Sequence[str], others: Sequence[str]) -> list[Seen]:
    """Say of each word what the other text has of it."""
    lower = [word.lower() for word in others]
    exact = set(lower)
    forms = {form for word in lower for form in _forms(word)}
    stems = {word[:STEM] for word in lower if len(word) > STEM}
    seen = [_seen(word, exact=exact, forms=forms, stems=stems) for word in words]
    rivals = numbers(others)
    for number in numbers(words):
        seen[number.first : number.end] = [_beside(number, rivals)] * (number.end - number.first)
    return seen


def numbers(words: Sequence[str]) -> list[Number]:
    """Find numbers in figures or small words, with their scale ("23.5 million"), years and months."""
    found = []
    position = 0
    while position < len(words):
        number = _number(words, position)
        if number:
            found.append(replace(number, bound=_bound(words, number)))
        position = number.end if number else position + 1
    return found


def _number(words: Sequence[str], position: int) -> Number | None:
    word, end = words[position], position + 1
    low = word.lower()
    if low in MONTHS and word[0].isupper():
        return Number(MONTHS.index(low), "month", position, end)
    if _YEAR.fullmatch(word) and (end == len(words) or words[end].lower() not in SCALES):
        return Number(float(word), "year", position, end)
    if DIGITS.fullmatch(word):
        value = float(word.replace(",", ""))
    elif low in TENS:
        value = TENS[low]
    elif low in SMALL_NUMBERS:
        value = SMALL_NUMBERS[low]
    else:
        return None
    while end < len(words) and words[end].lower() in SCALES:
        value, end = value * SCALES[words[end].lower()], end + 1
    return Number(value, "count", position, end)


def _bound(words: Sequence[str], number: Number) -> int:
    before = " ".join(words[max(0, number.first - BEFORE) : number.first]) + " "
    after = " ".join(words[number.end : number.end + AFTER])
    if _AT_MOST.search(before) or _OR_LESS.match(after):
        return -1
    return 1 if _AT_LEAST.search(before) or _OR_MORE.match(after) else 0


def _beside(number: Number, rivals: Sequence[Number]) -> Seen:
    """Compare a number, or the bound that it sets, with the nearest of its kind."""
    near = [rival.value for rival in rivals if rival.kind == number.kind and _factor(number, rival) <= NEAREST_FACTOR]
    if not near:
        return Seen.NUMBER_ALONE
    nearest = min(near, key=lambda value: abs(value - number.value))
    if number.bound:
        if nearest == number.value:
            return Seen.BOUND_EDGE
        return Seen.BOUND_HOLDS if (nearest > number.value) == (number.bound > 0) else Seen.BOUND_FAILS
    if nearest == number.value:
        return Seen.NUMBER_SAME
    return Seen.NUMBER_LESS if number.value < nearest else Seen.NUMBER_MORE


def _factor(one: Number, other: Number) -> float:
    if one.kind != "count":
        return 1.0
    small, large = sorted((one.value + 1, other.value + 1))
    return large / small


def _seen(word: str, *, exact: set[str], forms: set[str], stems: set[str]) -> Seen:
    if not word[0].isalnum():
        return Seen.SIGN
    low = word.lower()
    is_name = word[0].isupper()
    if low in exact:
        return Seen.NAME_SAME if is_name else Seen.WORD_SAME
    own = _forms(low)
    if own & forms or (len(low) > STEM and low[:STEM] in stems):
        return Seen.NAME_NEAR if is_name else Seen.WORD_NEAR
    if is_name:
        return Seen.NAME_ALONE
    is_opposite = low not in STOP_WORDS and any(frozenset({one, form}) in OPPOSITES for one in own for form in forms)
    return Seen.WORD_OPPOSITE if is_opposite else Seen.WORD_ALONE


def _forms(word: str) -> set[str]:
    """The dictionary form of a lower-case word, and the concept that it stands for."""
    form = lemma(word)
    concept = CONCEPTS.longest_at([word], 0)
    return {form, CONCEPTS[concept]} if concept else {form}
