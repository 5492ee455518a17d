"""From a text to its attributions: what is said in it, then who speaks, then what each saying is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from claimtrack.extraction.addressees import addressee_of
from claimtrack.extraction.antecedents import Naming
from claimtrack.extraction.attribution import Attribution, Kind, Span, SpeakerKind, SpeakerName, Speech
from claimtrack.extraction.classify import check_worthiness, is_hedged, kind_of, polarity_of
from claimtrack.extraction.dates import due_on, said_on
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.nesting import Nested, is_first_person, is_own_thought, join_quotations, nest
from claimtrack.extraction.neural import read_with_network
from claimtrack.extraction.nominal import read_without_verb
from claimtrack.extraction.own_words import OwnWords
from claimtrack.extraction.phrases import Range, looks_like_clause
from claimtrack.extraction.propositions import opening_pronoun, proposition, wording
from claimtrack.extraction.rules import read_sentence
from claimtrack.extraction.sentences import Text, inside_quotations, prepare
from claimtrack.extraction.speakers import Speakers
from claimtrack.extraction.substance import says_something


class Engine(StrEnum):
    """How attributions are found: by the trained network with the rules beside it, or by the rules alone."""

    NEURAL = "neural"
    RULES = "rules"


READERS = {Engine.NEURAL: "neural-3", Engine.RULES: "rules-5"}  # the version that is stored with what was read
MAX_BEFORE_INNER = 4  # words before another's saying that say nothing themselves: "Three years ago they told us"
SHORT = 4  # words that may name a thing rather than say something
_EDGE_MARKS = frozenset(",;:-–—")
_LOOSE_ENDS = _EDGE_MARKS | frozenset([*".?!", "and", "but"])  # "X said A, but" goes on without X
_NOBODY = SpeakerName("unnamed", SpeakerKind.UNNAMED)


@dataclass(frozen=True, slots=True)
class _Said:
    """A finding with its speaker, and the position of the attribution around it."""

    finding: Finding
    speaker: SpeakerName
    inside: int | None
    wraps: bool = False  # all it reports is that somebody else said something


def read_statements(
    text: str, *, title: str = "", published_on: date | None = None, engine: Engine = Engine.NEURAL
) -> Sequence[Attribution]:
    """Return what the text reports somebody to have said, in the order of the text.

    At most the first 20,000 words are read. All spans lie in `text`; `title` only helps to tell who is meant. Talk that
    is only told of is among them, as no statement (`Attribution.is_statement`).
    """
    prepared = prepare(text)
    findings: list[Finding] = []
    for sentence in prepared.sentences:
        findings += read_sentence(prepared, sentence)
        findings += read_without_verb(prepared, sentence)
    if engine is Engine.NEURAL:
        findings = read_with_network(prepared, findings)
    joined = join_quotations(prepared, [_trimmed(prepared, one) for one in findings])
    nested = nest(prepared, joined + _quoted_findings(prepared))
    speakers = Speakers(prepared, title=title)
    named = _speakers_of(prepared, nested, speakers)
    made: list[Attribution] = []
    known = _known(nested, named)
    own_words = OwnWords(prepared, [said.finding for said in known], [said.inside for said in known])
    for number, said in enumerate(known):
        outer = None if said.inside is None else made[said.inside]
        one = _attribution(prepared, said, outer, speakers)
        made.append(_dated(one, outer, published_on, own_words, number))
    return made


def _quoted_findings(prepared: Text) -> list[Finding]:
    """Return what is reported between quotation marks: "I told them that ..."."""
    inner = inside_quotations(prepared)
    found: list[Finding] = []
    for sentence in inner.sentences:
        found += [one for one in read_sentence(inner, sentence) if not is_own_thought(inner, one)]
        found += read_without_verb(inner, sentence)
    return [_trimmed(inner, one) for one in found]


def _trimmed(prepared: Text, finding: Finding) -> Finding:
    """Leave out, at the ends of each part of the content, what is not quoted and only leads on to other words."""
    tokens = prepared.tokens
    content: list[Range] = []
    for start, end in finding.content:
        first, last = start, end
        while first < last and not tokens[first].quoted and tokens[first].text in _EDGE_MARKS:
            first += 1
        while last > first and not tokens[last - 1].quoted and tokens[last - 1].low in _LOOSE_ENDS:
            last -= 1
        if last - first > 1 and tokens[first].low == "that":
            if last - first > SHORT or looks_like_clause(tokens, first + 1, last) or tokens[first + 1].quoted:
                first += 1
            else:
                finding.is_object = True  # "disputed that account"
        if first < last:
            content.append((first, last))
    finding.content = content or finding.content
    return finding


def _speakers_of(prepared: Text, nested: Sequence[Nested], speakers: Speakers) -> list[SpeakerName | None]:
    """Resolve every source in the order of the text; a quotation that stands alone goes on with the last speaker."""
    named: list[SpeakerName | None] = [None] * len(nested)
    last: SpeakerName | None = None
    for number in sorted(range(len(nested)), key=lambda n: _place(nested[n].finding)):
        finding, inside = nested[number].finding, nested[number].inside
        if finding.source is not None:
            name = speakers.resolve(
                finding.source, naming=Naming.SPOKE if inside is None else Naming.SPOKE_INSIDE, said=finding.content
            )
            named[number] = None if finding.is_owned and name.kind == SpeakerKind.UNNAMED else name
        elif finding.is_nobodys:
            named[number] = _NOBODY
        elif finding.cue_range is None:
            named[number] = last
        if inside is None and named[number] not in (None, _NOBODY):
            last = named[number]
    for number, one in enumerate(nested):
        source, outer = one.finding.source, None if one.inside is None else named[one.inside]
        if source is None or outer is None or not prepared.tokens[source[0]].quoted:
            continue
        if is_first_person(prepared, source):
            named[number] = outer
        elif source[1] - source[0] == 1:
            named[number] = speakers.addressed(source, outer)  # "he" is another than the one who is quoted
    return named


def _place(finding: Finding) -> int:
    place = finding.source or finding.cue_range or finding.content[0]
    return place[0]


def _known(nested: Sequence[Nested], named: Sequence[SpeakerName | None]) -> list[_Said]:
    """Leave out what nobody is named for; what was inside it moves to what is around it."""
    kept: list[_Said] = []
    position: dict[int, int | None] = {}
    for number, (one, found) in enumerate(zip(nested, named, strict=True)):
        outer = None if one.inside is None else position[one.inside]
        doubled = outer is not None and kept[outer].speaker == found and _repeats(one.finding, kept[outer].finding)
        name = None if doubled else found
        position[number] = outer if name is None else len(kept)
        if name is not None:
            kept.append(_Said(one.finding, name, outer))
            if outer is not None and _fills(one.finding, kept[outer].finding):
                kept[outer] = replace(kept[outer], wraps=True)
    return kept


def _repeats(inner: Finding, outer: Finding) -> bool:
    """ "defended his decision to pay": the noun says nothing that its verb does not."""
    return inner.cue is None and outer.is_object


def _fills(inner: Finding, outer: Finding) -> bool:
    """Tell whether the inner saying begins where the outer's content does: "X said Y said ..."."""
    return inner.source is not None and 0 <= inner.source[0] - outer.content[0][0] <= MAX_BEFORE_INNER


def _attribution(prepared: Text, said: _Said, outer: Attribution | None, speakers: Speakers) -> Attribution:
    finding, speaker = said.finding, said.speaker
    words = wording(prepared, finding.content)
    speech = _speech(prepared, finding.content)
    told = addressee_of(prepared, finding)
    addressee = speakers.addressed(told, speaker) if told else None
    if outer is not None and is_first_person(prepared, finding.addressee):
        addressee = outer.speaker if is_first_person(prepared, finding.addressee, alone=True) else None
    opener = opening_pronoun(prepared, finding)
    others = [*(outer.chain if outer else ()), *filter(None, [addressee])]
    meant = None if opener is None else speakers.meant_by(opener, speaker, others)
    is_own = meant == speaker or (opener is not None and meant is None and speaker.kind == SpeakerKind.UNNAMED)
    kind = kind_of(
        finding.cue, finding.kind, words, is_own=is_own, is_direct=speech == Speech.DIRECT, is_object=finding.is_object
    )
    if said.wraps:
        kind = Kind.ASSERTION
    cue = _spans(prepared, finding.cue_range)
    return Attribution(
        source=_spans(prepared, finding.source),
        cue=cue,
        content=tuple(_span_of(prepared, one) for one in finding.content),
        speech=speech,
        kind=kind,
        polarity=polarity_of("" if said.wraps else words, turned=finding.negated),
        hedged=is_hedged(words, " ".join(prepared.text[start:end] for start, end in cue)),
        speaker=speaker,
        addressee=addressee,
        chain=_chain(outer, speaker),
        proposition=proposition(prepared, finding, speaker, kind=kind, meant=meant, addressee=addressee),
        said_on=None,
        due_on=None,
        check_worthiness=check_worthiness(
            words,
            kind=kind,
            speaker=speaker.kind,
            is_mental=finding.cue is not None and finding.cue.is_mental,
            is_object=finding.is_object,
            has_names=any(speakers.has_names(one) for one in finding.content),
        ),
        confidence=_confidence(finding, speaker, speech),
        nested_in=said.inside,
        is_statement=says_something(prepared, finding),
    )


def _dated(
    one: Attribution, outer: Attribution | None, published_on: date | None, own_words: OwnWords, number: int
) -> Attribution:
    """Date the saying by the clause that reports it, and what is to come by what it says itself."""
    if published_on is None:
        return one
    today = published_on if outer is None else outer.said_on
    spoken_on = said_on(own_words.around(number), today, cue=own_words.cue(number), is_inner=outer is not None)
    return replace(one, said_on=spoken_on, due_on=due_on(own_words.content(number), spoken_on, kind=one.kind))


def _chain(outer: Attribution | None, speaker: SpeakerName) -> tuple[SpeakerName, ...]:
    """Who reports, from outside in; who reports of himself stands there once."""
    before = () if outer is None else outer.chain
    return before if before and before[-1].name == speaker.name else (*before, speaker)


def _speech(prepared: Text, content: Sequence[Range]) -> Speech:
    quoted = [token.quoted for first, last in content for token in prepared.tokens[first:last] if token.tag != "mark"]
    if quoted and all(quoted):
        return Speech.DIRECT
    return Speech.MIXED if any(quoted) else Speech.INDIRECT


def _confidence(finding: Finding, speaker: SpeakerName, speech: Speech) -> float:
    sure = finding.confidence
    if speech == Speech.DIRECT and finding.source is not None:
        sure = max(sure, 0.95)
    if finding.is_object:
        sure *= 0.75
    if speaker.kind == SpeakerKind.UNNAMED:
        sure *= 0.8
    return round(sure, 2)


def _spans(prepared: Text, one: Range | None) -> tuple[Span, ...]:
    return () if one is None else (_span_of(prepared, one),)


def _span_of(prepared: Text, one: Range) -> Span:
    return prepared.tokens[one[0]].start, prepared.tokens[one[1] - 1].end
