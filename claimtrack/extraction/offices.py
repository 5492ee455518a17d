"""Offices before a name: "Secretary of State Ann Smith", "Transport Minister Joe Bell"."""

from collections.abc import Sequence
from functools import cache

from claimtrack.extraction.countries import countries, countries_in
from claimtrack.extraction.genders import is_given_name
from claimtrack.extraction.phrases import Range, is_verb_like
from claimtrack.extraction.words import Token, load, word_set

MAX_OFFICE = 10
_LINKS = {"of", "for", "to"}
_SENTENCE_ENDS = {".", "!", "?", "”", '"', "-", "–", "—", "--"}
_TRADES = ("ist", "maker", "keeper", "worker", "grapher", "intendent", "ician")
_ARTICLES = {"the", "a", "an"}
_COPULAS = {"is", "was", "became", "becomes"}
_BEING = {"is", "was", "became", "has", "had", "been", "served", "serves", "as"}


@cache
def role_words() -> frozenset[str]:
    return (
        word_set("roles", "male", file="people")
        | word_set("roles", "female", file="people")
        | word_set("roles", "either", file="people")
        | word_set("roles", "callings", file="people")
    )


@cache
def title_words() -> frozenset[str]:
    return (
        word_set("titles", "male", file="people")
        | word_set("titles", "female", file="people")
        | word_set("titles", "either", file="people")
    )


@cache
def _areas() -> frozenset[str]:
    """Return the words that end the name of an office: "State", "Foreign Affairs", "the Exchequer", "the Treasury"."""
    return word_set("roles", "areas", file="people") | word_set("organisations", "heads", file="people")


@cache
def _posts() -> frozenset[str]:
    """Return the heads of roles that are no surnames and no titles: "Minister", not "King"."""
    return (word_set("roles", "heads", file="people") | {"head"}) - title_words()


def role_start(tokens: Sequence[Token], first: int) -> int:
    """Return where the role before the name at token `first` begins; `first` itself where there is none."""
    last = first
    if last == 0 or not adjacent(tokens, last):
        return first
    if not (tokens[last - 1].low in role_words() or tokens[last - 1].low in title_words()):
        last = _office_start(tokens, first)
        if last == first:
            return first
    i = last
    while i > 0 and last - i < MAX_OFFICE:
        token = tokens[i - 1]
        if token.quoted != tokens[first].quoted or not adjacent(tokens, i):
            break
        if not (token.tag == "capital" or token.low in role_words() or token.low in title_words()):
            break
        i -= 1
    return i


def name_after_office(tokens: Sequence[Token], first: int, last: int) -> int:
    """Return where the name begins in the capitals of `first` to `last` that may open with an office."""
    for i in range(last - 2, first, -1):
        if tokens[i].low in _posts() and not any(is_given_name(token.low) for token in tokens[first:i]):
            return i + 1 if not _is_suffix(tokens[i + 1]) else first
    head = _head_before(tokens, first)
    if head is None:
        return first + _opens_with_trade(tokens, first, last)
    for i in range(last - 2, first - 1, -1):
        if tokens[i].low in _areas() or _ends_country(tokens, first, i):
            return i + 1
    return next((i for i in range(first, last - 1) if is_given_name(tokens[i].low)), first)


def _opens_with_trade(tokens: Sequence[Token], first: int, last: int) -> bool:
    """ "Striker Ana Belo" at the beginning of a sentence: the first word is no name."""
    low = tokens[first].low
    if last - first < 2 or is_given_name(low) or (first > 0 and tokens[first - 1].text not in _SENTENCE_ENDS):
        return False
    return low.endswith(_TRADES) or low in role_words() or (last - first > 2 and is_given_name(tokens[first + 1].low))


def _ends_country(tokens: Sequence[Token], first: int, i: int) -> bool:
    low = tokens[i].low
    return low in countries() or (i > first and f"{tokens[i - 1].low} {low}" in countries())


def adjacent(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether only one blank stands before the token: a name never goes over a paragraph's end."""
    return tokens[i].start - tokens[i - 1].end <= 1


def _is_suffix(token: Token) -> bool:
    return token.low in word_set("given", "suffixes", file="people")


def _office_start(tokens: Sequence[Token], first: int) -> int:
    if tokens[first - 1].low not in _areas() and tokens[first - 1].tag != "capital":
        return first
    head = _head_before(tokens, first)
    return first if head is None else head


def _head_before(tokens: Sequence[Token], end: int) -> int | None:
    """Find the head of "secretary of", "chairman of the Joint Chiefs of" before token `end`."""
    for i in range(end - 1, max(-1, end - 1 - MAX_OFFICE), -1):
        token = tokens[i]
        if not adjacent(tokens, i + 1) or token.quoted != tokens[end].quoted:
            return None
        if token.low in _posts() and i + 1 < end and tokens[i + 1].low in _LINKS:
            return i
        named = token.tag == "capital" or token.low in _areas()
        if not (named or token.low in _LINKS or token.low in {"the", "and"}):
            return None
    return None


def roles_around(tokens: Sequence[Token], span: Range) -> tuple[set[str], set[str], str]:
    """Return the role words, the countries and the role beside a name, as in "Ann Smith, the mayor of Bonn," ."""
    first, last = span
    roles: set[str] = set()
    lands: set[str] = set()
    wording = ""
    roles |= _doing_after(tokens, last) | _trade_before(tokens, first)
    for start, end in (_apposition_after(tokens, last), _apposition_before(tokens, first)):
        words = [token.low for token in tokens[start:end]]
        if role_words().intersection(words):
            roles |= role_words().intersection(words)
            lands |= countries_in(words)
            wording = wording or _role_wording(tokens, start, end)
        roles |= _head_noun(tokens, start, end)
    return roles, lands, wording


def _head_noun(tokens: Sequence[Token], start: int, end: int) -> set[str]:
    """Return "welder" of ", a retired welder in Bonn,"."""
    if start == end or tokens[start].low not in _ARTICLES:
        return set()
    stop = start + 1
    while stop < end and tokens[stop].tag in {"word", "adverb"}:
        stop += 1
    return {tokens[stop - 1].low} if stop > start + 1 and tokens[stop - 1].tag == "word" else set()


def _trade_before(tokens: Sequence[Token], first: int) -> set[str]:
    """Return "beekeeper" of "beekeeper Ann Smith"."""
    if first == 0 or tokens[first - 1].quoted or not adjacent(tokens, first):
        return set()
    before = tokens[first - 1]
    is_noun = before.tag in {"word", "capital"} and not is_verb_like(before)
    return {before.low} if is_noun and before.low.endswith(_TRADES) else set()


def _doing_after(tokens: Sequence[Token], last: int) -> set[str]:
    """Return the role of "Ann Smith, who leads the union"."""
    if last + 2 >= len(tokens) or tokens[last].text != "," or tokens[last + 1].low != "who":
        return set()
    role = _doings().get(tokens[last + 2].low)
    return {role} if role else set()


@cache
def _doings() -> dict[str, str]:
    return dict(pair.split("=") for pair in load("people")["roles"]["doing"].split())


def _role_wording(tokens: Sequence[Token], start: int, end: int) -> str:
    """Return "mayor of Bonn" of "the mayor of Bonn in 2019"."""
    first = start + (tokens[start].low in _ARTICLES)
    last = first
    while last < end and (tokens[last].tag in {"word", "capital"} or tokens[last].low in _LINKS | {"the", "and"}):
        last += 1
    while last > first and tokens[last - 1].tag not in {"word", "capital"}:
        last -= 1
    return " ".join(token.text for token in tokens[first:last])


def _apposition_after(tokens: Sequence[Token], last: int) -> Range:
    """Find ", the mayor of Bonn," and ", who became president in 2017" after a name, and "is the mayor of Bonn"."""
    if last + 1 < len(tokens) and tokens[last].low in _COPULAS and tokens[last + 1].low in _ARTICLES:
        return (last + 1, _end_of_apposition(tokens, last + 1))
    if last + 1 >= len(tokens) or tokens[last].text != ",":
        return (last, last)
    if last + 2 < len(tokens) and tokens[last + 1].low in _COPULAS and tokens[last + 2].low in _ARTICLES:
        return (last + 2, _end_of_apposition(tokens, last + 2))  # "The guest, Ann Smith, is the mayor of Bonn"
    start = last + 1
    if tokens[start].tag == "number" and start + 2 < len(tokens) and tokens[start + 1].text == ",":
        start += 2  # "Ann Smith, 54, the mayor of Bonn,"
    if tokens[start].low == "who":
        start += 1
        while start < len(tokens) and tokens[start].low in _BEING:
            start += 1
        if tokens[start - 1].low == "who":
            return (last, last)
    elif not (tokens[start].low in _ARTICLES or _opens_role(tokens, start)):
        return (last, last)
    end = _end_of_apposition(tokens, start)
    return (start, end) if end > start else (last, last)


def _end_of_apposition(tokens: Sequence[Token], start: int) -> int:
    """Return where it ends: at a mark or "who"; `start` where a verb follows, so that it is no apposition."""
    end = start
    while end < min(len(tokens), start + MAX_OFFICE) and tokens[end].tag not in {"mark", "relative"}:
        if not adjacent(tokens, end):
            break
        if is_verb_like(tokens[end]) and tokens[end].text[0].islower():
            return start
        end += 1
    return end


def _opens_role(tokens: Sequence[Token], i: int) -> bool:
    return tokens[i].low in role_words() or bool(countries_in(token.low for token in tokens[i : i + 2]))


def _apposition_before(tokens: Sequence[Token], first: int) -> Range:
    if first < 2 or tokens[first - 1].text != ",":
        return (first, first)
    start = first - 1
    while start > 0 and first - start < MAX_OFFICE and tokens[start - 1].tag != "mark" and adjacent(tokens, start):
        start -= 1
    if any(is_verb_like(token) and token.text[0].islower() for token in tokens[start : first - 1]):
        return (first, first)
    owned = any(token.tag == "possessive-mark" for token in tokens[start : first - 1])
    opens = owned or tokens[start].low in _ARTICLES or tokens[start].tag == "possessive"
    return (start, first - 1) if opens else (first, first)
