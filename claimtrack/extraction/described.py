"""What a description tells of the person it means, where no role does: "the rival", "his deputy", "the 43-year-old"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from claimtrack.extraction.ages import age_in
from claimtrack.extraction.antecedents import Signs
from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.countries import countries, countries_in
from claimtrack.extraction.descriptions import all_roles, head_of, same_roles
from claimtrack.extraction.genders import Gender, gender_of_role
from claimtrack.extraction.names import Entity
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.words import Token


@dataclass(slots=True)
class Described:
    """A description of one person; `holders` are those who have such a role."""

    first: int
    head: str
    roles: frozenset[str]
    words: frozenset[str]
    lands: frozenset[str]
    age: str
    gender: Gender
    holders: list[Entity]
    _new: Signs

    @classmethod
    def of(
        cls,
        tokens: Sequence[Token],
        phrase: Range,
        whole: int,
        named: Collection[Entity],
    ) -> "Described":
        """Look at a phrase of a source that ends before token `whole`, with those named before it."""
        first, last = phrase
        head = tokens[last - 1].low.removesuffix("-elect").removesuffix("-designate")
        roles = frozenset((head, *same_roles(head)))
        holders = [entity for entity in dict.fromkeys(named) if entity.roles & roles]
        return cls(
            first,
            head,
            roles,
            frozenset(token.low for token in tokens[first:whole] if token.tag in {"word", "capital"}) - {head},
            frozenset(countries_in(token.low for token in tokens[first:last])),
            age_in(tokens, first, last),
            gender_of_role(token.low for token in tokens[first:whole] if token.tag != "mark"),
            holders,
            _signs_of_new(tokens, phrase, is_held=bool(holders)),
        )

    def fits(self, entity: Entity) -> bool:
        """Tell whether somebody is of the kind that is described, and nothing known of him says otherwise."""
        if self.age and entity.age and self.age != entity.age:
            return False
        if Gender.UNKNOWN not in (self.gender, entity.gender) and self.gender != entity.gender:
            return False
        return entity.kind in {SpeakerKind.PERSON, SpeakerKind.UNNAMED} and not entity.is_written

    def signs(self, entity: Entity) -> Signs:
        """Return what is known of somebody that speaks for or against his being described so."""
        signs = [self._role_sign(entity)]
        name = entity.name.lower()
        if self.words & entity.roles or self.words.intersection(name.split()):
            signs.append("shares words")
        if Gender.UNKNOWN not in (self.gender, entity.gender):
            signs.append("gender agrees")
        if self.lands and entity.lands:
            signs.append("land agrees" if self.lands & entity.lands else "land differs")
        if self.age and entity.age:
            signs.append("age agrees")
        if entity.is_place or name in countries():
            signs.append("place")
        if entity.kind == SpeakerKind.PERSON and entity.names and entity.gender == Gender.UNKNOWN and not entity.roles:
            signs.append("one word" if " " not in name else "unknown")
        return tuple(signs)

    def signs_of_new(self) -> Signs:
        """Return what speaks for somebody whom the text has not named."""
        return self._new

    def _role_sign(self, entity: Entity) -> str:
        if entity.roles & self.roles:
            return "only holder" if len(self.holders) == 1 else "holder"
        if self.head in entity.name.lower().split():
            return "in name" if entity.names else "described so"
        if entity.roles & all_roles():
            return "other role"
        if entity.roles:
            return "some role"
        return "no role" if entity.names else "described otherwise"


def is_certain_one(tokens: Sequence[Token], phrase: Range, kind: SpeakerKind) -> bool:
    """Tell whether a description means one certain person: not "a nurse", "nurses", "two ministers"."""
    first, last = phrase
    head = tokens[head_of(tokens, first, last)].low
    is_many = head.endswith("s") and not head.endswith("ss")
    is_definite = tokens[first].low in {"the", "this"} or tokens[first].tag in {"possessive", "capital"}
    is_owned = any(token.tag == "possessive-mark" for token in tokens[first:last])  # "Smith's lawyer", one of some
    return kind == SpeakerKind.UNNAMED and is_definite and not (is_many or is_owned or tokens[first].quoted)


def _signs_of_new(tokens: Sequence[Token], phrase: Range, *, is_held: bool) -> Signs:
    first, last = phrase
    signs = {
        "new": True,
        "new: his": tokens[first].tag == "possessive",
        "new: of": last < len(tokens) and tokens[last].tag == "preposition",
        "new: modified": last - first > 2,
        "new: role": tokens[last - 1].low in all_roles(),
        "new: role held": is_held,
    }
    return tuple(sign for sign, is_so in signs.items() if is_so)
