from datetime import date

import pytest

from claimtrack.matching.normalize import proposition
from claimtrack.matching.similarity import similarity
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts, bearing_of, denied_by_cue, judge_stance

KIM, TRUMP, RI, COUNCIL = (frozenset({name}) for name in ("kim", "trump", "ri", "council"))
SUMMIT, LATER = date(2019, 2, 28), date(2020, 1, 1)

TESTS = ClaimFacts(
    claim_id=1,
    text="Kim Jong-un would continue to hold off on nuclear and missile tests",
    speaker_ids=KIM,
    kind="promise",
    first_said_on=SUMMIT,
)
SANCTIONS = ClaimFacts(
    claim_id=2,
    text="North Korea had asked for all sanctions to be lifted",
    speaker_ids=TRUMP,
    kind="assertion",
    first_said_on=SUMMIT,
)
BRIDGE = ClaimFacts(claim_id=3, text="The bridge will open in March", speaker_ids=COUNCIL, kind="promise")
JOBS = ClaimFacts(
    claim_id=4, text="Unemployment in the region fell to 4.1 percent", speaker_ids=COUNCIL, kind="assertion"
)


def stance(text: str, speaker: frozenset[str], claim: ClaimFacts, **facts: object) -> Stance:
    statement = StatementFacts(**{"text": text, "speaker_ids": speaker, "kind": "assertion", **facts})
    alike = similarity(proposition(text), proposition(claim.text))
    return judge_stance(statement, claim, alike, bearing_of(statement, claim, alike)).stance


@pytest.mark.parametrize(
    ("text", "speaker", "claim", "expected"),
    [
        ("Kim would keep holding off on missile and nuclear tests", KIM, TESTS, Stance.REPEATS),
        ("Kim would keep holding off on missile and nuclear tests", TRUMP, TESTS, Stance.SUPPORTS),
        ("North Korea will no longer hold off on nuclear and missile tests", KIM, TESTS, Stance.CONTRADICTS),
        ("his country would no longer hold off on nuclear and missile tests", KIM, TESTS, Stance.CONTRADICTS),
        ("Kim no longer feels bound by the freeze on nuclear and missile tests", KIM, TESTS, Stance.CONTRADICTS),
        ("Kim will resume nuclear and missile tests", KIM, TESTS, Stance.CONTRADICTS),
        ("Kim Jong Un did not hold off on nuclear tests", RI, TESTS, Stance.REPORTS_OUTCOME),
        ("Kim has held off on nuclear and missile tests", TRUMP, TESTS, Stance.REPORTS_OUTCOME),
        ("Kim may have held off on nuclear and missile tests", TRUMP, TESTS, Stance.SUPPORTS),
        ("North Korea demanded only partial lifting of sanctions", RI, SANCTIONS, Stance.CONTRADICTS),
        ("North Korea had asked for all sanctions to be lifted", RI, SANCTIONS, Stance.SUPPORTS),
        ("South Korea did not ask for all sanctions to be lifted", RI, SANCTIONS, Stance.UNSURE),
        ("The bridge will not open in March", COUNCIL, BRIDGE, Stance.CONTRADICTS),
        ("The bridge will not open before autumn", COUNCIL, BRIDGE, Stance.REVISES),
        ("The bridge will open in autumn", COUNCIL, BRIDGE, Stance.REVISES),
        ("The bridge will open in autumn", RI, BRIDGE, Stance.CONTRADICTS),
        ("Unemployment in the region fell to 4.7 percent", COUNCIL, JOBS, Stance.REVISES),
        ("Unemployment in the region fell to 4.7 percent", RI, JOBS, Stance.CONTRADICTS),
        ("Unemployment in the region fell", RI, JOBS, Stance.UNSURE),
        ("Unemployment in the region rose to 4.1 percent", RI, JOBS, Stance.CONTRADICTS),
        ("Kim likes basketball", KIM, TESTS, Stance.UNSURE),
    ],
)
def test_the_stance_follows_from_speaker_polarity_and_figures(text, speaker, claim, expected):
    assert stance(text, speaker, claim) is expected


def test_a_denial_by_the_cue_counts_as_a_negation():
    assert stance(SANCTIONS.text, RI, SANCTIONS, polarity_negated_by_cue=True) is Stance.CONTRADICTS


def test_a_denial_of_a_negation_agrees():
    text = "North Korea had not asked for all sanctions to be lifted"

    assert stance(text, RI, SANCTIONS, polarity_negated_by_cue=True) is Stance.SUPPORTS


def test_an_outcome_is_not_reported_before_the_promise():
    text = "Kim held off on nuclear and missile tests"

    assert stance(text, RI, TESTS, said_on=LATER) is Stance.REPORTS_OUTCOME
    assert stance(text, RI, TESTS, said_on=date(2018, 1, 1)) is not Stance.REPORTS_OUTCOME


def test_another_due_date_revises_although_the_words_are_the_same():
    claim = ClaimFacts(5, "The bridge will open next year", COUNCIL, "promise", due_on=date(2020, 12, 31))

    assert stance(claim.text, COUNCIL, claim, due_on=date(2021, 12, 31)) is Stance.REVISES
    assert stance(claim.text, COUNCIL, claim, due_on=date(2020, 12, 31)) is Stance.REPEATS


def test_last_year_said_months_apart_may_be_another_year():
    claim = ClaimFacts(6, "Exports of wool doubled last year", COUNCIL, "assertion", first_said_on=SUMMIT)

    assert stance(claim.text, COUNCIL, claim, said_on=SUMMIT) is Stance.REPEATS
    assert stance(claim.text, COUNCIL, claim, said_on=LATER) is Stance.UNSURE


@pytest.mark.parametrize(
    ("text", "negated", "by_cue"),
    [
        ("The bridge will open", True, True),
        ("The bridge will no longer open", True, False),
        ("The bridge will open", False, False),
    ],
)
def test_a_negation_in_the_words_is_not_counted_again_for_the_cue(text, negated, by_cue):
    assert denied_by_cue(text, negated=negated) is by_cue
