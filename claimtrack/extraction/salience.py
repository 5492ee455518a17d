"""Whom the text has named and who has spoken before a place: from them pronouns and descriptions choose."""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from claimtrack.extraction import antecedents
from claimtrack.extraction.antecedents import (
    FEMALE,
    FOR_DESCRIPTIONS,
    FOR_PRONOUNS,
    MALE,
    Fits,
    Naming,
    Option,
    Signs,
    fitting,
    place_signs,
    pronoun_signs,
)
from claimtrack.extraction.described import Described
from claimtrack.extraction.genders import Gender
from claimtrack.extraction.names import Entity, Mention
from claimtrack.extraction.phrases import Range, is_verb_like
from claimtrack.extraction.sentences import Text

MAX_DISTANCE = 12  # sentences that a pronoun looks back
MAX_SPOKE = 40  # latest speakers and ...
MAX_NAMED = 60  # ... latest names that a pronoun chooses from
SURE = 0.8  # how likely somebody must be meant for a pronoun to tell his gender
_FOLLOWED = {"he", "she", "his", "him", "her"}
_OBJECTS = {"he": {"him"}, "she": {"her"}}
_AWAY = ("0 away", "1 away", "2 away", "3 away", "4 away", "4 away")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a pronoun may mean, where he was named or spoke."""

    place: int
    sentence: int
    paragraph: int
    entity: Entity
    naming: Naming
    signs: Signs


class Salience:
    """Those whom the text has named, and those who have spoken so far."""

    def __init__(self, prepared: Text, mentions: Iterable[Mention]) -> None:
        self._prepared = prepared
        self._tokens = prepared.tokens
        self._sentence_starts = [first for first, _ in prepared.sentences]
        self._paragraph_starts = [first for first, _ in prepared.paragraphs]
        self._paragraph_openings = frozenset(self._paragraph_starts)
        self._spoke: list[Candidate] = []
        self._followed = 0  # the token up to which pronouns have been followed
        self.said: Sequence[Range] = ()  # what is said by whom a pronoun or description is to tell
        self._named = [
            self._candidate((one.role_first, one.first, one.last), one.entity, Naming.NAMED) for one in mentions
        ]

    def name(self, described: Iterable[tuple[int, int, Entity]]) -> None:
        """Take in those whom descriptions at ranges of tokens mean, as if they were named there."""
        for first, last, entity in described:
            insort(self._named, self._candidate((first, first, last), entity, Naming.DESCRIBED), key=_place)

    def speaks(self, at: int, entity: Entity, naming: Naming) -> None:
        """Take in that somebody speaks, in the order in which the sayings are resolved."""
        one = Candidate(at, self.sentence_of(at), self._paragraph_of(at), entity, naming, (naming,))
        insort(self._spoke, one, key=_place)

    def before(self, at: int, *, within: int = MAX_DISTANCE) -> list[Candidate]:
        """Return the latest speakers and names before a token, within some sentences."""
        named = bisect_left(self._named, at, key=_place)
        spoken = bisect_left(self._spoke, at, key=_place)
        latest = self._spoke[max(0, spoken - MAX_SPOKE) : spoken] + self._named[max(0, named - MAX_NAMED) : named]
        here = self.sentence_of(at)
        return [one for one in latest if here - one.sentence <= within]

    def best(self, at: int, low: str, fits: Fits, left_out: Collection[Entity | None] = ()) -> Entity | None:
        """Return whom a pronoun `low` at a token means most likely, None where nobody fits.

        A sure choice tells the gender of somebody of whom it was unknown.
        """
        self._follow_pronouns(at)
        return self._best(at, low, fits, left_out)

    def described(self, described: Described, left_out: Collection[Entity | None]) -> Entity | None:
        """Return whom a description means most likely, None where it is somebody new."""
        at = described.first
        self._follow_pronouns(at)
        known: dict[Entity, Signs] = {}
        options: list[Option] = []
        for one, signs in self._standing(at, "", described.fits, left_out):
            if one.entity not in known:
                known[one.entity] = described.signs(one.entity)
            options.append((one.entity, (one.signs, signs, known[one.entity])))
        options += [
            (entity, (("far",), described.signs(entity)))
            for entity in described.holders
            if entity not in known and entity not in left_out and described.fits(entity)
        ]
        options.append((None, (described.signs_of_new(),)))
        return antecedents.likeliest(self._tokens[at], options, FOR_DESCRIPTIONS).entity

    def sentence_of(self, token: int) -> int:
        """Return the number of the sentence in which a token stands."""
        return max(0, bisect_left(self._sentence_starts, token + 1) - 1)

    def _follow_pronouns(self, until: int) -> None:
        """Take in whom the pronouns before a token mean that are no sources."""
        tokens, said = self._tokens, self.said
        self.said = ()
        for i in range(self._followed, until):
            if tokens[i].low not in _FOLLOWED or tokens[i].quoted:
                continue
            fits = fitting(tokens[i].low)
            entity = fits and self._best(i, tokens[i].low, fits, ())
            if entity is not None:
                insort(self._named, self._candidate((i, i, i + 1), entity, Naming.PRONOUN), key=_place)
        self._followed = max(self._followed, until + 1)
        self.said = said

    def _best(self, at: int, low: str, fits: Fits, left_out: Collection[Entity | None]) -> Entity | None:
        known: dict[Entity, Signs] = {}
        options: list[Option] = []
        for one, signs in self._standing(at, low, fits, left_out):
            if one.entity not in known:
                known[one.entity] = pronoun_signs(one.entity, low)
            options.append((one.entity, (one.signs, signs, known[one.entity])))
        if not options:
            return None
        choice = antecedents.likeliest(self._tokens[at], options, FOR_PRONOUNS)
        best = choice.entity
        if best is not None and best.gender == Gender.UNKNOWN and low in MALE | FEMALE and choice.likelihood >= SURE:
            best.gender = Gender.MALE if low in MALE else Gender.FEMALE
        return best

    def _standing(
        self, at: int, low: str, fits: Fits, left_out: Collection[Entity | None]
    ) -> Iterable[tuple[Candidate, Signs]]:
        """Yield those before a token who fit, each with the signs of where he stands to it."""
        does_fit: dict[Entity, bool] = {}
        pool = []
        for one in self.before(at):
            if one.entity not in does_fit:
                does_fit[one.entity] = one.entity not in left_out and fits(one.entity)
            if does_fit[one.entity]:
                pool.append(one)
        here, paragraph = self.sentence_of(at), self._paragraph_of(at)
        opens_paragraph = self._sentence_starts[here] in self._paragraph_openings
        last_speaker = max((one for one in pool if one.naming is Naming.SPOKE), key=_place, default=None)
        last_subject = max((one for one in pool if _is_subject(one)), key=_place, default=None)
        for one in pool:
            away = here - one.sentence
            distance = _AWAY[away] if away < len(_AWAY) else "6 away"
            signs = [f"spoke {distance}" if one.naming is Naming.SPOKE else distance]
            if one.paragraph < paragraph:
                signs.append("paragraph before" if paragraph - one.paragraph == 1 else "earlier paragraph")
            elif "turns to" in one.signs:
                signs.append("topic")
            if away <= 1 and "subject" in one.signs:
                signs.append("subject before" if away else "subject here")
            if one is last_speaker:
                signs += ["last speaker", "paragraph goes on"] if not opens_paragraph else ["last speaker"]
            if last_subject is not None and one.entity is last_subject.entity:
                signs.append("last subject")
            if self._is_spoken_of(one.place, low):
                signs.append("spoken of")
            yield one, tuple(signs)

    def _is_spoken_of(self, place: int, low: str) -> bool:
        """Tell "Smith saw Bell, he said" and "Bell told him to go, he said" from "Bell would go, he said"."""
        for first, last in self.said:
            if first <= place < last:
                opens = not any(is_verb_like(token) for token in self._tokens[first:place])
                is_told = any(token.low in _OBJECTS.get(low, ()) for token in self._tokens[place:last])
                return self._tokens[place].quoted or not opens or is_told
        return False

    def _paragraph_of(self, token: int) -> int:
        return max(0, bisect_left(self._paragraph_starts, token + 1) - 1)

    def _candidate(self, words: tuple[int, int, int], entity: Entity, naming: Naming) -> Candidate:
        place = words[1]
        sentence = self.sentence_of(place)
        start = self._sentence_starts[sentence]
        signs = place_signs(self._prepared, naming, words, start, turns=start in self._paragraph_openings)
        return Candidate(place, sentence, self._paragraph_of(place), entity, naming, signs)


def _place(candidate: Candidate) -> int:
    return candidate.place


def _is_subject(one: Candidate) -> bool:
    return "subject" in one.signs and "quoted" not in one.signs
