from datetime import date

import pytest
from django.utils import timezone

from apps.claims.models import Claim, Link, Stage
from apps.claims.services.tracking import Author
from apps.sources.services.articles import confirm_article
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"

JUDGEMENT = {
    "to": "kept",
    "effective_on": "2025-03-03",
    "reason": "It was opened.",
    "evidence": [{"url": "https://roads.example/opening", "excerpt": "The bridge was opened on 3 March."}],
}


def judge(client, claim, **other):
    return client.post(f"{CLAIMS}{claim.pk}/status-changes/", {**JUDGEMENT, **other}, format="json")


def test_a_judgement_shows_in_claim_timeline_history_and_change_feed(api):
    client, claim = api(), make_claim(stage=Stage.CANDIDATE)
    cursor = client.get(CLAIMS).json()["changes_cursor"]

    answer = judge(client, claim)

    assert answer.status_code == 201
    assert answer.json()["evidence"][0]["excerpt"] == "The bridge was opened on 3 March."
    shown = client.get(f"{CLAIMS}{claim.pk}/").json()
    assert (shown["status"], shown["outcome"], shown["stage"]) == ("kept", "upheld", "tracked")
    timeline = client.get(f"{CLAIMS}{claim.pk}/timeline/").json()["results"]
    assert [(one["on"], one["type"]) for one in timeline] == [
        ("2025-01-06", "revision"),
        ("2025-03-03", "status_change"),
    ]
    history = client.get(f"{CLAIMS}{claim.pk}/history/").json()
    assert history["head"] == answer.json()["hash"] == history["results"][-1]["status_change"]["hash"]
    [change] = client.get("/api/v1/changes/", {"cursor": cursor}).json()["results"]
    assert (change["kind"], change["claim"], change["head"]) == ("claim.status_changed", str(claim.pk), history["head"])


def test_as_of_and_known_at_are_read_on_a_claim(api):
    client, claim = api(), make_claim()
    recorded_at = judge(client, claim).json()["recorded_at"]
    status = lambda **then: client.get(f"{CLAIMS}{claim.pk}/", then).json().get("status")  # noqa: E731

    assert status() == "kept"
    assert status(as_of="2025-03-02") == "pending"
    assert status(as_of="2025-03-03") == "kept"
    assert status(known_at=recorded_at) == "kept"
    assert client.get(f"{CLAIMS}{claim.pk}/", {"as_of": "2025-01-05"}).status_code == 404
    assert client.get(f"{CLAIMS}{claim.pk}/", {"known_at": "2020-01-01"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [({"as_of": "soon"}, "as_of"), ({"known_at": "then"}, "known_at"), ({"asof": "2025-01-01"}, "asof")],
)
def test_a_day_that_is_none_is_refused_with_the_name_of_the_parameter(api, query, field):
    answer = api().get(f"{CLAIMS}{make_claim().pk}/", query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("other", "status", "field"),
    [
        ({"to": "pending"}, 409, "to"),
        ({"to": "refuted"}, 400, "to"),
        ({"to": "splendid"}, 400, "to"),
        ({"reason": ""}, 400, "reason"),
        ({"evidence": []}, 400, "evidence"),
        ({"evidence": [{}]}, 400, "evidence[0].non_field_errors"),
        ({"evidence": [{"url": "https://roads.example"}]}, 400, "evidence[0].excerpt"),
        ({"evidence": [{"statement": 4711}]}, 400, "evidence[0].statement"),
        ({"evidence": [{"statement": 1, "weight": 2}]}, 400, "evidence[0].weight"),
        ({"effective_on": "2999-01-01"}, 400, "effective_on"),
        ({"corrects": 7}, 400, "corrects"),
        ({"verdict": "yes"}, 400, "verdict"),
        ({"to": "unverifiable", "evidence": []}, 400, "searched"),
        ({"code": "abandoned"}, 400, "code"),
        ({"code": "bad_luck"}, 400, "code"),
        ({"next_review_on": "2020-01-01"}, 400, "next_review_on"),
    ],
)
def test_a_refused_judgement_names_the_field(api, other, status, field):
    answer = judge(api(), make_claim(), **other)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == field


def test_a_link_is_accepted_rejected_and_taken_back_over_rest(api):
    client = api()
    link = make_link(make_claim(), make_statement())
    queue = lambda: len(client.get("/api/v1/links/?state=suggested").json()["results"])  # noqa: E731
    act = lambda what, **body: client.post(f"/api/v1/links/{link.pk}/{what}/", body, format="json")  # noqa: E731

    assert queue() == 1
    assert act("accept", stance="revises").json()["stance"] == "revises"
    assert (act("accept").status_code, queue()) == (409, 0)
    assert act("undo").json()["state"] == "suggested"
    assert act("reject").json()["decided_by"].startswith("editor")
    assert act("accept", stance="sideways").status_code == 400


def test_a_claim_is_made_adopted_and_reworded_by_hand(api):
    client, speaker = api(), make_speaker()
    made = client.post(
        CLAIMS,
        {"text": "Taxes will fall", "kind": "promise", "speakers": [speaker.pk], "first_said_on": "2025-01-01"},
        format="json",
    )
    path = f"{CLAIMS}{made.json()['id']}/"
    patch = lambda **body: client.patch(path, body, format="json")  # noqa: E731

    assert (made.status_code, made.json()["stage"], made.json()["status"]) == (201, "tracked", "pending")
    assert patch(text="Income taxes will fall", reason="clearer").json()["text"] == "Income taxes will fall"
    assert patch(stage="tracked").status_code == 409
    assert patch(reason="only").status_code == 400
    assert patch(kind="demand").json()["status"] == "open"
    assert patch(kind="wish").status_code == 400
    before = client.get(path, {"known_at": Claim.objects.get().revisions.get(seq=1).recorded_at.isoformat()})
    assert before.json()["text"] == "Taxes will fall"


def test_a_claim_by_nobody_we_know_is_refused(api):
    body = {"text": "Taxes will fall", "kind": "promise", "speakers": [4711], "first_said_on": "2025-01-01"}
    answer = api().post(CLAIMS, body, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "speakers")


def test_claims_are_found_by_words_kind_status_speaker_and_day(api):
    client, speaker = api(), make_speaker("Paul Réed")
    bridge = make_claim()
    make_claim("The café taxes fell by 4 percent", kind=Kind.ASSERTION, speakers=[speaker], stage=Stage.CANDIDATE)
    make_link(bridge, make_statement())
    found = lambda **query: [one["text"][:8] for one in client.get(CLAIMS, query).json()["results"]]  # noqa: E731

    assert found(q="bridges opening") == ["The new "]
    assert found(q="cafe") == ["The café"]
    assert found(kind="assertion") == found(stage="candidate") == found(status="unverified") == ["The café"]
    assert found(outcome="open") == ["The café", "The new "]
    assert found(outcome="failed") == []
    assert found(speaker=speaker.pk) == ["The café"]
    assert found(needs_review="true") == ["The new "]
    assert found(said_after="2025-01-07") == []


def test_copies_of_one_story_and_unconfirmed_texts_do_not_count_as_independent(api):
    claim, editor = make_claim(), make_user()
    articles = [make_article(by=editor) for _ in range(4)]
    articles[1].cluster = articles[0].cluster
    articles[1].save()
    for article in articles:
        make_link(claim, make_statement(article=article), Stance.REPEATS, Link.State.ACCEPTED)
    stories = lambda: api().get(f"{CLAIMS}{claim.pk}/").json()["independent_stories"]  # noqa: E731

    assert stories() == 0
    for article in articles[:3]:
        assert api().post(f"/api/v1/articles/{article.pk}/confirm/").json()["confirmed_by"]
    assert stories() == 2


def test_stories_are_counted_as_of_the_day_and_as_known_at_the_moment(api):
    claim, article = make_claim(), make_article()
    confirm_article(article_id=article.pk, by=make_user())
    before = timezone.now()
    make_link(claim, make_statement(article=article, said_on=date(2025, 2, 1)), Stance.REPEATS, Link.State.ACCEPTED)
    stories = lambda **then: api().get(f"{CLAIMS}{claim.pk}/", then).json()["independent_stories"]  # noqa: E731

    assert stories() == stories(as_of="2025-02-01") == 1
    assert stories(as_of="2025-01-31") == stories(known_at=before.isoformat()) == 0


def test_a_list_of_claims_takes_the_same_number_of_queries_however_long_it_is(api, django_assert_max_num_queries):
    client = api()
    for number in range(6):
        make_claim(f"Claim number {number}", by=Author("test"))

    with django_assert_max_num_queries(7):
        client.get(CLAIMS)
