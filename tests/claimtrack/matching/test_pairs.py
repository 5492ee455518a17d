import subprocess
import sys

import numpy as np
import pytest

from claimtrack.matching.pairs import Answer, judge_pairs

CLAIM = "The dam holds more than 40 million cubic metres of water."


def answer(claim: str, other: str) -> Answer:
    return Answer(int(judge_pairs([(claim, other)])[0].argmax()))


@pytest.mark.parametrize(
    ("claim", "other", "expected"),
    [
        pytest.param(CLAIM, "The dam holds 43 million cubic metres of water.", Answer.SUPPORTS, id="the bound holds"),
        pytest.param(CLAIM, "The dam holds 38 million cubic metres of water.", Answer.REFUTES, id="the bound fails"),
        pytest.param(
            "The bridge will open before May 2024.",
            "The bridge will be opened to traffic in March 2024.",
            Answer.SUPPORTS,
            id="earlier than the last day",
        ),
        pytest.param(
            "The bridge will open before May 2024.",
            "The bridge will be opened to traffic in October 2024.",
            Answer.REFUTES,
            id="later than the last day",
        ),
        pytest.param(
            "Fewer than 300 people were hurt in the quake.",
            "The quake hurt 512 people and destroyed two schools.",
            Answer.REFUTES,
            id="another count in other words",
        ),
        pytest.param(
            "The bridge will open in March.",
            "The bridge will open in June.",
            Answer.REFUTES,
            id="another month",
        ),
        pytest.param(
            "The bridge will open in March.",
            "The bridge cost 40 million euros to build.",
            Answer.NOT_ENOUGH,
            id="nothing said of it",
        ),
        pytest.param(
            "The town has a population of 5,000.",
            "The town has a population of 5,000 and a harbour.",
            Answer.SUPPORTS,
            id="more besides",
        ),
    ],
)
def test_a_pair_is_judged_by_what_its_numbers_and_words_do_to_each_other(claim, other, expected):
    assert answer(claim, other) is expected


def test_what_comes_not_before_autumn_does_not_support_that_it_comes_in_march():
    [likely] = judge_pairs([("The bridge will open in March.", "The bridge will not open before autumn.")])

    assert likely[Answer.SUPPORTS] < 0.1


def test_every_pair_has_probabilities():
    found = judge_pairs([(CLAIM, CLAIM), ("", ""), ("\u0000 \u200b", "東京 🙂"), ("word " * 9_000, "other " * 9_000)])

    assert found.shape == (4, len(Answer))
    assert found.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_no_pairs_have_no_answers():
    assert judge_pairs([]).shape == (0, len(Answer))


def test_the_network_is_loaded_only_when_it_is_needed():
    code = "import sys, claimtrack.matching.pairs; print('onnxruntime' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "False"
