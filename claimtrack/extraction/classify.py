"""What sort of claim a statement is: kind, polarity, hedge, and how much it is worth checking."""

import re

from claimtrack.extraction.attribution import Kind, Polarity, SpeakerKind
from claimtrack.extraction.lexicon import Cue
from claimtrack.extraction.words import word_set

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NUMBER = re.compile(r"\d")
_FUTURE = re.compile(r"\b(?:will|shall|won't|won’t|would|going to|'ll|’ll|plans? to|intends? to)\b", re.IGNORECASE)
_OWN_FUTURE = re.compile(
    r"^(?:that )?(?:i|we|he|she|they|it)(?:'ll|’ll| will| would| shall| am going to| are going to)\b"
    r"|^(?:to|not to|never to)\b",
    re.IGNORECASE,
)
_MODAL_NEED = re.compile(r"^(?:that )?(?:[^\W\d_]+ ){1,4}(?:must|should|ought to|needs? to)\b", re.IGNORECASE)
_LEMMAS_OF_OWN_ACT = frozenset({"assure", "promise", "vow", "pledge", "swear", "guarantee", "commit", "undertake"})
MAX_WORDS_LOOKED_AT = 80
_BY_KIND = {Kind.ASSERTION: 0.0, Kind.PROMISE: 0.2, Kind.PREDICTION: 0.2, Kind.DEMAND: 0.05}


def kind_of(cue: Cue | None, given: Kind, content: str) -> Kind:
    """Return the kind: from the cue where it tells, else from the content's wording.

    `given` is what the rule made of the cue; an assurance of one's own future act is a promise, a
    foretelling of what others will do a prediction.
    """
    content = content[:600].lstrip("\"'“‘")
    own_future = bool(_OWN_FUTURE.search(content))
    if given in (Kind.PROMISE, Kind.DEMAND):
        return given
    if cue is not None and cue.lemma in _LEMMAS_OF_OWN_ACT and own_future:
        return Kind.PROMISE
    if given == Kind.PREDICTION:
        return given
    if own_future and re.match(r"(?:that )?(?:i|we)\b", content, re.IGNORECASE):
        return Kind.PROMISE
    if re.search(r"\b(?:will|won't|won’t|is going to|are going to)\b", content, re.IGNORECASE):
        return Kind.PREDICTION
    if (
        cue is not None
        and _FUTURE.search(content)
        and cue.lemma in {"expect", "hope", "fear", "believe", "think", "warn"}
    ):
        return Kind.PREDICTION
    if _MODAL_NEED.search(content):
        return Kind.DEMAND
    return Kind.ASSERTION


_NEGATION = re.compile(
    r"\b(?:not|never|no longer|neither|nor|nobody|nothing|none|cannot)\b|n['’]t\b|\bno\s+\w+", re.IGNORECASE
)


def polarity_of(content: str, *, turned: bool) -> Polarity:
    """Return the polarity of the main clause: a negation near its beginning, turned once more by a cue that denies."""
    words = [match.group().lower() for match in _WORD.finditer(content[:600])][:14]
    opening = " ".join(words)
    negated = bool(_NEGATION.search(opening)) and "not only" not in opening
    return Polarity.NEGATED if negated != turned else Polarity.AFFIRMED


def is_hedged(content: str, cue_words: str) -> bool:
    """Tell whether the words leave room: may, could, reportedly, ..."""
    hedges = _listed("hedges")
    words = {match.group().lower() for match in _WORD.finditer(f"{cue_words} {content[:600]}")}
    return bool(words & hedges)


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
    score -= 0.25 if len(words) < 6 else 0
    score -= 0.3 if content.endswith("?") else 0
    score -= 0.3 if is_object else 0
    score -= 0.15 if is_mental else 0
    return round(min(1.0, max(0.0, score)), 2)


def _listed(name: str) -> frozenset[str]:
    return word_set("checking", name, file="checking")
