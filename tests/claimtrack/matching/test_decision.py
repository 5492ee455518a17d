import pytest

from claimtrack.matching.decision import MOST_SUGGESTIONS, Decision, Outcome, decide
from claimtrack.matching.stance import ClaimFacts, Stance, StatementFacts

OKAFOR, RIVAL = frozenset({"okafor"}), frozenset({"rival"})
PROMISE = ClaimFacts(1, "Ada Okafor will close the old harbour of Lagos to tankers", OKAFOR, "promise")
FIGURE = ClaimFacts(2, "Unemployment among young Lagos dock workers fell to 4.1 percent", OKAFOR, "assertion")


def decided(text: str, *claims: ClaimFacts, speaker: frozenset[str] = OKAFOR, **facts: object) -> Decision:
    statement = StatementFacts(**{"text": text, "speaker_ids": speaker, "kind": "promise", **facts})
    return decide(statement, claims)


def test_a_plain_repetition_is_accepted_and_opens_no_claim():
    decision = decided("Okafor would close the old harbour of Lagos to tankers", FIGURE, PROMISE)

    assert decision.outcome is Outcome.ACCEPT
    assert [(one.claim_id, one.stance) for one in decision.suggestions] == [(1, Stance.REPEATS)]
    assert not decision.opens_claim


@pytest.mark.parametrize(
    ("text", "claim", "facts"),
    [
        pytest.param(PROMISE.text, PROMISE, {"speaker": RIVAL}, id="another speaker"),
        pytest.param(PROMISE.text, PROMISE, {"polarity_negated_by_cue": True}, id="denied"),
        pytest.param(PROMISE.text, PROMISE, {"kind": "demand"}, id="a demand, not a promise"),
        pytest.param("Okafor will not close the old harbour of Lagos to tankers", PROMISE, {}, id="negated"),
        pytest.param("Okafor will open the old harbour of Lagos to tankers", PROMISE, {}, id="opposite"),
        pytest.param("Okafor may close the old harbour of Lagos to tankers", PROMISE, {}, id="hedged"),
        pytest.param("Okafor closed the old harbour of Lagos to tankers", PROMISE, {}, id="past"),
        pytest.param("Okafor will close the old harbour of Accra to tankers", PROMISE, {}, id="another place"),
        pytest.param("Okafor will close the old harbour of Lagos to ferries", PROMISE, {}, id="another object"),
        pytest.param("Okafor will close the old harbour of Lagos to tankers in May", PROMISE, {}, id="a date"),
        pytest.param(FIGURE.text.replace("4.1", "4.7"), FIGURE, {"kind": "assertion"}, id="another number"),
        pytest.param(FIGURE.text.removesuffix("to 4.1 percent"), FIGURE, {"kind": "assertion"}, id="no number"),
    ],
)
def test_what_is_not_quite_the_same_is_never_accepted(text, claim, facts):
    assert decided(text, claim, **facts).outcome is Outcome.REVIEW


def test_too_few_words_are_never_accepted():
    claim = ClaimFacts(3, "The harbour will close", OKAFOR, "promise")

    assert decided(claim.text, claim).outcome is not Outcome.ACCEPT


def test_a_contradiction_is_suggested_and_opens_a_claim_of_its_own():
    decision = decided("Okafor will no longer close the old harbour of Lagos to tankers", PROMISE)

    assert [one.stance for one in decision.suggestions] == [Stance.CONTRADICTS]
    assert decision.opens_claim


@pytest.mark.parametrize("speaker", [OKAFOR, RIVAL])
def test_a_likely_repetition_waits_and_opens_no_claim(speaker):
    decision = decided("Okafor will close the harbour of Lagos to all tankers", PROMISE, speaker=speaker)

    assert decision.outcome is Outcome.REVIEW
    assert not decision.opens_claim


def test_what_is_like_nothing_known_is_new():
    decision = decided("Okafor will plant ten thousand trees along the coast", PROMISE, FIGURE)

    assert decision == Decision(Outcome.NEW, (), opens_claim=True)


@pytest.mark.parametrize("text", ["Trees are nice", "Okafor will no longer close the old harbour of Lagos to tankers"])
def test_what_is_not_worth_checking_opens_no_claim(text):
    assert not decided(text, PROMISE, check_worthiness=0.1).opens_claim


def test_the_best_suggestions_come_first_and_are_few():
    weaker = [
        ClaimFacts(number, "Okafor will close the harbour and the airport of Lagos", OKAFOR, "promise")
        for number in range(10, 20)
    ]
    decision = decided("Okafor will not close the old harbour of Lagos to tankers", *weaker, PROMISE)

    assert len(decision.suggestions) == MOST_SUGGESTIONS
    assert decision.suggestions[0].claim_id == PROMISE.claim_id
    confidences = [one.confidence for one in decision.suggestions]
    assert confidences == sorted(confidences, reverse=True)


def test_of_two_equal_claims_the_older_is_accepted():
    later = ClaimFacts(9, PROMISE.text, OKAFOR, "promise")

    assert decided(PROMISE.text, later, PROMISE).suggestions[0].claim_id == PROMISE.claim_id


def test_thresholds_are_the_callers():
    statement = StatementFacts(PROMISE.text, OKAFOR, "promise")

    assert decide(statement, [PROMISE], accept_at=1.1).outcome is Outcome.REVIEW
    assert decide(statement, [PROMISE], review_at=1.1).outcome is Outcome.NEW


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Okafor asked the bank to drop fees in exchange for a new harbour", "The bank could open an office in Lagos"),
        ("The bank will keep fees on tankers", "The harbour of Lagos needs new tugs"),
    ],
)
def test_another_claim_on_the_same_topic_is_new(claim, text):
    known = ClaimFacts(7, claim, OKAFOR, "assertion")

    assert decided(text, known, kind="assertion").outcome is Outcome.NEW
