from datetime import date

import pytest
from django.utils import timezone

from apps.claims.models import Claim, Link
from apps.claims.services.review import accept_link, reject_link, undo_link
from apps.claims.services.tracking import Author, BadClaim, adopt_claim, revise_claim
from apps.events.log import recording
from apps.events.models import Event, EventKind
from claimtrack.errors import Conflict, NotFound
from claimtrack.matching.stance import Stance
from tests.factories import make_claim, make_link, make_speaker, make_statement, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def test_accepting_a_link_says_who_decided_and_tells_followers(editor):
    link = make_link(make_claim(), make_statement())

    do(accept_link, link_id=link.pk, by=editor)

    link.refresh_from_db()
    assert (link.state, link.decided_by) == ("accepted", editor)
    assert link.decided_at is not None
    assert Claim.objects.get().last_reviewed_at is not None
    event = Event.objects.get(kind=EventKind.LINK_ACCEPTED)
    assert (event.link_id, event.claim_id, event.statement_id, event.user_id) == (
        link.pk, link.claim_id, link.statement_id, editor.pk,
    )  # fmt: skip


def test_a_reviewer_may_accept_with_another_stance_and_the_suggestion_stays_on_record(editor):
    link = make_link(make_claim(), make_statement(), Stance.UNSURE)

    do(accept_link, link_id=link.pk, by=editor, stance=Stance.REPORTS_OUTCOME)

    link.refresh_from_db()
    assert (link.stance, link.suggested_stance) == ("reports_outcome", "unsure")


def test_a_decision_is_taken_back_and_the_link_waits_again(editor):
    link = make_link(make_claim(), make_statement(), Stance.UNSURE)
    do(accept_link, link_id=link.pk, by=editor, stance=Stance.SUPPORTS)

    do(undo_link, link_id=link.pk, by=editor)

    link.refresh_from_db()
    assert (link.state, link.stance, link.decided_by, link.decided_at) == ("suggested", "unsure", None, None)
    assert Event.objects.latest("pk").payload["was"] == "accepted"


@pytest.mark.parametrize(
    ("state", "service", "said"),
    [
        ("accepted", accept_link, "accepted already"),
        ("rejected", reject_link, "rejected already"),
        ("suggested", undo_link, "Nothing was decided"),
    ],
)
def test_what_was_decided_is_not_decided_again(editor, state, service, said):
    link = make_link(make_claim(), make_statement(), state=Link.State(state))
    Link.objects.exclude(state="suggested").update(decided_by=editor)
    events = Event.objects.count()

    with pytest.raises(Conflict, match=said):
        do(service, link_id=link.pk, by=editor)

    assert Event.objects.count() == events


@pytest.mark.parametrize("service", [accept_link, reject_link, undo_link])
def test_a_link_that_is_not_there_is_not_found(editor, service):
    with pytest.raises(NotFound):
        do(service, link_id=4711, by=editor)


def test_accepting_an_older_statement_moves_the_claim_and_undoing_gives_the_link_back(editor):
    speaker = make_speaker()
    claim = make_claim(speakers=[speaker])
    newer = make_link(claim, make_statement(speaker=speaker), Stance.MAKES, Link.State.ACCEPTED)
    older = make_link(claim, make_statement(speaker=speaker, said_on=date(2024, 12, 1)), Stance.REPEATS)

    do(accept_link, link_id=older.pk, by=editor)

    claim.refresh_from_db()
    stances = lambda: [Link.objects.get(pk=link.pk).stance for link in (newer, older)]  # noqa: E731
    assert claim.first_said_on == date(2024, 12, 1)
    assert stances() == ["repeats", "makes"]

    do(undo_link, link_id=older.pk, by=editor)

    assert stances() == ["makes", "repeats"]


def test_what_the_machine_accepted_is_confirmed_by_a_person_once(editor):
    link = make_link(make_claim(), make_statement(), Stance.REPEATS, Link.State.ACCEPTED)

    do(accept_link, link_id=link.pk, by=editor)

    link.refresh_from_db()
    assert (link.state, link.decided_by) == ("accepted", editor)
    with pytest.raises(Conflict):
        do(accept_link, link_id=link.pk, by=editor)


def test_a_misread_statement_is_rejected_as_such_and_not_matched_again(editor):
    statement = make_statement()
    statement.matched_at = timezone.now()
    statement.save()
    link = make_link(make_claim(), statement)

    do(reject_link, link_id=link.pk, by=editor, because=Link.Rejection.MISREAD)

    link.refresh_from_db()
    statement.refresh_from_db()
    assert link.rejection == "misread"
    assert statement.matched_at is not None
    do(undo_link, link_id=link.pk, by=editor)
    link.refresh_from_db()
    assert link.rejection == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("service", "state"), [(accept_link, "suggested"), (reject_link, "suggested"), (undo_link, "accepted")]
)
def test_eight_reviewers_at_once_decide_once(service, state):
    link = make_link(make_claim(), make_statement(), state=Link.State(state))
    reviewers = [make_user() for _ in range(8)]
    before = Event.objects.count()

    results = at_once(lambda by: do(service, link_id=link.pk, by=by), reviewers)

    assert [isinstance(result, Conflict) for result in results].count(False) == 1
    assert Event.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_eight_editors_at_once_adopt_a_claim_once():
    claim = make_claim(stage="candidate")
    editors = [make_user() for _ in range(8)]

    results = at_once(lambda by: do(adopt_claim, claim_id=claim.pk, by=by), editors)

    assert [isinstance(result, Conflict) for result in results].count(False) == 1
    assert Event.objects.filter(kind=EventKind.CLAIM_ADOPTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_revisions_made_at_once_form_one_chain(editor):
    claim = make_claim()

    def revise(number: int) -> None:
        changes = {"resolution_criteria": f"Cars cross it. ({number})"}
        do(revise_claim, claim_id=claim.pk, changes=changes, reason="said how", by=Author.person(editor))

    assert at_once(revise, range(8)) == [None] * 8
    assert list(claim.revisions.order_by("seq").values_list("seq", flat=True)) == list(range(1, 10))


def test_a_revision_needs_a_change_and_a_sensible_due_date(editor):
    claim = make_claim()
    by = Author.person(editor)

    with pytest.raises(Conflict):
        do(revise_claim, claim_id=claim.pk, changes={"text": claim.text}, reason="", by=by)
    with pytest.raises(BadClaim, match="not due before"):
        do(revise_claim, claim_id=claim.pk, changes={"due_on": date(2024, 1, 1)}, reason="", by=by)
    with pytest.raises(BadClaim, match="says something"):
        do(revise_claim, claim_id=claim.pk, changes={"text": "  "}, reason="", by=by)
