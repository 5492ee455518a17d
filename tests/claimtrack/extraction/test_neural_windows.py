from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.extraction.sentences import prepare
from claimtrack.extraction.windows import MAX_CONTEXT, MAX_PIECES, SHAPES, shapes, windows
from claimtrack.wordpieces import MAX_PIECES as PIECES_OF_A_WORD
from claimtrack.wordpieces import WordPieces

VOCABULARY = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "fish", "##ery", "##es", "er", "'", "s", "cafe", "-"])


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        pytest.param("fish", [4], id="a known word"),
        pytest.param("Fishery", [4, 5], id="the longest beginning first, in lower case"),
        pytest.param("Café's", [10, 8, 9], id="accents go, marks are pieces of their own"),
        pytest.param("fish-fishes", [4, 11, 4, 6], id="parts of a compound"),
        pytest.param("zzz", [1], id="an unknown word"),
        pytest.param("fishzzz", [1], id="a word that is known only in part"),
        pytest.param("\u0301", [1], id="a sign that vanishes"),
    ],
)
def test_a_word_is_cut_into_the_pieces_of_the_vocabulary(word, pieces):
    assert list(VOCABULARY.of(word)) == pieces


def test_a_word_without_end_has_few_pieces():
    assert len(VOCABULARY.of("-" * 100_000)) == PIECES_OF_A_WORD


def test_shapes_tell_case_quotation_and_the_beginning_of_a_paragraph():
    text = prepare('"NATO agreed," Ann told iPad users, 30 of them.\n\nFine.')
    found = dict(zip([token.text for token in text.tokens], shapes(text), strict=True))

    assert max(found.values()) < SHAPES
    assert found['"'] % 4 == 2  # the second one: quoted, opens nothing
    assert {found["NATO"] // 4, found["Ann"] // 4, found["told"] // 4, found["iPad"] // 4} == {3, 2, 1, 4}
    assert (found["agreed"] % 4, found["Ann"] % 4, found["Fine"] % 4) == (2, 0, 1)


@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.integers(1, 12))
def test_every_word_is_new_in_exactly_one_window_and_no_window_is_too_long(lengths, size):
    text = prepare("\n\n".join(" ".join(["Fish"] + ["swim"] * length) + "." for length in lengths))
    sizes = [size] * len(text.tokens)

    found = windows(text, sizes)

    assert [found[0].new, *(window.last for window in found)] == [
        0,
        *(window.new for window in found[1:]),
        len(text.tokens),
    ]
    for window in found:
        assert window.first <= window.new < window.last
        assert sum(sizes[window.first : window.last]) <= MAX_PIECES
        assert sum(sizes[window.first : window.new]) <= MAX_CONTEXT


def test_windows_end_with_paragraphs_where_these_fit():
    text = prepare("\n\n".join("Fish swim in the sea." for _ in range(100)))
    ends = {last for _, last in text.paragraphs}

    found = windows(text, [2] * len(text.tokens))

    assert len(found) > 1
    assert all(window.last in ends for window in found)
    assert all(after.first < after.new for _, after in pairwise(found))


def test_an_empty_text_has_no_windows():
    assert windows(prepare(""), []) == []
