"""Sentences and quotations, which the rules stand on."""

import pytest

from claimtrack.extraction.sentences import prepare

SPLITS = [
    ("It rained. It snowed.", ["It rained.", "It snowed."]),
    ("Dr. Weber met Mr. Feld. They left.", ["Dr. Weber met Mr. Feld.", "They left."]),
    ("J. R. Lund lives in the U.S. He works.", ["J. R. Lund lives in the U.S.", "He works."]),
    ("It grew by 3.5 percent. Then it fell.", ["It grew by 3.5 percent.", "Then it fell."]),
    ('"It rained. It snowed," he said. He left.', ['"It rained. It snowed," he said.', "He left."]),
    ('"It rained." Feld left.', ['"It rained."', "Feld left."]),
    ('"Is it raining?" Feld asked. He left.', ['"Is it raining?" Feld asked.', "He left."]),
    ("It rained\n\nIt snowed", ["It rained", "It snowed"]),
    ("", []),
]


DATELINES = [
    ("BERLIN - The mayor left.", ["The mayor left."]),
    ("ALTSTADT, May 4 (Courier) — The mayor left.", ["The mayor left."]),
    ("ROM-COM fans left.", ["ROM-COM fans left."]),
    ("NATO — long silent — left.", ["NATO — long silent — left."]),
]


@pytest.mark.parametrize(("text", "sentences"), DATELINES)
def test_a_dateline_is_no_part_of_the_sentence(text, sentences):
    prepared = prepare(text)

    assert [
        text[prepared.tokens[first].start : prepared.tokens[last - 1].end] for first, last in prepared.sentences
    ] == sentences


@pytest.mark.parametrize(("text", "sentences"), SPLITS)
def test_sentences_end_where_a_reader_would_end_them(text, sentences):
    prepared = prepare(text)

    assert [
        text[prepared.tokens[first].start : prepared.tokens[last - 1].end] for first, last in prepared.sentences
    ] == (sentences)


QUOTED = [
    ('He said "it rained" twice.', ['"it rained"']),
    ("He said “it rained” twice.", ["“it rained”"]),
    ("He said ''it rained'' twice.", ["''it rained''"]),
    ("He called it 'a farce' twice.", ["'a farce'"]),
    ("The workers' union doesn't like the players' strike.", []),
    ('It was a 5" pipe.', []),
    ("“It rained.\n\n“It snowed.”", ["“It rained.", "“It snowed.”"]),
    ("He said “it rained and left", []),
]


@pytest.mark.parametrize(("text", "quotations"), QUOTED)
def test_quotations_are_found_in_every_kind_of_marks(text, quotations):
    prepared = prepare(text)

    assert [
        text[prepared.tokens[one.first].start : prepared.tokens[one.last - 1].end] for one in prepared.quotations
    ] == (quotations)
