"""What people do in the admin goes through the services, for those who have the right to it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import ApiToken, Role, Scope, User
from apps.claims.models import Claim, Link, Stage, StatusChange
from apps.events.models import Event, EventKind
from apps.sources.models import Article, Feed
from claimtrack.extraction.attribution import Kind as ClaimKind
from claimtrack.matching.stance import Stance
from claimtrack.work.kinds import Kind, Lane
from claimtrack.work.models import Work
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user, token_of

pytestmark = pytest.mark.django_db

NO_SOURCES = {"source-TOTAL_FORMS": "2", "source-INITIAL_FORMS": "0"}
JUDGEMENT = {"to": "kept", "effective_on": "2025-03-03", "reason": "It was opened.", **NO_SOURCES}
SOURCE = {"source-0-url": "https://roads.example/opening", "source-0-excerpt": "The bridge was opened on 3 March."}


@pytest.fixture
def desk() -> Client:
    """A client that an editor signed in to."""
    return signed_in(Role.EDITOR)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def suggested() -> Link:
    return make_link(make_claim(), make_statement())


def do(client: Client, deed: str, row, **data):
    """Press the button, and return the page that one sees then."""
    name = row._meta.label_lower.replace(".", "_")
    page = reverse(f"admin:{name}_change", args=[row.pk])
    return client.post(
        reverse(f"admin:{name}_{deed}", args=[row.pk]),
        data,
        follow=True,
        headers={"referer": f"http://testserver{page}"},
    )


def judge(client: Client, claim: Claim, **data):
    return client.post(reverse("admin:claims_claim_judge", args=[claim.pk]), {**JUDGEMENT, **data}, follow=True)


def test_a_link_is_accepted_and_taken_back_with_its_buttons(desk):
    link = suggested()

    answer = do(desk, "accept", link)
    link.refresh_from_db()
    assert (link.state, link.stance) == (Link.State.ACCEPTED, Stance.CONTRADICTS)
    assert link.decided_by is not None
    assert "The link was accepted." in answer.text
    assert answer.redirect_chain[0][0].endswith(f"/link/{link.pk}/change/")

    do(desk, "undo", link)
    link.refresh_from_db()
    assert link.state == Link.State.SUGGESTED
    assert [event.kind for event in Event.objects.order_by("pk")][-2:] == [
        EventKind.LINK_ACCEPTED,
        EventKind.LINK_UNDONE,
    ]


def test_a_link_is_accepted_with_another_stance(desk):
    link = suggested()

    do(desk, "accept", link, option="revises")

    link.refresh_from_db()
    assert (link.state, link.stance) == (Link.State.ACCEPTED, Stance.REVISES)


def test_a_rejected_link_leaves_the_queue(desk):
    link = suggested()
    queue = reverse("admin:claims_link_changelist")
    assert str(link.statement.text) in desk.get(queue).text

    do(desk, "reject", link)

    assert str(link.statement.text) not in desk.get(queue).text
    assert str(link.statement.text) in desk.get(queue, {"state": "rejected"}).text


@pytest.mark.parametrize(
    ("deed", "data", "told"),
    [
        pytest.param("accept", {}, "This link is accepted already.", id="accepted twice"),
        pytest.param("accept", {"option": "adores"}, "is no stance", id="a stance that is none"),
        pytest.param("reject", {"option": "dull"}, "is no reason", id="a reason that is none"),
    ],
)
def test_a_refusal_is_told_and_changes_nothing(desk, deed, data, told):
    link = make_link(make_claim(), make_statement(), state=Link.State.ACCEPTED)
    Link.objects.update(decided_by=make_user())

    answer = do(desk, deed, link, **data)

    assert answer.status_code == 200
    assert told in answer.text
    assert not Event.objects.filter(kind=EventKind.LINK_ACCEPTED).exists()


def test_a_link_that_is_gone_is_told_as_such(desk):
    answer = desk.post(reverse("admin:claims_link_accept", args=[999_999_999]), follow=True)

    assert "There is no such link." in answer.text


def test_ticked_links_are_decided_one_by_one(desk):
    first, second = suggested(), suggested()
    decided = make_link(make_claim(), make_statement(), state=Link.State.ACCEPTED)
    Link.objects.filter(pk=decided.pk).update(decided_by=make_user())
    chosen = {"action": "accept", "_selected_action": [first.pk, second.pk, decided.pk]}

    answer = desk.post(reverse("admin:claims_link_changelist") + "?state=all", chosen, follow=True)

    assert Link.objects.filter(state=Link.State.ACCEPTED, decided_at__isnull=False).count() == 2
    assert "2 links were accepted." in answer.text
    assert "This link is accepted already." in answer.text


def test_a_candidate_is_adopted(desk):
    claim = make_claim(stage=Stage.CANDIDATE)

    do(desk, "adopt", claim)

    claim.refresh_from_db()
    assert claim.stage == Stage.TRACKED
    assert Event.objects.latest("pk").kind == EventKind.CLAIM_ADOPTED


def test_a_claim_is_judged_on_a_statement_and_on_an_address(desk):
    claim = make_claim()
    link = make_link(claim, make_statement("The bridge was opened", said_on=date(2025, 3, 3)))

    answer = judge(desk, claim, statements=[link.statement_id], **SOURCE)

    claim.refresh_from_db()
    assert claim.status == "kept"
    change = StatusChange.objects.get()
    assert {item.excerpt for item in change.evidence.all()} == {"The bridge was opened", SOURCE["source-0-excerpt"]}
    assert "The claim was judged" in answer.text
    assert "The chain holds" in answer.text


def test_a_mistaken_judgement_is_made_void(desk):
    claim = make_claim()
    judge(desk, claim, **SOURCE)
    mistake = StatusChange.objects.get()

    judge(desk, claim, to="void", corrects=mistake.seq, reason="That was another bridge.")

    claim.refresh_from_db()
    assert claim.status == "pending"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param({}, "Show on what this judgement rests", id="no evidence"),
        pytest.param({**SOURCE, "to": "confirmed"}, "Select a valid choice", id="the status of another kind"),
        pytest.param({**SOURCE, "to": "pending"}, "is pending already", id="the status it has"),
        pytest.param({**SOURCE, "effective_on": "2999-01-01"}, "does not take effect in the future", id="the future"),
        pytest.param({**SOURCE, "effective_on": "soon"}, "Enter a valid date", id="no date"),
        pytest.param({**SOURCE, "reason": " "}, "This field is required", id="no reason"),
        pytest.param(
            {**SOURCE, "source-0-url": "roads"}, "begins with http:// or https://", id="an address that is none"
        ),
        pytest.param({**SOURCE, "source-0-excerpt": ""}, "Give the words found there", id="no words"),
        pytest.param({**SOURCE, "source-0-dated_on": "2024-01-01"}, "is not older than", id="evidence too old"),
        pytest.param({"statements": ["999999999"]}, "Select a valid choice", id="a statement on something else"),
    ],
)
def test_a_refused_judgement_is_shown_beside_its_field_and_leaves_no_trace(desk, data, told):
    claim = make_claim()
    make_link(claim, make_statement())

    answer = judge(desk, claim, **data)

    assert answer.status_code == 200
    assert told in answer.text
    assert not StatusChange.objects.exists()


def test_a_claim_is_judged_only_with_the_statuses_of_its_kind(desk):
    claim = make_claim("The bridge is 200 metres long", kind=ClaimKind.ASSERTION)

    text = desk.get(reverse("admin:claims_claim_judge", args=[claim.pk])).text

    assert 'value="refuted"' in text
    assert 'value="kept"' not in text


def test_a_claim_is_reworded_and_keeps_what_it_said(desk):
    claim = make_claim("The new bridge will open in March")
    text = "The new bridge will open to traffic in March"
    says = {"text": text, "kind": "promise", "first_said_on": "2025-01-06"}
    address = reverse("admin:claims_claim_revise", args=[claim.pk])

    answer = desk.post(address, {**says, "due_on": "2025-03-31", "reason": "Say what opens."}, follow=True)

    claim.refresh_from_db()
    assert (claim.text, claim.due_on) == (says["text"], date(2025, 3, 31))
    assert claim.revisions.count() == 2
    assert "Say what opens." in answer.text
    too_early = desk.post(address, {**says, "due_on": "2024-03-31", "reason": "A typo."})
    assert "not due before it was said" in too_early.text


def test_a_flagged_claim_is_marked_as_looked_at(desk):
    claim = make_claim()
    Claim.objects.filter(pk=claim.pk).update(flags=["stale"])
    to_look_at = reverse("admin:claims_claim_changelist") + "?needs_review=stale"
    assert claim.text in desk.get(to_look_at).text

    do(desk, "reviewed", claim)

    claim.refresh_from_db()
    assert claim.flags == []
    assert claim.text not in desk.get(to_look_at).text


def test_a_claim_is_merged_and_parted_again(desk):
    merged, root = make_claim("Lorries will cross"), make_claim()
    address = reverse("admin:claims_claim_merge", args=[merged.pk])

    sister = make_claim("Lorries will pay", speakers=list(merged.speakers.all()))
    assert f"{sister.pk}: " in desk.get(address).text
    assert "not merged into itself" in desk.post(address, {"into": merged.pk}).text
    answer = desk.post(address, {"into": root.pk}, follow=True)

    merged.refresh_from_db()
    assert merged.root == root
    assert f"merged into claim {root.pk}" in answer.text
    do(desk, "undo", merged)
    merged.refresh_from_db()
    assert merged.root is None


def test_some_statements_of_a_claim_become_a_claim_of_their_own(desk):
    claim = make_claim()
    link = make_link(claim, make_statement("The footbridge will open"), Stance.REPEATS, Link.State.ACCEPTED)
    address = reverse("admin:claims_claim_split", args=[claim.pk])

    assert "This field is required" in desk.post(address, {"text": "The footbridge will open"}).text
    desk.post(address, {"text": "The footbridge will open", "statements": [link.statement_id]}, follow=True)

    assert Claim.objects.latest("pk").links.get().statement == link.statement


def test_two_speakers_are_merged_and_parted_again(desk):
    ada, other = make_speaker("Ada Stone"), make_speaker("A. Stone")
    address = reverse("admin:statements_speaker_merge", args=[other.pk])

    assert "Ada Stone" in desk.get(address).text
    desk.post(address, {"into": ada.pk}, follow=True)

    other.refresh_from_db()
    assert other.root == ada
    do(desk, "undo", other)
    other.refresh_from_db()
    assert other.root is None


def test_a_submitted_article_is_confirmed(desk):
    article = make_article()

    do(desk, "confirm", article)

    article.refresh_from_db()
    assert article.confirmed_by is not None


def test_a_failed_article_is_tried_again(desk):
    article = make_article()
    Article.objects.filter(pk=article.pk).update(state="failed", error="five workers in a row ended")

    do(desk, "retry", article)

    article.refresh_from_db()
    assert (article.state, article.error) == ("reading", "")
    assert Work.objects.get().kind == Kind.READ
    assert "Only an article that failed" in do(desk, "retry", article).text


def test_an_admin_adds_a_feed_and_has_it_polled():
    client = signed_in(Role.ADMIN)
    add = reverse("admin:sources_feed_add")

    assert "feed" in client.post(add, {"url": "https://courier.example/rss", "publisher": "Courier"}, follow=True).text
    feed = Feed.objects.get()
    assert feed.publisher.name == "Courier"
    do(client, "poll", feed)
    assert Work.objects.get().lane == Lane.INTERACTIVE
    refused = client.post(add, {"url": "ftp://courier.example/rss"})
    assert refused.status_code == 200
    assert Feed.objects.count() == 1


def test_the_secret_of_a_token_is_shown_once():
    client, owner = signed_in(Role.ADMIN), make_user(Role.EDITOR)
    asked = {"user": owner.pk, "name": "night desk", "scopes": ["read", "review"]}

    issued = client.post(reverse("admin:accounts_apitoken_add"), asked)

    secret = issued.context["issued"].secret
    assert secret in issued.text
    assert "no-store" in issued["Cache-Control"]
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "review"]
    for page in (
        reverse("admin:accounts_apitoken_changelist"),
        reverse("admin:accounts_apitoken_change", args=[token.pk]),
    ):
        assert secret not in client.get(page).text
    do(client, "revoke", token)
    assert not ApiToken.objects.usable().exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        pytest.param({"scopes": ["admin"]}, "has no right to: admin", id="beyond the owner's rights"),
        pytest.param({"expires_at_0": "2020-01-01", "expires_at_1": "00:00"}, "This moment is past", id="expired"),
        pytest.param({"scopes": []}, "This field is required", id="good for nothing"),
    ],
)
def test_a_token_that_cannot_be_issued_is_refused_beside_its_field(more, told):
    asked = {"user": make_user(Role.EDITOR).pk, "name": "night desk", "scopes": ["read"], **more}

    answer = signed_in(Role.ADMIN).post(reverse("admin:accounts_apitoken_add"), asked)

    assert told in answer.text
    assert not ApiToken.objects.exists()


def test_an_admin_makes_a_user_who_can_sign_in():
    password = "quite a long one 7"
    asked = {"username": "berit", "role": "editor", "usable_password": "true"}

    signed_in(Role.ADMIN).post(
        reverse("admin:accounts_user_add"), {**asked, "password1": password, "password2": password}
    )

    assert User.objects.get(username="berit").role == Role.EDITOR
    client = Client()
    client.post(reverse("admin:login"), {"username": "berit", "password": password})
    assert client.get(reverse("admin:index")).status_code == 200


def test_an_admin_keeps_their_own_rights():
    admin = make_user(Role.ADMIN)
    client = Client()
    client.force_login(admin)
    page = reverse("admin:accounts_user_change", args=[admin.pk])

    client.post(page, {"username": admin.username, "email": "", "role": "reader"})

    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_users_are_made_inactive_instead_of_deleted():
    user = make_user(Role.EDITOR)

    answer = signed_in(Role.ADMIN).post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_no_deed_is_done_by_following_a_link(desk):
    link = suggested()

    assert desk.get(reverse("admin:claims_link_accept", args=[link.pk])).status_code == 405
    link.refresh_from_db()
    assert link.state == Link.State.SUGGESTED


def test_no_deed_is_done_without_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(Role.EDITOR))
    link = suggested()

    assert client.post(reverse("admin:claims_link_accept", args=[link.pk])).status_code == 403


def deeds() -> dict[str, set[Role]]:
    """Every address that does something, and whose right it is."""
    claim = make_claim(stage=Stage.CANDIDATE)
    link = make_link(claim, make_statement())
    Work.objects.all().delete()
    feed = Feed.objects.create(url="https://courier.example/rss", publisher=link.statement.article.publisher)
    token_of(make_user())
    ids = {"link": link.pk, "claim": claim.pk, "article": link.statement.article_id, "feed": feed.pk}
    editors = {f"claims_link_{one}": ids["link"] for one in ("accept", "reject", "undo")}
    claim_deeds = ("adopt", "judge", "revise", "merge", "split", "undo", "reviewed", "topics")
    editors |= {f"claims_claim_{one}": ids["claim"] for one in claim_deeds}
    editors |= {f"statements_speaker_{one}": link.statement.speaker_id for one in ("merge", "undo")}
    editors |= {f"sources_article_{one}": ids["article"] for one in ("confirm", "retry")}
    admins = {"sources_feed_poll": feed.pk, "accounts_apitoken_revoke": ApiToken.objects.get().pk}
    found = {reverse(f"admin:{name}", args=[pk]): {Role.EDITOR, Role.ADMIN} for name, pk in editors.items()}
    found |= {reverse(f"admin:{name}", args=[pk]): {Role.ADMIN} for name, pk in admins.items()}
    for name in ("sources_feed_add", "accounts_apitoken_add", "accounts_user_add"):
        found[reverse(f"admin:{name}")] = {Role.ADMIN}
    return found


@pytest.mark.parametrize("role", [None, *Role])
def test_each_deed_is_done_only_by_who_has_the_right_to_it(role):
    client = signed_in(role) if role else Client()

    for address, roles in deeds().items():
        answer = client.post(address)
        if role in roles:
            assert answer.status_code in (200, 302), address
            assert "/admin/login/" not in answer.get("Location", ""), address
        elif role == Role.EDITOR:
            assert answer.status_code == 403, address
        else:
            assert "/admin/login/" in answer["Location"], address


def test_a_person_without_the_right_sees_no_button(desk):
    feed = Feed.objects.create(url="https://courier.example/rss", publisher=make_article().publisher)
    page = reverse("admin:sources_feed_change", args=[feed.pk])

    assert "Poll now" not in desk.get(page).text
    assert "Poll now" in signed_in(Role.ADMIN).get(page).text
    assert Scope.ADMIN not in make_user(Role.EDITOR).scopes
