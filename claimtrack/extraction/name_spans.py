"""Where names stand in a text: which capitals belong together, and which of them are titles, days or common words."""

from collections.abc import Sequence

from claimtrack.extraction.countries import countries
from claimtrack.extraction.genders import Gender, gender_of_given_name
from claimtrack.extraction.offices import adjacent, name_after_office, role_words, title_words
from claimtrack.extraction.phrases import Range, is_time
from claimtrack.extraction.words import Token, word_set

MAX_NAME = 7
LINKS = {"of", "for", "and"}


def without_common_words(tokens: Sequence[Token], spans: Sequence[Range]) -> list[Range]:
    """Leave out words like "Officials" that are capital only because they open a sentence."""
    inside = {tokens[first].low for first, last in spans if not _opens_sentence(tokens, first)}
    inside |= {tokens[last - 1].low for first, last in spans if last - first > 1}
    common = {token.low for token in tokens if token.tag == "word"}
    return [
        (first, last)
        for first, last in spans
        if last - first > 1
        or tokens[first].low in inside
        or tokens[first].low in countries()
        or not _opens_sentence(tokens, first)
        or not (tokens[first].low in common or is_plural(tokens[first].low) or _opens_phrase(tokens, first))
    ]


def _opens_phrase(tokens: Sequence[Token], first: int) -> bool:
    """ "Energy minister", "Above the town": a capital that is part of a phrase."""
    after = first + 1
    is_office = after < len(tokens) and adjacent(tokens, after) and tokens[after].text in role_words()
    return is_office or tokens[first].low in word_set("given", "never", file="people")


def _opens_sentence(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 or not adjacent(tokens, i) or (tokens[i - 1].tag == "mark" and tokens[i - 1].text != ",")


def is_plural(low: str) -> bool:
    """Tell whether a word in lower case looks like a plural."""
    return low.endswith("s") and not low.endswith(("ss", "us", "is"))


def name_spans(tokens: Sequence[Token]) -> list[Range]:
    """Find the names, without the titles and offices before them."""
    found: list[Range] = []
    i = 0
    while i < len(tokens):
        if tokens[i].tag != "capital":
            i += 1
            continue
        end = _end_of_name(tokens, i)
        first = _without_titles(tokens, i, end)
        if first < end:
            found.append((first, end))
        i = end
    return found


def _end_of_name(tokens: Sequence[Token], start: int) -> int:
    i = start + 1
    particles = word_set("given", "particles", file="people")
    heads = word_set("organisations", "heads", file="people")
    while i < len(tokens) and i - start < MAX_NAME:
        token = tokens[i]
        if not adjacent(tokens, i):
            break
        if (token.tag == "capital" or _opens_with_particle(token)) and token.quoted == tokens[start].quoted:
            i += 1
            continue
        if (
            token.text in {"'", "’"}
            and i + 1 < len(tokens)
            and tokens[i + 1].low in heads
            and _is_owned_body(tokens, i)
        ):
            i += 2  # "Farmers' League"
            continue
        joins = token.low in particles or (token.low in LINKS and tokens[i - 1].low in heads)
        if joins and i + 1 < len(tokens) and tokens[i + 1].tag == "capital":
            i += 2
            continue
        if joins and i + 2 < len(tokens) and tokens[i + 1].low in particles and tokens[i + 2].tag == "capital":
            i += 3
            continue
        break
    return i


def _is_owned_body(tokens: Sequence[Token], apostrophe: int) -> bool:
    return tokens[apostrophe - 1].low.endswith("s") and tokens[apostrophe + 1].tag == "capital"


def _without_day(tokens: Sequence[Token], first: int, last: int) -> int:
    """ "On Tuesday Ann Smith": the day is no part of the name; a month may be, unless it is part of a date."""
    if last - first < 2 or not is_time(tokens[first]):
        return first
    is_month = tokens[first].low in word_set("names", "months")
    is_date = first > 0 and tokens[first - 1].tag in {"preposition", "number"}
    return first + 1 if is_date or not is_month else first


def _opens_with_particle(token: Token) -> bool:
    """ "el-Gohary", "al-Rashid"."""
    particle, _, rest = token.text.partition("-")
    return rest[:1].isupper() and particle in word_set("given", "particles", file="people")


def _without_titles(tokens: Sequence[Token], first: int, last: int) -> int:
    """Pass over "US President" and "Mr." before a name; an organisation keeps all its words."""
    heads = word_set("organisations", "heads", file="people")
    whole = " ".join(token.low for token in tokens[first:last])
    if tokens[last - 1].low in heads or whole in countries():
        return first
    if _is_national_body(tokens, first, last):
        return first
    first = i = name_after_office(tokens, _without_day(tokens, first, last), last)
    if _is_plural_role(tokens, first, last):
        first = i = first + 1  # "Mayors Ann Smith and Joe Bell"
    while i < last and (tokens[i].low in role_words() or tokens[i].low in title_words() or _adjective(tokens, i, last)):
        i += 2 if _adjective(tokens, i, last) == 2 else 1
    if i >= last and tokens[last - 1].low not in role_words() | title_words():
        return first
    return min(i, last)


def _is_plural_role(tokens: Sequence[Token], first: int, last: int) -> bool:
    low = tokens[first].low
    return last - first > 2 and low.endswith("s") and low[:-1] in role_words()


def _is_national_body(tokens: Sequence[Token], first: int, last: int) -> bool:
    """ "the U.S. Geological Survey": its country belongs to the name, as no role follows."""
    width = _adjective(tokens, first, last)
    if first == 0 or tokens[first - 1].low != "the" or not width:
        return False
    if gender_of_given_name(tokens[first + width].low) != Gender.UNKNOWN:
        return False  # "the Italian Gianni Moretti"
    return not any(token.low in role_words() for token in tokens[first:last] if token.low not in countries())


def _adjective(tokens: Sequence[Token], i: int, last: int) -> int:
    """Return how many words a country's name or adjective before a title takes here: 0, 1 or 2."""
    if i + 1 < last and f"{tokens[i].low} {tokens[i + 1].low}" in countries():
        return 2 if i + 2 < last else 0
    return 1 if tokens[i].low in countries() and i + 1 < last else 0
