"""DESIGN's table of rights: every route of the API, for nobody, a reader, an editor and an admin."""

import pytest
from django.urls import get_resolver

from apps.accounts.models import ApiToken, Role
from apps.claims.models import Link, Stage
from apps.statements.models import Statement
from tests.factories import make_claim, make_link, make_statement, make_user

pytestmark = pytest.mark.django_db

NOBODY, READER, EDITOR, ADMIN = None, Role.READER, Role.EDITOR, Role.ADMIN
EVERYBODY = {NOBODY, READER, EDITOR, ADMIN}
READERS, EDITORS, ADMINS = {READER, EDITOR, ADMIN}, {EDITOR, ADMIN}, {ADMIN}

ROUTES = {
    ("get", "article-list"): READERS,
    ("post", "article-list"): EDITORS,
    ("get", "article-detail"): READERS,
    ("post", "article-confirm"): EDITORS,
    ("get", "article-statement-list"): READERS,
    ("get", "statement-list"): READERS,
    ("get", "statement-detail"): READERS,
    ("get", "speaker-list"): READERS,
    ("get", "speaker-detail"): READERS,
    ("get", "speaker-record"): EVERYBODY,
    ("post", "speaker-merge"): EDITORS,
    ("post", "speaker-undo"): EDITORS,
    ("get", "publisher-list"): READERS,
    ("get", "publisher-detail"): READERS,
    ("get", "claim-list"): EVERYBODY,
    ("post", "claim-list"): EDITORS,
    ("get", "claim-similar"): READERS,
    ("get", "claim-detail"): EVERYBODY,
    ("patch", "claim-detail"): EDITORS,
    ("get", "claim-timeline"): EVERYBODY,
    ("get", "claim-history"): EVERYBODY,
    ("get", "claim-links"): EVERYBODY,
    ("post", "claim-status-changes"): EDITORS,
    ("post", "claim-reviewed"): EDITORS,
    ("get", "claim-topics"): READERS,
    ("get", "topic-list"): EVERYBODY,
    ("post", "claim-merge"): EDITORS,
    ("post", "claim-split"): EDITORS,
    ("post", "claim-undo"): EDITORS,
    ("get", "link-list"): READERS,
    ("get", "link-detail"): READERS,
    ("post", "link-accept"): EDITORS,
    ("post", "link-reject"): EDITORS,
    ("post", "link-undo"): EDITORS,
    ("get", "feed-list"): READERS,
    ("post", "feed-list"): ADMINS,
    ("get", "feed-detail"): READERS,
    ("post", "feed-poll"): ADMINS,
    ("get", "quality"): EDITORS,
    ("get", "changes"): READERS,
    ("get", "schema"): EVERYBODY,
    ("get", "docs"): EVERYBODY,
    ("get", "api"): EVERYBODY,
}


@pytest.fixture
def paths():
    """One existing row for each route that names one."""
    statement = make_statement()
    claim = make_claim()
    link = make_link(claim, statement)
    ids = {
        "article": statement.article_id,
        "statement": statement.pk,
        "speaker": statement.speaker_id,
        "publisher": statement.article.publisher_id,
        "claim": claim.pk,
        "link": link.pk,
    }
    return lambda name: path_of(name, ids)


def path_of(name: str, ids: dict[str, int]) -> str:
    from django.urls import reverse  # noqa: PLC0415

    subject, _, rest = name.partition("-")
    if name == "article-statement-list":
        return reverse(name, args=[ids["article"]])
    if rest in ("list", "similar", ""):
        return reverse(name)
    return reverse(name, args=[ids.get(subject, 1)])


@pytest.mark.parametrize("role", [NOBODY, READER, EDITOR, ADMIN])
@pytest.mark.parametrize(("method", "name"), ROUTES)
def test_each_route_lets_in_whom_the_table_of_rights_names(api, paths, method, name, role):
    answer = getattr(api(role), method)(
        paths(name), {} if method != "get" else None, format="json" if method != "get" else None
    )

    if role in ROUTES[method, name]:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert answer.status_code == (401 if role is NOBODY else 403)


def test_every_route_of_the_api_stands_in_the_table():
    routes = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern).startswith("api/")
        for pattern in getattr(resolver, "url_patterns", [resolver])
    }

    assert routes == {name for _, name in ROUTES}


def test_nobody_sees_tracked_claims_and_accepted_links_only(api):
    tracked, candidate = make_claim(), make_claim("Taxes will fall", stage=Stage.CANDIDATE)
    accepted = make_link(tracked, make_statement(), state=Link.State.ACCEPTED)
    make_link(tracked, make_statement("The bridge will not open in March"))
    client = api(None)

    assert [one["id"] for one in client.get("/api/v1/claims/").json()["results"]] == [str(tracked.pk)]
    assert client.get(f"/api/v1/claims/{candidate.pk}/").status_code == 404
    links = client.get(f"/api/v1/claims/{tracked.pk}/links/").json()["results"]
    assert [one["id"] for one in links] == [str(accepted.pk)]
    timeline = client.get(f"/api/v1/claims/{tracked.pk}/timeline/").json()["results"]
    assert [one["link"]["id"] for one in timeline if one["type"] == "statement"] == [str(accepted.pk)]
    assert len(api(READER).get("/api/v1/claims/").json()["results"]) == 2


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [(["read"], set()), (["read", "review"], {"accept"}), (["judge"], {"judge"}), (["submit"], {"submit"})],
)
def test_a_token_may_do_what_its_scopes_say(api, paths, scopes, allowed):
    client = api(EDITOR, scopes=scopes)
    tries = {
        "accept": client.post(paths("link-accept"), {}, format="json"),
        "judge": client.post(paths("claim-status-changes"), {}, format="json"),
        "submit": client.post("/api/v1/articles/", {"text": "A text."}, format="json"),
    }

    assert {name for name, answer in tries.items() if answer.status_code != 403} == allowed


def test_a_bot_never_judges(api, paths):
    bot = make_user(ADMIN, is_bot=True)

    assert api(user=bot).post(paths("claim-status-changes"), {}, format="json").status_code == 403
    assert api(user=bot).post(paths("link-accept"), {}, format="json").status_code == 200


@pytest.mark.parametrize("change", [{"revoked_at": "2020-01-01T00:00Z"}, {"expires_at": "2020-01-01T00:00Z"}])
def test_a_token_that_is_over_lets_nobody_in(api, change):
    client = api(READER)
    ApiToken.objects.update(**change)

    assert client.get("/api/v1/statements/").status_code == 401
    assert not Statement.objects.exists()


def test_a_token_of_a_user_who_was_switched_off_lets_nobody_in(api):
    user = make_user(READER)
    client = api(user=user)
    user.is_active = False
    user.save()

    assert client.get("/api/v1/statements/").status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer  ", "Basic abc", "Bearer ct_no", "Bearer \xff\x00"])
def test_a_header_that_is_no_token_is_a_401_that_says_how_to_write_it(api, header):
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/v1/claims/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
