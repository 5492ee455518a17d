"""The matcher's scores on our own told stories. `make eval` prints them all, with intervals."""

from collections import Counter

import pytest

from bench.figures import values
from bench.matching.figures import FIGURES
from bench.matching.scoring import count, match
from bench.matching.stories import HALVES, own_stories
from bench.matching.told import Facts

# What is reached, less a margin for changes that trade one case for another; raised when it gets better.
FLOORS = {
    "same claim, F1": (0.80, 0.72),
    "stance of what bears, macro-F1": (0.80, 0.57),
    "bearing found, macro-F1": (0.43, 0.32),
    "repeats accepted": (0.20, 0.13),
}
MOST_WRONG = 0.01


@pytest.mark.parametrize("half", HALVES)
def test_the_scores_do_not_get_worse(half):
    articles = match(own_stories(half), Facts.MARKED)

    scores = values(FIGURES, sum((count(article) for article in articles), Counter[str]()))

    column = HALVES.index(half)
    fallen = {name: scores[name] for name, floors in FLOORS.items() if scores[name] < floors[column]}
    assert fallen == {}
    assert scores["wrong accepts"] <= MOST_WRONG
