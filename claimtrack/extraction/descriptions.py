"""Whom a description means: "the minister", "her daughter", "the company", "the same institute"."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import cache

from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.countries import countries, countries_in
from claimtrack.extraction.genders import Gender
from claimtrack.extraction.name_spans import is_plural
from claimtrack.extraction.names import Entity, Mention
from claimtrack.extraction.offices import adjacent, role_words
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.words import Token, load, word_set

MAX_DESCRIPTIONS = 1000
MAX_MODIFIERS = 3  # words from "the" to the head of a description
MAX_DESCRIBED = 300  # mentions on either side from which a description chooses


def kind_of_description(tokens: Sequence[Token], first: int, last: int) -> SpeakerKind:
    """Return what sort of speaker a description without a name means, by its head."""
    head = tokens[head_of(tokens, first, last)].low
    if is_body(head):
        return SpeakerKind.ORGANISATION
    if head in word_set("unnamed", "heads", file="people") or head in role_words():
        return SpeakerKind.UNNAMED
    if head in word_set("unnamed", "groups", file="people") or head.endswith("s"):
        return SpeakerKind.GROUP
    return SpeakerKind.UNNAMED


def head_of(tokens: Sequence[Token], first: int, last: int) -> int:
    """Return the head of a description: "mothers" of "mothers queuing"."""
    head = last - 1
    if head - first >= 1 and tokens[head].low.endswith(("ing", "ed")) and tokens[head - 1].low.endswith("s"):
        return head - 1
    return head


def is_thing(head: str) -> bool:
    """Tell whether a noun means what is written or measured: "report", "survey"."""
    return head in word_set("organisations", "things", file="people")


def is_body(head: str) -> bool:
    """Tell whether a noun means an organisation."""
    return head in word_set("organisations", "heads", file="people") or _is_firm(head)


def _is_firm(head: str) -> bool:
    return head in word_set("organisations", "companies", file="people")


def is_definite(tokens: Sequence[Token], first: int) -> bool:
    """Tell "the minister", "this minister", "French minister" from "a minister"."""
    return tokens[first].low in {"the", "this"} or tokens[first].tag == "capital"


def person_meant(tokens: Sequence[Token], phrase: Range, mentions: Sequence[Mention], number: int) -> Entity | None:
    """Return who has the role of a description that stands before mention `number`, None where nobody surely has."""
    first, last = phrase
    head = tokens[last - 1].low.removesuffix("-elect").removesuffix("-designate")
    before, after = mentions[max(0, number - MAX_DESCRIBED) : number], mentions[number : number + MAX_DESCRIBED]
    near = [*reversed(before), *after]
    if tokens[first].tag == "possessive" and last - first == 2:
        relatives = {mention.entity for mention in near if head in mention.entity.roles}
        return relatives.pop() if len(relatives) == 1 else None
    if any(
        tokens[mention.last].tag == "possessive-mark" and mention.entity.kind == SpeakerKind.PERSON
        for mention in after[:1]
        if mention.last < last
    ):
        return None  # "Smith's lawyer" need not be the only lawyer
    if not is_definite(tokens, first):
        return None
    if head not in all_roles():
        is_own = not is_body(head) and not is_plural(head) and tokens[last - 1].tag == "word"
        return next((one.entity for one in near if head in one.entity.roles), None) if is_own else None
    wanted = countries_in(token.low for token in tokens[first : last - 1])
    is_whole = last >= len(tokens) or tokens[last].low != "of"
    for heads in ((head,), same_roles(head) if is_whole else ()):
        for mention in near:
            entity = mention.entity
            if entity.roles.intersection(heads) and (not wanted or not entity.lands or wanted & entity.lands):
                return entity
    compatriots = {mention.entity for mention in near if wanted & mention.entity.lands}
    people = [one for one in compatriots if one.kind == SpeakerKind.PERSON]
    return people[0] if len(people) == 1 and head in word_set("roles", "rulers", file="people") else None


def is_person(tokens: Sequence[Token], phrase: Range) -> bool:
    """Tell whether a description surely means one person: "a nurse", "the driver of the bus"."""
    first, last = phrase
    end = next((i for i in range(first + 1, last) if tokens[i].tag == "preposition"), last)
    people = role_words() | word_set("unnamed", "heads", file="people")
    return tokens[first].tag == "article" and tokens[end - 1].low in people


def people_described(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[tuple[int, int, Entity]]:
    """Return the ranges of tokens at which a description without a name means somebody who has that role."""
    starts = [mention.role_first for mention in mentions]
    heads = all_roles() | _kin()
    found: list[tuple[int, int, Entity]] = []
    for i in range(1, len(tokens) - 1):
        if tokens[i].low not in heads or tokens[i + 1].tag == "capital" or len(found) >= MAX_DESCRIPTIONS:
            continue
        first = _description_start(tokens, i)
        if first is None:
            continue
        number = bisect_left(starts, first)
        if number < len(mentions) and mentions[number].role_first <= i and tokens[first + 1].tag != "possessive-mark":
            continue
        person = person_meant(tokens, (first, i + 1), mentions, number)
        if person is not None:
            found.append((first, i + 1, person))
    return found


def _description_start(tokens: Sequence[Token], head: int) -> int | None:
    """Return where "the mayor", "the foreign minister" or "her husband" begins."""
    for i in range(head - 1, max(-1, head - 1 - MAX_MODIFIERS), -1):
        if tokens[i].low == "the" or tokens[i].tag == "possessive":
            return i
        if tokens[i].tag == "possessive-mark":
            return i - 1 if tokens[i - 1].tag == "capital" else None
        if tokens[i].tag not in {"word", "capital"}:
            return None
    return None


def body_meant(
    tokens: Sequence[Token], phrase: Range, named: Sequence[Mention], described: Collection[Entity]
) -> Entity | None:
    """Return the only organisation so far that "the agency" or "the company" can mean.

    `named` and `described` are the organisations that stand before the phrase.
    """
    first, last = phrase
    if tokens[first].low != "the" or not (last - first == 2 or (last - first == 3 and tokens[first + 1].low == "same")):
        return None
    head, near = tokens[last - 1].low, named
    same = {mention.entity for mention in near if _bears(tokens, mention, head)}
    same |= {entity for entity in described if entity.name.lower().endswith(" " + head)}
    if not same and head in word_set("organisations", "bodies", file="people"):
        bodies = word_set("organisations", "bodies", file="people")
        same = {mention.entity for mention in near if bodies.intersection(mention.entity.name.lower().split())}
        same = {entity for entity in same if entity.kind == SpeakerKind.ORGANISATION}
    if not same and _is_firm(head):
        return _chief_firm({mention.entity for mention in near}) or _first_named(tokens, near)
    return same.pop() if len(same) == 1 else None


def bodies_described(tokens: Sequence[Token]) -> list[Range]:
    """Return where an organisation without a name is told from others: "the umpires' association"."""
    found: list[Range] = []
    for i in range(2, len(tokens) - 1):
        if tokens[i].tag != "word" or not is_body(tokens[i].low) or tokens[i + 1].tag in {"word", "capital"}:
            continue
        first = i - 1
        while first > i - 1 - MAX_MODIFIERS and (tokens[first].tag == "word" or tokens[first].text in {"'", "’"}):
            first -= 1
        if tokens[first].low == "the" and i - first > 1 and len(found) < MAX_DESCRIPTIONS:
            found.append((first, i + 1))
    return found


def _chief_firm(entities: Collection[Entity]) -> Entity | None:
    """Return the firm that the article names oftenest; None where there are two of them."""
    firms = sorted((one for one in entities if _may_be_firm(one)), key=lambda one: (-one.is_company, -one.mentions))
    if len(firms) > 1 and (firms[0].is_company, firms[0].mentions) == (firms[1].is_company, firms[1].mentions):
        return None
    return firms[0] if firms else None


def _bears(tokens: Sequence[Token], mention: Mention, head: str) -> bool:
    """ "World Health Agency", "Agency of Peru"; "Acme Airways" is an airline."""
    first, last = mention.first, mention.last
    if tokens[last - 1].low == head or (last - first > 1 and tokens[last - 1].low in _branch(head)):
        return True
    return last - first > 2 and tokens[first].low == head and tokens[first + 1].low == "of"


def _first_named(tokens: Sequence[Token], near: Sequence[Mention]) -> Entity | None:
    """ "Acme cut 40 jobs. The company said ...": the only name so far that opens a sentence and may be no person's."""
    opening = {
        one.entity
        for one in near
        if not one.quoted
        and one.role_first == one.first
        and (one.first == 0 or tokens[one.first - 1].tag == "mark" or not adjacent(tokens, one.first))
    }
    people = [one for one in opening if one.kind == SpeakerKind.PERSON]
    if len(people) != 1 or people[0].gender != Gender.UNKNOWN or people[0].roles or people[0].votes > 0:
        return None
    people[0].kind, people[0].is_company = SpeakerKind.ORGANISATION, True
    return people[0]


def _may_be_firm(entity: Entity) -> bool:
    if entity.kind != SpeakerKind.ORGANISATION or entity.owner or entity.name.lower() in countries():
        return False
    heads = word_set("organisations", "heads", file="people")
    return entity.is_company or not any(word in heads for word in entity.name.lower().split())


@cache
def _kin() -> frozenset[str]:
    return word_set("roles", "kin", file="people")


@cache
def all_roles() -> frozenset[str]:
    """Return the offices and trades that a role may name."""
    return word_set("roles", "heads", file="people") | word_set("roles", "callings", file="people")


@cache
def _branch(head: str) -> frozenset[str]:
    """Return how firms of a sort are called: "airways" of an airline."""
    pairs = (pair.split("=") for pair in load("people")["organisations"]["branches"].split())
    return frozenset(word for sort, words in pairs if sort == head for word in words.split("|"))


@cache
def same_roles(head: str) -> tuple[str, ...]:
    """Return other words for a role: "lawyer" for "attorney"."""
    pairs = (pair.split("=") for pair in load("people")["roles"]["same"].split())
    return tuple(other for one, other in pairs if one == head)
