"""Days that a text names: when something was said, and by when it is to be."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.periods import (
    COUNT,
    DAY,
    DAYS,
    MONTH,
    WEEKDAY,
    YEAR,
    Found,
    Period,
    count_of,
    month_of,
    periods,
)

MAX_LOOKED_AT = 1_500
_NEAR = 160  # characters before a period in which the verb that it belongs to is looked for

type _Rules = tuple[tuple[re.Pattern[str], Callable[[Found, date], date | None]], ...]


def said_on(clause: str, today: date | None, *, cue: str = "", is_inner: bool = False) -> date | None:
    """Return the day a saying is dated to by the words of its cue's clause; without such words, today.

    "yesterday", "on Monday" and "on 4 May" are counted back from `today`, the day of publication or, for an inner
    saying, that of the outer one; nothing is known without it. What the words put at an earlier time without a day
    ("in January", "years ago", "had promised") has none; "she said he had promised" tells no such time.
    """
    if today is None:
        return None
    clause = clause[:MAX_LOOKED_AT].replace("’", "'")
    names_time = any(word in clause.lower() for word in _TIMES)
    found = _first_day(clause, today) if names_time else None
    if found is not None and found <= today:
        return found
    if (names_time and _EARLIER.search(clause)) or _EARLIER_CUE.search(cue) or (not is_inner and _HAD.search(cue)):
        return None
    return today


def _first_day(clause: str, base: date) -> date | None:
    """Return the day of the first rule that fits; a day outside the calendar is none."""
    for pattern, day in _PAST_DAYS:
        match = pattern.search(clause)
        if match is None:
            continue
        try:
            found = day(match, base)
        except (OverflowError, ValueError):
            continue
        if found is not None:
            return found
    return None


def due_on(content: str, spoken_on: date | None, *, kind: Kind) -> date | None:
    """Return the last day of the period by which the content says something is to be, or None.

    "by the end of June", "within 90 days", "next year", "by 2030", "before 1 May" (the day before). A period belongs
    to what is to come where its clause does: not in "has not been this strong in ten years". Where the day of the
    saying is not known, only periods that name their year count.
    """
    content = content[:MAX_LOOKED_AT]
    found = [
        one
        for one in _longest(list(periods(content, spoken_on)))
        if (spoken_on is None or one.last >= spoken_on) and _is_to_come(content, one, kind)
    ]
    first = min(found, key=lambda one: (not one.is_limit, one.is_count, one.start), default=None)
    return first.last if first else None


def _longest(found: list[Period]) -> list[Period]:
    """Keep the longer of two periods that overlap: "on Friday 6 June", not "on Friday"."""
    kept: list[Period] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
            continue
        kept.append(one)
    return kept


def _is_to_come(content: str, period: Period, kind: Kind) -> bool:
    """Tell whether the verb before the period, or after one that opens its clause, is of the future."""
    before = _CLAUSE_END.split(content[max(0, period.start - _NEAR) : period.start].replace("’", "'"))[-1]
    verbs = list(_VERB.finditer(before))
    if verbs:
        while verbs[-1]["participle"] and len(verbs) > 1:
            verbs.pop()  # "to keep their windows closed until tomorrow"
        is_open = bool(verbs[-1]["participle"]) and (period.is_limit or kind != Kind.ASSERTION)
        return bool(verbs[-1]["ahead"]) or is_open
    after = content[period.end : period.end + _NEAR].replace("’", "'")
    verb = _VERB.search(after)
    if verb is not None and len(before.split()) <= 2:
        return bool(verb["ahead"])
    return kind != Kind.ASSERTION or period.is_limit or not period.is_count


def _past_weekday(match: Found, base: date) -> date:
    back = (base.weekday() - DAYS.index(match["weekday"].lower())) % 7
    if match["last"] and back == 0:
        back = 7
    return base - timedelta(days=back)


def _past_day(match: Found, base: date) -> date:
    year = int(match["year"]) if match["year"] else base.year
    found = date(year, month_of(match), int(match["day"]))
    if found > base and not match["year"]:
        return date(year - 1, found.month, found.day)
    return found


_NOT_OF_ANOTHER = r"(?<!since )(?<!until )(?<!before )(?<!after )(?<!of )(?<!by )"
_PAST_DAYS: _Rules = tuple(
    (re.compile(pattern, re.IGNORECASE), day)
    for pattern, day in (
        (rf"{_NOT_OF_ANOTHER}\b{MONTH} {DAY}(?:,? {YEAR})?", _past_day),
        (rf"{_NOT_OF_ANOTHER}\b{DAY} {MONTH}(?:,? {YEAR})?", _past_day),
        (r"\b(?:yesterday|last night)\b(?!'s)", lambda _, base: base - timedelta(days=1)),
        (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b(?!'s)", lambda _, base: base),
        (rf"{_NOT_OF_ANOTHER}\b(?P<last>last )?{WEEKDAY}(?!'s)", _past_weekday),
        (rf"\b{COUNT} days? (?:ago|earlier)\b", lambda match, base: base - timedelta(days=count_of(match))),
    )
)
_A_YEAR = r"(?:1[89]|20)\d\d\b"
_EARLIER = re.compile(
    rf"\b(?:last|the previous) (?:week|month|year|spring|summer|autumn|fall|winter|decade|century|{MONTH})\b"
    rf"|\bin (?:early |late |mid-)?(?:{MONTH.replace('?P<month>', '?:')}|{_A_YEAR})|\bin the (?:1[89]|20)\d0s\b"
    r"|\b(?:weeks?|months?|years?|decades?|fortnight) (?:ago|earlier|before)\b"
    r"|\bearlier (?:this|in the) (?:week|month|year|decade|century)\b|\bat the time\b|\bof the day\b|\bin those days\b"
    rf"|\b(?:a|an|its|his|her|their|the) {_A_YEAR} (?:report|study|survey|interview|speech|letter|book|audit|article)\b"
    r"|\b(?:memoirs?|autobiography|diary|diaries)\b",
    re.IGNORECASE,
)
_TIMES = (
    "day", "night", "this ", "last ", "previous ", "earlier", "before", " ago", "time", "those ", "18", "19", "20",
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "memoir", "autobio", "diar",
)  # fmt: skip
_HAD = re.compile(r"\b(?:had|having)\b|'d\b", re.IGNORECASE)
_EARLIER_CUE = re.compile(
    r"\b(?:used to|once|(?:has|have|had) long|always|(?:will|would) (?:say|tell|ask))\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(
    r"[.;:?!—–] |, (?:which|who|but|so)\b|(?<= )(?:after|since|because|although|though|while|that|which|who|than) ",
    re.IGNORECASE,
)
_NO_VERB = r"(?:the|a|an|his|her|its|their|our|my|this|that) |\d"
_MODAL = (
    r"(?:\b(?:(?:will|would|shall|may|might|can|could|must|should|ought|wo|need)(?:n't)?|won't|cannot|going to|due to|"
    rf"(?<!up )to(?= (?!{_NO_VERB})[a-z])|needs?|plans?|unless|let|lest)\b|'ll\b|'d\b)"
)
_PAST = (
    r"was|were|wasn't|weren't|had|has|have|hasn't|haven't|hadn't|did|didn't|been|fell|rose|became|took|gave|went|came|"
    r"said|grew|began|told|knew|ran|sank|broke|died"
)
_VERB = re.compile(
    rf"(?P<ahead>{_MODAL}(?: not| never| also| [a-z]+ly)?(?: (?:be|have|get|been|being)\b)*"
    r"(?: [a-z]+ly)?(?: [a-z]+(?:ed|en)\b)?"
    r"|\b(?:is|are|am|'s|'re|'m) (?:not |now )?(?:due|set|about|expected|scheduled|planned|bound|likely|[a-z]+ing)\b)"
    rf"|\b(?P<past>{_PAST})\b|\b(?P<participle>[a-z]{{2,}}[^e\W]ed|made|built|sold|paid|held|sent|met|left|found|lost|cut)\b",
    re.IGNORECASE,
)
