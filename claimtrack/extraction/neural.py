"""Attributions by the trained network, with the rules for what it was never shown.

The network was trained on outermost attributions only, and on spans only. So what is said inside what it finds is left
to the rules, and so are whom a verb addresses, whether it denies, and what sort of claim it makes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.cuefinding import find_cues
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import cues
from claimtrack.extraction.linking import Linked, linked_spans
from claimtrack.extraction.network import Network, packaged_network
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.sentences import Text

MIN_QUOTATION = 4  # words of a direct quotation that the rules may add


def read_with_network(prepared: Text, by_rules: Sequence[Finding], network: Network | None = None) -> list[Finding]:
    """Return the network's findings, and those of the rules that lie inside them or that it cannot have meant to miss.

    `by_rules` are the rules' findings in the same text. Without a network given it takes the packaged one.
    """
    linked = linked_spans(prepared, network or packaged_network())
    by_sentence: dict[Range, list[Finding]] = {}
    for finding in by_rules:
        by_sentence.setdefault(finding.sentence, []).append(finding)
    starts = [first for first, _ in prepared.sentences]
    found = []
    for one in linked:
        sentence = prepared.sentences[max(0, bisect_right(starts, one.cue[0]) - 1)]
        found.append(_finding(prepared, one, sentence, by_sentence.get(sentence, [])))
    return found + _added(prepared, by_rules, found)


def _finding(prepared: Text, one: Linked, sentence: Range, by_rules: Sequence[Finding]) -> Finding:
    spans = Finding(one.source, one.cue, sorted(one.content), confidence=round(one.sure, 2), sentence=sentence)
    twin = max(by_rules, key=lambda finding: _shared(finding.cue_range, one.cue), default=None)
    if twin is not None and _shared(twin.cue_range, one.cue):
        return _like(twin, spans)
    match = next(find_cues(prepared.tokens, *one.cue), None)
    if match is not None:
        return replace(spans, kind=match.cue.kind, cue=match.cue, negated=match.negated != match.cue.negates)
    nouns = (cues().nouns.get(token.low) for token in prepared.tokens[slice(*one.cue)])
    return replace(spans, kind=next(filter(None, nouns), Kind.ASSERTION))


def _like(twin: Finding, spans: Finding) -> Finding:
    """Take over from the rules' finding at the same cue what the network does not tell."""
    addressee = None if _overlaps(twin.addressee, spans.source) else twin.addressee
    content = spans.content
    if addressee is not None and (addressee[0], addressee[1]) == (twin.content[0][0], content[0][0]):
        content = [(addressee[0], content[0][1]), *content[1:]]  # "urged Y to go": the rules' wording needs Y
    return replace(
        spans,
        content=content,
        kind=twin.kind,
        cue=twin.cue,
        addressee=addressee,
        negated=twin.negated,
        is_object=twin.is_object and _shared(twin.content[0], content[0]) > 0,
        antecedent=twin.antecedent if len(content) > 1 and content[0] == twin.content[0] else None,
    )


def _added(prepared: Text, by_rules: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """Return what the rules found inside a content, and the quotations that the network left to nobody."""
    inside = [-1] * len(prepared.tokens)
    taken = [False] * len(prepared.tokens)
    for number, finding in enumerate(found):
        for start, end in finding.content:
            inside[start:end] = [number] * (end - start)
        for start, end in (*finding.content, *filter(None, (finding.source, finding.cue_range))):
            taken[start:end] = [True] * (end - start)
    return [
        finding
        for finding in by_rules
        if _is_inside(finding, inside) or (_is_quotation(prepared, finding) and not _touches(finding, taken))
    ]


def _is_inside(finding: Finding, inside: Sequence[int]) -> bool:
    """Tell whether cue and contents lie in the contents of one of the network's findings."""
    if finding.cue_range is None or finding.is_object:
        return False
    owners = {inside[word] for span in (finding.cue_range, *finding.content) for word in range(*span)}
    return len(owners) == 1 and -1 not in owners


def _is_quotation(prepared: Text, finding: Finding) -> bool:
    if finding.source is None or finding.cue_range is None:
        return False
    words = [token.quoted for span in finding.content for token in prepared.tokens[slice(*span)]]
    return len(words) >= MIN_QUOTATION and all(words)


def _touches(finding: Finding, taken: Sequence[bool]) -> bool:
    spans = (*finding.content, *filter(None, (finding.cue_range,)))
    return any(taken[word] for span in spans for word in range(*span))


def _shared(one: Range | None, other: Range) -> int:
    return 0 if one is None else max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _overlaps(one: Range | None, other: Range | None) -> bool:
    return other is not None and _shared(one, other) > 0
