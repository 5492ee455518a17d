import subprocess
import sys

import numpy as np
import pytest

from claimtrack.matching.embedding import DIMENSIONS, embed

BRIDGE = "The new bridge over the river will open to traffic in March."


def test_every_text_has_a_vector_of_length_one():
    vectors = embed([BRIDGE, "", "\u0000 \u200b", "東京 🙂", "word " * 20_000])

    assert vectors.shape == (5, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_no_texts_have_no_vectors():
    assert embed([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        pytest.param(
            "Cars may cross the river by the bridge from spring.", "The bank lowered its rates.", id="other words"
        ),
        pytest.param("the new bridge will open in march", "The new cinema will open in May.", id="other things"),
    ],
)
def test_texts_that_say_alike_things_lie_close_together(near, far):
    bridge, one, other = embed([BRIDGE, near, far])

    assert bridge @ one > bridge @ other + 0.2


def test_the_vector_of_a_text_does_not_depend_on_the_texts_beside_it():
    alone, beside = embed([BRIDGE])[0], embed(["Rates fell.", BRIDGE])[1]

    assert (alone == beside).all()


def test_of_a_long_text_the_beginning_counts():
    one, other = embed([BRIDGE * 20, BRIDGE * 20 + "Rates fell."])

    assert (one == other).all()


def test_a_process_that_embeds_nothing_loads_no_network():
    code = "import claimtrack.matching.embedding, sys; sys.exit('onnxruntime' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
