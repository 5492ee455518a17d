import pytest

from apps.accounts.models import Role
from apps.sources.models import Article, ArticleVersion, Publisher
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from tests.factories import TEXT, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db
ARTICLES = "/api/v1/articles/"


def submit(client, **fields):
    return client.post(ARTICLES, {"text": TEXT, "publisher": "The Courier", **fields}, format="json")


def test_a_submitted_text_is_taken_in_and_waits_to_be_read(api):
    answer = submit(api(), title="Bridge", published_at="2025-01-06")

    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/v1/articles/{answer.data['id']}/")
    assert answer.data["state"] == "reading"
    version = ArticleVersion.objects.get()
    assert (version.text, version.origin, version.number) == (TEXT, "submitted", 1)
    assert Work.objects.filter(kind=Kind.READ, subject_id=version.pk).count() == 1


def test_an_address_alone_waits_to_be_fetched(api):
    answer = api().post(ARTICLES, {"url": "https://Courier.example/bridge?utm_source=x#top"}, format="json")

    assert (answer.status_code, answer.data["state"]) == (202, "queued")
    assert answer.data["url"] == "https://courier.example/bridge"
    assert answer.data["publisher"]["domains"] == ["courier.example"]
    assert Work.objects.filter(kind=Kind.DOWNLOAD).count() == 1


def test_the_same_text_of_the_same_publisher_is_the_same_article(api):
    client = api()
    first, again = submit(client), submit(client, publisher="THE COURIER")
    other = submit(client, publisher="The Herald")

    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 202)
    assert first.data["id"] == again.data["id"] != other.data["id"]


def test_another_text_at_the_same_address_is_a_new_version(api):
    client, url = api(), "https://courier.example/bridge"
    first = submit(client, url=url)
    second = submit(client, url=url + "?utm_medium=mail", text=TEXT.replace("March", "May"))
    again = submit(client, url=url)

    assert (first.status_code, second.status_code, again.status_code) == (202, 202, 200)
    assert first.data["id"] == second.data["id"] == again.data["id"]
    assert [version["number"] for version in again.data["versions"]] == [1, 2]


def test_an_article_that_failed_is_tried_again_when_it_is_submitted_again(api):
    client = api()
    submit(client)
    Article.objects.update(state=Article.State.FAILED, error="no reason")
    Work.objects.all().delete()

    answer = submit(client)

    assert (answer.status_code, answer.data["state"], answer.data["error"]) == (202, "reading", "")
    assert Work.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_article_posted_eight_times_at_once_is_one_article(api):
    clients = [api(user=make_user()) for _ in range(8)]

    codes = sorted(at_once(lambda client: submit(client, published_at="2025-01-06").status_code, clients))

    assert codes == [200] * 7 + [202]
    assert (Article.objects.count(), ArticleVersion.objects.count(), Publisher.objects.count()) == (1, 1, 1)
    assert Work.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"text": ""}, "text", id="empty text"),
        pytest.param({"text": " \n\t "}, "text", id="blank text"),
        pytest.param({"text": "x" * 5_000_000}, "text", id="5 MB of text"),
        pytest.param({"text": ["a"]}, "text", id="a list for a text"),
        pytest.param({"text": "NUL \x00 byte"}, "text", id="NUL"),
        pytest.param({"title": "\x00"}, "title", id="NUL in the title"),
        pytest.param({"author": "x"}, "author", id="unknown field"),
        pytest.param({"published_at": "yesterday"}, "published_at", id="no date"),
        pytest.param({"published_at": "2025-02-30"}, "published_at", id="a day that is none"),
        pytest.param({"published_at": "2999-01-01"}, "published_at", id="in the future"),
        pytest.param({"published_at": "0001-01-01T00:00:00+23:59"}, "published_at", id="before all time"),
        pytest.param({"published_at": 20250106}, "published_at", id="a number for a date"),
        pytest.param({"url": "ftp://courier.example/"}, "url", id="no web address"),
        pytest.param({"url": "https://user:secret@courier.example/"}, "url", id="a secret in the address"),
        pytest.param({"publisher": "x" * 201}, "publisher", id="too long a name"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_the_name_of_the_field(api, fields, field):
    answer = submit(api(), **fields)

    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert not Article.objects.exists()
    assert not Work.objects.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b'{"text": "lone \\ud800 surrogate"}', "text", id="lone surrogate"),
        pytest.param(b'{"te\\ud800xt": "x"}', "te\\\\ud800xt", id="lone surrogate in a name"),
        pytest.param(b'{"te\\u0000xt": "x"}', "te\\\\x00xt", id="NUL in a name"),
        pytest.param(b'{"text": "a", "text": "b"}', "twice", id="a name twice"),
        pytest.param(b'{"text": NaN}', "NaN", id="NaN"),
        pytest.param(b'["text"]', "object", id="no object"),
        pytest.param(b'{"text": "a"', "JSON", id="broken off"),
        pytest.param(b"\xff\xfe", "UTF-8", id="no UTF-8"),
        pytest.param(b"[" * 100_000, "JSON", id="nested without end"),
        pytest.param(b"", "text", id="nothing"),
    ],
)
def test_a_body_that_is_no_request_is_refused_with_a_reason(api, body, said):
    answer = api().post(ARTICLES, body, content_type="application/json")

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Article.objects.exists()


def test_a_body_of_another_type_is_refused(api):
    assert api().post(ARTICLES, {"text": TEXT}, format="multipart").status_code == 415


@pytest.mark.parametrize(
    "query",
    [
        "?stat=done",
        "?state=finished",
        "?limit=0",
        "?limit=x",
        "?cursor=%00",
        "?cursor=abc",
        "?url=%00",
        "?publisher=x",
        "?state=done&state=done",
    ],
)
def test_an_unknown_or_senseless_parameter_is_an_error_and_never_ignored(api, query):
    assert api().get(ARTICLES + query).status_code == 400


def test_an_id_beyond_all_ids_finds_nothing(api):
    assert api().get(f"{ARTICLES}?publisher=99999999999999999999").json()["results"] == []
    assert api().get(f"{ARTICLES}999999999999999999/").status_code == 404


def test_a_list_is_paged_by_key_and_says_where_to_follow_on(api):
    client = api()
    ids = [submit(client, text=f"{TEXT} {number}").data["id"] for number in range(5)]

    first = client.get(ARTICLES + "?limit=3").json()
    rest = client.get(first["next"]).json()

    assert [one["id"] for one in first["results"] + rest["results"]] == ids[::-1]
    assert rest["next"] is None
    changes = client.get("/api/v1/changes/", {"cursor": first["changes_cursor"]}).json()
    assert changes["results"] == []
    assert not changes["has_more"]


def test_a_list_takes_the_same_number_of_queries_however_long_it_is(api, django_assert_max_num_queries):
    client = api()
    for number in range(6):
        submit(client, text=f"{TEXT} {number}")

    with django_assert_max_num_queries(8):
        client.get(ARTICLES)


def test_the_full_text_is_shown_to_those_who_may_read_it(api):
    article = submit(api()).data["id"]

    assert api(Role.EDITOR).get(f"{ARTICLES}{article}/").json()["text"] == TEXT
    assert "text" not in api(Role.READER).get(f"{ARTICLES}{article}/").json()
    assert "text" not in api(Role.EDITOR, scopes=["read"]).get(f"{ARTICLES}{article}/").json()


def test_what_is_not_there_is_a_404_that_says_so(api):
    answer = api().get(f"{ARTICLES}4711/")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:claimtrack:problem:not_found")


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/claims/abc/"])
def test_a_path_that_nothing_answers_is_a_problem_for_programs(api, path):
    answer = api().get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_path_without_its_slash_is_named_and_not_redirected_because_the_body_would_be_lost(api):
    answer = api().post("/api/v1/articles", {"text": TEXT}, format="json")

    assert answer.status_code == 404
    assert "Did you mean /api/v1/articles/?" in answer.json()["detail"]
    assert api(None).get("/admin").status_code == 301
