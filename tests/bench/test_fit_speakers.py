import pytest

from bench.reading.fit_speakers import Case, fit


def test_the_weights_prefer_what_is_right_oftener() -> None:
    cases = [Case("a", "pronoun", [("near",), ("far",)], [is_near, not is_near]) for is_near in [True] * 6 + [False]]

    weights = fit(cases)

    assert weights["near"] > 0.5
    assert weights["near"] == pytest.approx(-weights["far"])


def test_a_sign_that_hardly_ever_stands_has_no_weight() -> None:
    cases = [Case("a", "pronoun", [("near", *["odd"] * (number < 2)), ("far",)], [True, False]) for number in range(4)]

    assert sorted(fit(cases)) == ["far", "near"]
