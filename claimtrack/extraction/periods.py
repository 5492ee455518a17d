"""Periods of the calendar as a text names them: "by the end of June", "in the fourth quarter", "within 90 days".

A small grammar of its own: a general date parser needs half a second to load and takes too many words for dates.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}  # the month that ends it
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_FEASTS = {
    "christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
    "new year": (1, 1), "valentine's day": (2, 14), "may day": (5, 1), "halloween": (10, 31),
}  # fmt: skip

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|(?-i:May)|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
YEAR = r"(?P<year>20\d\d|19\d\d)\b"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
WEEKDAY = rf"(?P<weekday>{'|'.join(DAYS)})\b"
COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_OPEN = ("before", "ahead of", "prior to")
_LIMIT = rf"by|until|till|no later than|{'|'.join(_OPEN)}"
_UNTIL = rf"\b(?:(?P<until>{_LIMIT})|on|in|at|during|over|from|for|around)(?: or before)? (?:the )?"
_EARLY = r"(?P<early>start of |beginning of |early )"
_END = rf"(?P<end>(?:very )?end of (?:the )?|(?P<middle>middle of |mid[- ])|{_EARLY}|late )"
_OF_YEAR = rf"(?:(?: of|,)? {YEAR}| of (?P<which_year>next|this|the) year\b)?"

type Found = re.Match[str]
type _Last = Callable[[Found, date], date]


@dataclass(frozen=True, slots=True)
class Period:
    """A period that stands in a text from `start` to `end`, and its last day."""

    start: int
    end: int
    last: date
    is_limit: bool  # "by", "before", "until", "within"
    is_count: bool  # "in ten years": as well a duration as a day to come


def periods(text: str, base: date | None) -> Iterator[Period]:
    """Yield the periods that the text names, seen from `base`; without one only those that name their year."""
    text = text.replace("’", "'")
    lowered = text.lower()
    for words, rules in _RULES:
        if any(word in lowered for word in words):
            for pattern, last in rules:
                for match in pattern.finditer(text):
                    if base is not None or _group(match, "year"):
                        yield from _period(match, last, base or date.min)


def _period(match: Found, last: _Last, base: date) -> Iterator[Period]:
    try:
        found = last(match, base)
        if _group(match, "until") in _OPEN and not _is_end(match) and last is not _same_day:
            found = _first_of(match, found) - timedelta(days=1)
    except (OverflowError, ValueError):
        return
    limit = _group(match, "until") or _group(match, "within")
    yield Period(match.start(), match.end(), found, bool(limit), last is _after)


def month_of(match: Found) -> int:
    """Return the number of the month that the match names."""
    return _MONTHS.index(match["month"][:3].lower()) + 1


def count_of(match: Found) -> int:
    """Return the number that the match counts by."""
    count = _NUMBERS.get(match["count"].lower())
    return int(match["count"]) if count is None else count


def _group(match: Found, name: str) -> str:
    return (match.groupdict().get(name) or "").lower()


def _is_end(match: Found) -> bool:
    """ "before 1 May" ends on the day before, "before the end of the year" with the year."""
    return bool(_group(match, "end")) and not _group(match, "early") and not _group(match, "middle")


def _first_of(match: Found, last: date) -> date:
    """Return the first day of the named period that ends on `last`."""
    if _group(match, "part"):
        months = 6 if _group(match, "part") == "half" else 3
        return date(last.year, last.month - months + 1, 1)
    if _group(match, "season"):
        return _moved_months(date(last.year, last.month, 1), -2)
    unit = _group(match, "unit")
    if unit == "week":
        return last - timedelta(days=6)
    if _group(match, "day") or _group(match, "weekday") or _group(match, "feast") or unit == "weekend":
        return last - timedelta(days=1 if unit == "weekend" else 0)
    if _group(match, "month") or unit == "month":
        return last.replace(day=1)
    return last.replace(month=1, day=1) if _group(match, "year") or unit == "year" else last


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _moved_months(day: date, months: int) -> date:
    ahead = day.month - 1 + months
    year, month = day.year + ahead // 12, ahead % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _year(match: Found, base: date, *, is_past: bool = False) -> int:
    """Return the year the match names; without one this year, or the next where it is past."""
    if _group(match, "year"):
        return int(match["year"])
    if _group(match, "which_year"):
        return base.year + (_group(match, "which_year") == "next")
    return base.year + is_past


def _day(match: Found, base: date) -> date:
    month, day = month_of(match), int(match["day"])
    return date(_year(match, base, is_past=(month, day) < (base.month, base.day)), month, day)


def _month(match: Found, base: date) -> date:
    month = month_of(match)
    year = _year(match, base, is_past=month < base.month)
    return date(year, month, 15) if _group(match, "middle") else _last_of_month(year, month)


def _year_end(match: Found, base: date) -> date:
    year = _year(match, base)
    return date(year, 6, 30) if _group(match, "middle") else date(year, 12, 31)


def _part_of_year(match: Found, base: date) -> date:
    """ "the first half of 2028", "the fourth quarter"."""
    months = 6 if match["part"].lower() == "half" else 3
    nth = 2 if months == 6 and match["nth"].lower() in ("final", "last") else _ORDINALS[match["nth"].lower()]
    if nth * months > 12:
        raise ValueError("a year has two halves")
    year = _year(match, base, is_past=nth * months < base.month)
    return _last_of_month(year, nth * months)


def _season(match: Found, base: date) -> date:
    month = _SEASONS[match["season"].lower()]
    year = _year(match, base, is_past=month < base.month)
    if month == 2 and _group(match, "year"):
        year += 1
    last = _last_of_month(year, month)
    if _group(match, "which") == "next" and _moved_months(last, -3) < base and not _group(match, "year"):
        return _last_of_month(year + 1, month)
    return last


def _weekday(match: Found, base: date) -> date:
    ahead = (DAYS.index(match["weekday"].lower()) - base.weekday()) % 7 or 7
    if (_group(match, "next") or _group(match, "week")) and base.weekday() + ahead < 7:
        ahead += 7
    return base + timedelta(days=ahead)


def _weekend(match: Found, base: date) -> date:
    return base + timedelta(days=6 - base.weekday() + 7 * (_group(match, "which") == "next"))


def _feast(match: Found, base: date) -> date:
    month, day = _FEASTS[match["feast"].lower().removesuffix("'s day")]
    return date(_year(match, base, is_past=(month, day) < (base.month, base.day)), month, day)


def _easter(match: Found, base: date) -> date:
    this = _easter_sunday(_year(match, base))
    return this if this >= base or match["year"] else _easter_sunday(this.year + 1)


def _easter_sunday(year: int) -> date:
    """Return Easter Sunday by the rule of Meeus, Jones and Butcher."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, (fourth, left) = century // 4, divmod(rest, 4)
    epact = (19 * golden + century - leap - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * fourth - epact - left) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _unit(match: Found, base: date) -> date:
    """ "next year", "this week", "the end of the month": the last day."""
    ahead = int(_group(match, "which") == "next") + int("after_next" in match.re.groupindex)
    unit = match["unit"].lower()
    if unit == "week":
        return base + timedelta(days=6 - base.weekday() + 7 * ahead)
    if unit == "month":
        month = _moved_months(base.replace(day=1), ahead)
        return _last_of_month(month.year, month.month)
    if unit == "quarter":
        month = _moved_months(date(base.year, (base.month - 1) // 3 * 3 + 3, 1), 3 * ahead)
        return _last_of_month(month.year, month.month)
    if unit == "decade":
        return date(base.year // 10 * 10 + 9 + 10 * ahead, 12, 31)
    if _group(match, "middle"):
        return date(base.year + ahead, 6, 30)
    return date(base.year + ahead, 12, 31)


def _after(match: Found, base: date) -> date:
    unit = match["unit"].lower()
    count = _NUMBERS.get((match["more"] or "").lower()) or count_of(match)
    if match["half"] and unit in _MONTHS_OF:
        return _moved_months(base, count * _MONTHS_OF[unit] + _MONTHS_OF[unit] // 2)
    if unit == "hour":
        return base + timedelta(days=-(-count // 24) if count >= 24 else 0)
    if unit in ("day", "week", "fortnight"):
        return base + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return _moved_months(base, count * _MONTHS_OF[unit])


def _after_one(match: Found, base: date) -> date:
    """ "in the coming fortnight"."""
    unit = match["unit"].lower()
    return base + timedelta(days=14) if unit == "fortnight" else _moved_months(base, _MONTHS_OF[unit])


def _same_day(_: Found, base: date) -> date:
    return base


def _coming_day(_: Found, base: date) -> date:
    return base + timedelta(days=1)


_UNITS = r"(?P<unit>hour|day|week|fortnight|month|quarter|year|decade)"
_NOT_PAST = r"(?! (?:ago|earlier|before|after|old|of)\b)"
_COUNTED = rf"{COUNT}(?:(?: to | or |-|–){COUNT.replace('<count>', '<more>')})?(?: more| further)? {_UNITS}"
_PART = r"(?P<nth>first|second|third|fourth|final|last) (?P<part>half|quarter)\b"
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})\b"
_WHICH = r"(?P<which>next|this|coming)"
_CLOCK_WORDS = ("today", "midnight", "noon", "dark", "dusk", "nightfall", "sunset")
_CLOCK = rf"(?:{'|'.join(_CLOCK_WORDS)})\b(?! (?:on|in|next|tomorrow|{'|'.join(DAYS)}|\d))"
_ABOUT = r"(?: (?:at least|about|around|the|next|coming|another|up to))*"
_FOR = r"for(?= (?:another|the)\b)"
_WITHIN = rf"(?:(?P<within>within|inside|in less than|in under)|in|over|{_FOR}|another|next|coming)"
_GRAMMAR: dict[tuple[str, ...], tuple[tuple[str, _Last], ...]] = {
    _MONTHS: (
        (rf"(?:{_UNTIL})?(?:{WEEKDAY},? )?\b{MONTH} {DAY}(?:,? {YEAR})?", _day),
        (rf"(?:{_UNTIL})?(?:{WEEKDAY},? )?\b{DAY}(?: of)? {MONTH}(?:,? {YEAR})?", _day),
        (rf"{_UNTIL}{_END}?{MONTH}(?! \d\d?\b){_OF_YEAR}", _month),
    ),
    ("half", "quarter"): ((rf"(?:{_UNTIL})?{_END}?{_PART}{_OF_YEAR}", _part_of_year),),
    ("20", "19"): ((rf"{_UNTIL}{_END}?{YEAR}", _year_end),),
    tuple(_SEASONS): (
        (rf"{_UNTIL}{_END}?(?:{_WHICH} )?{_SEASON}{_OF_YEAR}", _season),
        (rf"\b{_WHICH} {_SEASON}", _season),
    ),
    DAYS: ((rf"(?:{_UNTIL})?\b(?:this |(?P<next>next ))?{WEEKDAY}(?!'s)(?P<week> week\b| next week\b)?", _weekday),),
    ("weekend",): (
        (rf"{_UNTIL}(?:{_WHICH} )?(?P<unit>weekend)\b", _weekend),
        (rf"\b{_WHICH} (?P<unit>weekend)\b", _weekend),
    ),
    tuple(_FEASTS): ((rf"{_UNTIL}(?P<feast>{'|'.join(_FEASTS)})(?:'s day\b|\b){_OF_YEAR}", _feast),),
    ("easter",): ((rf"{_UNTIL}easter\b{_OF_YEAR}", _easter),),
    ("week", "month", "quarter", "year", "decade"): (
        (rf"(?:{_UNTIL})?{_END}?\b{_WHICH} (?P<unit>week|month|quarter|year|decade)\b", _unit),
        (rf"(?:{_UNTIL})?\bthe (?P<unit>week|month|year) after (?P<which>next)\b(?P<after_next>)", _unit),
        (rf"(?:{_UNTIL})?{_END}(?P<unit>week|month|quarter|year|decade)\b", _unit),
        (rf"{_UNTIL}(?P<end>(?P<unit>year|month)(?:'s|-| )end)\b", _unit),
    ),
    ("tomorrow",): ((rf"(?:{_UNTIL})?\btomorrow\b", _coming_day),),
    _CLOCK_WORDS: ((rf"{_UNTIL}{_CLOCK}", _same_day),),
    ("tonight", "evening", "afternoon"): ((rf"(?:{_UNTIL})?\b(?:tonight|this (?:evening|afternoon))\b", _same_day),),
    ("hour", "day", "week", "fortnight", "month", "quarter", "year", "decade"): (
        (rf"\b{_WITHIN}{_ABOUT} {_COUNTED}(?:s'|'s|s)?\b(?P<half> and a half)?{_NOT_PAST}", _after),
        (rf"\b{COUNT}(?P<within>)(?P<more>) {_UNITS}s?(?P<half>) (?:from (?:now|today)|on from)\b", _after),
        (r"\b(?P<until>within|in|over) the (?:next|coming) (?P<unit>fortnight|decade|year)\b", _after_one),
    ),
}  # by the words without which the rules cannot fit
_RULES = tuple(
    (words, tuple((re.compile(pattern, re.IGNORECASE), last) for pattern, last in rules))
    for words, rules in _GRAMMAR.items()
)
