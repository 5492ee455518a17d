"""Which claims a statement is compared with."""

from datetime import date

import pytest
from django.core.management import call_command

from apps.claims.models import Claim
from apps.claims.services import candidates
from apps.claims.services.candidates import MOST, MOST_OWN, similar_claims
from apps.claims.services.tracking import Author, revise_claim
from apps.events.log import recording
from claimtrack.matching.embedding import embed
from tests.factories import make_claim, make_speaker

pytestmark = pytest.mark.django_db

BRIDGE = "The new bridge will open in March"
OTHER_WORDS = "Motorists may cross the river from spring on"


def test_a_claim_is_found_by_a_rare_word_it_shares():
    claim = make_claim("Ptarmigan numbers halved within ten years")
    make_claim("The council adopted its budget")

    assert similar_claims("We count ptarmigan on every hill")[0] == claim.pk


def test_a_claim_is_found_by_its_meaning_where_it_shares_no_word():
    claim = make_claim(BRIDGE)
    make_claim("The bank lowered its rates")

    assert similar_claims(OTHER_WORDS)[0] == claim.pk


def test_a_claim_without_an_embedding_is_found_by_its_words():
    claim = make_claim(BRIDGE)
    Claim.objects.update(embedding=None)

    assert similar_claims("That bridge opens") == [claim.pk]


@pytest.mark.parametrize("text", ["", "   ", "?!", "the of and", "' \\ '' & | ! <->"])
def test_a_text_without_a_word_to_search_for_finds_what_it_can(text):
    make_claim(BRIDGE)

    assert len(similar_claims(text)) <= 1


@pytest.mark.parametrize("status", ["pending", "kept", "broken", "withdrawn"])
def test_closed_claims_are_candidates_too(status):
    claim = make_claim(BRIDGE)
    Claim.objects.update(status=status)

    assert similar_claims(BRIDGE) == [claim.pk]


@pytest.mark.parametrize(
    ("first_said_on", "is_own", "is_found"),
    [
        pytest.param(date(2015, 1, 6), False, True, id="long before"),
        pytest.param(date(2025, 12, 6), False, True, id="within a year after"),
        pytest.param(date(2027, 1, 6), False, False, id="by somebody else, years after"),
        pytest.param(date(2027, 1, 6), True, True, id="by the same speaker, years after"),
    ],
)
def test_what_others_first_said_years_later_is_no_candidate(first_said_on, is_own, is_found):
    speaker = make_speaker()
    claim = make_claim(BRIDGE, first_said_on=first_said_on, speakers=[speaker if is_own else make_speaker("Ben Hill")])

    found = similar_claims(BRIDGE, speaker_ids=[speaker.pk], said_on=date(2025, 1, 6))

    assert found == ([claim.pk] if is_found else [])


def test_the_speakers_own_claims_are_found_among_many_of_others():
    speaker, others = make_speaker(), make_speaker("Ben Hill")
    for number in range(60):
        make_claim(f"The new bridge number {number} will open in March", speakers=[others])
    own = [make_claim(f"Bridge {number} stays closed to lorries", speakers=[speaker]) for number in range(3)]

    found = similar_claims(BRIDGE, speaker_ids=[speaker.pk])

    assert len(found) == MOST
    assert {claim.pk for claim in own} <= set(found)


def test_a_speaker_who_says_much_leaves_room_for_others():
    speaker, others = make_speaker(), make_speaker("Ben Hill")
    for number in range(MOST_OWN + 10):
        make_claim(f"The new bridge number {number} will open in March", speakers=[speaker])
    for number in range(30):
        make_claim(f"Bridge {number} stays closed to lorries", speakers=[others])

    found = similar_claims(BRIDGE, speaker_ids=[speaker.pk])

    assert Claim.objects.filter(pk__in=found, speakers=speaker).count() == MOST_OWN
    assert len(found) == MOST


def test_one_walk_finds_the_same_for_somebody_who_says_very_much(monkeypatch):
    speaker, others = make_speaker(), make_speaker("Ben Hill")
    for number in range(8):
        make_claim(f"The new bridge number {number} will open in March", speakers=[speaker])
        make_claim(f"Bridge {number} stays closed to lorries", speakers=[others])
    later = make_claim("The bridge is open", speakers=[others], first_said_on=date(2031, 1, 1))
    asked = {"vector": embed([BRIDGE])[0], "speaker_ids": [speaker.pk], "said_on": date(2025, 3, 1)}

    in_two = candidates.nearest_claims(**asked)
    monkeypatch.setattr(candidates, "MANY_OWN", 8)

    assert candidates.nearest_claims(**asked) == in_two
    assert [len(ids) for ids in in_two] == [8, 8]
    assert later.pk not in in_two[1]


def test_a_text_said_on_the_last_day_there_is_has_candidates():
    claim = make_claim(BRIDGE)

    assert similar_claims(BRIDGE, said_on=date.max) == [claim.pk]


def test_a_claim_is_found_by_what_it_says_since_it_was_reworded():
    claim = make_claim("The bank lowered its rates")
    with recording() as record:
        record(revise_claim(claim_id=claim.pk, changes={"text": BRIDGE}, reason="", by=Author("test-1")))
    make_claim("Rates of interest went down")

    assert similar_claims(OTHER_WORDS)[0] == claim.pk


def test_claims_that_have_no_embedding_are_given_one_by_a_command(capsys):
    claim, other = make_claim(BRIDGE), make_claim("The bank lowered its rates")
    was = Claim.objects.get(pk=claim.pk).embedding
    Claim.objects.filter(pk=claim.pk).update(embedding=None)

    call_command("embed-claims")
    assert capsys.readouterr().out == "1 claims embedded\n"
    assert Claim.objects.get(pk=claim.pk).embedding == was

    Claim.objects.filter(pk=other.pk).update(embedding=was)
    call_command("embed-claims", all=True)
    assert capsys.readouterr().out == "2 claims embedded\n"
    assert Claim.objects.get(pk=other.pk).embedding != was


def test_a_vector_that_is_known_is_not_worked_out_again(monkeypatch):
    claim = make_claim(BRIDGE)
    make_claim("The bank lowered its rates")
    vector = embed([BRIDGE])[0]
    monkeypatch.setattr(candidates, "embed", None)

    assert similar_claims("Motorists", vector=vector)[0] == claim.pk
