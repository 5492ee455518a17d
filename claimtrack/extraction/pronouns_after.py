"""What the pronouns after a name tell of who bears it: a person or a thing, a man or a woman."""

from collections.abc import Sequence

from claimtrack.extraction.genders import Gender
from claimtrack.extraction.lexicon import cues
from claimtrack.extraction.phrases import is_time
from claimtrack.extraction.words import Token

PRONOUN_WITHIN = 6
GENDER_WITHIN = 14
_MALE = {"he", "his", "himself"}
_FEMALE = {"she", "her", "herself"}
_WIVES = {"wife", "widow", "girlfriend", "ex-wife"}
_HUSBANDS = {"husband", "widower", "boyfriend", "ex-husband"}
_ENDS = {",", ".", "!", "?", ";", ":", "and", "but", "while", "whose"}


def person_or_thing(tokens: Sequence[Token], after: int) -> int:
    """Return what the first pronoun after a name speaks for: 1 a person, -1 a thing, 0 neither."""
    for i in range(after, min(after + PRONOUN_WITHIN, len(tokens))):
        token = tokens[i]
        if token.low in {"he", "she", "his", "her", "him"}:
            return 1
        if token.low == "its" or (token.low == "it" and _stands_for_a_thing(tokens, after, i)):
            return -1
        if (token.tag == "capital" and not is_time(token)) or token.text in {".", ","}:
            return 0
    return 0


def gender_told(tokens: Sequence[Token], first: int, after: int) -> Gender:
    """Return the gender of who is named from token `first` to `after`, as the rest of the clause tells it.

    "Smith lost her keys", "Smith said he was late", "Smith's husband"; not "Smith asked her to go".
    """
    if after >= len(tokens):
        return Gender.UNKNOWN
    if tokens[after].tag == "possessive-mark":
        belongs = {token.low for token in tokens[after + 1 : after + 3]}
        return _first_of(belongs & _HUSBANDS, belongs & _WIVES)
    if first > 0 and tokens[first - 1].tag not in {"mark", "subordinator", "adverb"}:
        return Gender.UNKNOWN  # no subject
    for i in range(after, min(after + GENDER_WITHIN, len(tokens))):
        token = tokens[i]
        if token.low in _ENDS or token.quoted != tokens[after - 1].quoted:
            break
        if (token.tag == "capital" and not is_time(token)) or token.low in {"him", "hers", "they", "their"}:
            break
        if token.low in _MALE | _FEMALE:
            is_object = token.low == "her" and (i + 1 >= len(tokens) or tokens[i + 1].tag != "word")
            is_another = (
                token.low in {"his", "her"} and tokens[i - 1].low in cues().verbs
            )  # "called his plan a mistake"
            return Gender.UNKNOWN if is_object or is_another else _first_of({token.low} & _FEMALE, {token.low} & _MALE)
    return Gender.UNKNOWN


def _first_of(female: set[str], male: set[str]) -> Gender:
    if female:
        return Gender.FEMALE
    return Gender.MALE if male else Gender.UNKNOWN


def _stands_for_a_thing(tokens: Sequence[Token], after: int, i: int) -> bool:
    """Tell "Acme said it had sold" from "Smith said it had been raining"."""
    if (
        i == after
        or i + 2 >= len(tokens)
        or tokens[i + 1].low not in {"had", "has", "will", "would", "plans", "expects"}
    ):
        return False
    return tokens[i + 2].low not in {"be", "been", "take", "taken", "not", "never"}
