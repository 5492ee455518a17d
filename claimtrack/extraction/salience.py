"""Who is meant most likely at a place of the text: the nearest of those who were named and those who spoke."""

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from claimtrack.extraction.attribution import SpeakerKind
from claimtrack.extraction.genders import Gender, sounds_female
from claimtrack.extraction.lexicon import cues
from claimtrack.extraction.names import Entity, Mention
from claimtrack.extraction.phrases import Range, is_verb_like
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token

MALE = {"he", "him", "his", "himself"}
FEMALE = {"she", "her", "hers", "herself"}
THING = {"it", "its", "itself"}
MAX_DISTANCE = 12  # sentences that a pronoun looks back
MAX_SPOKE = 40  # latest speakers and ...
MAX_NAMED = 60  # ... latest names that a pronoun chooses from
PARAGRAPH = 1.5  # what it costs to stand in an earlier paragraph
UNLIKE = 3.5  # ... or to have a name that sounds of the other gender
OPENS = 0.8  # what it counts to open a sentence, ...
SAYS = 1.0  # ... to stand before a verb of saying, ...
TURNS_TO = 0.7  # ... and a paragraph, ...
OWNS = -0.7  # ... to own what is spoken of, ...
SPOKEN_OF = -2.0  # ... to be named in what the one who is sought says, ...
QUOTED = -2.0  # ... and to be named in somebody's words
SOMEBODY = 0.5  # what it costs that nobody tells the gender of one who is a person for sure
SURE_BY = 1.0  # the lead over everybody else with which a pronoun tells somebody's gender

_OBJECTS = {"he": {"him"}, "she": {"her"}}

type Fits = Callable[[Entity], bool]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One whom a pronoun may mean, at a place of the text, with what speaks for it."""

    place: int
    sentence: int
    paragraph: int
    entity: Entity
    weight: float


class Salience:
    """Those whom the text has named, and those who have spoken so far."""

    def __init__(self, prepared: Text, mentions: Iterable[Mention]) -> None:
        self._tokens = prepared.tokens
        self._sentence_starts = [first for first, _ in prepared.sentences]
        self._paragraph_starts = [first for first, _ in prepared.paragraphs]
        self._paragraph_openings = frozenset(self._paragraph_starts)
        self._spoke: list[Candidate] = []
        self.said: Sequence[Range] = ()  # what is said by whom a pronoun or description is to tell
        self._named = [self._candidate(one.first, one.entity, self._weight(one.first, one.last)) for one in mentions]

    def name(self, described: Iterable[tuple[int, int, Entity]]) -> None:
        """Take in those whom descriptions at ranges of tokens mean, as if they were named there."""
        for first, last, entity in described:
            insort(self._named, self._candidate(first, entity, self._weight(first, last)), key=_place)

    def speaks(self, at: int, entity: Entity, weight: float) -> None:
        """Take in that somebody speaks, in the order in which the sayings are resolved."""
        insort(self._spoke, self._candidate(at, entity, weight), key=_place)

    def before(self, at: int, *, within: int = MAX_DISTANCE) -> list[Candidate]:
        """Return the latest speakers and names before a token, within some sentences."""
        named = bisect_left(self._named, at, key=_place)
        spoken = bisect_left(self._spoke, at, key=_place)
        latest = self._spoke[max(0, spoken - MAX_SPOKE) : spoken] + self._named[max(0, named - MAX_NAMED) : named]
        here = self.sentence_of(at)
        return [one for one in latest if here - one.sentence <= within]

    def best(self, at: int, low: str, fits: Fits, left_out: Collection[Entity | None] = ()) -> Entity | None:
        """Return whom a pronoun `low` or a description at a token means: the best that fits.

        Near ones, those who spoke and those who open their sentence count more. A clear lead tells the gender of
        somebody of whom it was unknown.
        """
        here, paragraph = self.sentence_of(at), self._paragraph_of(at)
        scores: dict[Entity, tuple[float, int]] = {}
        for one in self.before(at):
            if one.entity in left_out or not fits(one.entity):
                continue
            score = one.weight - (here - one.sentence) - _doubt(one.entity, low)
            score -= PARAGRAPH if one.paragraph < paragraph else 0.0
            score += SPOKEN_OF if self._is_spoken_of(one.place, low) else 0.0
            scores[one.entity] = max(scores.get(one.entity, (score, one.place)), (score, one.place))
        best = max(scores, key=lambda entity: scores[entity], default=None)
        if best is not None and best.gender == Gender.UNKNOWN and low in MALE | FEMALE:
            others_best = max((score for entity, (score, _) in scores.items() if entity is not best), default=-99.0)
            if scores[best][0] - others_best >= SURE_BY:
                best.gender = Gender.MALE if low in MALE else Gender.FEMALE
        return best

    def _is_spoken_of(self, place: int, low: str) -> bool:
        """Tell "Smith saw Bell, he said" and "Bell told him to go, he said" from "Bell would go, he said"."""
        for first, last in self.said:
            if first <= place < last and not self._tokens[place].quoted:
                opens = not any(is_verb_like(token) for token in self._tokens[first:place])
                return not opens or any(token.low in _OBJECTS.get(low, ()) for token in self._tokens[place:last])
        return False

    def sentence_of(self, token: int) -> int:
        """Return the number of the sentence in which a token stands."""
        return max(0, bisect_left(self._sentence_starts, token + 1) - 1)

    def _paragraph_of(self, token: int) -> int:
        return max(0, bisect_left(self._paragraph_starts, token + 1) - 1)

    def _candidate(self, place: int, entity: Entity, weight: float) -> Candidate:
        return Candidate(place, self.sentence_of(place), self._paragraph_of(place), entity, weight)

    def _weight(self, first: int, last: int) -> float:
        tokens = self._tokens
        start = self._sentence_starts[self.sentence_of(first)]
        is_apposition = last < len(tokens) and tokens[last].text == ","
        before = [tokens[i] for i in range(start, first)[:8] if not (is_apposition and tokens[i].text == ",")]
        opens = all(token.tag not in {"mark", "verb"} for token in before)
        weight = OPENS if opens and first - start <= 8 else 0.0
        if weight and start in self._paragraph_openings:
            weight += TURNS_TO
        if is_owner(tokens, last):
            weight += OWNS
        elif last < len(tokens) and tokens[last].low in cues().verbs:
            weight += SAYS
        return weight + (QUOTED if tokens[first].quoted else 0.0)


def fitting(low: str) -> Fits | None:
    """Return what tells whom a pronoun in lower case may mean; None where it is no pronoun of one person or thing."""
    if low in THING:
        return lambda entity: entity.kind == SpeakerKind.ORGANISATION or entity.is_written
    if low not in MALE | FEMALE:
        return None
    other = Gender.FEMALE if low in MALE else Gender.MALE
    people = {SpeakerKind.PERSON, SpeakerKind.UNNAMED}
    return lambda entity: (
        entity.kind in people and entity.gender != other and not (entity.is_place or entity.is_written)
    )


def is_owner(tokens: Sequence[Token], last: int) -> bool:
    """Tell whether a name that ends before token `last` is a possessive: "Smith's", "the teachers'"."""
    if last >= len(tokens):
        return False
    after = tokens[last]
    return after.tag == "possessive-mark" or (after.text in {"'", "’"} and tokens[last - 1].low.endswith("s"))


def _place(candidate: Candidate) -> int:
    return candidate.place


def _doubt(entity: Entity, low: str) -> float:
    """Return what speaks against a pronoun's meaning one whose gender nobody tells."""
    if entity.gender != Gender.UNKNOWN or low in THING:
        return 0.0
    if sounds_female(entity.name):
        return UNLIKE if low in MALE else 0.0
    if not entity.names:
        return SOMEBODY  # a nurse, an official
    if " " not in entity.name and not entity.roles:
        return 1.6  # perhaps a place, a thing, a word that opens a sentence
    if entity.roles:
        return SOMEBODY
    return 1.0 if entity.mentions != 1 else 1.5  # what is named once may be no person
