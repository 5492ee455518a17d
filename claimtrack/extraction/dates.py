"""Days that a text names: when something was said, and by when it is to be.

A small grammar of its own: a general date parser needs half a second to load and takes too many words for dates.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60,
    "ninety": 90,
}  # fmt: skip

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>20\d\d|19\d\d)\b"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_DAYS)})\b"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>day|week|month|year)s?\b"
_UNTIL = r"\b(?P<until>by|before|until|till|no later than)(?: the)?(?P<end>(?: very)? end of(?: the)?)? "
MAX_LOOKED_AT = 1_500

type _Found = re.Match[str]
type _Rules = tuple[tuple[re.Pattern[str], Callable[[_Found, date], date | None]], ...]


def said_on(clause: str, published_on: date | None) -> date | None:
    """Return the day a saying is dated to by the words of its cue's clause; without such words, the day of publication.

    "yesterday", "on Monday" and "on 4 May" are counted back from the day of publication; nothing is known without it.
    """
    if published_on is None:
        return None
    found = _first_day(_PAST_DAYS, clause, published_on)
    return found if found is not None and found <= published_on else published_on


def due_on(content: str, spoken_on: date | None) -> date | None:
    """Return the last day of the period by which the content says something is to be, or None.

    "by the end of June", "within 90 days", "next year", "by 2030", "before 1 May" (the day before).
    """
    if spoken_on is None:
        return None
    found = _first_day(_DUE_DAYS, content, spoken_on)
    return found if found is not None and found >= spoken_on else None


def _first_day(rules: _Rules, text: str, base: date) -> date | None:
    """Return the day of the first rule that fits; a day outside the calendar is none."""
    for pattern, day in rules:
        match = pattern.search(text[:MAX_LOOKED_AT])
        if match is None:
            continue
        try:
            found = day(match, base)
        except (OverflowError, ValueError):
            continue
        if found is not None:
            return found
    return None


def _month(match: _Found) -> int:
    return _MONTHS.index(match["month"][:3].lower()) + 1


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _past_weekday(match: _Found, base: date) -> date | None:
    back = (base.weekday() - _DAYS.index(match["weekday"].lower())) % 7
    if match.re.groups > 1 and match["last"] and back == 0:
        back = 7
    return base - timedelta(days=back)


def _past_day(match: _Found, base: date) -> date | None:
    year = int(match["year"]) if match["year"] else base.year
    found = date(year, _month(match), int(match["day"]))
    if found > base and not match["year"]:
        return date(year - 1, found.month, found.day)
    return found


def _coming_day(match: _Found, base: date) -> date | None:
    year = int(match["year"]) if match["year"] else base.year
    found = date(year, _month(match), int(match["day"]))
    if found < base and not match["year"]:
        found = date(year + 1, found.month, found.day)
    return _limit(match, found)


def _coming_month(match: _Found, base: date) -> date | None:
    month = _month(match)
    year = int(match["year"]) if match["year"] else base.year + (month < base.month)
    if match["until"].lower() == "before" and not match["end"]:
        return date(year, month, 1) - timedelta(days=1)
    return _last_of_month(year, month)


def _coming_weekday(match: _Found, base: date) -> date | None:
    ahead = (_DAYS.index(match["weekday"].lower()) - base.weekday()) % 7 or 7
    return _limit(match, base + timedelta(days=ahead))


def _limit(match: _Found, day: date) -> date:
    """ "before 1 May" ends the day before."""
    if match["until"].lower() == "before":
        return day - timedelta(days=1)
    return day


def _year_end(match: _Found, _: date) -> date | None:
    year = int(match["year"])
    if "until" in match.re.groupindex and match["until"].lower() == "before" and not match["end"]:
        year -= 1
    return date(year, 12, 31)


def _after(match: _Found, base: date) -> date | None:
    count = _NUMBERS.get(match["count"].lower())
    count = int(match["count"]) if count is None else count
    unit = match["unit"].lower()
    if unit in ("day", "week"):
        return base + timedelta(days=count * (7 if unit == "week" else 1))
    months = base.month - 1 + count * (12 if unit == "year" else 1)
    year, month = base.year + months // 12, months % 12 + 1
    return date(year, month, min(base.day, monthrange(year, month)[1]))


def _period(match: _Found, base: date) -> date | None:
    """ "next year", "this week": its last day."""
    ahead = 1 if match["which"].lower() == "next" else 0
    unit = match["unit"].lower()
    if unit == "week":
        return base + timedelta(days=6 - base.weekday() + 7 * ahead)
    if unit == "month":
        year, month = base.year + (base.month + ahead > 12), (base.month + ahead - 1) % 12 + 1
        return _last_of_month(year, month)
    return date(base.year + ahead, 12, 31)


def _compiled(
    *rules: tuple[str, Callable[[_Found, date], date | None]],
) -> _Rules:
    return tuple((re.compile(pattern, re.IGNORECASE), day) for pattern, day in rules)


_PAST_DAYS = _compiled(
    (rf"\b{_MONTH} {_DAY}(?:,? {_YEAR})?", _past_day),
    (rf"\b{_DAY} {_MONTH}(?:,? {_YEAR})?", _past_day),
    (r"\byesterday\b", lambda _, base: base - timedelta(days=1)),
    (r"\b(?:today|tonight)\b", lambda _, base: base),
    (rf"\b(?P<last>last )?{_WEEKDAY}", _past_weekday),
    (rf"\b{_COUNT} days? (?:ago|earlier)\b", lambda match, base: base - (_day_count(match))),
)
_DUE_DAYS = _compiled(
    (rf"{_UNTIL}{_MONTH} {_DAY}(?:,? {_YEAR})?", _coming_day),
    (rf"{_UNTIL}{_DAY} {_MONTH}(?:,? {_YEAR})?", _coming_day),
    (rf"{_UNTIL}{_MONTH}(?:,? {_YEAR})?", _coming_month),
    (rf"{_UNTIL}{_YEAR}", _year_end),
    (rf"{_UNTIL}{_WEEKDAY}", _coming_weekday),
    (rf"{_UNTIL}tomorrow\b", lambda match, base: _limit(match, base + timedelta(days=1))),
    (rf"\b(?:with)?in(?: the next)? {_COUNT} {_UNIT}(?! ago)", _after),
    (rf"\b(?P<which>next|this) {_UNIT}", _period),
    (r"\bend of (?P<which>next|this|the) (?P<unit>month|year)\b", _period),
    (
        rf"\bin (?P<month>{_MONTH[len('(?P<month>') :]} {_YEAR}",
        lambda match, _: _last_of_month(int(match["year"]), _month(match)),
    ),
    (rf"\bin {_YEAR}", _year_end),
    (r"\btomorrow\b", lambda _, base: base + timedelta(days=1)),
)


def _day_count(match: _Found) -> timedelta:
    count = _NUMBERS.get(match["count"].lower())
    return timedelta(days=int(match["count"]) if count is None else count)
