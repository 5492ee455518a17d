"""Attributions by rule: from each reporting verb to its subject and to what is reported."""

from collections.abc import Sequence
from itertools import islice

from claimtrack.extraction.cuefinding import CueMatch, find_cues
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import Form
from claimtrack.extraction.phrases import (
    Range,
    is_time,
    is_verb_like,
    nearest_subject,
    noun_phrase_after,
    noun_phrase_before,
    start_of_list,
)
from claimtrack.extraction.reported import NEEDS_ADDRESSEE, content_after, relative_end
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token

_APPOSITION_OPENS = {
    "article",
    "possessive",
    "capital",
    "number",
    "relative",
    "word",
    "preposition",
    "subordinator",
    "question",
    "adverb",
}
_SOURCE_OPENS = {"article", "possessive", "capital", "pronoun", "word", "number"}
_RELATIVES = {"which", "who", "that"}
_BREAKS = {",", "-", "–", "—", "--"}
MAX_APPOSITION = 40
MAX_CUES = 25  # in one sentence


def read_sentence(prepared: Text, sentence: Range) -> list[Finding]:
    """Return what the reporting verbs of one sentence attribute."""
    tokens = prepared.tokens
    first, last = sentence
    found: list[Finding] = []
    for match in islice(find_cues(tokens, first, last), MAX_CUES):
        finding = _read_verb(prepared, match, sentence, found)
        if finding is not None:
            finding.sentence = sentence
            found.append(finding)
    return found


def _read_verb(prepared: Text, match: CueMatch, sentence: Range, found: Sequence[Finding]) -> Finding | None:
    inverted = _inverted(prepared, match, sentence)
    if inverted is not None:
        return inverted
    if match.infinitive and (match.cue.lemma not in {"say", "tell"} or _is_withheld(match, found)):
        return None
    source = _subject(prepared, match, sentence, found)
    if source is None and match.form != Form.ING:
        return None
    if source is not None:
        if _is_condition(prepared.tokens, source, sentence[0]):
            return None
        gapped = _gapped(prepared, match, source, sentence)
        if gapped is not None:
            return gapped
    if "complement" in match.cue.frames and source is not None and _names_a_thing(prepared.tokens, source, match):
        return None
    if source is not None and _follows_quotation(prepared, source, match, sentence):
        return _aside(prepared, match, source, sentence)
    after = content_after(prepared, match, sentence[1])
    if after is not None:
        return Finding(
            None if match.passive and after.addressee is None and _is_told(match) else source,
            (match.first, match.last),
            [after.content],
            after.kind,
            match.cue,
            source if match.passive and _is_told(match) else after.addressee,
            match.negated != match.cue.negates,
            is_object=after.is_object,
        )
    if source is None or "aside" not in match.cue.frames or match.passive or match.form == Form.ING:
        return None
    return _aside(prepared, match, source, sentence)


def _is_withheld(match: CueMatch, found: Sequence[Finding]) -> bool:
    """ "refused to say whether ...": nothing is said."""
    to = match.first - 1
    return any(one.cue is not None and one.cue.negates and one.content[0][0] == to for one in found)


def _is_condition(tokens: Sequence[Token], source: Range, first: int) -> bool:
    """ "if the council rejects the plan": nobody has done so."""
    return source[0] > first and tokens[source[0] - 1].low in {"if", "unless"}


def _gapped(prepared: Text, match: CueMatch, source: Range, sentence: Range) -> Finding | None:
    """ "the plan, which he said would fail, ...": the subject of what is said stands before the one who says it."""
    tokens = prepared.tokens
    relative, verb, last = source[0] - 1, match.last, sentence[1]
    if relative > sentence[0] and tokens[relative].text == "," and verb < last and tokens[verb].text == ",":
        relative, verb = relative - 1, verb + 1
    if relative <= sentence[0] or verb >= last or tokens[relative].low not in _RELATIVES or tokens[relative].quoted:
        return None
    if not match.cue.frames & {"bare", "that"} or tokens[verb].quoted or not is_verb_like(tokens[verb]):
        return None
    end = relative_end(prepared, verb, last)
    before = relative - (tokens[relative - 1].text in _BREAKS)
    start = noun_phrase_before(tokens, before, sentence[0])
    return Finding(
        source,
        (match.first, match.last),
        [(relative, relative + 1), (verb, end)],
        match.cue.kind,
        match.cue,
        antecedent=None if start is None else (start, before),
    )


def _is_told(match: CueMatch) -> bool:
    """ "was asked", "were told": the subject is the one spoken to."""
    return bool(match.cue.frames & {"person", "person-to"})


def _names_a_thing(tokens: Sequence[Token], source: Range, match: CueMatch) -> bool:
    """ "a group called Dawn": a participle after an indefinite noun gives a name, not an opinion."""
    indefinite = tokens[source[0]].low in {"a", "an", "one"}
    return indefinite and match.form == Form.PAST and match.first == match.verb == source[1]


def _follows_quotation(prepared: Text, source: Range, match: CueMatch, sentence: Range) -> bool:
    """'"...," he said two days later, ...': what was said stands before."""
    before = source[0] - 1
    if before <= sentence[0] or before not in prepared.closes_at or "aside" not in match.cue.frames:
        return False
    if prepared.tokens[before - 1].text not in {",", "!", "?", "…", "...", "-", "—"}:
        return False
    return match.last >= sentence[1] or prepared.tokens[match.last].low not in {"that", ":"}


def _inverted(prepared: Text, match: CueMatch, sentence: Range) -> Finding | None:
    """'"...," said X': the source follows the verb and what is reported stands before it."""
    tokens = prepared.tokens
    first, last = sentence
    if not match.cue.frames & {"quote", "aside"} or match.first != match.verb or match.verb <= first:
        return None
    if match.cue.lemma in NEEDS_ADDRESSEE:
        return None
    before = match.verb - 1
    after_quotation = before in prepared.closes_at
    if not after_quotation and (tokens[before].text != "," or "aside" not in match.cue.frames):
        return None
    start = match.last
    if start >= last or not (tokens[start].tag in _SOURCE_OPENS or tokens[start].low == "lead"):
        return None
    if tokens[start].low in {"that", "him", "her", "them", "me", "us"} and not after_quotation:
        return None
    end = noun_phrase_after(tokens, start, last)
    if end == start:
        return None
    if not after_quotation and not _stands_after_clause(tokens, first, before, start, last):
        return None
    source_end = _end_of_following_source(prepared, end, last)
    content = [(_reported_from(prepared, first, before), before + 1)]
    content += _resumed(prepared, source_end, last)
    return Finding((start, source_end), (match.verb, match.last), content, match.cue.kind, match.cue, confidence=0.9)


def _stands_after_clause(tokens: Sequence[Token], first: int, comma: int, start: int, last: int) -> bool:
    """Tell "prices rose, said Smith" from "Smith, the mayor, said prices rose"."""
    if not any(is_verb_like(token) for token in tokens[first + 1 : comma]):
        return False
    for i in range(start, min(last, start + 25)):
        token = tokens[i]
        if token.text in {",", ".", ";", ")"}:
            return True
        if token.quoted or (i > start and (token.tag == "pronoun" or is_verb_like(token))):
            return False
    return True


def _end_of_following_source(prepared: Text, end: int, last: int) -> int:
    """Take the apposition after an inverted source, up to the next quotation or the end of the sentence."""
    tokens = prepared.tokens
    i = end
    while i < last and i - end < MAX_APPOSITION:
        token = tokens[i]
        if token.quoted or token.text in {".", ";", ":", "?", "!"}:
            break
        if token.text == "," and i + 1 < last:
            following = tokens[i + 1]
            if following.quoted or following.low in {"but", "and", "while", "as", "after", "when", "because", "though"}:
                break
            if following.tag in {"word", "verb"} and following.low.endswith("ing"):
                break
        i += 1
    while i > end and tokens[i - 1].text == ",":
        i -= 1
    return i


def _resumed(prepared: Text, start: int, last: int) -> list[Range]:
    """Return what goes on after the interruption: '"A," he said, "B."'."""
    tokens = prepared.tokens
    i = start
    while i < last and tokens[i].tag == "mark" and not tokens[i].quoted:
        i += 1
    for j in range(i, last):
        if j in prepared.opens_at and j - i <= 12:
            return [(j, last)]
    return []


def _aside(prepared: Text, match: CueMatch, source: Range, sentence: Range) -> Finding | None:
    """ "A, X said." and "A, X said, B.": what is reported stands around source and verb."""
    tokens = prepared.tokens
    first, last = sentence
    opening, closing = source[0], match.last
    before = opening - 1
    if tokens[opening].low == "something":
        return None
    end = _end_of_aside(tokens, closing, last)
    if closing < last and not _may_follow_aside(tokens[closing], match):
        return None
    if end is None or before < first:
        return None
    if tokens[before].text != "," and not tokens[before].quoted and tokens[before].text not in {"-", "–", "—", "--"}:
        return None
    if before <= first:
        return None
    start = _reported_from(prepared, first, before)
    content: list[Range] = [(start, before + 1)]
    if end < last and tokens[end].text in {",", "-", "–", "—", "--"} and end + 1 < last:
        rest = tokens[end + 1]
        goes_on = rest.quoted or not tokens[before].quoted
        if goes_on and not rest.low.endswith("ing") and rest.low not in {"who", "which", "according", "as"}:
            content.append((end + 1, last))
    elif end < last and tokens[end].quoted:
        content.append((end, last))
    return Finding(source, (match.first, match.last), content, match.cue.kind, match.cue, negated=match.negated)


def _reported_from(prepared: Text, first: int, before: int) -> int:
    """Return where the words before an aside begin: a quotation after a dash stands for itself."""
    opened = prepared.closes_at.get(before, first)
    return opened if opened > first and prepared.tokens[opened - 1].text in _BREAKS - {","} else first


def _may_follow_aside(token: Token, match: CueMatch) -> bool:
    """After an aside's verb come a mark, a time or a place, and who is told; an object makes it no aside."""
    if token.quoted or token.tag in {"mark", "preposition", "adverb", "subordinator", "question", "relative"}:
        return True
    return is_time(token) or "person" in match.cue.frames or match.cue.lemma in {"say", "write", "continue", "begin"}


def _end_of_aside(tokens: Sequence[Token], start: int, last: int) -> int | None:
    """Return the mark that ends "he said on Monday in Paris", within a few words."""
    for i in range(start, min(last, start + 25)):
        token = tokens[i]
        if token.quoted or token.text in {",", ".", ";", "-", "–", "—", "--", ":", "?", "!"}:
            return i
    return last if last - start < 25 else None


def _subject(prepared: Text, match: CueMatch, sentence: Range, found: Sequence[Finding]) -> Range | None:
    """Find who does the reporting: left of the verb, past appositions and asides."""
    tokens = prepared.tokens
    first, _ = sentence
    end = match.first
    if match.infinitive:
        return _shared_subject(prepared, first, end, found)
    if end <= first:
        return None
    before = tokens[end - 1]
    if before.text in _BREAKS and not before.quoted:
        if match.form == Form.ING:
            return _shared_subject(prepared, first, end, found)
        return _with_apposition(tokens, end - 1, first)
    if before.low in {"and", "but", "or", "then", "by", "in", "for", "after", "while", "when", "before", "without"}:
        return _shared_subject(prepared, first, end - 1, found)
    start = noun_phrase_before(tokens, end, first)
    return None if start is None else (start_of_list(tokens, start, end, first), end)


def _with_apposition(tokens: Sequence[Token], closing: int, first: int) -> Range | None:
    """ "Smith, 60, the minister, said": from the phrase before the first of the commas up to the last."""
    found: Range | None = None
    for i in range(closing - 1, max(first, closing - MAX_APPOSITION) - 1, -1):
        if tokens[i].text not in _BREAKS or tokens[i].quoted:
            continue
        if i + 1 < closing and tokens[i + 1].tag not in _APPOSITION_OPENS:
            continue
        start = noun_phrase_before(tokens, i, first)
        if start is None or is_time(tokens[i - 1]):
            continue
        before = tokens[start - 1] if start > first else None
        if before is None or before.quoted or before.tag in {"subordinator", "adverb"} or before.low == "that":
            return (start, closing)
        if before.text in {",", ";"} and found is None:
            found = (start, closing)
    return found


def _shared_subject(prepared: Text, first: int, end: int, found: Sequence[Finding]) -> Range | None:
    """ "X did this and said that": the subject of the clause before."""
    for finding in reversed(found):
        if finding.source is not None and finding.source[1] <= end:
            return finding.source
    return nearest_subject(prepared.tokens, first, end)
