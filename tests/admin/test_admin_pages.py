"""Every list and one page of every model, for editors and admins, in a fixed number of queries."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import ApiToken, Role, User
from apps.claims.models import Claim, ClaimRevision, Evidence, Link, Redaction, Stage, StatusChange, Topic
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.redacting import redact_entry
from apps.claims.statuses import ClaimStatus
from apps.events.log import recording
from apps.events.models import Event
from apps.sources.models import Article, ArticleVersion, Feed, FeedFetch, Publisher, StoryCluster
from apps.sources.services.feeds import add_feed
from apps.statements.models import Speaker, Statement, StatementSpan
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user, token_of

pytestmark = pytest.mark.django_db

ACCOUNTS = {ApiToken, User}
READ_ONLY = {
    Article, ArticleVersion, Claim, ClaimRevision, Event, Evidence, FeedFetch, Link, Publisher, Redaction, Speaker,
    Statement, StatementSpan, StatusChange, StoryCluster, Work,
}  # fmt: skip
MODELS = sorted(READ_ONLY | ACCOUNTS | {Feed, Topic}, key=lambda model: model._meta.label)
MOST_QUERIES = 14
FEW, MORE = 1, 3


def make_life(count: int) -> None:
    """Rows of every model: claims with links, one judged on two pieces of evidence each, feeds with polls."""
    judge, admin = make_user(), make_user(Role.ADMIN)
    token_of(judge)
    for _ in range(count):
        speaker = make_speaker()
        claim = make_claim(speakers=[speaker])
        article = make_article()
        statements = [make_statement(speaker=speaker, article=article) for _ in range(2)]
        for statement in statements:
            make_link(claim, statement)
        evidence = (
            EvidenceItem(statement_id=statements[0].pk),
            EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened."),
        )
        judgement = Judgement(ClaimStatus.KEPT, claim.first_said_on, "It was opened.", evidence)
        with recording() as record:
            record(change_status(claim_id=claim.pk, judgement=judgement, by=judge))
            feed = record(add_feed(url=f"https://feed{claim.pk}.example/rss")).feed
        blank = {"claim_id": claim.pk, "seq": 2, "field": "reason", "reason": "Private."}
        with recording() as record:
            record(redact_entry(**blank, by=admin))
        claim.topics.add(Topic.objects.create(name=f"Topic {claim.pk}", slug=f"topic-{claim.pk}"))
        FeedFetch.objects.create(feed=feed, http_status=200, seen=2, new=1, rejected=1)
        Work.objects.make_due(Kind.READ, [claim.pk])


def signed_in(role: Role, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(role, **fields))
    return client


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


def page_of(row) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def test_every_model_of_the_project_is_in_the_admin():
    assert set(admin.site._registry) == READ_ONLY | ACCOUNTS | {Feed, Topic}


def test_every_list_and_page_answers_an_admin():
    make_life(FEW)
    client = signed_in(Role.ADMIN)

    for model in MODELS:
        assert client.get(list_of(model)).status_code == 200, model
        assert client.get(page_of(model._default_manager.first())).status_code == 200, model
    for page in ("admin:index", "admin:queues"):
        assert client.get(reverse(page)).status_code == 200


def test_a_list_takes_as_many_queries_for_many_rows_as_for_few():
    client = signed_in(Role.ADMIN)
    make_life(FEW)
    counted = {model: _queries(client, list_of(model)) for model in MODELS}
    make_life(MORE)

    assert {model: _queries(client, list_of(model)) for model in MODELS} == counted
    assert max(counted.values()) <= MOST_QUERIES


@pytest.mark.parametrize("links", [1, 6])
def test_the_page_of_a_claim_takes_a_fixed_number_of_queries(links):
    claim = make_claim()
    for _ in range(links):
        make_link(claim, make_statement())

    assert _queries(signed_in(Role.EDITOR), page_of(claim)) <= 30


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_what_services_write_can_be_looked_at_but_not_changed(role):
    make_life(1)
    client = signed_in(role)

    for model in sorted(READ_ONLY, key=lambda model: model._meta.label):
        row, name = model._default_manager.first(), model._meta.label_lower.replace(".", "_")
        assert client.post(reverse(f"admin:{name}_add"), {}).status_code == 403, model
        assert client.post(page_of(row), {}).status_code == 403, model
        assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403, model
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(list_of(model), chosen)
        assert model._default_manager.filter(pk=row.pk).exists(), model


def test_an_editor_sees_no_accounts():
    make_life(1)
    client = signed_in(Role.EDITOR)

    for model in ACCOUNTS:
        assert client.get(list_of(model)).status_code == 403
        assert client.get(page_of(model._default_manager.first())).status_code == 403
    assert list_of(User) not in client.get(reverse("admin:index")).text


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        pytest.param(Role.READER, {}, id="a reader"),
        pytest.param(Role.EDITOR, {"is_bot": True}, id="a bot"),
        pytest.param(Role.ADMIN, {"is_active": False}, id="somebody inactive"),
    ],
)
def test_who_has_no_business_in_the_admin_does_not_get_in(role, fields):
    client = signed_in(role, **fields)

    for address in (reverse("admin:index"), reverse("admin:queues"), list_of(Link), list_of(User)):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]


def test_nothing_can_be_searched_or_filtered_into_an_error():
    make_life(1)
    client = signed_in(Role.ADMIN)

    for model in MODELS:
        for query in ("q=%22(%27+or", "q=%00", "p=99999999", "state=no+such"):
            assert client.get(f"{list_of(model)}?{query}").status_code in (200, 302), (model, query)


def test_lists_of_big_tables_are_never_counted():
    make_life(1)
    client = signed_in(Role.ADMIN)

    for model in (Article, Claim, Event, Link, Statement):
        queries = _statements(client, list_of(model))
        table = model._meta.db_table
        assert not [sql for sql in queries if sql.startswith('SELECT COUNT(*)') and f'FROM "{table}"' in sql
                    and "LIMIT" not in sql], model  # fmt: skip


def test_claims_are_found_by_their_words():
    make_claim("The new bridge will open in March")
    make_claim("Wages will be raised in April", stage=Stage.CANDIDATE)
    client = signed_in(Role.EDITOR)

    found = client.get(list_of(Claim), {"q": "bridges"}).text

    assert "The new bridge" in found
    assert "Wages" not in found
    assert "Wages" in client.get(list_of(Claim), {"stage__exact": "candidate"}).text


def test_the_page_of_queues_shows_what_waits_and_what_failed():
    article = make_article()
    Article.objects.filter(pk=article.pk).update(state="failed", error="the page was no article")
    make_link(make_claim(), make_statement())
    Work.objects.make_due(Kind.READ, [1, 2, 3])
    Work.objects.filter(subject_id=3).update(last_error="TimeoutError: too slow", attempts=2)

    text = signed_in(Role.EDITOR).get(reverse("admin:queues")).text

    assert "the page was no article" in text
    assert "TimeoutError: too slow" in text


def test_the_first_page_shows_the_queue_and_the_newest_claims():
    claim = make_claim("The new bridge will open in March")
    make_link(claim, make_statement("the new bridge would not open before May"))

    text = signed_in(Role.EDITOR).get(reverse("admin:index")).text

    assert "the new bridge would not open before May" in text
    assert page_of(claim) in text


def _statements(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def _queries(client: Client, address: str) -> int:
    return len(_statements(client, address))
