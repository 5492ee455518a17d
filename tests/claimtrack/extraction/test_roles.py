"""Roles as different articles word them."""

import pytest

from claimtrack.extraction.attribution import SpeakerKind, SpeakerName
from claimtrack.extraction.roles import described_role, is_same_role, role_head, role_key
from claimtrack.extraction.spelling import stands_alone


def test_a_role_has_one_key_however_its_place_is_joined_to_it():
    assert role_key("the finance minister of Peru") == role_key("Peru’s finance minister") == "finance minister peru"
    assert role_key("former finance minister") != role_key("finance minister")


@pytest.mark.parametrize(
    ("role", "head"),
    [
        ("finance minister of Peru", "minister"),
        ("spokeswoman for the foreign ministry", "spokeswoman"),
        ("Peru's finance minister", "minister"),
        ("Chancellor", "chancellor"),
        ("", ""),
    ],
)
def test_the_head_of_a_role_says_what_somebody_is(role, head):
    assert role_head(role) == head


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("chancellor", "German chancellor", True),
        ("German Chancellor", "german chancellor", True),
        ("finance minister", "foreign minister", False),
        ("minister", "spokesman for the minister", False),
        ("", "minister", False),
    ],
)
def test_a_role_that_says_less_may_be_the_same(one, other, same):
    assert is_same_role(one, other) is same
    assert is_same_role(other, one) is same


@pytest.mark.parametrize(
    ("description", "key"),
    [
        ("The harbour master of Setúbal", "harbour master setubal"),
        ("Peru’s finance minister", "finance minister peru"),
        ("the minister", ""),
        ("a spokesman for Sahel Sun", ""),
        ("two diplomats", ""),
        ("", ""),
    ],
)
def test_only_a_description_that_names_its_place_or_body_means_one_person(description, key):
    assert described_role(description) == key


@pytest.mark.parametrize(
    ("alias", "name", "kind", "stands"),
    [
        ("WHO", "World Health Organization", SpeakerKind.ORGANISATION, True),
        ("Hanbit", "Hanbit Semiconductors", SpeakerKind.ORGANISATION, False),
        ("Angela Merkel", "Angela Dorothea Merkel", SpeakerKind.PERSON, True),
        ("Merkel", "Angela Dorothea Merkel", SpeakerKind.PERSON, False),
        ("Mr. Merkel", "Angela Dorothea Merkel", SpeakerKind.PERSON, False),
    ],
)
def test_some_short_forms_mean_the_same_in_other_articles(alias, name, kind, stands):
    assert stands_alone(alias, SpeakerName(name, kind)) is stands
