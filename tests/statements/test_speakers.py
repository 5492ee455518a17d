"""Who an article's names are among the speakers that we know."""

from datetime import date
from functools import partial

import pytest
from django.db import transaction

from apps.statements.models import Speaker
from apps.statements.services.speakers import speakers_for
from claimtrack.extraction.attribution import SpeakerKind, SpeakerName
from tests.racing import at_once

pytestmark = pytest.mark.django_db

PERSON, BODY, UNNAMED = SpeakerKind.PERSON, SpeakerKind.ORGANISATION, SpeakerKind.UNNAMED
MARCH = date(2024, 3, 1)
OSTRAND = SpeakerName("Livia Ostrand", PERSON, ("Ostrand",), "finance minister of Norland")


def one(name: SpeakerName, on: date | None = MARCH) -> Speaker:
    return speakers_for([name], on=on)[name]


def test_a_surname_with_its_role_finds_who_had_that_role_then():
    minister = one(OSTRAND)

    assert one(SpeakerName("Ostrand", PERSON, role="Finance Minister")) == minister
    assert one(SpeakerName("Ostrand", PERSON, role="goalkeeper")) != minister
    assert one(SpeakerName("Ostrand", PERSON)) != minister


def test_a_role_holds_for_half_a_year_around_the_articles_that_name_it():
    minister = one(OSTRAND)
    short = SpeakerName("Ostrand", PERSON, role="finance minister")

    assert one(short, date(2024, 8, 1)) == minister
    assert one(short, date(2025, 1, 20)) == minister  # the role was named in August
    assert one(short, date(2027, 1, 1)) != minister
    role = minister.roles.get(key="finance minister norland")
    assert (role.text, role.first_on, role.last_on) == ("finance minister of Norland", MARCH, MARCH)


def test_who_is_only_described_by_a_role_is_whoever_had_it():
    minister = one(OSTRAND)

    assert one(SpeakerName("Norland’s finance minister", UNNAMED)) == minister
    assert one(SpeakerName("the finance minister", UNNAMED)) != minister
    assert one(SpeakerName("Norland’s finance minister", UNNAMED), None) != minister


def test_where_two_had_the_role_nobody_is_taken_for_either():
    both = {one(OSTRAND), one(SpeakerName("Per Vik", PERSON, role="Norland's finance minister"))}

    assert one(SpeakerName("Norland’s finance minister", UNNAMED)) not in both


def test_initials_find_the_body_whose_full_name_an_article_gave_beside_them():
    fund = one(SpeakerName("Norland Harbour Fund", BODY, ("NHF", "the fund")))

    assert one(SpeakerName("NHF", BODY)) == fund
    assert one(SpeakerName("the fund", BODY)) != fund


def test_initials_of_two_bodies_mean_neither():
    both = {
        one(SpeakerName("Norland Harbour Fund", BODY, ("NHF",))),
        one(SpeakerName("National Health Forum", BODY, ("NHF",))),
    }

    assert one(SpeakerName("NHF", BODY)) not in both


@pytest.mark.django_db(transaction=True)
def test_articles_read_at_once_note_a_role_once_with_all_its_days():
    days = [date(2024, 3, day) for day in range(1, 9)]
    one(OSTRAND)

    at_once(transaction.atomic(partial(one, OSTRAND)), days)

    role = Speaker.objects.get().roles.get()
    assert (role.first_on, role.last_on) == (days[0], days[-1])


def test_the_api_shows_the_roles_of_a_speaker_with_their_days(api):
    minister = one(OSTRAND)
    one(OSTRAND, date(2024, 5, 2))

    shown = api().get(f"/api/v1/speakers/{minister.pk}/").json()["roles"]

    assert shown == [{"text": "finance minister of Norland", "first_on": "2024-03-01", "last_on": "2024-05-02"}]
