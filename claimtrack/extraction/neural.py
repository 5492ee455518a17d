"""Attributions by the trained network, with the rules for what it was never shown.

The network was trained on outermost attributions only, and on spans only. So what is said inside what it finds is left
to the rules, and so are whom a verb addresses, whether it denies, and what sort of claim it makes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.cuefinding import CueMatch, find_cues
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import cues
from claimtrack.extraction.linking import Linked, linked_spans
from claimtrack.extraction.network import Network, packaged_network
from claimtrack.extraction.phrases import Range, is_time, is_verb_like
from claimtrack.extraction.reported import clause_end
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.substance import holds_words, is_thing, keeps_back, says_something
from claimtrack.extraction.words import Token

# Chosen on the articles that training holds out, for what the rules do not see.
LEAST_SURE = 0.4
LEAST_SURE_OF_NOBODY = 0.45  # ... where there is no source
LEAST_SURE_OF_IMPRESSION = 0.75  # ... of what "seems", mostly to the author
LEAST_SURE_OF_THING = 0.45  # ... of a thing behind no verb of saying
_CIRCUMSTANCES = {"at", "in", "during", "with", "by", "from", "into", "after", "before"}  # "spoke at a summit"
MOST_OF_A_VERB = 3  # words: "had not asked"
_OBJECTS = {"word", "article", "possessive", "capital", "number"}
_GOES_ON = {"auxiliary", "verb", "word", "adverb"}
_JOINING = {"and", "but", "or", "nor", "yet", "plus"}
_IMPRESSIONS = frozenset(["seem", "seems", "seemed", "appear", "appears", "appeared"])


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
        twin = _twin(one, by_sentence.get(sentence, []))
        finding = _finding(prepared, one, sentence, twin)
        if _is_trusted(prepared, one, twin) and not _is_idle(prepared, finding):
            found.append(finding)
    return found + _added(prepared, by_rules, found)


def _twin(one: Linked, by_rules: Sequence[Finding]) -> Finding | None:
    """Return what the rules found at the same cue, and not only of other words."""
    best = max(by_rules, key=lambda finding: _shared(finding.cue_range, one.cue), default=None)
    if best is None or not _shared(best.cue_range, one.cue):
        return None
    return best if any(_shared(mine, theirs) for mine in one.content for theirs in best.content) else None


def _is_trusted(prepared: Text, one: Linked, twin: Finding | None) -> bool:
    """Tell whether the rules see it too, or the network is sure enough."""
    if twin is not None and one.source is not None:
        return True
    if any(token.low in _IMPRESSIONS for token in prepared.tokens[slice(*one.cue)]):
        return one.sure >= LEAST_SURE_OF_IMPRESSION
    return one.sure >= (LEAST_SURE_OF_NOBODY if one.source is None else LEAST_SURE)


def _is_idle(prepared: Text, finding: Finding) -> bool:
    """Tell what hardly anybody says: a thing kept back, or, behind no verb of saying, one unsure or in passing."""
    if keeps_back(prepared, finding):
        return True
    if finding.cue is not None or says_something(prepared, finding):
        return False
    first = finding.content[0][0]
    is_in_passing = first > 0 and prepared.tokens[first - 1].low in _CIRCUMSTANCES
    return is_in_passing or finding.confidence < LEAST_SURE_OF_THING


def _finding(prepared: Text, one: Linked, sentence: Range, twin: Finding | None) -> Finding:
    spans = Finding(
        one.source,
        one.cue,
        [_to_its_end(prepared, part, sentence) for part in _joined(prepared, one)],
        confidence=round(one.sure, 2),
        is_nobodys=one.source is None,
        sentence=sentence,
    )
    if twin is not None:
        return _like(prepared, twin, spans)
    match = next(find_cues(prepared.tokens, *one.cue), None)
    if match is not None and not _is_carried_by_noun(prepared.tokens, match, one.cue[1]):
        is_stance = one.source is not None and bool(match.cue.frames & {"object", "complement"})
        is_object = is_stance and not holds_words(prepared, spans)
        negated = match.negated != match.cue.negates
        return replace(spans, kind=match.cue.kind, cue=match.cue, negated=negated, is_object=is_object)
    nouns = (cues().nouns.get(token.low) for token in prepared.tokens[slice(*one.cue)])
    return replace(spans, kind=next(filter(None, nouns), Kind.ASSERTION))


def _is_carried_by_noun(tokens: Sequence[Token], match: CueMatch, last: int) -> bool:
    """ "offered hopeful words": not the verb tells what sort of saying it is."""
    if match.last >= last or match.cue.frames & {"person", "person-to"} or is_time(tokens[match.last]):
        return False
    return tokens[match.last].tag in {"article", "possessive", "word", "number"}


def _joined(prepared: Text, one: Linked) -> list[Range]:
    """Put together the parts that touch, or have a verb between them: "It | had asked | only for a loan"."""
    parts: list[Range] = []
    for start, end in sorted(one.content):
        touches = bool(parts) and (parts[-1][1] == start or _is_verb_missing(prepared, one, parts[-1][1], start))
        parts.append((parts.pop()[0] if touches else start, end))
    return parts


def _is_verb_missing(prepared: Text, one: Linked, first: int, last: int) -> bool:
    if last - first > MOST_OF_A_VERB or _overlaps(one.source, (first, last)) or _overlaps(one.cue, (first, last)):
        return False
    before, *between, after = prepared.tokens[first - 1 : last + 1]
    if before.quoted or after.quoted or before.tag == "subordinator" or after.low in {"that", "to"}:
        return False
    return all(is_verb_like(token) for token in between)


def _to_its_end(prepared: Text, content: Range, sentence: Range) -> Range:
    """Go on to the end of a clause that breaks off: "it was shut, as she | had asked", "met and discussed | ways"."""
    tokens, (start, end) = prepared.tokens, content
    if end - start < 3 or end >= sentence[1] or tokens[end - 1].quoted or tokens[end].quoted:
        return content
    before, last, following = tokens[end - 2], tokens[end - 1], tokens[end]
    lacks_verb = before.tag == "subordinator" and before.low not in _JOINING and last.tag == "pronoun"
    lacks_object = before.low in _JOINING and is_verb_like(last) and following.tag in _OBJECTS
    if not (lacks_object or (lacks_verb and following.tag in _GOES_ON)):
        return content
    return start, clause_end(prepared, end, sentence[1])


def _like(prepared: Text, twin: Finding, spans: Finding) -> Finding:
    """Take over from the rules' finding at the same cue what the network does not tell."""
    addressee = None if _overlaps(twin.addressee, spans.source) else twin.addressee
    content = spans.content
    if _is_cut_off(prepared, twin, content):
        content = twin.content
    if addressee is not None and addressee[0] != twin.content[0][0]:
        content = _without(addressee, content)
    elif addressee is not None and addressee[1] == content[0][0]:
        content = [(addressee[0], content[0][1]), *content[1:]]  # "wanted Y to go": Y is told nothing
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


def _is_cut_off(prepared: Text, twin: Finding, content: Sequence[Range]) -> bool:
    """ "The talks, he said, | had failed": the network has the subject only, the rules its verb too."""
    if len(content) > 1 or len(twin.content) != 2 or content[0][1] > twin.content[0][1]:
        return False
    follows = prepared.tokens[twin.content[1][0]]
    return is_verb_like(follows) and is_thing(prepared.tokens, content[0])


def _without(addressee: Range, content: Sequence[Range]) -> list[Range]:
    """Leave whom a verb addresses out of what was said: "told the judges | that ..."."""
    parts = [
        part for start, end in content for part in ((start, min(end, addressee[0])), (max(start, addressee[1]), end))
    ]
    return [part for part in parts if part[0] < part[1]] or list(content)


def _added(prepared: Text, by_rules: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """Return what the rules found inside a content, and the quotations that the network left to nobody."""
    inside = [-1] * len(prepared.tokens)
    is_cue = [False] * len(prepared.tokens)
    for number, finding in enumerate(found):
        for start, end in finding.content:
            inside[start:end] = [number] * (end - start)
        start, end = finding.cue_range or (0, 0)
        is_cue[start:end] = [True] * (end - start)
    added = []
    for finding in by_rules:
        if finding.cue_range is None or any(is_cue[slice(*finding.cue_range)]):
            continue
        owners = {inside[word] for span in (finding.cue_range, *finding.content) for word in range(*span)}
        is_inside = len(owners) == 1 and -1 not in owners and not _is_continued(prepared, finding, inside)
        if is_inside or (owners == {-1} and _is_quotation(prepared, finding)):
            added.append(finding)
    return added


def _is_continued(prepared: Text, finding: Finding, inside: Sequence[int]) -> bool:
    """ "Lund said the ministers met | and discussed ways ...": the ministers discussed them, not Lund."""
    source, cue = finding.source, finding.cue_range
    if source is None or cue is None or inside[source[0]] == inside[cue[0]]:
        return False
    return prepared.tokens[cue[0] - 1].low in {"and", "or", "but"}


def _is_quotation(prepared: Text, finding: Finding) -> bool:
    if finding.source is None:
        return False
    return any(token.quoted for span in finding.content for token in prepared.tokens[slice(*span)])


def _shared(one: Range | None, other: Range) -> int:
    return 0 if one is None else max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _overlaps(one: Range | None, other: Range | None) -> bool:
    return other is not None and _shared(one, other) > 0
