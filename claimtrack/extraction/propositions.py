"""What is reported, as a sentence of its own."""

import re
from collections.abc import Sequence

from claimtrack.extraction.attribution import Kind, SpeakerKind, SpeakerName
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import Cue, Form, cues, third_person
from claimtrack.extraction.phrases import Range
from claimtrack.extraction.quotations import DOUBLE
from claimtrack.extraction.sentences import Text

_OPENING = re.compile(r"^(?:(?:and|but|so|that|however),? )+", re.IGNORECASE)
_INFINITIVE = re.compile(r"^(?P<negation>not |never )?to (?P<rest>.+)$", re.DOTALL)
_HAPPENS = re.compile(r"^((?:(?!will\b|would\b|is\b|are\b|has\b|to\b)[\w'-]+ ){0,7}(?!to\b)[\w'-]+) to ")
_CONJUNCTIONS = {"and", "but", "or", "so", "because", "which", "who", "while"}
_SPACE = re.compile(r"\s+")
_LONG_FORMS = {
    "m": "is",
    "re": "is",
    "ve": "has",
    "ll": "will",
    "d": "would",
    "s": "is",
}
_AGREEING = {
    "am": "is",
    "are": "is",
    "were": "was",
    "have": "has",
    "do": "does",
    "don't": "doesn't",
    "don’t": "doesn’t",
}
_INVARIANT = {
    "will", "would", "can", "could", "shall", "should", "may", "might", "must", "cannot", "did", "had", "was", "never",
    "won't", "wouldn't", "can't", "couldn't", "didn't",
}  # fmt: skip
_FIRST_PERSON = {"i", "we"}
_POSSESSIVES = {"my", "our", "his", "her", "its", "their"}
_PRONOUNS = _POSSESSIVES | {"i", "we", "he", "she", "it", "they"}
_OPENERS = {"and", "but", "so", "that", "however", ","}
_OBJECTS = {"him": "he", "her": "she", "them": "they", "me": "I", "us": "we"}


def wording(prepared: Text, content: Sequence[Range]) -> str:
    """Return the content without quotation marks, its parts joined, without the marks at its ends."""
    parts = [part for one in content if (part := _plain(prepared, one))]
    joined = ""
    for part in parts:
        if not joined:
            joined = part
        elif part[0].isupper():
            joined = f"{joined.rstrip(' ,.;')}. {part}"
        elif part.split(" ", 1)[0] in _CONJUNCTIONS:
            joined = f"{joined.rstrip(' .;')} {part}"
        else:
            joined = f"{joined.rstrip(' ,.;')} {part}"
    return joined.strip(" ,;:-–—").removesuffix(".")


def _plain(prepared: Text, content: Range) -> str:
    tokens, pieces = prepared.tokens, []
    end = tokens[content[0]].start
    for i in range(content[0], content[1]):
        token = tokens[i]
        pieces.append(prepared.text[end : token.start])
        if token.text not in DOUBLE and i not in prepared.opens_at and i not in prepared.closes_at:
            pieces.append(token.text)
        end = token.end
    return _SPACE.sub(" ", "".join(pieces)).strip()


def opening_pronoun(prepared: Text, finding: Finding) -> int | None:
    """Return the pronoun or possessive that opens the content, where one does."""
    first, last = finding.content[0]
    tokens = prepared.tokens
    while first < last and (tokens[first].tag == "mark" or tokens[first].low in _OPENERS):
        first += 1
    if first == last:
        return None
    stem = tokens[first].low.partition("'")[0].partition("’")[0]
    return first if stem in _PRONOUNS else None


def proposition(
    prepared: Text,
    finding: Finding,
    speaker: SpeakerName,
    *,
    kind: Kind,
    meant: SpeakerName | None,
    addressee: SpeakerName | None,
) -> str:
    """Return the content as a sentence of its own, with a name for the pronoun that opens it.

    `meant` is whom that pronoun means. Where grammar or reference is in doubt the wording is left as it is.
    """
    text = wording(prepared, finding.content)
    text = text if finding.is_object else _OPENING.sub("", text, count=1)
    infinitive = _INFINITIVE.match(text)
    if finding.antecedent is not None:
        text = f"{wording(prepared, [finding.antecedent])} {wording(prepared, finding.content[1:])}"
    elif infinitive is not None and finding.addressee is not None and kind == Kind.DEMAND:
        text = _told_to(wording(prepared, [finding.addressee]), addressee, infinitive)
    elif infinitive is not None and finding.cue_range is not None:
        text = _with_subject(speaker.name, finding.cue, _cue_words(prepared, finding), infinitive, kind)
    elif finding.addressee is not None and kind == Kind.DEMAND and finding.addressee[0] == finding.content[0][0]:
        who, _, rest = text.partition(" to ")
        text = f"{_told(who, addressee)} should {rest}" if rest else text
    elif finding.is_object:
        text = f"{speaker.name} {_finite(finding.cue, _cue_words(prepared, finding))} {text}"
    elif finding.cue is not None and finding.cue.lemma == "expect" and _HAPPENS.match(text):
        text = _HAPPENS.sub(r"\1 will ", text, count=1)
    elif meant is not None and meant.kind != SpeakerKind.UNNAMED:
        text = _with_name(text, meant)
    return text[:1].upper() + text[1:]


def _told_to(who: str, addressee: SpeakerName | None, infinitive: re.Match[str]) -> str:
    """Make "the council should act" of "the council" and "to act"."""
    return f"{_told(who, addressee)} should {infinitive['negation'] or ''}{infinitive['rest']}"


def _told(who: str, addressee: SpeakerName | None) -> str:
    """Return the one who is told as the subject of what to do: "he" for "him", by name where it is known."""
    if who.lower() not in _OBJECTS:
        return who
    is_known = addressee is not None and addressee.kind != SpeakerKind.UNNAMED
    return addressee.name if addressee and is_known else _OBJECTS[who.lower()]


def _cue_words(prepared: Text, finding: Finding) -> str:
    if finding.cue_range is None:
        return ""
    first, last = finding.cue_range
    return prepared.text[prepared.tokens[first].start : prepared.tokens[last - 1].end]


def _finite(cue: Cue | None, cue_words: str) -> str:
    """ "citing" of "Smith walked out, citing ..." as the verb of a sentence."""
    first, _, particles = cue_words.partition(" ")
    if cue is None or not first.endswith("ing") or first == cue.lemma:
        return cue_words
    return f"{third_person(cue.lemma)} {particles}".rstrip()


def _with_subject(name: str, cue: Cue | None, cue_words: str, infinitive: re.Match[str], kind: Kind) -> str:
    """Make a sentence of "to lower rents": "Smith will lower rents" for a promise."""
    negation, rest = infinitive["negation"] or "", infinitive["rest"]
    if cue is None:
        return _with_owner(name, cue_words.lower(), infinitive, kind)
    if kind == Kind.PROMISE:
        return f"{name} will {negation}{rest}"
    if cue.negates:
        return f"{name} would {negation}{rest}"
    return f"{name} {cue_words} {infinitive.group()}"


def _with_owner(name: str, noun: str, infinitive: re.Match[str], kind: Kind) -> str:
    """Make a sentence of "her promise to lower rents": "Smith would lower rents"."""
    if kind == Kind.PROMISE or noun in {"refusal", "willingness"}:
        return f"{name} would {infinitive['negation'] or ''}{infinitive['rest']}"
    if any(form == Form.BASE for form, _ in cues().verbs.get(noun, ())):
        return f"{name} {third_person(noun)} {infinitive.group()}"
    if noun in cues().nouns:
        return f"{_possessive(name)} {noun} {infinitive.group()}"
    return f"{name} {noun} {infinitive.group()}".replace(" ’s", "’s").replace(" 's", "'s")


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _with_name(text: str, meant: SpeakerName) -> str:
    """Put the name for the pronoun that opens the content."""
    first, _, rest = text.partition(" ")
    stem, _, contracted = first.replace("’", "'").partition("'")
    low = stem.lower()
    if not rest or (low == "our" and meant.kind == SpeakerKind.PERSON):
        return text
    if low in _POSSESSIVES:
        return f"{_possessive(meant.name)} {rest}"
    if contracted:
        verb = _LONG_FORMS.get(contracted.lower())
        if verb == "is" and rest.split(" ", 1)[0].endswith(("ed", "been")):
            verb = "has" if contracted.lower() == "s" else verb
        return text if verb is None else f"{meant.name} {verb} {rest}"
    if low not in _FIRST_PERSON:
        return f"{meant.name} {rest}"
    verb, _, after = rest.partition(" ")
    agreeing = _agreeing(verb)
    return text if agreeing is None else f"{meant.name} {agreeing} {after}".rstrip()


def _agreeing(verb: str) -> str | None:
    """Return the verb as it goes with a name, or None where that is not known."""
    low = verb.lower().replace("’", "'")
    if low in _INVARIANT or (low.endswith("ed") and len(low) > 4):
        return verb
    if low in _AGREEING:
        return _AGREEING[low]
    forms = [form for form, _ in cues().verbs.get(low, ())]
    return third_person(low) if forms == [Form.BASE] else None
