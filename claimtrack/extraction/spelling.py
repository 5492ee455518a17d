"""One key for the spellings of a name."""

import re
import unicodedata

from claimtrack.extraction.attribution import SpeakerKind, SpeakerName

SHORTEST_INITIALS = 3
_NO_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("['’]")


def name_key(name: str) -> str:
    """The name without case, accents, hyphens and punctuation: "Kim Jong-un" and "KIM Jong Un" have one key."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def stands_alone(alias: str, one: SpeakerName) -> bool:
    """Tell whether a short form means the same in other articles: initials of a body, most of a person's names."""
    if one.kind is SpeakerKind.PERSON:
        words = name_key(alias).split()
        return len(words) > 1 and set(words) <= set(name_key(one.name).split())
    named = [word for word in alias.split() if word[0].isupper() and word != "The"]
    return len(named) > 1 or (alias.isupper() and len(alias) >= SHORTEST_INITIALS)
