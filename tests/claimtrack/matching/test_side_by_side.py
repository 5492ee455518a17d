import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.matching.side_by_side import MOST_PIECES, SHAPES, WORD, Seen, compare, numbers, side_by_side
from claimtrack.wordpieces import WordPieces

VOCABULARY = WordPieces.packaged()


def seen(claim: str, other: str) -> dict[str, Seen]:
    words = WORD.findall(claim)
    return dict(zip(words, compare(words, WORD.findall(other)), strict=True))


@pytest.mark.parametrize(
    ("word", "claim", "other", "expected"),
    [
        ("bridge", "the bridge opens", "a bridge", Seen.WORD_SAME),
        ("Oslo", "in Oslo", "of Oslo", Seen.NAME_SAME),
        ("Bergen", "in Bergen", "in Oslo", Seen.NAME_ALONE),
        ("opened", "it opened", "it opens", Seen.WORD_NEAR),
        ("construction", "its construction", "constructed there", Seen.WORD_NEAR),
        ("rise", "prices rise", "prices fall", Seen.WORD_OPPOSITE),
        ("harbour", "the harbour", "the bridge", Seen.WORD_ALONE),
        (",", "well, then", "well, now", Seen.SIGN),
    ],
)
def test_a_word_is_told_by_what_the_other_text_has_of_it(word, claim, other, expected):
    assert seen(claim, other)[word] is expected


@pytest.mark.parametrize(
    ("word", "claim", "other", "expected"),
    [
        ("40", "40 ships", "forty ships", Seen.NUMBER_SAME),
        ("40", "40 ships", "38 ships", Seen.NUMBER_MORE),
        ("3.1", "3.1 million tonnes", "3,200,000 tonnes", Seen.NUMBER_LESS),
        ("40", "40 ships", "9,000 ships", Seen.NUMBER_ALONE),
        ("2014", "in 2014", "2,014 ships", Seen.NUMBER_ALONE),
        ("March", "in March", "not before October", Seen.NUMBER_LESS),
        ("40", "more than 40 ships", "41 ships", Seen.BOUND_HOLDS),
        ("40", "more than 40 ships", "39 ships", Seen.BOUND_FAILS),
        ("40", "more than 40 ships", "40 ships", Seen.BOUND_EDGE),
        ("40", "no more than 40 ships", "39 ships", Seen.BOUND_HOLDS),
        ("40", "40 or more ships", "39 ships", Seen.BOUND_FAILS),
        ("2014", "before 2014", "in 2015", Seen.BOUND_FAILS),
        ("5", "over $5 million", "$5.2 million", Seen.BOUND_HOLDS),
    ],
)
def test_a_number_is_held_against_the_nearest_of_its_kind(word, claim, other, expected):
    assert seen(claim, other)[word] is expected


def test_a_number_takes_its_scale_with_it():
    [number] = numbers(WORD.findall("some 23.5 million copies"))

    assert number.value == 23_500_000
    assert (number.first, number.end) == (1, 3)


def test_a_month_is_one_only_with_a_capital():
    assert [number.kind for number in numbers(WORD.findall("It may open in May"))] == ["month"]


def test_each_side_has_shapes_of_its_own():
    beside = side_by_side("the bridge", "the tunnel", VOCABULARY)

    same, alone, other_side = Seen.WORD_SAME, Seen.WORD_ALONE, len(Seen)
    assert beside.shapes == [0, same, alone, 0, same + other_side, alone + other_side, 0]
    assert len(beside.pieces) == len(beside.shapes)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_laid_beside_each_other(claim, other):
    beside = side_by_side(claim, other, VOCABULARY)

    assert len(beside.pieces) == len(beside.shapes) <= MOST_PIECES
    assert all(0 <= shape < SHAPES for shape in beside.shapes)


def test_long_texts_leave_room_for_each_other():
    beside = side_by_side("word " * 5_000, "other " * 5_000, VOCABULARY)

    assert len(beside.pieces) == MOST_PIECES
    assert beside.pieces.count(VOCABULARY.closes) == 2
