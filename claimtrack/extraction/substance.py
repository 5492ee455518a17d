"""Whether anything is said: a proposition, a stance, a promise of a thing, or only talk that is told of."""

from collections.abc import Sequence

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.lexicon import Cue, cues
from claimtrack.extraction.phrases import Range, is_time, is_verb_like, opens_infinitive
from claimtrack.extraction.sentences import Text
from claimtrack.extraction.words import Token, word_set

_OPENS_CLAUSE = {"that", "whether", "how", "what", "why", "if", "when", "where", "who"}
_OPENS_RELATIVE = {"who", "which", "whom", "whose", "that", "where"}
_TAKES_THING = {"object", "complement"}
_PARTICIPLES = {"seen", "written", "made", "held", "taken", "sent", "given", "drawn", "led", "shown", "known", "found"}
NAMES_THING = 4  # words, after a verb of saying, that name what was spoken of: "told of this"


def says_something(prepared: Text, finding: Finding) -> bool:
    """Tell whether a finding reports something said, not only that there was talk, or none.

    Words in quotation marks, clauses and infinitives say something. A mere thing does where the verb takes a stance on
    it ("condemned the launch"), or promises, predicts, demands or wants it; in "made little mention of the tests" and
    "the council looked at the plan" nobody says anything.
    """
    if finding.cue_range is None:
        return True
    cue, words = finding.cue, prepared.tokens[slice(*finding.cue_range)]
    if cue is None and _stirs(words):
        return False
    if holds_words(prepared, finding):
        return True
    if keeps_back(prepared, finding):
        return False
    if cue is None:
        return any(token.low in cues().nouns or token.low == "according" for token in words)
    if cue.frames & _TAKES_THING or cue.kind != Kind.ASSERTION or _is_wish(cue):
        return True
    first = finding.content[0][0]
    is_topic = first > 0 and prepared.tokens[first - 1].tag == "preposition"  # "told of", "asked about"
    return not (cue.is_mental or is_topic) and sum(end - start for start, end in finding.content) > NAMES_THING


def holds_words(prepared: Text, finding: Finding) -> bool:
    """Tell whether a content has words that somebody said, or reports them in a clause: it is no mere thing."""
    is_quoted = any(
        token.quoted and token.tag != "mark" for part in finding.content for token in prepared.tokens[slice(*part)]
    )
    return is_quoted or not all(is_thing(prepared.tokens, part) for part in finding.content)


def keeps_back(prepared: Text, finding: Finding) -> bool:
    """ "offered no time frame", "did not mention the tests": the thing that is named was not said."""
    if holds_words(prepared, finding):
        return False
    first, cue = finding.content[0][0], finding.cue
    words = prepared.tokens[slice(*(finding.cue_range or (first, first)))]
    is_scant = any(token.low in _listed("scant") for token in [*words, prepared.tokens[first]])
    return is_scant if cue is None else cue.lemma in _listed("plain") and (is_scant or finding.negated)


def is_thing(tokens: Sequence[Token], part: Range) -> bool:
    """Tell whether the words are a noun phrase, perhaps with a relative clause or a participle behind its noun."""
    first, last = part
    if tokens[first].low in _OPENS_CLAUSE or (first > 0 and tokens[first - 1].low == "that"):
        return False
    if opens_infinitive(tokens, first + (tokens[first].low in {"not", "never"}), last):
        return False
    for i in range(first, last):
        if i > first and tokens[i].low in _OPENS_RELATIVE:
            return True
        if is_verb_like(tokens[i]) and not (_is_participle(tokens, i, part) or _is_plural_noun(tokens, i, last)):
            return False
    return True


def _is_participle(tokens: Sequence[Token], i: int, part: Range) -> bool:
    """ "the proposed rules", "a summit focused on arms", "a report seen by the paper"."""
    first, last = part
    low = tokens[i].low
    if tokens[i].tag == "auxiliary" or not (low.endswith("ed") or low in _PARTICIPLES) or i + 1 >= last:
        return False
    after = tokens[i + 1]
    if i == first or tokens[i - 1].tag in {"article", "possessive", "possessive-mark"}:
        return after.tag in {"word", "capital"}
    return tokens[i - 1].tag in {"word", "capital"} and (after.tag == "preposition" or is_time(after))


def _is_plural_noun(tokens: Sequence[Token], i: int, last: int) -> bool:
    """ "in his opening remarks": nothing follows that such a verb would take."""
    if tokens[i].tag != "word" or not tokens[i].low.endswith("s"):
        return False
    return i + 1 == last or tokens[i + 1].tag in {"mark", "preposition", "subordinator"}


def _is_wish(cue: Cue) -> bool:
    return cue.is_mental and "to" in cue.frames


def _stirs(words: Sequence[Token]) -> bool:
    """ "stoked fears", "tamped down expectations": they are not those of the one who does so."""
    kinds = [cues().nouns.get(token.low) for token in words]
    noun = next((n for n, kind in enumerate(kinds) if kind in (Kind.ASSERTION, Kind.PREDICTION)), 0)
    before = [token for token in words[:noun] if token.tag != "auxiliary"]
    is_own = any(token.tag == "possessive" or token.low in _listed("light") | _listed("rejecting") for token in before)
    return not is_own and any(is_verb_like(token) for token in before)


def _listed(name: str) -> frozenset[str]:
    return word_set("nouns_with", name, file="cues")
