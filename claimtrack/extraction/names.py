"""Names in an article: who is called what, with which role, and what that says of gender and kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.words import Token, load, word_set

MAX_NAME = 7
MAX_ROLE = 8
MAX_NAMESAKES = 40
PRONOUN_WITHIN = 6
_LINKS = {"of", "for", "and"}


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something the article names; `names` are all the wordings used, the fullest is `name`."""

    name: str
    kind: SpeakerKind
    gender: Gender = Gender.UNKNOWN
    role: str = ""
    names: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    mentions: int = 0
    votes: int = 0  # how much oftener "he" or "she" follows than "its"

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name != self.name)


@dataclass(slots=True)
class Mention:
    """One naming of an entity: tokens `first` up to and without `last`, titles left out."""

    first: int
    last: int
    entity: Entity
    quoted: bool


@cache
def countries() -> dict[str, str]:
    """Return the country for each name, seat of government and adjective, in lower case."""
    found: dict[str, str] = {}
    for country, others in load("countries")["countries"].items():
        found[country.lower()] = country
        for other in others.split("|"):
            found.setdefault(other.lower(), country)
    return found


@cache
def country_names() -> frozenset[str]:
    """Return the names that stand for a government: countries and their seats, without adjectives."""
    listed = load("countries")["countries"]
    seats = {others.split("|")[0].lower() for others in listed.values()}
    short = {"us", "u.s.", "uk", "u.k.", "eu", "e.u.", "un", "u.n.", "kremlin", "america", "uae", "delhi", "kiev"}
    return frozenset({country.lower() for country in listed} | seats | short)


@cache
def role_words() -> frozenset[str]:
    return (
        word_set("roles", "male", file="people")
        | word_set("roles", "female", file="people")
        | word_set("roles", "either", file="people")
    )


@cache
def title_words() -> frozenset[str]:
    return (
        word_set("titles", "male", file="people")
        | word_set("titles", "female", file="people")
        | word_set("titles", "either", file="people")
    )


def find_mentions(tokens: Sequence[Token], title: Sequence[Token] = ()) -> list[Mention]:
    """Find every name in the text and tell which of them mean the same person or organisation.

    Names of the title help to tell who is meant, but are no mentions.
    """
    spans = _without_common_words(tokens, _name_spans(tokens))
    in_title = _name_spans(title)
    book = _Book()
    for is_full in (True, False):
        for span in spans:
            if (span[1] - span[0] > 1) == is_full:
                book.mentions.append(book.enter(tokens, span))
        if is_full:
            for span in in_title:
                book.enter(title, span)
    return sorted(filter(None, book.mentions), key=lambda mention: mention.first)


def _without_common_words(tokens: Sequence[Token], spans: Sequence[Range]) -> list[Range]:
    """Leave out words like "Officials" that are capital only because they open a sentence."""
    inside = {tokens[first].low for first, last in spans if not _opens_sentence(tokens, first)}
    common = {token.low for token in tokens if token.tag == "word"}
    return [
        (first, last)
        for first, last in spans
        if last - first > 1
        or tokens[first].low in inside
        or not _opens_sentence(tokens, first)
        or not (tokens[first].low in common or _is_plural(tokens[first].low))
    ]


def _opens_sentence(tokens: Sequence[Token], i: int) -> bool:
    return i == 0 or not _adjacent(tokens, i) or (tokens[i - 1].tag == "mark" and tokens[i - 1].text != ",")


def _is_plural(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "us", "is"))


def _name_spans(tokens: Sequence[Token]) -> list[Range]:
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
        if not _adjacent(tokens, i):
            break
        if token.tag == "capital" and token.quoted == tokens[start].quoted:
            i += 1
            continue
        joins = token.low in particles or (token.low in _LINKS and tokens[i - 1].low in heads)
        if joins and i + 1 < len(tokens) and tokens[i + 1].tag == "capital":
            i += 2
            continue
        if joins and i + 2 < len(tokens) and tokens[i + 1].low in particles and tokens[i + 2].tag == "capital":
            i += 3
            continue
        break
    return i


def _adjacent(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether only one blank stands before the token: a name never goes over a paragraph's end."""
    return tokens[i].start - tokens[i - 1].end <= 1


def _without_titles(tokens: Sequence[Token], first: int, last: int) -> int:
    """Pass over "US President" and "Mr." before a name; an organisation keeps all its words."""
    heads = word_set("organisations", "heads", file="people")
    whole = " ".join(token.low for token in tokens[first:last])
    if tokens[last - 1].low in heads or whole in countries():
        return first
    i = first
    while i < last and (tokens[i].low in role_words() or tokens[i].low in title_words() or _adjective(tokens, i, last)):
        i += 2 if _adjective(tokens, i, last) == 2 else 1
    if i >= last and tokens[last - 1].low not in role_words() | title_words():
        return first
    return min(i, last)


def _adjective(tokens: Sequence[Token], i: int, last: int) -> int:
    """Return how many words a country's name or adjective before a title takes here: 0, 1 or 2."""
    if i + 1 < last and f"{tokens[i].low} {tokens[i + 1].low}" in countries():
        return 2 if i + 2 < last else 0
    return 1 if tokens[i].low in countries() and i + 1 < last else 0


def _key(tokens: Sequence[Token], span: Range) -> tuple[str, ...]:
    suffixes = word_set("given", "suffixes", file="people")
    words = " ".join(token.low for token in tokens[span[0] : span[1]]).replace("-", " ").split()
    return tuple(word for word in words if word not in suffixes)


class _Book:
    """The entities met so far, by the words of their names."""

    def __init__(self) -> None:
        self.mentions: list[Mention | None] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        self._by_word: dict[str, list[tuple[Entity, tuple[str, ...]]]] = {}

    def enter(self, tokens: Sequence[Token], span: Range) -> Mention | None:
        """Take in one name; None where it names nobody: "Russian", "Sr."."""
        key = _key(tokens, span)
        name = _written(tokens, span)
        if not key or (name.lower() in countries() and name.lower() not in country_names()):
            return None
        role_first = _role_start(tokens, span)
        gender = _gender(tokens, role_first, span)
        entity = self._by_key.get(key) or self._known(key, gender)
        if entity is None:
            entity = Entity(name, _kind(tokens, span, has_role=role_first < span[0]))
            for word in dict.fromkeys((key[-1], key[0])):
                known = self._by_word.setdefault(word, [])
                if len(known) < MAX_NAMESAKES:
                    known.append((entity, key))
        self._by_key.setdefault(key, entity)
        _describe(entity, name, tokens, (role_first, span[0]), gender)
        entity.roles |= _roles_around(tokens, span)
        entity.votes += _vote(tokens, span[1])
        if entity.votes < 0 and len(key) == 1 and not entity.role and entity.gender == Gender.UNKNOWN:
            entity.kind = SpeakerKind.ORGANISATION
        return Mention(span[0], span[1], entity, tokens[span[0]].quoted)

    def _known(self, key: tuple[str, ...], gender: Gender) -> Entity | None:
        """Find the entity a shorter or slightly other name means: by surname, first name or both."""
        fitting: list[Entity] = []
        for entity, full in self._by_word.get(key[-1], ()):
            if entity.gender != gender and Gender.UNKNOWN not in (entity.gender, gender):
                continue
            is_short = len(key) == 1 and (entity.kind == SpeakerKind.PERSON or full[0] == key[0])
            if is_short or (len(key) > 1 < len(full) and (key[0], key[-1]) == (full[0], full[-1])):
                fitting.append(entity)
        return max(fitting, key=lambda one: one.mentions, default=None)


def _written(tokens: Sequence[Token], span: Range) -> str:
    return " ".join(token.text for token in tokens[span[0] : span[1]])


def _role_start(tokens: Sequence[Token], span: Range) -> int:
    """Return where the role before a name begins: "White House press secretary" before "Ann Smith"."""
    i = span[0]
    if (
        i == 0
        or not _adjacent(tokens, i)
        or not (tokens[i - 1].low in role_words() or tokens[i - 1].low in title_words())
    ):
        return i
    while i > 0 and span[0] - i < MAX_ROLE:
        token = tokens[i - 1]
        if token.quoted != tokens[span[0]].quoted or not _adjacent(tokens, i):
            break
        if not (token.tag == "capital" or token.low in role_words() or token.low in title_words()):
            break
        i -= 1
    return i


def _roles_around(tokens: Sequence[Token], span: Range) -> set[str]:
    """Return the role words beside a name: "Ann Smith, the mayor of Bonn," and "the mayor of Bonn, Ann Smith"."""
    found: set[str] = set()
    first, last = span
    if last + 1 < len(tokens) and tokens[last].text == "," and tokens[last + 1].low in {"the", "a", "an"}:
        found |= _role_words_in(tokens, last + 1, last + 1 + MAX_ROLE)
    if first > 1 and tokens[first - 1].text == ",":
        start = first - 1
        while start > 0 and first - start < MAX_ROLE and tokens[start - 1].tag != "mark":
            start -= 1
        if tokens[start].low == "the":
            found |= _role_words_in(tokens, start, first - 1)
    return found


def _role_words_in(tokens: Sequence[Token], first: int, last: int) -> set[str]:
    found: set[str] = set()
    for token in tokens[first:last]:
        if token.tag == "mark":
            break
        if token.low in role_words() or token.tag == "capital":
            found.add(token.low)
    return found if found & role_words() else set()


def _vote(tokens: Sequence[Token], after: int) -> int:
    """Return what the first pronoun after a name speaks for: 1 a person, -1 a thing, 0 neither."""
    for token in tokens[after : after + PRONOUN_WITHIN]:
        if token.low in {"he", "she", "his", "her", "him"}:
            return 1
        if token.low == "its":
            return -1
        if token.tag == "capital" or token.text in {".", ","}:
            return 0
    return 0


def _gender(tokens: Sequence[Token], role_first: int, span: Range) -> Gender:
    before = {token.low for token in tokens[role_first : span[0]]}
    for gender in (Gender.MALE, Gender.FEMALE):
        if before & (word_set("titles", gender, file="people") | word_set("roles", gender, file="people")):
            return gender
    if span[1] - span[0] > 1:
        for gender in (Gender.MALE, Gender.FEMALE):
            if tokens[span[0]].low in word_set("given", gender, file="people"):
                return gender
    return Gender.UNKNOWN


def _kind(tokens: Sequence[Token], span: Range, *, has_role: bool) -> SpeakerKind:
    first, last = tokens[span[0]], tokens[span[1] - 1]
    whole = _written(tokens, span).lower()
    if whole in countries():
        return SpeakerKind.ORGANISATION
    if has_role:
        return SpeakerKind.PERSON
    if any(token.low in word_set("organisations", "heads", file="people") for token in tokens[span[0] : span[1]]):
        return SpeakerKind.ORGANISATION
    if span[1] - span[0] == 1 and first.text.isupper() and len(first.text) > 1:
        return SpeakerKind.ORGANISATION
    if span[1] - span[0] == 1 and span[0] > 0 and tokens[span[0] - 1].low == "the":
        return SpeakerKind.GROUP if last.low.endswith("s") else SpeakerKind.ORGANISATION
    if span[1] - span[0] == 1 and last.low.endswith("ns") and last.low[:-1] not in countries():
        return SpeakerKind.GROUP
    return SpeakerKind.PERSON


def _describe(entity: Entity, name: str, tokens: Sequence[Token], role: Range, gender: Gender) -> None:
    entity.mentions += 1
    if len(entity.names) < MAX_NAMESAKES and name not in entity.names:
        entity.names.append(name)
    if len(name.replace("-", " ").split()) > len(entity.name.replace("-", " ").split()):
        entity.name = name
    if entity.gender == Gender.UNKNOWN:
        entity.gender = gender
    if role[0] < role[1]:
        written = _written(tokens, role)
        entity.roles.update(token.low for token in tokens[role[0] : role[1]])
        if len(written) > len(entity.role) and any(token.low in role_words() for token in tokens[role[0] : role[1]]):
            entity.role = written
