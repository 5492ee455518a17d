"""Attributions without a reporting verb: "according to X", "his claim that ...", and 'X: "..."'."""

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import Form, cues
from claimtrack.extraction.phrases import (
    Range,
    clause_subject,
    is_verb_like,
    main_verb_after,
    nearest_subject,
    noun_phrase_before,
    opens_infinitive,
)
from claimtrack.extraction.reported import clause_end
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import word_set

_NOUN_BEFORE = {"article", "possessive", "possessive-mark", "word", "capital"}
MAX_SOURCE = 40
MAX_BEFORE_COLON = 40
MAX_NOUNS = 25  # in one sentence
MAX_LIGHT_VERB = 5  # words between subject and noun, as in "Smith made a promise to ..."


def read_without_verb(prepared: Text, sentence: Range) -> list[Finding]:
    """Return what nouns, "according to" and colons attribute in one sentence."""
    found = _according(prepared, sentence)
    found += _nouns(prepared, sentence)
    colon = _colon(prepared, sentence)
    if colon is not None:
        found.append(colon)
    for finding in found:
        finding.sentence = sentence
    return found


def _according(prepared: Text, sentence: Range) -> list[Finding]:
    tokens = prepared.tokens
    first, last = sentence
    for i in range(first, last - 2):
        if tokens[i].quoted or tokens[i].low != "according" or tokens[i + 1].low != "to":
            continue
        clause = _clause_start(prepared, first, i)
        opens = all(tokens[n].tag in {"adverb", "mark", "subordinator"} for n in range(clause, i))
        splits = not opens and not any(is_verb_like(tokens[n]) for n in range(clause, i))
        end = _source_end(prepared, i + 2, last, goes_on=opens or splits)
        if end == i + 2:
            continue
        content: list[Range] = [] if opens else [(clause, i)]
        if (opens or splits) and end + 1 < last and tokens[end].text == ",":
            content.append((end + 1, last))
        if content:
            return [Finding((i + 2, end), (i, i + 2), content, Kind.ASSERTION, confidence=0.85)]
    return []


def _clause_start(prepared: Text, first: int, i: int) -> int:
    """Return where the clause begins that "according to" belongs to: after the last colon or semicolon."""
    for n in range(i - 1, first, -1):
        if prepared.tokens[n].text in {":", ";"} and not prepared.tokens[n].quoted:
            return n + 1
    return first


def _source_end(prepared: Text, start: int, last: int, *, goes_on: bool) -> int:
    """Return where the source after "according to" ends; where the clause `goes_on`, at the comma before its verb."""
    tokens = prepared.tokens
    first_comma: int | None = None
    i = start
    while i < last and i - start < MAX_SOURCE:
        token = tokens[i]
        if token.quoted or token.text in {".", ";", ":", "?", "!", "—", "–", "--"}:
            break
        if token.text == "," and i + 1 < last:
            following = tokens[i + 1]
            if following.low in {"and", "but", "which"} or (goes_on and is_verb_like(following)):
                return i
            first_comma = first_comma or i
        i += 1
    return first_comma if goes_on and first_comma is not None else i


def _nouns(prepared: Text, sentence: Range) -> list[Finding]:
    tokens = prepared.tokens
    first, last = sentence
    found: list[Finding] = []
    for i in range(first + 1, last - 2):
        token = tokens[i]
        if token.quoted or token.tag == "capital" or token.low not in cues().nouns:
            continue
        before, after = tokens[i - 1], tokens[i + 1]
        if after.low == "not":
            after = tokens[i + 2]
        if before.tag not in _NOUN_BEFORE or after.low not in {"that", "to"} or after.quoted:
            continue
        kind = cues().nouns[token.low]
        if after.low == "to" and kind == Kind.ASSERTION and token.low not in {"refusal", "desire", "willingness"}:
            continue
        if after.low == "to" and not opens_infinitive(tokens, i + 1 + (tokens[i + 1].low == "not"), last):
            continue
        if after.low == "that" and not _clause_follows(prepared, i + 2):
            continue
        content = (i + 1, _noun_content_end(prepared, i + 1, last))
        if len(found) >= MAX_NOUNS:
            break
        if i - first <= 2 and before.tag in {"article", "possessive"} and not _ends_before_verb(prepared, i, last):
            continue  # the noun is the subject: where its clause ends is not to be told
        owner = _owner(prepared, i, first)
        is_owned = owner is not None and tokens[owner[0]].tag == "possessive"
        negated = token.low == "refusal" or _is_rejected(prepared, i, first)
        found.append(Finding(owner, (i, i + 1), [content], kind, negated=negated, confidence=0.7, is_owned=is_owned))
    return found


def _ends_before_verb(prepared: Text, noun: int, last: int) -> bool:
    """ "His promise to pay was kept": the verb of the sentence tells where the infinitive ends."""
    tokens = prepared.tokens
    owned, after = tokens[noun - 1].tag == "possessive", noun + 1 + (tokens[noun + 1].low == "not")
    return owned and tokens[after].low == "to" and main_verb_after(tokens, after + 1, last) is not None


def _clause_follows(prepared: Text, i: int) -> bool:
    """ "the plan that failed" names no content; "the claim that prices fell" does."""
    return prepared.tokens[i].tag not in {"auxiliary", "verb"}


def _noun_content_end(prepared: Text, start: int, last: int) -> int:
    """ "dampened hopes that it would work by urging ...": how it was done belongs to the verb before the noun."""
    tokens = prepared.tokens
    end = clause_end(prepared, start, _without_final(prepared, last))
    if tokens[start].low != "that":
        end = main_verb_after(tokens, start + 1, end) or end
    for i in range(start + 1, end - 1):
        if tokens[i].low == "by" and not tokens[i].quoted:
            forms = [form for form, _ in cues().verbs.get(tokens[i + 1].low, ())]
            if Form.ING in forms:
                return i
    return end


def _without_final(prepared: Text, last: int) -> int:
    return last - 1 if prepared.tokens[last - 1].text in {".", "!", "?"} else last


def _owner(prepared: Text, noun: int, first: int) -> Range | None:
    """ "Smith's warning", "his promise": who the noun belongs to; else the subject of the clause."""
    tokens = prepared.tokens
    for i in range(noun - 1, max(first, noun - 4) - 1, -1):
        if tokens[i].tag == "possessive":
            return (i, i + 1)
        if tokens[i].tag == "possessive-mark":
            start = noun_phrase_before(tokens, i, first)
            return None if start is None else (start, i)
        if tokens[i].tag in {"article", "mark"}:
            break
    subject = nearest_subject(tokens, first, noun)
    if subject is None or noun - subject[1] > MAX_LIGHT_VERB:
        return None
    verbs = {token.low for token in tokens[subject[1] : noun]}
    return subject if verbs & (_light_verbs() | _rejecting_verbs()) else None


def _is_rejected(prepared: Text, noun: int, first: int) -> bool:
    """ "rejected claims that ..."."""
    before = {token.low for token in prepared.tokens[max(first, noun - MAX_LIGHT_VERB) : noun]}
    return bool(before & _rejecting_verbs())


def _light_verbs() -> frozenset[str]:
    return word_set("nouns_with", "light", file="cues")


def _rejecting_verbs() -> frozenset[str]:
    return word_set("nouns_with", "rejecting", file="cues")


def _colon(prepared: Text, sentence: Range) -> Finding | None:
    """'Smith: "..."' and 'Smith went further: "..."'."""
    tokens = prepared.tokens
    first, last = sentence
    for i in range(first + 1, min(last - 1, first + MAX_BEFORE_COLON)):
        if tokens[i].text != ":" or tokens[i].quoted:
            continue
        if i + 1 not in prepared.opens_at:
            return None
        source = clause_subject(tokens, first, i + 1)
        if source is None or source[1] > i:
            return None
        return Finding(source, (source[1], i + 1), [(i + 1, last)], Kind.ASSERTION, confidence=0.7)
    return None
