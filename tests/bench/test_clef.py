import subprocess
import sys

import pytest

from bench.matching.clef import average_precision


@pytest.mark.parametrize(
    ("found", "wanted", "score"),
    [
        pytest.param([7, 1, 2], {7}, 1.0, id="the right one first"),
        pytest.param([1, 7, 2], {7}, 0.5, id="second"),
        pytest.param([1, 2, 3, 4, 5, 7], {7}, 0.0, id="too late"),
        pytest.param([], {7}, 0.0, id="nothing found"),
        pytest.param([7, 1, 8], {7, 8}, (1 + 2 / 3) / 2, id="two right ones"),
        pytest.param([7], {7, 8}, 0.5, id="one of two"),
    ],
)
def test_the_average_precision_is_that_of_the_first_five(found, wanted, score):
    assert average_precision(found, wanted) == pytest.approx(score)


def test_without_data_the_measurement_is_skipped_with_a_word():
    command = [sys.executable, "-m", "bench.matching.clef"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "skipped" in done.stdout
    assert "MATCHING=folder" in done.stdout
