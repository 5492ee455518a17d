"""One key for the spellings of a name."""

import re
import unicodedata

_NO_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile("['’]")


def name_key(name: str) -> str:
    """The name without case, accents, hyphens and punctuation: "Kim Jong-un" and "KIM Jong Un" have one key."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()
