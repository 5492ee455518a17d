"""Topics: a short list that people keep; their terms suggest them, people decide."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role
from apps.claims.models import Claim, Topic
from apps.claims.services.topics import set_topics, topics_of
from apps.claims.topics import suggested
from apps.events.log import recording
from apps.events.models import Event, EventKind
from claimtrack.errors import Conflict
from tests.factories import make_claim, make_speaker, make_user
from tests.racing import at_once


@pytest.mark.parametrize(
    ("terms", "texts", "fits"),
    [
        (["bridge"], ["The new Bridge opens"], True),
        (["bridge"], ["The abridged edition"], False),
        (["interest rate"], ["It kept the interest rate"], True),
        (["C++"], ["Written in C++, not C"], True),
        (["tolls", "lorries"], ["Nothing", "Lorries will pay"], True),
        ([], ["Anything"], False),
    ],
)
def test_a_topic_is_suggested_where_one_of_its_terms_stands_as_a_word(terms, texts, fits):
    topic = SimpleNamespace(terms=terms)
    assert suggested([topic], texts) == ([topic] if fits else [])


def make_topic(name: str, *terms: str) -> Topic:
    return Topic.objects.create(name=name, slug=name.lower(), terms=list(terms))


@pytest.mark.django_db
def test_topics_are_suggested_by_words_and_speakers_and_set_by_people_over_rest(api):
    roads, money = make_topic("Roads", "bridge"), make_topic("Money", "Ada Stone")
    make_topic("Sport", "match")
    claim, client = make_claim(speakers=[make_speaker("Ada Stone")]), api()
    path = f"/api/v1/claims/{claim.pk}/"
    names = lambda what: [one["name"] for one in client.get(f"{path}topics/").json()[what]]  # noqa: E731
    found = lambda **query: len(client.get("/api/v1/claims/", query).json()["results"])  # noqa: E731

    assert (names("topics"), names("suggested")) == ([], [money.name, roads.name])
    answer = client.patch(path, {"topics": ["roads"]}, format="json").json()

    assert answer["topics"] == [{"slug": "roads", "name": "Roads"}]
    assert (names("topics"), names("suggested")) == (["Roads"], ["Money"])
    assert (found(topic="roads"), found(topic="money")) == (1, 0)
    assert client.get("/api/v1/claims/", {"topic": "weather"}).status_code == 400
    unknown = client.patch(path, {"topics": ["weather"]}, format="json")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "topics")
    assert client.patch(path, {"topics": ["roads"]}, format="json").status_code == 409
    assert client.patch(path, {"topics": []}, format="json").json()["topics"] == []
    payloads = (
        Event.objects.filter(kind=EventKind.CLAIM_TOPICS_CHANGED).order_by("pk").values_list("payload", flat=True)
    )
    assert list(payloads) == [{"topics": ["roads"]}, {"topics": []}]
    assert [one["slug"] for one in api(None).get("/api/v1/topics/").json()["results"]] == ["sport", "money", "roads"]


@pytest.mark.django_db
def test_an_editor_keeps_the_list_of_topics_and_sets_those_of_a_claim_in_the_admin():
    desk = Client()
    desk.force_login(make_user(Role.EDITOR))
    claim = make_claim()

    form = {"name": "Roads", "slug": "roads", "terms": "bridge\r\n\r\n tolls "}
    desk.post(reverse("admin:claims_topic_add"), form, follow=True)
    assert Topic.objects.get().terms == ["bridge", "tolls"]
    page = reverse("admin:claims_claim_topics", args=[claim.pk])
    assert "Roads (suggested)" in desk.get(page).text
    desk.post(page, {"topics": ["roads"]}, follow=True)

    assert [topic.slug for topic in topics_of(claim).topics] == ["roads"]
    listed = desk.get(reverse("admin:claims_claim_changelist"), {"topics__id__exact": Topic.objects.get().pk})
    assert claim.text in listed.text
    desk.post(reverse("admin:claims_topic_delete", args=[Topic.objects.get().pk]), {"post": "yes"})
    assert not Topic.objects.exists()
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_eight_editors_at_once_set_topics_once():
    make_topic("Roads")
    claim = make_claim()

    def set_them(by) -> None:
        with recording() as record:
            record(set_topics(claim_id=claim.pk, slugs=["roads"], by=by))

    results = at_once(set_them, [make_user() for _ in range(8)])

    assert [isinstance(one, Conflict) for one in results].count(False) == 1
