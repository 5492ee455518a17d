"""What speaks for each of those whom a pronoun or a description may mean: signs, with weights that are learned.

The choice is log-linear: each naming of somebody has a score, the sum of the weights of its signs, and somebody is
meant as likely as the exponentials of the scores of his namings sum up to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp

from claimtrack.extraction.antecedent_weights import DESCRIPTION, PRONOUN
from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.genders import Gender, sounds_female
from claimtrack.extraction.lexicon import cues
from claimtrack.extraction.names import Entity
from claimtrack.extraction.phrases import is_verb_like
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token

MALE = {"he", "him", "his", "himself"}
FEMALE = {"she", "her", "hers", "herself"}
THING = {"it", "its", "itself"}
MAX_BEFORE = 8  # words before a name that may still open a sentence
MAX_MODIFIERS = 4
_NOUN_TAGS = {"word", "capital", "article", "possessive"}

type Signs = tuple[str, ...]
type Fits = Callable[[Entity], bool]
type Option = tuple[Entity | None, Sequence[Signs]]  # one naming of somebody, or None for somebody new, with its signs


class Naming(StrEnum):
    """How somebody came to be known at a place of the text."""

    NAMED = "named"
    DESCRIBED = "described"
    PRONOUN = "pronoun"
    SPOKE = "spoke"
    SPOKE_INSIDE = "spoke inside"  # ... what somebody else said
    TOGETHER = "spoke together"


class Weights:
    """What each sign weighs; sums are kept, as the same signs stand together again and again."""

    def __init__(self, by_sign: Mapping[str, float]) -> None:
        self._by_sign = by_sign
        self._sums: dict[Signs, float] = {}

    def of(self, signs: Signs) -> float:
        """Return the sum for some signs; one that is unknown weighs nothing."""
        known = self._sums.get(signs)
        if known is None:
            known = self._sums[signs] = sum(self._by_sign.get(sign, 0.0) for sign in signs)
        return known


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is meant, None where it is somebody new, and how likely that is."""

    entity: Entity | None
    likelihood: float


FOR_PRONOUNS, FOR_DESCRIPTIONS = Weights(PRONOUN), Weights(DESCRIPTION)


def likeliest(token: Token, options: Sequence[Option], weights: Weights) -> Choice:
    """Choose for the pronoun or description that begins with a token; there is an option at least."""
    scores: dict[Entity | None, float] = {}
    for entity, signs in options:
        score = exp(sum(map(weights.of, signs)))
        scores[entity] = scores.get(entity, 0.0) + score
    best = max(scores, key=scores.__getitem__)
    return Choice(best, scores[best] / sum(scores.values()))


def place_signs(prepared: Text, naming: Naming, words: tuple[int, int, int], sentence: int, *, turns: bool) -> Signs:
    """Return what the place of a naming says; `words` is where its role, its name and what follows begin.

    `sentence` is where its sentence begins, which opens a paragraph where it `turns`.
    """
    tokens = prepared.tokens
    role_first, first, last = words
    is_apposition = last < len(tokens) and tokens[last].text == ","
    before = [token for token in tokens[sentence:first][:MAX_BEFORE] if not (is_apposition and token.text == ",")]
    opens = first - sentence <= MAX_BEFORE and all(token.tag not in {"mark", "verb"} for token in before)
    signs: list[str] = [naming]
    if opens:
        signs += ["opens", "turns to"] if turns else ["opens"]
    if naming is not Naming.PRONOUN or not _is_possessive(tokens, first):
        signs += _part(tokens, (role_first, first, last), sentence, opens=opens)
    else:
        signs.append("owner")
    if tokens[first].quoted:
        signs.append("quoted")
    return tuple(signs)


def _part(tokens: Sequence[Token], words: tuple[int, int, int], sentence: int, *, opens: bool) -> list[str]:
    """Return what part the name has in its clause."""
    role_first, _, last = words
    start = role_first - 1
    while start >= sentence and role_first - start <= MAX_MODIFIERS and _is_modifier(tokens[start]):
        start -= 1
    before = tokens[start] if start >= sentence else None
    is_apposition = last < len(tokens) and tokens[last].text == ","
    verb = last + 1 if is_apposition and before is not None and before.text == "," else last
    while verb < len(tokens) and tokens[verb].tag == "adverb":
        verb += 1
    after = tokens[verb] if verb < len(tokens) else None
    if is_owner(tokens, last):
        return ["owner"]
    if before is not None and before.tag == "preposition" and not (opens and start == sentence):
        return ["after preposition"]
    if after is not None and after.low in cues().verbs:
        return ["subject", "says"]
    if (after is not None and is_verb_like(after)) or (opens and is_apposition):
        return ["subject"]
    if before is not None and is_verb_like(before):
        return ["said by" if before.low in cues().verbs else "object"]
    return []


def _is_modifier(token: Token) -> bool:
    return token.tag in _NOUN_TAGS and not is_verb_like(token)


def _is_possessive(tokens: Sequence[Token], at: int) -> bool:
    """Tell "his car" and "her car" from "told her"."""
    if tokens[at].low == "her":
        return at + 1 < len(tokens) and tokens[at + 1].tag in {"word", "capital", "number"}
    return tokens[at].low == "his"


def pronoun_signs(entity: Entity, low: str) -> Signs:
    """Return what is known of somebody that speaks for or against a pronoun in lower case meaning him."""
    signs = ["place"] if entity.is_place else []
    if low in THING:
        if entity.is_written:
            signs.append("written")
        elif entity.kind != SpeakerKind.ORGANISATION:
            signs.append("perhaps a person")
        return tuple(signs)
    gender = Gender.MALE if low in MALE else Gender.FEMALE
    if entity.leans and entity.is_guessed | (entity.gender == Gender.UNKNOWN):
        signs.append("clause agrees" if (entity.leans > 0) == (gender == Gender.FEMALE) else "clause differs")
    if entity.gender != Gender.UNKNOWN:
        is_other = entity.gender != gender
        signs.append("name differs" if is_other else "name agrees" if entity.is_guessed else "gender told")
    elif sounds_female(entity.name):
        signs.append("sounds so" if gender == Gender.FEMALE else "sounds otherwise")
    elif not entity.names:
        signs.append("unnamed")
    elif entity.roles:
        signs.append("has role")
    else:
        signs.append("one word" if " " not in entity.name else "named once" if entity.mentions == 1 else "unknown")
    return tuple(signs)


def fitting(low: str) -> Fits | None:
    """Return what tells whom a pronoun in lower case may mean; None where it is no pronoun of one person or thing."""
    if low in THING:
        return lambda entity: (
            surely_thing(entity)
            or (entity.kind == SpeakerKind.PERSON and entity.gender == Gender.UNKNOWN and bool(entity.names))
        )
    if low not in MALE | FEMALE:
        return None
    other = Gender.FEMALE if low in MALE else Gender.MALE
    people = {SpeakerKind.PERSON, SpeakerKind.UNNAMED}
    return lambda entity: (
        entity.kind in people and (entity.gender != other or entity.is_guessed) and not entity.is_written
    )


def surely_fitting(low: str) -> Fits | None:
    """Return what tells whom a pronoun means without any doubt about kind and gender."""
    fits = fitting(low)
    if fits is None or low in THING:
        return fits and surely_thing
    other = Gender.FEMALE if low in MALE else Gender.MALE
    return lambda entity: fits(entity) and entity.gender != other and not entity.is_place


def surely_thing(entity: Entity) -> bool:
    return entity.kind == SpeakerKind.ORGANISATION or entity.is_written


def is_owner(tokens: Sequence[Token], last: int) -> bool:
    """Tell whether a name that ends before token `last` is a possessive: "Smith's", "the teachers'"."""
    if last >= len(tokens):
        return False
    after = tokens[last]
    return after.tag == "possessive-mark" or (after.text in {"'", "’"} and tokens[last - 1].low.endswith("s"))
