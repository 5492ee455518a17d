"""Names in an article: who is called what, with which role, and what that says of gender and kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from claimtrack.extraction.ages import age_beside
from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.countries import countries, countries_in, country_names
from claimtrack.extraction.genders import Gender, gender_of_given_name, gender_of_role
from claimtrack.extraction.name_spans import LINKS, is_plural, name_spans, without_common_words
from claimtrack.extraction.offices import adjacent, role_start, role_words, roles_around
from claimtrack.extraction.phrases import Range, is_time, is_verb_like
from claimtrack.extraction.pronouns_after import gender_told, person_or_thing
from claimtrack.extraction.words import Token, word_set

MAX_NAMESAKES = 40
MAX_APPOSITION = 6
_WHERE = {"in", "at", "near", "outside", "inside", "across", "around", "throughout"}
_LEANS = {Gender.FEMALE: 1, Gender.MALE: -1, Gender.UNKNOWN: 0}
_STOCK = {"shares", "stock", "shareholders"}


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something the article names; `names` are all the wordings used, the fullest is `name`."""

    name: str
    kind: SpeakerKind
    gender: Gender = Gender.UNKNOWN
    is_guessed: bool = False  # the gender is no more than that of most who bear the given name
    role: str = ""
    owner: str = ""  # the country of an organisation that others have too: "Foreign Ministry"
    names: list[str] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    lands: set[str] = field(default_factory=set)
    is_company: bool = False
    is_written: bool = False  # a report, a survey
    mentions: int = 0
    placings: int = 0  # how often it stands as a place: "in Bonn", "the Bonn bridge"
    votes: int = 0  # how much oftener "he" or "she" follows than "its"
    age: str = ""  # in figures
    leans: int = 0  # how much oftener "she" follows than "he"

    @property
    def known_as(self) -> str:
        """The name that tells it from its namesakes."""
        return f"{self.owner}'s {self.name}" if self.owner else self.name

    @property
    def is_place(self) -> bool:
        """Tell whether it is named as a place, and nothing says that it is a person."""
        return self.placings > 0 and self.gender == Gender.UNKNOWN and not self.roles

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name != self.known_as)


@dataclass(slots=True)
class Mention:
    """One naming of an entity: tokens `first` up to and without `last`; its role or title begins at `role_first`."""

    first: int
    last: int
    entity: Entity
    quoted: bool
    role_first: int


def find_mentions(tokens: Sequence[Token], title: Sequence[Token] = ()) -> list[Mention]:
    """Find every name in the text and tell which of them mean the same person or organisation.

    Names of the title help to tell who is meant, but are no mentions.
    """
    spans = without_common_words(tokens, name_spans(tokens))
    in_title = name_spans(title)
    book = _Book()
    for is_full in (True, False):
        for span in spans:
            if (span[1] - span[0] > 1) == is_full:
                book.mentions.append(book.enter(tokens, span))
        if is_full:
            for span in in_title:
                book.enter(title, span)
    return sorted(filter(None, book.mentions), key=lambda mention: mention.first)


def _key(tokens: Sequence[Token], span: Range) -> tuple[str, ...]:
    suffixes = word_set("given", "suffixes", file="people")
    words = " ".join(token.low for token in tokens[span[0] : span[1]]).replace("-", " ").split()
    return tuple(word for word in words if word not in suffixes)


def _without_honours(tokens: Sequence[Token], span: Range) -> Range:
    """ "Ann Smith OBE", "Ann Smith KC": the letters are no part of the name."""
    first, last = span
    while last - first > 2 and tokens[last - 1].text in word_set("given", "honours", file="people"):
        last -= 1
    return (first, last)


def _without_particle(key: tuple[str, ...]) -> tuple[str, ...]:
    """ "van Rensburg" is the surname of "Pieter van Rensburg"."""
    is_cut = len(key) == 2 and key[0] in word_set("given", "particles", file="people")
    return key[1:] if is_cut else key


class _Book:
    """The entities met so far, by the words of their names."""

    def __init__(self) -> None:
        self.mentions: list[Mention | None] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        self._by_initials: dict[str, Entity] = {}
        self._by_word: dict[str, list[tuple[Entity, tuple[str, ...]]]] = {}

    def enter(self, tokens: Sequence[Token], span: Range) -> Mention | None:
        """Take in one name; None where it names nobody: "Russian", "Sr."."""
        whole, span = span, _without_honours(tokens, span)
        key = _key(tokens, span)
        name = _written(tokens, span)
        key = _without_particle(key)
        if not key or (name.lower() in countries() and name.lower() not in country_names()):
            return None
        role_first = role_start(tokens, span[0])
        told = gender_of_role(token.low for token in tokens[role_first : span[0]])
        gender = told if told != Gender.UNKNOWN else _usual_gender(tokens, span)
        land = _land_before(tokens, role_first)
        owner = land if _is_generic(key) else ""
        entity = self._same(owner, key, gender) or self._by_initials.get(name) or self._known(key, gender, owner)
        if entity is None:
            if all(is_time(tokens[i]) for i in range(*span)):
                return None
            entity = Entity(name, _kind(tokens, span, has_role=role_first < span[0]))
            for word in dict.fromkeys((key[-1], *key[:-1])):
                known = self._by_word.setdefault(word, [])
                if len(known) < MAX_NAMESAKES:
                    known.append((entity, key))
            if len(key) > 1:
                capitals = "".join(token.text[0] for token in tokens[span[0] : span[1]] if token.tag == "capital")
                self._by_initials.setdefault(capitals, entity)  # "AU" means the African Union
        entity.owner = entity.owner or owner
        self._by_key.setdefault((owner, *key), entity)
        if entity.gender == Gender.UNKNOWN != gender:
            entity.gender, entity.is_guessed = gender, told == Gender.UNKNOWN
        _describe(entity, name, tokens, (role_first, span[0]))
        is_placed = role_first == span[0] and _stands_as_place(tokens, whole)
        roles, lands, role = (set(), set(), "") if is_placed else roles_around(tokens, (role_first, whole[1]))
        entity.role = entity.role or (role if entity.kind == SpeakerKind.PERSON else "")
        entity.roles |= roles
        entity.lands |= lands | ({land} if land else set())
        told = told if told != Gender.UNKNOWN else gender_of_role(roles)
        is_open = entity.is_guessed or entity.gender == Gender.UNKNOWN
        if told != Gender.UNKNOWN and is_open and entity.kind == SpeakerKind.PERSON:
            entity.gender, entity.is_guessed = told, False
        entity.votes += person_or_thing(tokens, whole[1])
        entity.leans += _LEANS[gender_told(tokens, role_first, whole[1])]
        entity.age = entity.age or age_beside(tokens, role_first, whole)
        entity.placings += is_placed
        is_thing = _names_a_thing(tokens, whole) or _ends_as_company(tokens, whole)
        if is_thing or entity.votes < 0:
            entity.kind = _kind_of_thing(entity)
            entity.is_company = entity.is_company or (is_thing and entity.kind == SpeakerKind.ORGANISATION)
        return Mention(whole[0], whole[1], entity, tokens[whole[0]].quoted, role_first)

    def _same(self, owner: str, key: tuple[str, ...], gender: Gender) -> Entity | None:
        """Find the entity of just this name; "Mr Patil" is not the Patil who was "Mrs" before."""
        entity = self._by_key.get((owner, *key))
        return None if entity is not None and _is_of_other_gender(entity, gender) else entity

    def _known(self, key: tuple[str, ...], gender: Gender, owner: str) -> Entity | None:
        """Find the entity a shorter or slightly other name means: by a surname, first name or both."""
        fitting: list[Entity] = []
        for entity, full in self._by_word.get(key[-1], ()):
            if full == key and (not owner or not entity.owner):
                return entity
            if owner:
                continue
            if _is_of_other_gender(entity, gender):
                continue
            is_short = len(key) == 1 and (entity.kind == SpeakerKind.PERSON or full[0] == key[0])
            is_short = is_short or (1 < len(key) < len(full) and full[-len(key) :] == key)  # "Lloyd-Jones"
            if is_short or (len(key) > 1 < len(full) and full[0] == key[0] and key[-1] in full[1:]):
                fitting.append(entity)
        return max(fitting, key=lambda one: one.mentions, default=None)


def _is_of_other_gender(entity: Entity, gender: Gender) -> bool:
    return entity.gender != gender and Gender.UNKNOWN not in (entity.gender, gender)


def _written(tokens: Sequence[Token], span: Range) -> str:
    words = " ".join(token.text for token in tokens[span[0] : span[1]])
    return words.replace(" ' ", "' ").replace(" ’ ", "’ ")


def _stands_as_place(tokens: Sequence[Token], span: Range) -> bool:
    """ "in Bonn", "the Bonn bridge"."""
    first, last = span
    if first == 0 or not adjacent(tokens, first):
        return False
    if tokens[first - 1].low in _WHERE:
        return True
    is_inside = tokens[first - 1].tag == "article" and last < len(tokens) and tokens[last].tag == "word"
    return is_inside and not is_verb_like(tokens[last])


def _names_a_thing(tokens: Sequence[Token], span: Range) -> bool:
    """ "shares of Acme", "Acme, the phone maker,": what is named is a company."""
    first, last = span
    if first > 1 and tokens[first - 1].low in {"of", "in"} and tokens[first - 2].low in _STOCK:
        return True
    if first > 2 and tokens[first - 1].low == "of" and adjacent(tokens, first) and _runs_firm(tokens, first - 2):
        return tokens[first].low not in countries()  # "president of Acme", "chief executive of Acme"
    before = first - (2 if first > 1 and tokens[first - 1].text == "," else 1)
    if before >= 0 and _is_company(tokens[before]) and adjacent(tokens, first):
        return True
    if last >= len(tokens):
        return False
    if tokens[last].text == "," and last + 1 < len(tokens) and tokens[last + 1].low == "which":
        return tokens[first - 1].tag != "preposition" if first else True
    if tokens[last].low in _STOCK:
        return True
    if tokens[last].text != "," or last + 1 >= len(tokens) or tokens[last + 1].low not in {"the", "a", "an"}:
        return False
    for i in range(last + 2, min(last + 2 + MAX_APPOSITION, len(tokens) - 1)):
        if tokens[i + 1].tag not in {"word", "capital"}:
            return _is_company(tokens[i])
    return False


def _runs_firm(tokens: Sequence[Token], head: int) -> bool:
    """Tell whether who has this office runs a firm: "chief executive", "founder", "president"."""
    return tokens[head].low in word_set("roles", "runs", file="people")


def _ends_as_company(tokens: Sequence[Token], span: Range) -> bool:
    """ "Acme Airways", "Acme Electronics", "Deportivo Acme"."""
    first, last = span
    if last - first < 2:
        return False
    opens = tokens[first].low in word_set("organisations", "openings", file="people")
    return opens or tokens[last - 1].low in word_set("organisations", "endings", file="people")


def _is_company(token: Token) -> bool:
    companies = word_set("organisations", "companies", file="people")
    return token.low.endswith("maker") or (token.tag == "word" and token.low in companies)


def _kind_of_thing(entity: Entity) -> SpeakerKind:
    is_person = entity.role or entity.gender != Gender.UNKNOWN or entity.kind != SpeakerKind.PERSON
    return entity.kind if is_person else SpeakerKind.ORGANISATION


def _land_before(tokens: Sequence[Token], first: int) -> str:
    """Return the country that a name or its role belongs to: "Chile's Foreign Ministry", "Chile's Ann Smith"."""
    if first < 2 or tokens[first - 1].tag != "possessive-mark":
        return ""
    return next(iter(countries_in(token.low for token in tokens[max(0, first - 3) : first - 1])), "")


def _is_generic(key: Sequence[str]) -> bool:
    """Tell whether a name says only what sort of body it is, as many countries have one."""
    heads = word_set("organisations", "heads", file="people")
    return any(word in heads for word in key) and _generic_words().issuperset(key)


@cache
def _generic_words() -> frozenset[str]:
    areas = word_set("roles", "areas", file="people")
    generic = word_set("organisations", "generic", file="people")
    return word_set("organisations", "heads", file="people") | role_words() | areas | generic | LINKS


def _usual_gender(tokens: Sequence[Token], span: Range) -> Gender:
    first, last = span
    if last - first == 1:
        return Gender.UNKNOWN
    if tokens[first].low in word_set("given", "family_first", file="people"):
        given = gender_of_given_name("-".join(token.low for token in tokens[first + 1 : last]))
        if given != Gender.UNKNOWN or last - first > 2 or "-" in tokens[first + 1].text:
            return given  # "Kim Jong Un", "Lee Da-in"
    return gender_of_given_name(tokens[first].low)


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
    if span[0] > 0 and tokens[span[0] - 1].low == "the":
        return SpeakerKind.GROUP if is_plural(last.low) else SpeakerKind.ORGANISATION
    if span[1] - span[0] == 1 and last.low.endswith("ns") and last.low[:-1] not in countries():
        return SpeakerKind.GROUP
    return SpeakerKind.PERSON


def _describe(entity: Entity, name: str, tokens: Sequence[Token], role: Range) -> None:
    entity.mentions += 1
    if len(entity.names) < MAX_NAMESAKES and name not in entity.names:
        entity.names.append(name)
    if len(name.replace("-", " ").split()) > len(entity.name.replace("-", " ").split()):
        entity.name = name
    if role[0] < role[1]:
        written = _written(tokens, role)
        entity.roles.update(token.low for token in tokens[role[0] : role[1]])
        entity.lands |= countries_in(token.low for token in tokens[role[0] : role[1]])
        if len(written) > len(entity.role) and any(token.low in role_words() for token in tokens[role[0] : role[1]]):
            entity.role = written
