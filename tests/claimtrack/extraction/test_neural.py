"""What becomes of the network's spans beside the rules' findings, with spans written by hand."""

import numpy as np
import pytest

from claimtrack.extraction.attribution import Kind
from claimtrack.extraction.findings import Finding
from claimtrack.extraction.network import WindowScores
from claimtrack.extraction.neural import read_with_network
from claimtrack.extraction.rules import read_sentence
from claimtrack.extraction.sentences import prepare
from claimtrack.wordpieces import WordPieces

BEGINS = {"source": 1, "cue": 3, "content": 5}


class MarkedNetwork:
    """Finds the attributions that are marked: each a source, a cue and a content, in words of the text."""

    vocabulary = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])

    def __init__(self, prepared, *marked):
        self._tokens = [token.text for token in prepared.tokens]
        self._marked = [{role: self._range(phrase) for role, phrase in one.items()} for one in marked]

    def _range(self, phrase):
        words = phrase.split()
        starts = range(len(self._tokens))
        first = next(i for i in starts if self._tokens[i : i + len(words)] == words)
        return first, first + len(words)

    def scores(self, pieces, shapes, words):
        tags = np.full((len(words), 7), 0.01, dtype=np.float32)
        tags[:, 0] = 0.5
        links = np.full((4, len(words), len(words)), -6.0, dtype=np.float32)
        for one in self._marked:
            for role, (first, last) in one.items():
                tags[first, BEGINS[role]] = tags[first + 1 : last, BEGINS[role] + 1] = 0.94
            links[0, slice(*one["content"]), slice(*one["cue"])] = 6.0
            links[1, slice(*one["cue"]), slice(*one["source"])] = 6.0
        return WindowScores(np.log(tags), links, np.zeros((2, len(words)), dtype=np.float32))


def read(text, *marked):
    prepared = prepare(text)
    by_rules = [finding for sentence in prepared.sentences for finding in read_sentence(prepared, sentence)]
    return prepared, read_with_network(prepared, by_rules, MarkedNetwork(prepared, *marked))


def words(prepared, span):
    return None if span is None else " ".join(token.text for token in prepared.tokens[slice(*span)])


def test_the_network_says_who_and_what_and_the_rules_to_whom_and_which_kind():
    prepared, [found] = read(
        "Lund assured the council that taxes would fall, as ever.",
        {"source": "Lund", "cue": "assured the council", "content": "that taxes would fall"},
    )

    assert words(prepared, found.source) == "Lund"
    assert words(prepared, found.content[0]) == "that taxes would fall"
    assert words(prepared, found.addressee) == "the council"
    assert found.cue.lemma == "assure"
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize(
    ("text", "marked", "kind", "negated"),
    [
        pytest.param(
            "Taxes will fall, Lund in his budget speech denied.",
            {"source": "Lund", "cue": "denied", "content": "Taxes will fall"},
            Kind.ASSERTION,
            True,
            id="a verb the rules left alone",
        ),
        pytest.param(
            "Lund's vow to cut taxes was old.",
            {"source": "Lund", "cue": "vow", "content": "to cut taxes"},
            Kind.PROMISE,
            False,
            id="a noun",
        ),
        pytest.param(
            "For Lund, taxes are too high.",
            {"source": "Lund", "cue": "For", "content": "taxes are too high"},
            Kind.ASSERTION,
            False,
            id="no reporting word at all",
        ),
    ],
)
def test_where_the_rules_found_nothing_the_cue_gives_the_kind(text, marked, kind, negated):
    prepared = prepare(text)

    [found] = read_with_network(prepared, [], MarkedNetwork(prepared, marked))

    assert (found.kind, found.negated) == (kind, negated)


def test_what_is_said_inside_a_content_comes_from_the_rules():
    prepared, found = read(
        "Lund said Berg promised that taxes would fall.",
        {"source": "Lund", "cue": "said", "content": "Berg promised that taxes would fall"},
    )

    assert [words(prepared, one.source) for one in found] == ["Lund", "Berg"]


def test_what_the_rules_find_elsewhere_is_left_out_unless_it_is_a_whole_quotation():
    prepared, found = read('Lund said taxes fell. "They fell by a third," Berg said.')

    assert [words(prepared, one.source) for one in found] == ["Berg"]


def test_who_is_to_do_something_belongs_to_what_is_to_be_done():
    prepared, [found] = read(
        "Lund wanted the council to cut taxes.",
        {"source": "Lund", "cue": "wanted the council", "content": "to cut taxes"},
    )

    assert words(prepared, found.content[0]) == "the council to cut taxes"


def test_one_addressed_is_never_the_source():
    prepared = prepare("Lund was told that taxes fell.")
    by_rules = [Finding(None, (1, 3), [(3, 6)], addressee=(0, 1), sentence=prepared.sentences[0])]
    marked = {"source": "Lund", "cue": "was told", "content": "that taxes fell"}

    [found] = read_with_network(prepared, by_rules, MarkedNetwork(prepared, marked))

    assert words(prepared, found.source) == "Lund"
    assert found.addressee is None


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Lund offered no date for the vote.", {"source": "Lund", "cue": "offered", "content": "no date"}),
        ("Lund made scant mention of taxes.", {"source": "Lund", "cue": "made scant mention of", "content": "taxes"}),
        ("Lund did not mention taxes today.", {"source": "Lund", "cue": "did not mention", "content": "taxes"}),
        (
            "They offered kind words at a dinner given for the winners.",
            {"source": "They", "cue": "offered kind words", "content": "a dinner given for the winners"},
        ),
    ],
)
def test_a_thing_that_is_kept_back_or_only_where_somebody_spoke_is_not_said(text, marked):
    assert read(text, marked)[1] == []


def test_a_verb_that_goes_on_after_what_is_said_belongs_to_its_subject():
    prepared, found = read(
        "Lund said the ministers were glad and discussed the tax.",
        {"source": "Lund", "cue": "said", "content": "the ministers were glad and discussed the tax"},
    )

    assert [words(prepared, one.cue_range) for one in found] == ["said"]


@pytest.mark.parametrize(
    ("text", "parts", "content"),
    [
        ("The talks on tax, Lund said, had failed.", ["The talks on tax"], ["The talks on tax ,", "had failed ."]),
        (
            "They had asked only for a loan, Lund said.",
            ["They", "only for a loan"],
            ["They had asked only for a loan"],
        ),
    ],
)
def test_a_subject_that_the_network_leaves_without_its_verb_gets_it_back(text, parts, content):
    marks = [{"source": "Lund", "cue": "said", "content": part} for part in parts]

    prepared, [found] = read(text, *marks)

    assert [words(prepared, part) for part in found.content] == content


def test_a_content_that_breaks_off_after_its_second_verb_goes_on_to_the_thing():
    prepared, [found] = read(
        "Lund said the ministers were glad and discussed the tax on trams.",
        {"source": "Lund", "cue": "said", "content": "the ministers were glad and discussed"},
    )

    assert words(prepared, found.content[0]) == "the ministers were glad and discussed the tax on trams ."


def test_a_text_without_attributions_has_no_findings():
    assert read("Taxes fell.")[1] == []
    assert read("")[1] == []
