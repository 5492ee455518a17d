"""Near-copies of articles: an agency's story, shortened, retitled and with another dateline, is found again.

One-permutation MinHash over shingles of words (Li, Owen and Zhang 2012), empty bins filled by densification
(Shrivastava 2017), cut into bands for look-up; the exact check of two texts comes after. With the numbers
below, texts that share 60 % of their shingles share a key with a chance above .999, 40 %: .98, 1 %: .002.
"""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from struct import pack

BANDS, ROWS = 24, 2
BINS = BANDS * ROWS
SHINGLE_WORDS = 5
MOST_WORDS = 20_000
SAME_STORY_AT = 0.5
CONTAINED_FROM_WORDS = 60
SHORTEST_PART = 0.2

APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`](?=\w)")
WORD = re.compile(r"\w+")
PROBE_STEP = 0x9E3779B97F4A7C15
SIXTY_FOUR_BITS = (1 << 64) - 1


def sketch(text: str) -> tuple[int, ...]:
    """Keys of an article, signed 64-bit numbers: near-copies share at least one, other texts rarely do.

    Reads the first `MOST_WORDS` words; a text without words has no key.
    """
    smallest: list[int | None] = [None] * BINS
    for shingle in _shingles(_words(text)):
        bin_, value = shingle % BINS, shingle // BINS
        known = smallest[bin_]
        if known is None or value < known:
            smallest[bin_] = value
    if not any(value is not None for value in smallest):
        return ()
    filled = [_filled(smallest, bin_) for bin_ in range(BINS)]
    return tuple(_band_key(band, filled[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS))


def resemblance(a: str, b: str) -> float:
    """How much of two texts is the same, 0 to 1: the shingles shared, of all or of the shorter text.

    The share of the shorter counts from `CONTAINED_FROM_WORDS` words, and only where it makes up
    `SHORTEST_PART` of the longer: a long report that quotes a short notice in full is no copy of it.
    """
    words_a, words_b = _words(a), _words(b)
    shingles_a, shingles_b = _shingles(words_a), _shingles(words_b)
    if not (shingles_a and shingles_b):
        return 0.0
    shared = len(shingles_a & shingles_b)
    jaccard = shared / len(shingles_a | shingles_b)
    short, long = sorted((len(words_a), len(words_b)))
    if short < CONTAINED_FROM_WORDS or short < SHORTEST_PART * long:
        return jaccard
    return max(jaccard, shared / min(len(shingles_a), len(shingles_b)))


def _words(text: str) -> list[str]:
    """Words without case, accents of typing, punctuation or quotation marks."""
    plain = APOSTROPHES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return [match.group() for match, _ in zip(WORD.finditer(plain), range(MOST_WORDS), strict=False)]


def _shingles(words: list[str]) -> set[int]:
    """Hashes of each run of `SHINGLE_WORDS` words; a shorter text is one run."""
    if not words:
        return set()
    last = max(len(words) - SHINGLE_WORDS, 0)
    runs = (" ".join(words[start : start + SHINGLE_WORDS]) for start in range(last + 1))
    return {_hash(run.encode()) for run in runs}


def _hash(data: bytes, *, signed: bool = False) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), signed=signed)


def _filled(smallest: list[int | None], bin_: int) -> int:
    """The value of a bin; an empty one borrows from the bins that it probes, the same for every text."""
    state, value = bin_, smallest[bin_]
    while value is None:
        state = (state * PROBE_STEP + 1) & SIXTY_FOUR_BITS
        value = smallest[(state >> 32) % BINS]
    return value


def _band_key(band: int, values: Iterable[int]) -> int:
    return _hash(pack(f">B{ROWS}Q", band, *values), signed=True)
