from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from claimtrack.matching.decision import BROAD_FROM, Outcome, decide
from claimtrack.matching.embedding import DIMENSIONS
from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import similarity
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts, Vector, bearing_of
from claimtrack.matching.weighing import weigh

MAYOR, RIVAL = frozenset({"mayor"}), frozenset({"rival"})
SPRING, SUMMER = date(2031, 3, 1), date(2031, 7, 20)


def close_to(cosine: float) -> Vector:
    """A vector of length 1 with this cosine to the first axis."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[:2] = cosine, (1 - cosine**2) ** 0.5
    return vector


TRAM = ClaimFacts(
    1, "The new tram line would open on 3 September 2031", MAYOR, "promise", first_said_on=SPRING, meaning=close_to(1)
)
AGAIN = StatementFacts(
    "The first trams would carry passengers on 3 September", MAYOR, "promise", said_on=SUMMER, meaning=close_to(0.7)
)


def test_a_paraphrase_with_the_same_speaker_and_day_is_accepted_months_later():
    decision = decide(AGAIN, [TRAM])

    assert decision.outcome is Outcome.ACCEPT
    [suggestion] = decision.suggestions
    assert suggestion.stance is Stance.REPEATS
    assert suggestion.reasons[-1].endswith("first on 2031-03-01")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"speaker_ids": RIVAL}, id="another speaker"),
        pytest.param({"text": AGAIN.text.replace("September", "May")}, id="another day"),
        pytest.param({"text": AGAIN.text.replace("would", "would not")}, id="negated"),
        pytest.param({"text": AGAIN.text.replace(" on 3 September", "")}, id="no day"),
        pytest.param({"kind": "demand"}, id="a demand"),
        pytest.param({"text": "3 September it is"}, id="too short"),
        pytest.param({"meaning": close_to(0.1)}, id="about something else"),
    ],
)
def test_what_differs_in_a_fact_is_never_accepted(other):
    assert decide(replace(AGAIN, **other), [TRAM]).outcome is not Outcome.ACCEPT


def test_a_claim_that_attracts_far_more_than_its_kind_is_only_asked_about():
    others = [
        ClaimFacts(number, f"Fares for group {number} would fall", RIVAL, "promise", attracted=2, meaning=close_to(0))
        for number in range(2, 6)
    ]
    broad = replace(TRAM, attracted=BROAD_FROM)

    assert decide(AGAIN, [TRAM, *others]).outcome is Outcome.ACCEPT
    assert decide(AGAIN, [broad, *others]).outcome is Outcome.REVIEW


def test_only_the_likeliest_of_several_claims_is_one_that_it_repeats():
    near = replace(TRAM, claim_id=2, text="The tram depot would open on 3 September 2031", meaning=close_to(0.8))

    decision = decide(replace(AGAIN, text="On 3 September"), [TRAM, near])

    assert [one.stance for one in decision.suggestions].count(Stance.REPEATS) <= 1


def test_without_meaning_nothing_is_weighed():
    alike = similarity(proposition(AGAIN.text), proposition(TRAM.text))
    bearing = bearing_of(AGAIN, TRAM, alike)

    assert weigh(replace(AGAIN, meaning=None), TRAM, alike, bearing) is None
    weighed = weigh(AGAIN, TRAM, alike, bearing)
    assert weighed is not None
    assert 0 < weighed.same + weighed.bears < 1
