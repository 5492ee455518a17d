"""How whole texts are cut; how single words are, stands with the reader's windows."""

import pytest

from claimtrack.wordpieces import LONGEST_IN_TEXT, WordPieces

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
PIECES = ["fish", "##ery", "er", "##5", "€", ".", "'", "s", "東", "京", "istanbul", "x", "##x"]
VOCABULARY = WordPieces([*MARKS, *PIECES])


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Fish\tfishery\n", ["fish", "fish", "##ery"], id="any space parts words, case goes"),
        pytest.param("Fish's.", ["fish", "'", "s", "."], id="punctuation stands alone"),
        pytest.param("€5", ["€", "##5"], id="other signs stay with their word"),
        pytest.param("東京", ["東", "京"], id="a Han sign is a word"),
        pytest.param("İstanbul", ["istanbul"], id="accents go"),
        pytest.param("fi\u200bsh\u0007", ["fish"], id="what does not show is not there"),
        pytest.param("fishzzz fish", ["[UNK]", "fish"], id="a word known only in part is unknown"),
        pytest.param("x" * LONGEST_IN_TEXT, ["x"] + ["##x"] * (LONGEST_IN_TEXT - 1), id="a long word"),
        pytest.param("x" * (LONGEST_IN_TEXT + 1), ["[UNK]"], id="a word longer than any"),
    ],
)
def test_a_text_is_cut_as_bert_cuts_it(text, pieces):
    names = [*MARKS, *PIECES]
    assert [names[number] for number in VOCABULARY.of_text(text, most=256)] == ["[CLS]", *pieces, "[SEP]"]


def test_a_text_without_end_has_only_so_many_pieces():
    pieces = VOCABULARY.of_text("fishery " * 1_000, most=8)

    assert pieces == [2, 4, 5, 4, 5, 4, 5, 3]
