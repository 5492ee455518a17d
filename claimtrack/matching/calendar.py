"""The times that a text names, and whether two texts can mean the same one.

A year or a month that is not written stays open ("on 27 October", "the 29th"), so that it can be compared with one
that is. Only "this year", "Saturday" and the like are counted from the day of the saying. "Not before March" is a
period that begins then; what is said not to be in March may be at any other time.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from functools import lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
    "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
)  # fmt: skip
LONGEST = 2_000
NEAR = 40
ANY_YEAR = 2000
EVER, NEVER_AGAIN = date.min, date.max

_MONTH = "|".join(MONTHS)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?"
_TIMES = tuple(
    re.compile(rf"\b{pattern}\b")
    for pattern in (
        rf"(?P<day>{_DAY}) (?:of )?(?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?",
        rf"(?P<ordinal>{'|'.join(ORDINALS)}) of (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?",
        rf"(?P<month>{_MONTH}) (?P<day>{_DAY})(?!\d)(?:,? (?P<year>{_YEAR}))?",
        rf"(?P<month>{_MONTH})(?: (?:of )?(?P<year>{_YEAR}))?",
        r"(?<=\bthe )(?P<day>(?:[12]?\d|3[01])(?:st|nd|rd|th))",
        rf"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)(?: (?:of )?(?P<year>{_YEAR}))?",
        rf"(?P<year>{_YEAR})",
        r"(?P<step>[Ll]ast|[Tt]his|[Nn]ext|[Cc]oming|[Tt]he)(?= (?:year|month)\b) (?P<unit>year|month)",
        rf"(?P<weekday>{'|'.join(WEEKDAYS)})",
        r"(?P<near>[Tt]oday|[Tt]onight|[Tt]omorrow|[Yy]esterday)",
        r"(?P<feast>Christmas)",
    )
)
_STEPS = {"last": -1, "next": 1, "coming": 1, "yesterday": -1, "tomorrow": 1}
_BOUND = re.compile(
    r"\b(?:until|till|up to|before|by|within|no later than|ahead of|ends? on|ending on|(?P<since>after|since))"
    r"(?: (?:the|this|next|coming|early|late|end|start|beginning|middle|second|first|half|month|of|on))* *$",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:not|n't|no|never|nobody|none|wait|waits|waiting|only)\b[^.;]{0,60}\b(?:before|until)\b", re.I
)
_IN_THE_PAST = re.compile(r"\b(?:had|has|have|was|were|did)\b|\w{3}ed\b")
_TO_COME = re.compile(r"\b(?:will|would|to|shall)\b|'ll\b")


class Bound(StrEnum):
    """How a period limits what is said: within it, until its end, or from its beginning."""

    IN = "in"
    UP_TO = "up to"
    FROM = "from"


@dataclass(frozen=True, slots=True)
class Time:
    """A day or a period, open where it is not named."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: str = ""
    bound: Bound = Bound.IN


class Timing(StrEnum):
    """How the times of two texts lie: APART where they cannot both be, FITS where they can without being the same."""

    NEITHER = "neither names a time"
    ONE = "only one names a time"
    SAME = "the same time"
    FITS = "times that agree"
    APART = "other times"


class Shared(IntEnum):
    """How exact a time is that two texts share."""

    NOTHING = 0
    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True)
class Dated:
    """The times of a text, the day of the saying, and whether the text negates."""

    times: tuple[Time, ...]
    said_on: date | None = None
    negated: bool = False


def without_times(text: str) -> str:
    """The text without the times that it names."""
    for pattern in _TIMES:
        text = pattern.sub(" ", text)
    return text


@lru_cache(maxsize=4_096)
def times(text: str, said_on: date | None = None) -> tuple[Time, ...]:
    """Read the times that a text names; what is counted from the day of the saying only where that is known."""
    return tuple(dict.fromkeys(_times(text[:LONGEST], said_on)))


def compare_times(a: Dated, b: Dated) -> tuple[Timing, Shared]:
    """Say how the times of two texts lie, by the two of them that have most in common."""
    if not (a.times and b.times):
        return (Timing.ONE if a.times or b.times else Timing.NEITHER), Shared.NOTHING
    one, other = max(((one, other) for one in a.times for other in b.times), key=lambda pair: _shared(*pair))
    spans = _span(one, a.said_on, other), _span(other, b.said_on, one)
    if spans[0] == spans[1] and a.negated == b.negated and (one.bound is Bound.FROM) == (other.bound is Bound.FROM):
        return Timing.SAME, _shared(one, other)
    windows = _windows(one, spans[0], negated=a.negated), _windows(other, spans[1], negated=b.negated)
    fits = any(max(start, first) <= min(end, last) for start, end in windows[0] for first, last in windows[1])
    return (Timing.FITS if fits else Timing.APART), _shared(one, other)


def _times(text: str, said_on: date | None) -> Iterator[Time]:
    taken: list[tuple[int, int]] = []
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            start, end = match.span()
            is_taken = any(first < end and start < last for first, last in taken)
            if is_taken or (match.group() == "May" and start == 0):
                continue
            taken.append((start, end))
            found = _time(match.groupdict(), _bound(text, start), said_on, text)
            if found is not None:
                yield found


def _time(named: dict[str, str | None], bound: Bound, said_on: date | None, text: str) -> Time | None:
    if named.get("feast"):
        return Time(month=12, day=25, bound=bound)
    if any(named.get(key) for key in ("step", "weekday", "near")):
        return _counted(named, bound, said_on, text) if said_on else None
    year, month, day, ordinal = (named.get(key) for key in ("year", "month", "day", "ordinal"))
    return Time(
        year=int(year) if year else None,
        month=MONTHS.index(month) + 1 if month else None,
        day=int(day.rstrip("stndrh")) if day else ORDINALS.index(ordinal) + 1 if ordinal else None,
        season=(named.get("season") or "").lower(),
        bound=bound,
    )


def _counted(named: dict[str, str | None], bound: Bound, said_on: date, text: str) -> Time:
    step = _STEPS.get((named.get("step") or named.get("near") or "").lower(), 0)
    if named.get("unit") == "year":
        return Time(said_on.year + step, bound=bound)
    if named.get("unit") == "month":
        months = said_on.year * 12 + said_on.month - 1 + step
        return Time(months // 12, months % 12 + 1, bound=bound)
    if weekday := named.get("weekday"):
        step = (WEEKDAYS.index(weekday) - said_on.weekday()) % 7
        if step and _IN_THE_PAST.search(text) and not _TO_COME.search(text):
            step -= 7
    there = said_on + timedelta(days=step)
    return Time(there.year, there.month, there.day, bound=bound)


def _bound(text: str, start: int) -> Bound:
    found = _BOUND.search(text[max(0, start - NEAR) : start])
    if found is None:
        return Bound.IN
    return Bound.FROM if found["since"] or _BEGINS.search(text[:start]) else Bound.UP_TO


def _shared(one: Time, other: Time) -> Shared:
    """How exactly both name the same time; nothing where anything that both name differs."""
    if one.season and other.season:
        return Shared.MONTH if one.season == other.season else Shared.NOTHING
    named = [(one.year, other.year), (one.month, other.month), (one.day, other.day)]
    if any(a is not None and b is not None and a != b for a, b in named):
        return Shared.NOTHING
    years, months, days = (a is not None and a == b for a, b in named)
    if days:
        return Shared.DAY
    return Shared.MONTH if months else Shared.YEAR if years else Shared.NOTHING


def _span(one: Time, said_on: date | None, beside: Time) -> tuple[date, date]:
    """The first and last day; what is open is taken from the time beside it where that may be the same, else from
    the day of the saying: the next such time from then on.
    """
    today = said_on or date(ANY_YEAR, 1, 1)
    year, month = one.year, one.month
    if one.season:
        first, last = SEASONS[one.season]
        year = year or today.year
        return date(year, first, 1), _end_of(year + (last < first), last)
    if month is None and one.day is not None:
        is_same_day = beside.day == one.day and beside.month is not None
        month = beside.month if is_same_day else today.month if one.day >= today.day else today.month % 12 + 1
        next_year = int(month is not None and month < today.month)
        year = beside.year if is_same_day else today.year + next_year
    may_be_one = beside.month == month or (beside.month is None and beside.day is not None)
    if year is None and may_be_one and (one.day is None or beside.day is None or one.day == beside.day):
        year = beside.year or ANY_YEAR
    if month is None:
        year = year or today.year
        return date(year, 1, 1), date(year, 12, 31)
    year = year or (today.year if _end_of(today.year, month) >= today else today.year + 1)
    if one.day is None:
        return date(year, month, 1), _end_of(year, month)
    there = date(year, month, min(one.day, monthrange(year, month)[1]))
    return there, there


def _end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _windows(one: Time, span: tuple[date, date], *, negated: bool) -> Sequence[tuple[date, date]]:
    """When it may be so, as spans of days."""
    before, after = (EVER, span[0] - timedelta(days=1)), (span[1] + timedelta(days=1), NEVER_AGAIN)
    if one.bound is Bound.FROM:
        return [(span[0], NEVER_AGAIN)]
    if one.bound is Bound.UP_TO:
        return [after] if negated else [(EVER, span[1])]
    return [before, after] if negated else [span]
