"""From findings to attributions: doubles dropped, broken quotations joined, the inner put inside the outer."""

from collections.abc import Sequence
from dataclasses import dataclass

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.phrases import Range, looks_like_clause
from claimtrack.extraction.sentences import Text

MIN_LOOSE_QUOTATION = 5
MAX_DEPTH = 4  # outlet, speaker, who told him, who told that one: beyond that no text is serious
LOOK_BACK = 40
MIN_INSIDE = 2  # words reported between quotation marks
_TOGETHER = {"we", "us", "our", "ourselves"}
_FIRST_PERSON = _TOGETHER | {"i", "me", "my", "myself"}


@dataclass(slots=True)
class Nested:
    """A finding and the position of the one whose content holds it."""

    finding: Finding
    inside: int | None


def nest(prepared: Text, findings: Sequence[Finding]) -> list[Nested]:
    """Order the findings by their place and find, for each, the innermost other that reports it."""
    _cut_asides(prepared, findings)
    ordered = sorted(_without_doubles(findings), key=lambda one: (one.first, -_extent(one)))
    nested: list[Nested] = []
    depths: list[int] = []
    for finding in ordered:
        inside = _innermost(nested, finding)
        if inside is None and _is_quoted(prepared, finding):
            continue
        depth = 0 if inside is None else depths[inside] + 1
        if depth < MAX_DEPTH:
            nested.append(Nested(finding, inside))
            depths.append(depth)
    return nested


def _is_quoted(prepared: Text, finding: Finding) -> bool:
    return finding.cue_range is not None and prepared.tokens[finding.cue_range[0]].quoted


def is_first_person(prepared: Text, phrase: Range | None, *, alone: bool = False) -> bool:
    """Tell whether a source or an addressee is, between quotation marks, whoever is quoted (`alone`: nobody else)."""
    if phrase is None or phrase[1] - phrase[0] != 1:
        return False
    token = prepared.tokens[phrase[0]]
    return token.quoted and token.low in (_FIRST_PERSON - _TOGETHER if alone else _FIRST_PERSON)


def is_own_thought(inner: Text, finding: Finding) -> bool:
    """ "I think", "you know": part of what the one who is quoted says himself."""
    if finding.source is None or finding.cue is None:
        return finding.source is None
    words = [token for start, end in finding.content for token in inner.tokens[start:end] if token.tag != "mark"]
    if len(words) < MIN_INSIDE:
        return True  # "I promise you that"
    opening = inner.tokens[finding.source[0]].low
    return opening in _FIRST_PERSON | {"you"} and (finding.cue.is_mental or finding.is_object)


def _cut_asides(prepared: Text, findings: Sequence[Finding]) -> None:
    """In "the club hopes to win, its owner said", what the club hopes ends where its owner comes in."""
    by_sentence: dict[Range, list[Finding]] = {}
    for finding in findings:
        by_sentence.setdefault(finding.sentence, []).append(finding)
    for near in by_sentence.values():
        for aside in near:
            if aside.source is None or aside.content[0][0] >= aside.source[0]:
                continue
            for finding in near:
                if finding is not aside and finding.first >= aside.content[0][0] and _holds(finding, aside):
                    _cut(prepared, finding, aside)


def _cut(prepared: Text, finding: Finding, aside: Finding) -> None:
    finding.content = _shared(finding.content, aside.content) or finding.content
    first, last = finding.content[0]
    opening = prepared.tokens[first]
    if opening.tag in {"word", "capital", "number"} and not looks_like_clause(prepared.tokens, first, last):
        finding.is_object = True


def _shared(some: Sequence[Range], others: Sequence[Range]) -> list[Range]:
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [one for one in both if one[0] < one[1]]


def _innermost(nested: Sequence[Nested], finding: Finding) -> int | None:
    for number in range(len(nested) - 1, max(-1, len(nested) - LOOK_BACK), -1):
        if _holds(nested[number].finding, finding):
            return number
    return None


def _extent(finding: Finding) -> int:
    return sum(end - start for start, end in finding.content)


def _holds(outer: Finding, inner: Finding) -> bool:
    place = inner.cue_range or inner.source or inner.content[0]
    return any(start <= place[0] and place[1] <= end for start, end in outer.content)


def _without_doubles(findings: Sequence[Finding]) -> list[Finding]:
    """Where two findings report nearly the same words from places outside them, keep the surer one."""
    kept: dict[Range, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: -one.confidence):
        near = kept.setdefault(finding.sentence, [])
        if not any(_same_content(finding, other) and not _holds(other, finding) for other in near):
            near.append(finding)
    return [finding for near in kept.values() for finding in near]


def _same_content(one: Finding, other: Finding) -> bool:
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one.content for b in other.content)
    return shared > 0.5 * min(_extent(one), _extent(other)) and not _holds(one, other)


def join_quotations(prepared: Text, findings: list[Finding]) -> list[Finding]:
    """Give quotations that stand alone to the saying they continue, or make them attributions of their own."""
    taken = [False] * len(prepared.tokens)
    for finding in findings:
        for start, end in finding.content:
            taken[start:end] = [True] * (end - start)
    by_sentence: dict[Range, list[Finding]] = {}
    for finding in findings:
        by_sentence.setdefault(finding.sentence, []).append(finding)
    paragraph_of = _paragraph_starts(prepared)
    loose: list[Finding] = []
    left_open = {quotation.last for quotation in prepared.quotations if not quotation.closed}
    previous: tuple[int, Finding] | None = None
    for sentence in prepared.sentences:
        paragraph = paragraph_of[sentence[0]]
        if by_sentence.get(sentence):
            last = max(by_sentence[sentence], key=lambda one: one.content[-1][1])
            if previous is not None and loose and previous[1] is loose[-1]:
                _prepend(loose, by_sentence[sentence][0], sentence, left_open)
            previous = (paragraph, last)
            continue
        if not _is_quotation(prepared, sentence) or any(taken[sentence[0] : sentence[1]]):
            continue
        if previous is not None and _continues(prepared, previous, paragraph, left_open):
            previous[1].content.append(sentence)
            continue
        loose.append(Finding(None, None, [sentence], Kind.ASSERTION, confidence=0.5, sentence=sentence))
        previous = (paragraph, loose[-1])
    return findings + loose


def _prepend(loose: list[Finding], named: Finding, sentence: Range, left_open: set[int]) -> None:
    """A quotation left open by its paragraph belongs to whom the next paragraph names for its rest."""
    if named.content[0][0] == sentence[0] and loose[-1].content[-1][1] in left_open:
        named.content[:0] = loose.pop().content


def _continues(prepared: Text, previous: tuple[int, Finding], paragraph: int, left_open: set[int]) -> bool:
    """In one paragraph quotations go on; over paragraphs only where the earlier one was left open."""
    number, finding = previous
    tokens = prepared.tokens
    if not tokens[finding.content[-1][1] - 1].quoted and not tokens[finding.content[0][0]].quoted:
        return False
    return number == paragraph or finding.content[-1][1] in left_open


def _is_quotation(prepared: Text, sentence: Range) -> bool:
    first, last = sentence
    end = prepared.opens_at.get(first)
    return end is not None and end >= last - 1 and last - first >= MIN_LOOSE_QUOTATION


def _paragraph_starts(prepared: Text) -> dict[int, int]:
    starts: dict[int, int] = {}
    for number, (first, last) in enumerate(prepared.paragraphs):
        starts.update(dict.fromkeys(range(first, last), number))
    return starts
