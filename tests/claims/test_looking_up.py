"""Which known claims say this? Asked over REST with a text of one's own."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role
from apps.claims.models import Claim, Stage
from apps.claims.services.regrouping import merge_claims
from apps.events.log import recording
from apps.statements.models import Speaker
from tests.factories import make_claim, make_speaker, make_user

pytestmark = pytest.mark.django_db
SIMILAR = "/api/v1/claims/similar/"
BRIDGE = "The new bridge will open in March"
ASKED = "The mayor says the new bridge opens in March"


@pytest.fixture
def ask(api):
    client = api(Role.READER)
    return lambda text=ASKED, **query: client.get(SIMILAR, {"text": text, **query})


def ids(answer):
    return [one["claim"]["id"] for one in answer.json()["results"]]


def test_the_claim_that_says_it_comes_first_as_lists_show_it_with_a_similarity(ask, api):
    make_claim("The bank lowered its rates")
    claim = make_claim(BRIDGE)

    answer = ask()

    first, second = answer.json()["results"]
    [listed] = [one for one in api().get("/api/v1/claims/").json()["results"] if one["id"] == str(claim.pk)]
    assert first["claim"] == listed
    assert 0.6 < first["similarity"] <= 1
    assert second["similarity"] < 0.4
    assert answer.json()["changes_cursor"]


def test_a_claim_that_says_the_opposite_comes_after_one_that_says_it_in_other_words(ask):
    opposite = make_claim("The new bridge will not open in March")
    claim = make_claim("In March the new bridge is going to open")

    assert ids(ask(BRIDGE)) == [str(claim.pk), str(opposite.pk)]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("status", ["pending", "broken"])
def test_claims_of_every_stage_and_status_are_found(ask, stage, status):
    claim = make_claim(BRIDGE, stage=stage)
    Claim.objects.update(status=status)

    [found] = ask().json()["results"]

    assert (found["claim"]["id"], found["claim"]["stage"], found["claim"]["status"]) == (str(claim.pk), stage, status)


def test_of_merged_claims_the_one_that_stands_for_them_is_given_once_in_its_own_words(ask, editor):
    root, merged = make_claim("Motorists may cross the river from spring on"), make_claim(BRIDGE)
    other = make_claim("The old bridge was opened in March by the mayor")
    with recording() as record:
        record(merge_claims(claim_id=merged.pk, into_id=root.pk, reason="", by=editor))

    first, second = ask(BRIDGE).json()["results"]

    assert (first["claim"]["id"], second["claim"]["id"]) == (str(root.pk), str(other.pk))
    assert first["claim"]["text"] == root.text
    assert first["similarity"] == pytest.approx(1, abs=0.01)


def test_a_claim_without_a_vector_is_found_by_its_words(ask):
    make_claim(BRIDGE)
    Claim.objects.update(embedding=None)

    [found] = ask().json()["results"]

    assert found["similarity"] is None


def test_the_speakers_own_claims_are_found_however_late_also_under_another_name(ask):
    speaker = make_speaker()
    alias = Speaker.objects.create(name="Mayor Stone", kind=speaker.kind, names=["Mayor Stone"], root=speaker)
    claim = make_claim(BRIDGE, first_said_on=date(2025, 1, 6), speakers=[alias])

    assert ids(ask(said_on="2020-01-06")) == []
    assert ids(ask(said_on="2020-01-06", speaker=speaker.pk)) == [str(claim.pk)]
    assert ids(ask(said_on="2024-01-07")) == [str(claim.pk)]


def test_the_name_of_the_speaker_is_not_searched_for(ask):
    speaker = make_speaker("Ada Ptarmigan")
    budget = make_claim("Ptarmigan adopted the budget", speakers=[speaker])
    claim = make_claim("Wages rise", speakers=[speaker])
    Claim.objects.update(embedding=None)

    assert set(ids(ask("Ptarmigan says wages rise"))) == {str(budget.pk), str(claim.pk)}
    assert ids(ask("Ptarmigan says wages rise", speaker=speaker.pk)) == [str(claim.pk)]


def test_no_more_are_given_than_asked_for(ask):
    for number in range(22):
        make_claim(f"Bridge number {number} will open in March")

    assert len(ids(ask())) == 20
    assert len(ids(ask(limit=22))) == 22
    assert ids(ask(limit=1)) == ids(ask())[:1]


def test_a_letter_is_found_however_its_accent_is_written(ask):
    claim = make_claim("Café Procope closes")
    Claim.objects.update(embedding=None)

    assert ids(ask("The cafe\u0301 stays")) == [str(claim.pk)]


def test_a_post_with_tags_and_an_address_is_read_as_words(ask):
    claim = make_claim("The Green Deal is dead")
    Claim.objects.update(embedding=None)
    make_claim("Status 4711 of wages")

    assert ids(ask("See #GreenDeal https://a.example/status/4711"))[0] == str(claim.pk)


@pytest.mark.parametrize(
    "text", ["https://a.example", "?", "the of and", "🙂", "0", "' \\ & | ! <->", "x" * 1000, "比 " * 500]
)
def test_any_text_gets_an_answer(ask, text):
    make_claim(BRIDGE)

    assert ask(text).status_code == 200


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        pytest.param({}, "text", "required", id="no text"),
        pytest.param({"text": ""}, "text", "blank", id="an empty text"),
        pytest.param({"text": " \n\t"}, "text", "blank", id="a blank text"),
        pytest.param({"text": "a" * 1001}, "text", "max_length", id="a long text"),
        pytest.param({"text": "a\x00b"}, "text", "not_text", id="NUL"),
        pytest.param({"speaker": "4711"}, "speaker", "not_found", id="nobody"),
        pytest.param({"speaker": "Ada"}, "speaker", "invalid", id="a name"),
        pytest.param({"speaker": "0"}, "speaker", "min_value", id="no id"),
        pytest.param({"speaker": str(2**63)}, "speaker", "max_value", id="an id that none can be"),
        pytest.param({"said_on": "soon"}, "said_on", "invalid", id="no day"),
        pytest.param({"said_on": "9999-12-31"}, "said_on", "future", id="a day to come"),
        pytest.param({"limit": "51"}, "limit", "max_value", id="more than are found"),
        pytest.param({"limit": "0"}, "limit", "min_value", id="none"),
        pytest.param({"limit": "many"}, "limit", "invalid", id="no number"),
        pytest.param({"q": "bridge"}, "q", "unknown_parameter", id="an unknown parameter"),
        pytest.param({"as_of": "2025-01-01"}, "as_of", "unknown_parameter", id="another day"),
        pytest.param({"text": ["one", "two"]}, "text", "given_twice", id="two texts"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_name_of_the_field(api, query, field, code):
    given = query if field == "text" or "text" in query else {"text": ASKED, **query}

    answer = api(Role.READER).get(SIMILAR, given)

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


def test_the_refusal_of_a_long_text_says_how_long_it_may_be(ask):
    assert "1000 characters" in ask("a" * 1001).json()["errors"][0]["message"]


def test_as_many_queries_are_made_however_much_is_found(ask, django_assert_max_num_queries):
    speakers = [make_speaker(f"Ada {name}") for name in ("Stone", "Hill", "Reed")]
    for number in range(12):
        make_claim(f"Bridge number {number} will open in March", speakers=speakers)

    with django_assert_max_num_queries(18):
        ask(speaker=speakers[0].pk)


def test_nobody_without_a_token_makes_the_service_read(api):
    assert api(None).get(SIMILAR, {"text": ASKED}).status_code == 401


def test_an_editor_looks_a_sentence_up_in_the_admin():
    make_claim("The bank lowered its rates")
    claim = make_claim(BRIDGE)
    desk = Client()
    desk.force_login(make_user())
    page = reverse("admin:claims_claim_look_up")

    assert page in desk.get(reverse("admin:claims_claim_changelist")).text
    assert "may say it" not in desk.get(page).text
    answer = desk.post(page, {"text": ASKED})
    [table] = answer.context["tables"]
    assert [row[0].count(reverse("admin:claims_claim_change", args=[claim.pk])) for row in table.rows] == [1, 0]
    assert BRIDGE in answer.text
    assert "may say it" not in desk.post(page, {"text": "a" * 1001}).text


def test_a_reader_does_not_come_into_the_admin_to_look_up():
    client = Client()
    client.force_login(make_user(Role.READER))

    assert client.post(reverse("admin:claims_claim_look_up"), {"text": ASKED}).status_code == 302
