"""Tags to spans and spans to attributions, with a network whose scores are written by hand."""

import numpy as np
import pytest

from claimtrack.extraction.linking import linked_spans
from claimtrack.extraction.network import WindowScores
from claimtrack.extraction.sentences import prepare
from claimtrack.extraction.tagging import Role, spans
from claimtrack.wordpieces import WordPieces

VOCABULARY = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])


def scores_of(tags, *, sure=0.9):
    """Log probabilities for a sequence of tags."""
    likely = np.full((len(tags), 7), (1 - sure) / 6, dtype=np.float32)
    likely[np.arange(len(tags)), tags] = sure
    return np.log(likely)


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        pytest.param([0, 0], [], id="nothing"),
        pytest.param([1, 2, 0, 3], [("SOURCE", (10, 12)), ("CUE", (13, 14))], id="two roles"),
        pytest.param([5, 6, 5], [("CONTENT", (10, 12)), ("CONTENT", (12, 13))], id="one span after another"),
        pytest.param([1, 3, 4], [("SOURCE", (10, 11)), ("CUE", (11, 13))], id="no gap between roles"),
    ],
)
def test_tags_become_spans(tags, found):
    assert [(span.role.name, span.words) for span in spans(scores_of(tags), 10)] == found


def test_a_span_never_goes_on_before_it_begins():
    scores = scores_of([0, 6, 6])
    scores[0, 5] = np.log(0.05)

    [span] = spans(scores, 0)

    assert span.role == Role.CONTENT
    assert span.words[1] == 3


class WrittenNetwork:
    """Tags each word by a table, and lets chosen words point to chosen words."""

    vocabulary = VOCABULARY

    def __init__(self, tags, links):
        self._tags, self._links = tags, links

    def scores(self, pieces, shapes, words):
        assert len(pieces) == len(shapes) == len(words) + 2
        links = np.full((4, len(words), len(words)), -5.0, dtype=np.float32)
        for number, start, end in self._links:
            links[number, start, end] = 5.0
        none = np.zeros((2, len(words)), dtype=np.float32)
        return WindowScores(scores_of(self._tags), links, none)


def test_contents_find_their_cue_and_cues_their_source():
    text = prepare("Ann said fish swim , Bob added birds fly")
    network = WrittenNetwork(
        [1, 3, 5, 6, 0, 1, 3, 5, 6],
        [(0, 2, 1), (0, 3, 1), (0, 7, 6), (0, 8, 6), (1, 1, 0), (1, 6, 5)],
    )

    first, second = linked_spans(text, network)

    assert (first.source, first.cue, first.content) == ((0, 1), (1, 2), [(2, 4)])
    assert (second.source, second.cue, second.content) == ((5, 6), (6, 7), [(7, 9)])
    assert first.sure == pytest.approx(0.9, abs=0.1)


def test_what_points_to_none_stays_alone():
    text = prepare("Ann said fish swim")

    assert linked_spans(text, WrittenNetwork([1, 3, 5, 6], [])) == []


def test_two_contents_of_one_cue_are_one_attribution():
    text = prepare("fish swim , said Ann , and birds fly")
    tags = [5, 6, 0, 3, 1, 0, 5, 6, 6]
    network = WrittenNetwork(tags, [(0, 0, 3), (0, 1, 3), (0, 6, 3), (0, 7, 3), (0, 8, 3), (1, 3, 4)])

    [found] = linked_spans(text, network)

    assert found.content == [(0, 2), (6, 9)]
    assert found.source == (4, 5)
