"""Who is spoken to where the one told stands behind a quote: "..., she told reporters", "she promised us a road"."""

from claimtrack.extraction.findings import Finding
from claimtrack.extraction.phrases import Range, is_time, noun_phrase_after
from claimtrack.extraction.sentences import Text

_OPENS_GIFT = {"article", "number"}  # what is promised to somebody begins so


def addressee_of(prepared: Text, finding: Finding) -> Range | None:
    """Return who is spoken to, in tokens, as the finding has it or as it stands right behind the cue."""
    if finding.addressee is not None or finding.cue is None or finding.cue_range is None:
        return finding.addressee
    tokens, start, last = prepared.tokens, finding.cue_range[1], finding.sentence[1]
    if start >= last or tokens[start].quoted or is_time(tokens[start]):
        return None
    end = noun_phrase_after(tokens, start, last)
    if end == start or (finding.source is not None and finding.source[0] < end and start < finding.source[1]):
        return None
    content = finding.content[0]
    if content[1] <= start:
        is_told = "person" in finding.cue.frames
        return (start, end) if is_told and tokens[start].tag not in {"adverb", "verb"} else None
    is_given = content[0] == start and end < content[1] and finding.cue.lemma == "promise"
    return (start, end) if is_given and tokens[end].tag in _OPENS_GIFT else None
