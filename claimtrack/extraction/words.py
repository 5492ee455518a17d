"""Words of the text with their places and classes: what every rule looks at."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MAX_WORDS = 20_000
MAX_TOKENS = 40_000
MAX_CHARACTERS = 400_000
MAX_WORD_LENGTH = 60

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,:]\d+)*"
    r"|\w+(?:[-'’&]\w+)*"
    r"|''|``|\.\.\.|--"
    r"|\S"
)
_POSSESSIVE = ("'s", "’s")


@cache
def load(name: str) -> dict[str, dict[str, str]]:
    """Read one of the packaged word lists, once: {table: {list: words separated by blanks}}."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def word_set(table: str, name: str, *, file: str = "words") -> frozenset[str]:
    """Return one packaged list as a set of lower-case words."""
    return frozenset(load(file)[table][name].split())


@cache
def _classes() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in load("words")["classes"].items():
        for word in words.split():
            found.setdefault(word, name)
    return found


@dataclass(slots=True)
class Token:
    """One word or mark: `tag` is its class (a key of data/words.toml, or capital, number, mark, word)."""

    start: int
    end: int
    text: str
    low: str
    tag: str
    quoted: bool = False


def tokenize(text: str) -> list[Token]:
    """Split the text into words and marks; at most the first 20,000 words are read.

    A possessive ending is a token of its own. Work and memory grow with the length of the text.
    """
    tokens: list[Token] = []
    words = 0
    classes = _classes()
    for match in _TOKEN.finditer(text, 0, min(len(text), MAX_CHARACTERS)):
        start, end, word = match.start(), match.end(), match.group()
        if word == "." and tokens and tokens[-1].end == end:
            continue  # the point of an abbreviation
        words += word[0].isalnum()
        if words > MAX_WORDS or len(tokens) >= MAX_TOKENS:
            break
        if word[-2:] in _POSSESSIVE and len(word) > 2:
            tokens.append(_token(start, end - 2, word[:-2], classes))
            tokens.append(Token(end - 2, end, word[-2:], "'s", "possessive-mark"))
            continue
        token = _token(start, end, word, classes)
        if text[end : end + 1] == "." and _is_abbreviation(word, token.low):
            token.end, token.text = end + 1, word + "."
        tokens.append(token)
    return tokens


def _is_abbreviation(word: str, low: str) -> bool:
    return low in word_set("names", "abbreviations") or (len(word) == 1 and word.isupper() and word != "I")


def _token(start: int, end: int, word: str, classes: dict[str, str]) -> Token:
    if len(word) > MAX_WORD_LENGTH:
        return Token(start, end, word, "", "mark")
    low = word.lower()
    tag = classes.get(low)
    if tag is None:
        tag = _tag_by_shape(word)
    elif word == "US":
        tag = "capital"
    return Token(start, end, word, low, tag)


def _tag_by_shape(word: str) -> str:
    first = word[0]
    if first.isdigit():
        return "number"
    if not first.isalpha():
        return "mark"
    if first.isupper():
        return "capital"
    is_adverb = word.endswith("ly") and len(word) > 4 and word not in word_set("names", "no_adverbs")
    return "adverb" if is_adverb else "word"


def text_of(tokens: Sequence[Token], text: str, first: int, last: int) -> str:
    """Return the text from token `first` up to and without token `last`."""
    return text[tokens[first].start : tokens[last - 1].end] if first < last else ""
