"""Who a source is: names, short names, roles and pronouns led back to one speaker of the article."""

from bisect import bisect_left, insort
from collections.abc import Sequence

from claimtrack.extraction.antecedents import THING, Naming, fitting, is_owner, surely_fitting
from claimtrack.extraction.attribution import SpeakerKind, SpeakerName
from claimtrack.extraction.countries import countries, country_names
from claimtrack.extraction.described import Described, is_certain_one
from claimtrack.extraction.descriptions import (
    MAX_DESCRIBED,
    bodies_described,
    body_meant,
    head_of,
    is_person,
    is_thing,
    kind_of_description,
    people_described,
    person_meant,
)
from claimtrack.extraction.genders import Gender, gender_of_role
from claimtrack.extraction.name_spans import is_plural
from claimtrack.extraction.names import Entity, Mention, find_mentions
from claimtrack.extraction.phrases import Range, clause_subject, noun_phrase_before
from claimtrack.extraction.salience import MAX_SPOKE, Salience
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.source_names import SourceNames
from claimtrack.extraction.words import Token, text_of, tokenize

_PLURAL = {"they", "them", "their", "themselves"}
_FIRST_PERSON = {"i", "we", "my", "our"}
_COUPLES = {"couple", "pair", "duo", "two", "trio", "three", "brothers", "sisters", "siblings", "twins"}
SURE_WITHIN = 3  # sentences in which only one person may be named for a pronoun to be sure
MAX_UNNAMED = 90  # characters kept of a description


class Speakers:
    """The speakers of one article; sources are resolved in the order of the text, since each helps the next."""

    def __init__(self, prepared: Text, *, title: str = "") -> None:
        self._prepared = prepared
        mentions = find_mentions(prepared.tokens, tokenize(title))
        self._names = SourceNames(prepared.tokens, mentions)
        self._salience = Salience(prepared, mentions)
        self._salience.name(people_described(prepared.tokens, mentions))
        self._bodies_to_come = bodies_described(prepared.tokens)[::-1]
        self._met = 0  # sentences whose subjects were looked at
        self._groups: list[tuple[int, SpeakerName]] = []
        self._entities: dict[str, Entity] = {}
        self._bodies: dict[str, Entity] = {}
        self._people: dict[str, Entity] = {}
        self._people_by_head: dict[str, Entity] = {}
        self._worded: dict[str, SpeakerName] = {}

    def resolve(
        self, source: Range, *, naming: Naming | None = Naming.SPOKE, said: Sequence[Range] = ()
    ) -> SpeakerName:
        """Return the speaker a source phrase means; what has no name is unnamed and keeps its wording.

        `naming` is how later pronouns remember it, None if not at all. Who is named in what is `said` rarely says it.
        """
        tokens = self._prepared.tokens
        first, last = source
        self._salience.said = said
        self._meet(first)
        if last - first == 1 and tokens[first].tag in {"pronoun", "possessive"}:
            return self._pronoun(first, naming=naming)
        if tokens[first].tag == "relative":
            return self._antecedent(first)
        if self._is_couple(source) and (couple := self._last_group(first)) is not None:
            return couple
        return self._phrase(source, naming=naming)

    def addressed(self, phrase: Range, speaker: SpeakerName) -> SpeakerName:
        """Return who is spoken to: "him" is never the one who speaks."""
        first, last = phrase
        if last - first > 1 or self._prepared.tokens[first].tag not in {"pronoun", "possessive"}:
            return self.resolve(phrase, naming=None)
        return self._pronoun(first, naming=None, others=[speaker])

    def meant_by(self, at: int, speaker: SpeakerName, others: Sequence[SpeakerName]) -> SpeakerName | None:
        """Return whom the pronoun that opens what `speaker` says surely means; None where that is in doubt.

        `others` are who is spoken to and who reports the speaker: the pronoun means them last.
        """
        token = self._prepared.tokens[at]
        low = token.low.partition("'")[0].partition("’")[0]
        if token.quoted:
            return speaker if low in _FIRST_PERSON else None
        if low in _PLURAL:
            is_many = speaker.kind == SpeakerKind.GROUP or _is_plural(speaker)
            return speaker if is_many or (speaker.kind == SpeakerKind.ORGANISATION and low == "they") else None
        fits = surely_fitting(low)
        if fits is None:
            return None
        own = self._entities.get(speaker.name)
        if own is None and speaker.kind == SpeakerKind.ORGANISATION and low in THING:
            return speaker
        if own is not None and fits(own):
            is_sure = own.gender != Gender.UNKNOWN or self._pronoun_entity(at, others) is own
            return speaker if is_sure else None
        if low in THING or (own is not None and own.gender == Gender.UNKNOWN):
            return None
        if own is None and not (speaker.kind == SpeakerKind.GROUP or _is_plural(speaker)):
            return None
        near = {one.entity for one in self._salience.before(at, within=SURE_WITHIN) if fits(one.entity)}
        return _speaker_name(near.pop()) if len(near) == 1 else None

    def has_names(self, content: Range) -> bool:
        """Tell whether a name stands in a range of tokens."""
        return bool(self._names.within(*content))

    def _meet(self, until: int) -> None:
        """Take in the subjects of the sentences before a token: bodies without a name, and people named together."""
        tokens, sentences = self._prepared.tokens, self._prepared.sentences
        while self._bodies_to_come and self._bodies_to_come[-1][0] < until:
            phrase = self._bodies_to_come.pop()
            self._body(phrase, self._wording(phrase))
        met: list[tuple[int, int, Entity]] = []
        while self._met < len(sentences) and sentences[self._met][0] < until:
            subject = clause_subject(tokens, *sentences[self._met])
            self._met += 1
            if subject is None:
                continue
            within = self._names.within(*subject)
            if len(within) > 1 and within[-1].last == subject[1] and tokens[within[-1].role_first - 1].low == "and":
                self._phrase(subject, naming=None)
            kind = kind_of_description(tokens, *subject)
            if within or tokens[subject[0]].quoted:
                continue
            owner = (subject[0], next((i for i in range(*subject) if tokens[i].tag == "possessive-mark"), subject[0]))
            if owner[0] < owner[1] and is_person(tokens, owner):  # "the governor's office"
                subject, kind = owner, SpeakerKind.UNNAMED
            if kind == SpeakerKind.ORGANISATION and tokens[subject[0]].low == "the":
                met.append((*subject, self._body(subject, self._wording(subject))))
            elif kind == SpeakerKind.UNNAMED and is_person(tokens, subject):
                entity = self._entities.get(self._phrase(subject, naming=None).name)
                met += [(*subject, entity)] if entity is not None else []
        if met:
            self._salience.name(met)

    def _phrase(self, source: Range, *, naming: Naming | None) -> SpeakerName:
        tokens = self._prepared.tokens
        first, last = source = self._names.whole(source)
        listed = self._names.listed(first, last)
        if listed:
            return self._together(listed)
        head_end = self._names.head_end(first, last)
        within = self._names.within(first, head_end)
        named = [mention for mention in within if mention.last == last or not is_owner(tokens, mention.last)]
        named = [mention for mention in named if mention.last in (head_end, last) or _joined(tokens, mention)]
        named = named or self._names.after_office(first, last)
        if len(named) > 1:
            return self._together(named)
        comma = next((i for i in range(first, last) if tokens[i].text == ","), last)
        if not named and _is_list(tokens, first, comma, last):
            return self._described((first, last), last, last, naming=naming)
        if not named and comma < last:
            named = self._names.in_apposition(comma + 1, last)
        if len(named) > 1:
            return self._together(named)
        if named:
            return self._speaks(first, named[0].entity, naming=naming)
        return self._described((first, head_end), comma, last, naming=naming)

    def _speaks(self, at: int, entity: Entity, *, naming: Naming | None) -> SpeakerName:
        if naming:
            self._salience.speaks(at, entity, naming)
        name = _speaker_name(entity)
        self._entities[name.name] = entity
        return name

    def _together(self, named: Sequence[Mention]) -> SpeakerName:
        entities = list(dict.fromkeys(mention.entity for mention in named))
        for mention in named:
            self._salience.speaks(mention.first, mention.entity, Naming.TOGETHER)
        names = [entity.known_as for entity in entities]
        name = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
        group = SpeakerName(name, SpeakerKind.GROUP)
        insort(self._groups, (named[0].first, group), key=_place)
        return group

    def _described(self, phrase: Range, end: int, whole: int, *, naming: Naming | None) -> SpeakerName:
        """Return whom a phrase without a name means; its wording ends before token `end`, the source before `whole`."""
        tokens = self._prepared.tokens
        first, last = phrase
        words = self._wording((_with_owner(tokens, first), end))
        if len(words) > MAX_UNNAMED:
            words = self._wording(phrase)[:MAX_UNNAMED].rstrip()
        kind = kind_of_description(tokens, first, last)
        meant = person_meant(tokens, phrase, self._names.mentions, self._names.number_of(first))
        if meant is None and kind == SpeakerKind.ORGANISATION:
            meant = self._body_meant(phrase)
        elif meant is None and naming is not None and is_certain_one(tokens, phrase, kind):
            meant = self._one_described(phrase, whole)
        if meant is not None:
            return self._speaks(first, meant, naming=naming)
        if kind == SpeakerKind.ORGANISATION:
            return self._speaks(first, self._bodies.setdefault(words.lower(), Entity(words, kind)), naming=naming)
        head = tokens[head_of(tokens, first, last)]
        if kind == SpeakerKind.GROUP or head.low.endswith("s") or tokens[first].tag == "number":
            name = self._worded.setdefault(words.lower(), SpeakerName(words, kind))
            insort(self._groups, (first, name), key=_place)
            return name
        again = self._people_by_head.get(head.low) if last - first == 2 and tokens[first].low == "the" else None
        gender = gender_of_role(token.low for token in tokens[first:last])
        entity = again or self._people.setdefault(words.lower(), Entity(words, kind, gender))
        entity.is_written = is_thing(head.low)
        self._people_by_head[head.low] = entity
        return self._speaks(first, entity, naming=None if head.quoted else naming)

    def _one_described(self, phrase: Range, whole: int) -> Entity | None:
        """Return whom a definite description means, None where it is somebody new."""
        tokens = self._prepared.tokens
        first, last = phrase
        number = self._names.number_of(first)
        named = [mention.entity for mention in self._names.mentions[max(0, number - MAX_DESCRIBED) : number]]
        left_out = [mention.entity for mention in self._names.within(first, last) if is_owner(tokens, mention.last)]
        owner = self._pronoun_entity(first) if tokens[first].tag == "possessive" else None
        left_out += [] if owner is None else [owner]
        return self._salience.described(Described.of(tokens, phrase, whole, named), left_out)

    def _body(self, phrase: Range, words: str) -> Entity:
        """Return the organisation that a phrase means, a new one of this wording where none is known."""
        known = self._body_meant(phrase)
        return known or self._bodies.setdefault(words.lower(), Entity(words, SpeakerKind.ORGANISATION))

    def _body_meant(self, phrase: Range) -> Entity | None:
        number = self._names.number_of(phrase[0])
        before = self._names.mentions[max(0, number - MAX_DESCRIBED) : number]
        return body_meant(self._prepared.tokens, phrase, before, self._bodies.values())

    def _wording(self, phrase: Range) -> str:
        return " ".join(text_of(self._prepared.tokens, self._prepared.text, *phrase).split())

    def _antecedent(self, relative: int) -> SpeakerName:
        tokens = self._prepared.tokens
        end = relative
        while end > 0 and tokens[end - 1].text in {",", "-", "–", "—"}:
            end -= 1
        start = noun_phrase_before(tokens, end, max(0, relative - 30))
        if start is None:
            return SpeakerName("unnamed", SpeakerKind.UNNAMED)
        for i in range(end - 1, start, -1):
            if tokens[i - 1].tag == "preposition" and tokens[i - 1].low != "of":
                start = i
                break
        return self._phrase((start, end), naming=Naming.SPOKE_INSIDE)

    def _pronoun(self, at: int, *, naming: Naming | None, others: Sequence[SpeakerName] = ()) -> SpeakerName:
        low = self._prepared.tokens[at].low
        if low in _PLURAL:
            return self._plural(at, others)
        entity = self._pronoun_entity(at, others)
        if entity is None:
            return SpeakerName(self._prepared.tokens[at].text, SpeakerKind.UNNAMED)
        return self._speaks(at, entity, naming=naming)

    def _is_couple(self, source: Range) -> bool:
        """Tell whether a source means those named together before: "both", "the couple", "the two women"."""
        tokens = self._prepared.tokens
        first, last = source
        low, head = tokens[first].low, tokens[last - 1].low
        if last - first == 1:
            return low == "both"
        if last - first == 2:
            return (low == "the" and head in _COUPLES) or (low == "both" and _is_several(head))
        return last - first == 3 and low == "the" and tokens[first + 1].low in {"two", "three"} and _is_several(head)

    def _last_group(self, at: int) -> SpeakerName | None:
        """Return the last before a token who were named together."""
        number = bisect_left(self._groups, at, key=_place)
        together = (name for _, name in reversed(self._groups[max(0, number - MAX_SPOKE) : number]))
        return next((name for name in together if " and " in name.name), None)

    def _plural(self, at: int, others: Sequence[SpeakerName]) -> SpeakerName:
        """Return the last group before, among them what the sentence before speaks of; else the last organisation."""
        here = self._salience.sentence_of(at)
        first, last = self._prepared.sentences[max(0, here - 1)]
        subject = clause_subject(self._prepared.tokens, first, min(last, at))
        number = bisect_left(self._groups, at, key=_place)
        named = [one for one in self._groups[max(0, number - MAX_SPOKE) : number] if one[1] not in others]
        if subject is not None and (not named or named[-1][0] < first):
            about = self._phrase(subject, naming=None)
            if about.kind in {SpeakerKind.GROUP, SpeakerKind.ORGANISATION} and about not in others:
                return about
        if named:
            return named[-1][1]
        return SpeakerName(self._prepared.tokens[at].text, SpeakerKind.UNNAMED)

    def _pronoun_entity(self, at: int, others: Sequence[SpeakerName] = ()) -> Entity | None:
        """Return whom a pronoun means: the best earlier name or speaker whose gender fits, none of `others`."""
        low = self._prepared.tokens[at].low.partition("'")[0].partition("’")[0]
        fits = fitting(low)
        if fits is None:
            return None
        left_out = [self._entities.get(other.name) for other in others]
        return self._salience.best(at, low, fits, left_out)


def _is_list(tokens: Sequence[Token], first: int, comma: int, last: int) -> bool:
    """ "unions, teachers and farmers": plurals without a name, the last after "and"."""
    return (
        comma < last
        and tokens[comma - 1].low.endswith("s")
        and any(tokens[i].low in {"and", "or"} for i in range(comma, last - 1))
        and all(tokens[i].tag in {"word", "capital", "subordinator"} or i == comma for i in range(first, last))
    )


def _is_several(head: str) -> bool:
    return is_plural(head) or head in {"men", "women", "people"}


def _place(group: tuple[int, SpeakerName]) -> int:
    return group[0]


def _with_owner(tokens: Sequence[Token], first: int) -> int:
    """Return where "the teachers' union" begins, of which the source has "union"."""
    if first < 2 or tokens[first - 1].text not in {"'", "’"} or not tokens[first - 2].low.endswith("s"):
        return first
    return first - 3 if first > 2 and tokens[first - 3].tag in {"article", "possessive"} else first - 2


def _is_plural(speaker: SpeakerName) -> bool:
    return speaker.kind == SpeakerKind.UNNAMED and speaker.name.endswith("s")


def _speaker_name(entity: Entity) -> SpeakerName:
    low = entity.name.lower()
    if entity.kind == SpeakerKind.ORGANISATION and low in country_names():
        country = countries()[low]
        aliases = tuple(name for name in entity.names if name != country)
        return SpeakerName(country, entity.kind, aliases)
    return SpeakerName(entity.known_as, entity.kind, entity.aliases, entity.role)


def _joined(tokens: Sequence[Token], mention: Mention) -> bool:
    return mention.last < len(tokens) and tokens[mention.last].low in {"and", ",", "or"}
