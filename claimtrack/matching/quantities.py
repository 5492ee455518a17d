"""Numbers and times in a text, apart from its words: "grew 5.3 %" must never pass for "grew 5.6 %"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claimtrack.matching.lexicon import (
    GRAMMAR,
    LIGHT_WORDS,
    NUMBERS,
    STOP_WORDS,
    UNITS,
    lemma,
)

CURRENCIES = frozenset("$€£¥")
DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
YEARS = range(1900, 2101)
ROUNDING = 0.05
SMALL_NUMBERS, TENS, SCALES = NUMBERS["small"], NUMBERS["tens"], NUMBERS["scale"]
DATES, CAPITAL_DATES = GRAMMAR["date"], GRAMMAR["capital_date"]
RELATIVE, PERIODS, COUNTS = GRAMMAR["relative"], GRAMMAR["period"], GRAMMAR["count"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: "%", a currency sign, or the dictionary form of the word after it."""

    value: float
    unit: str

    def __str__(self) -> str:
        value = f"{self.value:,.10g}"
        return f"{self.unit}{value}" if self.unit in CURRENCIES else f"{value} {self.unit}".strip()


def same_up_to_rounding(a: Quantity, b: Quantity) -> bool:
    """Whether one value is the other written with fewer digits: 4.1 billion and 4 billion; whatever they count."""
    return a.value == b.value or _rounds_to(a.value, b.value) or _rounds_to(b.value, a.value)


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether the second has fewer digits and is what the first comes to with so many."""
    digits, fewer = _significant(exact), _significant(rounded)
    is_near = abs(exact - rounded) <= ROUNDING * abs(exact)
    return is_near and 0 < fewer < digits and f"{exact:.{fewer - 1}e}" == f"{rounded:.{fewer - 1}e}"


def _significant(value: float) -> int:
    return len(f"{value:.12g}".partition("e")[0].replace(".", "").strip("0"))


@dataclass(frozen=True, slots=True)
class Measures:
    """What was found: the quantities, the times as words, and the positions of the tokens they took."""

    quantities: tuple[Quantity, ...]
    dates: frozenset[str]
    taken: frozenset[int]


def measures(tokens: Sequence[str], capital: Sequence[bool]) -> Measures:
    """Read numbers and times from lower-case tokens; `capital` says which were written with a capital."""
    quantities: list[Quantity] = []
    dates: set[str] = set()
    taken: set[int] = set()
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token in DATES or (token in CAPITAL_DATES and _is_month(tokens, capital, position)):
            dates.add(token)
            end = position + 1
        elif token in RELATIVE and tokens[position + 1 : position + 2] and tokens[position + 1] in PERIODS:
            dates.add(f"{token} {tokens[position + 1]}")
            end = position + 2
        elif (number := _number(tokens, position)) is not None:
            value, end = number
            if _is_year(token, value):
                dates.add(token)
            elif day := _day_of_month(tokens, capital, position, value):
                dates.add(day)
            else:
                unit, start, end = _unit(tokens, position, end)
                quantities.append(Quantity(value, unit))
                taken.add(start)
        else:
            position += 1
            continue
        taken.update(range(position, end))
        position = end
    return Measures(tuple(quantities), frozenset(dates), frozenset(taken))


def _number(tokens: Sequence[str], position: int) -> tuple[float, int] | None:
    """The value that starts here and the position after it; a bare "one" is a pronoun, not a number."""
    token, end = tokens[position], position + 1
    following = tokens[end] if end < len(tokens) else ""
    if DIGITS.fullmatch(token):
        value = float(token.replace(",", ""))
    elif token in TENS:
        value = TENS[token]
        if 0 < SMALL_NUMBERS.get(following, 0) < 10:
            value, end = value + SMALL_NUMBERS[following], end + 1
    elif token in SMALL_NUMBERS and (token != "one" or following in SCALES or following in UNITS):
        value = SMALL_NUMBERS[token]
    elif token in {"a", "half"} and following in SCALES and len(following) > 2:
        value = 1 if token == "a" else 0.5
    else:
        return None
    while end < len(tokens) and tokens[end] in SCALES:
        value, end = value * SCALES[tokens[end]], end + 1
    return value, end


def _unit(tokens: Sequence[str], start: int, end: int) -> tuple[str, int, int]:
    """The unit of the number in `[start, end)`, and the span with the tokens that write it."""
    if start and tokens[start - 1] in CURRENCIES:
        return UNITS[tokens[start - 1]], start - 1, end
    following = tokens[end] if end < len(tokens) else ""
    if following == "per" and tokens[end + 1 : end + 2] == ["cent"]:
        return "%", start, end + 2
    word = lemma(following) if following else ""
    if word in UNITS:
        return UNITS[word], start, end + 1
    if word in COUNTS:
        return word, start, end + 1
    is_noun = word.isalpha() and word not in STOP_WORDS and word not in LIGHT_WORDS
    return (word if is_noun else ""), start, end


def _is_month(tokens: Sequence[str], capital: Sequence[bool], position: int) -> bool:
    """ "March" and "May" are months where they have a capital inside a sentence or stand beside a number."""
    beside = [*tokens[max(position - 1, 0) : position], *tokens[position + 1 : position + 2]]
    return capital[position] and (position > 0 or any(DIGITS.fullmatch(token) for token in beside))


def _is_year(token: str, value: float) -> bool:
    return len(token) == 4 and token.isdigit() and int(value) in YEARS


def _day_of_month(tokens: Sequence[str], capital: Sequence[bool], position: int, value: float) -> str:
    """The day as "day 4" where a month stands beside the number, else nothing."""
    if not (1 <= value <= 31 and value == int(value) and tokens[position].isdigit()):
        return ""
    for neighbour in (position - 1, position + 1):
        if 0 <= neighbour < len(tokens) and capital[neighbour]:
            word = tokens[neighbour]
            if word in CAPITAL_DATES or (word in DATES and not word.endswith("day")):
                return f"day {value:.0f}"
    return ""
