"""What sort of claim a statement is: kind, polarity, hedge, and how much it is worth checking."""

import re

from claimtrack.extraction.attribution import Kind, Polarity, SpeakerKind
from claimtrack.extraction.lexicon import Cue
from claimtrack.extraction.words import word_set

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"\d")
_WILL = r"(?:will|won't|would|wouldn't|shall|(?:am|is|are|was|were) (?:not )?going to)"
_NOT_AN_ACT = r"(?!(?: \w+)? (?:have|be|like|love|prefer)\b)"
_OWN_ACT = re.compile(rf"^(?:i|we|he|she|they|it)(?:'ll| {_WILL}){_NOT_AN_ACT}", re.IGNORECASE)
_SIDE = "(?:country|government|party|ministry|company|administration|council|city|family|side|team)"
_OWN_SIDE = re.compile(
    rf"^(?:my|our|his|her|its|their) {_SIDE} {_WILL}"
    rf"{_NOT_AN_ACT}",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|won't|(?:is|are) going to)\b|'ll\b", re.IGNORECASE)
_REPORTED_FUTURE = re.compile(r"\b(?:would|wouldn't|(?:was|were) going to)\b(?! (?:not )?have\b)", re.IGNORECASE)
_FIRST_PERSON_ACT = re.compile(
    rf"^(?:(?:i|we)(?:'ll| {_WILL})|(?:this|our|my) {_SIDE} {_WILL}){_NOT_AN_ACT}", re.IGNORECASE
)
_NEED = re.compile(
    r"^(?:[^\W\d_]+ ){1,4}(?:must|(?:should|ought to)(?! (?:not )?have\b)|needs? to|(?:will |would )?have to|has to)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^(?:whether|what|when|where|who|why|how)\b", re.IGNORECASE)
_MAY_HAPPEN = re.compile(
    r"\b(?:may|might|could)\b(?! (?:not )?(?:have|be able)\b)(?! not\b(?<=could not))"
    r"|\b(?:is|are|was|were) (?:un)?likely\b",
)
_TO_DO = re.compile(r"^(?:not |never )?to\b", re.IGNORECASE)
_TO_HAPPEN = re.compile(r"^(?:[\w'-]+ ){0,8}to [a-z]+\b", re.IGNORECASE)
_OWN_WORD = frozenset({"assure", "promise", "vow", "pledge", "swear", "guarantee", "commit", "undertake"})
MAX_WORDS_LOOKED_AT = 80
MAX_LOOKED_AT = 600
_ASIDE = re.compile(r", (?:who|which|whose)\b[^,]*,")
_BEFORE_MAIN = re.compile(
    r"^(?:if|unless|when|although|though|while|because|since|after|before|until|once)\b.*?"
    r"(?:, |(?<= )(?=(?:i|we|he|she|they|it|you|there)(?:'ll| (?:will|won't|would|wouldn't|can|can't|may|must))\b))",
    re.IGNORECASE,
)
_AFTER_MAIN = re.compile(
    r"(?<=\w) (?:if|unless|when|although|though|while|whereas|because|until)\b|, (?:but|and|which|who|so) | and that\b",
    re.IGNORECASE,
)
_FIRST_CLAUSE = re.compile(r"[.!?;] |,? but ")
_SENTENCE_END = re.compile(r"[.!?] ")
_BY_KIND = {Kind.ASSERTION: 0.0, Kind.PROMISE: 0.2, Kind.PREDICTION: 0.2, Kind.DEMAND: 0.05}


def kind_of(
    cue: Cue | None, given: Kind, content: str, *, is_own: bool, is_direct: bool, is_object: bool = False
) -> Kind:
    """Return the kind: from the cue where it tells, else from the wording of the content.

    Who says what he himself will do promises it, who says what will happen predicts it. `given` is what the rule
    made of the cue; `is_own` tells that the content opens with a pronoun that means the speaker, `is_object` that it is
    a thing ("promised a park"), not a clause.
    """
    is_question = content.endswith("?")
    content = _FIRST_CLAUSE.split(content[:MAX_LOOKED_AT].replace("’", "'"), maxsplit=1)[0]
    if is_question:
        return Kind.ASSERTION
    if is_direct and _is_bidding(content):
        return Kind.DEMAND
    if is_direct and _FIRST_PERSON_ACT.search(_BEFORE_MAIN.sub("", content, count=1)):
        return Kind.PROMISE
    if is_own and (_OWN_ACT.search(content) or _OWN_SIDE.search(content)):
        return Kind.PREDICTION if cue is not None and cue.is_mental else Kind.PROMISE
    if (
        given == Kind.PROMISE
        and cue is not None
        and cue.lemma in _OWN_WORD
        and not (is_object or _TO_DO.search(content))
    ):
        return Kind.PROMISE if _REPORTED_FUTURE.search(content) or _FUTURE.search(content) else Kind.ASSERTION
    if given != Kind.ASSERTION:
        return given
    if cue is not None and cue.lemma == "expect" and _TO_HAPPEN.search(content):
        return Kind.PREDICTION
    return _kind_by_wording(content, is_direct=is_direct, is_object=is_object)


def _kind_by_wording(content: str, *, is_direct: bool, is_object: bool) -> Kind:
    if (not is_direct and _ASKED.search(content)) or _TO_DO.search(content):
        return Kind.ASSERTION
    if _NEED.search(content):
        return Kind.DEMAND
    if _FUTURE.search(content) or (not is_direct and _REPORTED_FUTURE.search(content)):
        return Kind.PREDICTION
    if not is_object and _MAY_HAPPEN.search(_main_clause(content)):
        return Kind.PREDICTION
    return Kind.ASSERTION


def _is_bidding(content: str) -> bool:
    """ "Keep your tickets", "Do not drive", "I want a list"."""
    opening = _WORD.findall(content[:80].lower())[:3]
    if not opening:
        return False
    if opening[0] in {"please", "don't", "let's"} or opening[:2] in (["do", "not"], ["never", "again"]):
        return True
    if opening[0] in {"i", "we"}:
        return opening[1:2] in (["want"], ["demand"]) and opening[2:3] != ["to"]
    return opening[0] in _listed("biddings") and len(opening) > 1


_NEGATION = re.compile(
    r"\b(?:not(?! only)|never|neither|nor|nobody|nothing|none|cannot)\b|n['’]t\b"
    r"|\bno (?!more than|less than|fewer than)\w+"
)


def polarity_of(content: str, *, turned: bool) -> Polarity:
    """Return the polarity of the main clause: a negation near its beginning, turned once more by a cue that denies."""
    first_sentence = _SENTENCE_END.split(content[:MAX_LOOKED_AT].replace("’", "'"), maxsplit=1)[0]
    opening = " ".join([match.group().lower() for match in _WORD.finditer(_main_clause(first_sentence))][:14])
    negated = bool(_NEGATION.search(opening))
    return Polarity.NEGATED if negated != turned else Polarity.AFFIRMED


def _main_clause(sentence: str) -> str:
    """Leave out "if ...", "because ..." and ", who ...," around the main clause."""
    plain = _BEFORE_MAIN.sub("", _ASIDE.sub("", sentence), count=1)
    return _AFTER_MAIN.split(plain, maxsplit=1)[0]


def is_hedged(content: str, cue_words: str) -> bool:
    """Tell whether the words leave room: may, could, reportedly, ..."""
    hedges = _listed("hedges")
    words = {_lower(match.group()) for match in _WORD.finditer(f"{cue_words} {content[:MAX_LOOKED_AT]}")}
    return bool(words & hedges)


def _lower(word: str) -> str:
    return word if word == "May" else word.lower()


def check_worthiness(
    content: str, *, kind: Kind, speaker: SpeakerKind, is_mental: bool, is_object: bool, has_names: bool
) -> float:
    """Return how much a statement is worth checking, 0..1.

    Numbers, future acts, named actors and specific verbs raise it; questions, opinion, pleasantries and
    brevity lower it, and so do a mere attitude to a thing (`is_object`) and a belief (`is_mental`).
    """
    words = [match.group().lower() for match in _WORD.finditer(content[:2_000])][:MAX_WORDS_LOOKED_AT]
    if len(words) < 3:
        return 0.05
    found = frozenset(words)
    score = 0.4 + _BY_KIND[kind]
    score += 0.15 if _NUMBER.search(content[:2_000]) or found & _listed("quantities") else 0
    score += 0.1 if has_names else 0
    score += 0.1 if speaker in (SpeakerKind.PERSON, SpeakerKind.ORGANISATION) else -0.1
    score += min(0.15, 0.05 * len(found & _listed("specific")))
    score -= min(0.3, 0.1 * len(found & _listed("opinion")))
    score -= 0.25 if found & _listed("pleasantries") else 0
    score -= 0.25 if len(words) < 5 else 0
    score -= 0.3 if content.endswith("?") else 0
    score -= 0.3 if is_object or words[0] == "whether" else 0
    score -= 0.15 if is_mental else 0
    return round(min(1.0, max(0.0, score)), 2)


def _listed(name: str) -> frozenset[str]:
    return word_set("checking", name, file="checking")
