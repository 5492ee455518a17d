"""What a text says, laid open for comparison: its words, names, numbers, times, negations and quantifiers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import count, pairwise

from claimtrack.matching.lexicon import (
    CONCEPTS,
    GERUND,
    GRAMMAR,
    LIGHT_WORDS,
    MARKS,
    NEGATIONS,
    NOT_NEGATIONS,
    QUANTIFIERS,
    STOP_WORDS,
    is_common_word,
    is_gerund,
    lemma,
)
from claimtrack.matching.quantities import Quantity, measures

MOST_TOKENS = 250
MOST_TERMS = 40
NAME_WEIGHT, QUANTIFIER_WEIGHT, LIGHT_WEIGHT = 1.5, 0.6, 0.35

TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[%$€£¥]|[^\W\d_]+|[.,;:!?()—–]|\s-\s")
CONTRACTIONS = [
    (re.compile(r"[\u2018\u2019\u02bc`]"), "'"),
    (re.compile(r"\b(ca|can)(n't|not)\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"n't\b", re.I), " not"),
    (re.compile(r"'(s|re|ve|ll|d|m)\b", re.I), ""),
    (re.compile(r"\b([A-Z])\.([A-Z])\.(?:([A-Z])\.)?"), r"\1\2\3"),
]
HYPHENED_NAME = re.compile(r"\b([A-Z][a-z]+)-([a-z]{2,5})\b")
SENTENCE_ENDS = frozenset(".!?")


class Tense(StrEnum):
    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Word:
    """A content word, a name, or a phrase that stands for a concept.

    `parts` are what it is compared by: the parts of a name, else one dictionary form or concept. `negated`
    says that a negation reaches it.
    """

    parts: frozenset[str]
    shown: str
    weight: float
    is_name: bool = False
    negated: bool = False

    @property
    def is_light(self) -> bool:
        return self.weight <= LIGHT_WEIGHT


@dataclass(frozen=True, slots=True)
class Proposition:
    """A text as the matcher sees it.

    `tokens` are lower-case; `words` are the content words in order, modality and "continue to" left out;
    `negations` are the phrases found that negate; `marks` say how firmly it is held (hedged, wished,
    conditional, questioned); `directions` are words as "off" and "against". At most the first
    `MOST_TOKENS` tokens are read.
    """

    tokens: tuple[str, ...]
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    dates: frozenset[str]
    negations: tuple[str, ...]
    quantifiers: frozenset[str]
    marks: frozenset[str]
    directions: frozenset[str]
    tense: Tense

    @property
    def size(self) -> int:
        """How many content words and numbers it has."""
        return len(self.words) + len(self.quantities)


@lru_cache(maxsize=4_096)
def proposition(text: str) -> Proposition:
    """Lay a sentence or two open for comparison."""
    surface = _tokens(text)
    tokens = [token.lower() for token in surface]
    names = _names(surface, tokens)
    found = measures(tokens, [token[:1].isupper() for token in surface])
    negated, negations, silent = _negations(tokens, found.taken)
    silent |= found.taken | _aspect(tokens)
    words = _content_words(surface, tokens, names=names, silent=silent, negated=negated)
    return Proposition(
        tokens=tuple(tokens),
        words=words,
        quantities=found.quantities,
        dates=found.dates,
        negations=negations,
        quantifiers=frozenset(tokens) & QUANTIFIERS,
        marks=_marks(tokens),
        directions=GRAMMAR["direction"] & set(tokens),
        tense=_tense(tokens, names),
    )


def search_terms(text: str, *, without: Iterable[str] = ()) -> tuple[str, ...]:
    """At most `MOST_TERMS` words to ask a full-text index for, any of them, the rarest-looking first.

    `without` holds names to leave out, as the speaker's own. An irregular form brings its dictionary form.
    """
    left_out = {token.lower() for name in without for token in _tokens(name)}
    read = proposition(text)
    wanted: dict[str, float] = {}
    for word in read.words:
        for part in word.shown.lower().split():
            if part not in STOP_WORDS and part not in left_out and len(part) > 1:
                wanted[part] = max(word.weight, wanted.get(part, 0.0))
                if lemma(part)[:3] != part[:3] and not word.is_name:
                    wanted[lemma(part)] = word.weight
    ranked = sorted(wanted, key=lambda term: -wanted[term])
    numbers = [f"{quantity.value:.10g}" for quantity in read.quantities]
    return tuple(dict.fromkeys([*ranked, *numbers]))[:MOST_TERMS]


def _tokens(text: str) -> list[str]:
    for pattern, replacement in CONTRACTIONS:
        text = pattern.sub(replacement, text)
    text = HYPHENED_NAME.sub(_spread_name, text)
    found = (match.group().strip() for match, _ in zip(TOKEN.finditer(text), range(MOST_TOKENS), strict=False))
    return list(found)


def _spread_name(match: re.Match[str]) -> str:
    """ "Jong-un" as "Jong Un", but "Trump-led" as "Trump led"."""
    first, second = match.groups()
    is_word = is_common_word(second) and len(second) > 2
    return f"{first} {second if is_word else second.title()}"


def _names(surface: Sequence[str], tokens: Sequence[str]) -> list[bool]:
    """Which tokens belong to names: capitals inside a sentence, and at its start what no dictionary has."""
    names = []
    for position, token in enumerate(surface):
        is_first = position == 0 or surface[position - 1] in SENTENCE_ENDS
        is_capital = token[0].isupper() and (token.isupper() or tokens[position] not in STOP_WORDS) and token != "I"
        if is_capital and is_first and not (token.isupper() and len(token) > 1):
            following = surface[position + 1] if position + 1 < len(surface) else ""
            is_capital = not is_common_word(tokens[position]) or (
                following[:1].isupper() and following.lower() not in STOP_WORDS
            )
        names.append(is_capital)
    return names


def _negations(tokens: Sequence[str], dates: frozenset[int]) -> tuple[set[int], tuple[str, ...], set[int]]:
    """Which positions a negation reaches, the phrases that negate, and the positions of those phrases.

    A negation reaches to the end of its clause; two of them cancel out. "Not ... until March" negates
    nothing: it says when.
    """
    negated: set[int] = set()
    phrases: list[str] = []
    silent: set[int] = set()
    position = 0
    while position < len(tokens):
        innocent = NOT_NEGATIONS.longest_at(tokens, position)
        phrase = innocent or NEGATIONS.longest_at(tokens, position)
        if phrase is None:
            position += 1
            continue
        length = len(phrase) - (phrase[-1] == GERUND)
        reach = range(position + length, _end_of_clause(tokens, position + length))
        silent.update(range(position, position + length))
        if not innocent and not _says_when(tokens, reach, dates):
            negated ^= set(reach)
            phrases.append(" ".join(tokens[position : position + length]))
        position += length
    return negated, tuple(phrases), silent


def _end_of_clause(tokens: Sequence[str], start: int) -> int:
    for position in range(start, len(tokens)):
        token = tokens[position]
        if token in GRAMMAR["clause_break"]:
            return position
        if token in {"and", "or"} and position + 1 < len(tokens) and tokens[position + 1] in GRAMMAR["subject"]:
            return position
    return len(tokens)


def _says_when(tokens: Sequence[str], reach: range, dates: frozenset[int]) -> bool:
    return any(
        tokens[position] in GRAMMAR["until"] and not dates.isdisjoint(range(position + 1, position + 5))
        for position in reach
    )


def _aspect(tokens: Sequence[str]) -> set[int]:
    """Where "continue to", "keep on" and "going to" stand before a verb: the act is the same without them."""
    return {position for position in range(len(tokens) - 1) if _is_aspect(tokens, position)}


def _is_aspect(tokens: Sequence[str], position: int) -> bool:
    token, following = tokens[position], tokens[position + 1]
    base = lemma(token)
    if following == "to":
        is_future = token == "going" and position > 0 and tokens[position - 1] in {*GRAMMAR["being"], "not"}
        return is_future or base == "continue"
    if following == "on" and position + 2 < len(tokens):
        following = tokens[position + 2]
    return base in GRAMMAR["going_on"] and is_gerund(following)


def _content_words(
    surface: Sequence[str],
    tokens: Sequence[str],
    *,
    names: Sequence[bool],
    silent: set[int],
    negated: set[int],
) -> tuple[Word, ...]:
    words: list[Word] = []
    position = 0
    while position < len(tokens):
        if position in silent or not tokens[position][0].isalpha():
            position += 1
            continue
        length, word = _word_at(surface, tokens, position, names=names, silent=silent)
        if word:
            words.append(Word(*word, negated=position in negated))
        position += length
    return tuple(words)


def _word_at(
    surface: Sequence[str], tokens: Sequence[str], position: int, *, names: Sequence[bool], silent: set[int]
) -> tuple[int, tuple[frozenset[str], str, float, bool] | None]:
    """How many tokens the word here takes, and its parts, shown form, weight and whether it is a name."""
    token, base, is_name = tokens[position], lemma(tokens[position]), names[position]
    phrase = None if token in STOP_WORDS and not is_name else CONCEPTS.longest_at(tokens, position)
    if phrase:
        concept = CONCEPTS[phrase]
        shown = " ".join(surface[position : position + len(phrase)])
        return len(phrase), (
            frozenset({concept}),
            shown,
            NAME_WEIGHT if is_name else _weight(concept),
            is_name,
        )
    if token in LIGHT_WORDS or base in LIGHT_WORDS:
        return 1, (frozenset({base}), token, LIGHT_WEIGHT, False)
    if is_name:
        stops = (end for end in count(position + 1) if not _joins(surface, tokens, end, names=names, silent=silent))
        end = position + 1 if token.upper() == surface[position] and len(token) < 5 else next(stops)
        return end - position, (
            frozenset(tokens[position:end]),
            " ".join(surface[position:end]),
            NAME_WEIGHT,
            True,
        )
    if token in STOP_WORDS and token not in QUANTIFIERS:
        return 1, None
    return 1, (frozenset({base}), token, _weight(base), False)


def _joins(
    surface: Sequence[str], tokens: Sequence[str], position: int, *, names: Sequence[bool], silent: set[int]
) -> bool:
    """Whether the token here goes on with the name before it."""
    return (
        position < len(tokens)
        and names[position]
        and position not in silent
        and tokens[position] not in LIGHT_WORDS
        and not (surface[position].isupper() and len(surface[position]) > 1)
    )


def _weight(word: str) -> float:
    if word in QUANTIFIERS:
        return QUANTIFIER_WEIGHT
    if word in LIGHT_WORDS:
        return LIGHT_WEIGHT
    return 1.0 + 0.05 * min(max(len(word) - 5, 0), 6)


def _marks(tokens: Sequence[str]) -> frozenset[str]:
    found = {MARKS[phrase] for at in range(len(tokens)) if (phrase := MARKS.longest_at(tokens, at))}
    return frozenset(found | ({"questioned"} if "?" in tokens else set()))


def _tense(tokens: Sequence[str], names: Sequence[bool]) -> Tense:
    """The tense of the first verb that shows one; "has lifted" is past, "would lift" is future."""
    if GRAMMAR["future"] & set(tokens) or ("going", "to") in pairwise(tokens):
        return Tense.FUTURE
    for token, is_name in zip(tokens, names, strict=True):
        if token in GRAMMAR["past_auxiliary"]:
            return Tense.PAST
        if token in GRAMMAR["present_auxiliary"]:
            return Tense.PRESENT
        if not is_name and token not in STOP_WORDS and _is_past_form(token):
            return Tense.PAST
    return Tense.PRESENT


def _is_past_form(token: str) -> bool:
    return lemma(token) != token and not token.endswith(("s", "ing", "er", "est"))
