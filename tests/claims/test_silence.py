"""Honest silence: flags, days of review, and candidates that nothing is heard of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.claims.models import Claim, Link
from apps.claims.services.judging import DateRefused, EvidenceItem, Judgement, change_status
from apps.claims.services.matching import match_statements
from apps.claims.services.regrouping import merge_claims
from apps.claims.services.review import accept_link
from apps.claims.services.tracking import adopt_claim
from apps.claims.services.watching import BadReview, archive_candidates, flag_claims, review_claim
from apps.claims.silence import Flag, Watched, flags_of, next_look
from apps.claims.statuses import ClaimStatus, StatusOutcome
from apps.claims.tasks import watch_claims
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article, Feed, FeedFetch
from claimtrack.celery import app
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user
from tests.racing import at_once

TODAY = date(2025, 6, 1)
QUIET = Watched(StatusOutcome.OPEN, None, TODAY, None, has_news=False, has_gap=False)


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        pytest.param({}, [], id="somebody looked today"),
        pytest.param({"due_on": date(2025, 6, 8)}, ["due"], id="due in a week"),
        pytest.param({"due_on": date(2025, 6, 9)}, [], id="due in eight days"),
        pytest.param({"due_on": TODAY}, ["due"], id="due today"),
        pytest.param({"due_on": date(2025, 5, 31)}, ["overdue"], id="due yesterday"),
        pytest.param({"due_on": date(2025, 5, 31), "outcome": "upheld"}, [], id="settled"),
        pytest.param({"looked_on": date(2025, 3, 3)}, [], id="looked at 90 days ago"),
        pytest.param({"looked_on": date(2025, 3, 2)}, ["stale"], id="looked at 91 days ago"),
        pytest.param({"looked_on": date(2020, 1, 1), "outcome": "failed"}, [], id="settled long ago"),
        pytest.param({"looked_on": date(2020, 1, 1), "next_review_on": date(2025, 6, 2)}, [], id="to be looked at"),
        pytest.param({"next_review_on": TODAY}, ["stale"], id="to be looked at today"),
        pytest.param({"next_review_on": TODAY, "outcome": "void"}, ["stale"], id="settled, yet to be looked at"),
        pytest.param({"has_news": True, "outcome": "failed"}, ["new_evidence"], id="news of a settled one"),
        pytest.param({"has_gap": True}, ["feed_gap"], id="a silent feed"),
        pytest.param({"has_gap": True, "outcome": "mixed"}, [], id="a silent feed of a settled one"),
        pytest.param(
            {"due_on": date(2025, 5, 1), "looked_on": date(2025, 1, 1), "has_news": True, "has_gap": True},
            ["overdue", "stale", "new_evidence", "feed_gap"],
            id="all at once, in one order",
        ),
    ],
)  # fmt: skip
def test_a_claim_is_flagged_for_what_it_wants_looking_at(given, flags):
    facts = {name: getattr(QUIET, name) for name in Watched.__slots__} | given
    assert flags_of(Watched(**{**facts, "outcome": StatusOutcome(facts["outcome"])}), TODAY) == flags


@pytest.mark.parametrize(
    ("outcome", "due_on", "day"),
    [
        ("open", None, date(2025, 7, 1)),
        ("open", date(2025, 6, 10), date(2025, 6, 11)),
        ("open", date(2027, 1, 1), date(2025, 7, 1)),
        ("open", date(2025, 5, 1), date(2025, 7, 1)),
        ("upheld", date(2025, 6, 10), None),
    ],
)
def test_the_next_look_is_in_a_month_or_the_day_after_it_is_due(outcome, due_on, day):
    assert next_look(StatusOutcome(outcome), due_on, TODAY) == day


def flags() -> list[list[str]]:
    return list(Claim.objects.order_by("pk").values_list("flags", flat=True))


def long_ago(claim: Claim, days: int = 91, **fields) -> None:
    Claim.objects.filter(pk=claim.pk).update(created_at=timezone.now() - timedelta(days=days), **fields)


@pytest.mark.django_db
def test_the_daily_job_flags_tracked_claims_once_and_tells_followers():
    overdue, stale, candidate = make_claim(), make_claim(), make_claim(stage="candidate")
    Claim.objects.filter(pk__in=[overdue.pk, candidate.pk]).update(due_on=date(2025, 2, 1))
    long_ago(stale)

    watch_claims()
    watch_claims()

    assert flags() == [["overdue"], ["stale"], []]
    told = Event.objects.filter(kind=EventKind.CLAIM_FLAGGED).order_by("claim_id")
    assert [(event.claim_id, event.payload["raised"]) for event in told] == [
        (overdue.pk, ["overdue"]),
        (stale.pk, ["stale"]),
    ]


@pytest.mark.django_db
def test_claims_are_looked_at_in_batches(monkeypatch):
    monkeypatch.setattr("apps.claims.services.watching.BATCH", 2)
    for _ in range(5):
        long_ago(make_claim())

    watch_claims()

    assert flags() == [["stale"]] * 5


@pytest.mark.django_db
def test_news_and_silent_feeds_are_flagged_until_somebody_looks(editor):
    claim, merged = make_claim(), make_claim("The bridge opens")
    do(merge_claims, claim_id=merged.pk, into_id=claim.pk, by=editor)
    article = make_article()
    feed = Feed.objects.create(url="https://courier.example/rss", publisher=article.publisher)
    Article.objects.filter(pk=article.pk).update(feed=feed)
    make_link(merged, make_statement(article=article), Stance.REPEATS, Link.State.ACCEPTED)
    watch_claims()
    assert flags()[0] == ["new_evidence"]

    Feed.objects.update(created_at=timezone.now() - timedelta(days=3))
    FeedFetch.objects.create(feed=feed, error="the host does not answer")
    watch_claims()
    assert flags()[0] == ["new_evidence", "feed_gap"]

    do(review_claim, claim_id=claim.pk, by=editor)
    assert flags()[0] == ["feed_gap"]  # that somebody looked brings no silent feed back
    FeedFetch.objects.create(feed=feed, http_status=200)
    watch_claims()
    assert flags()[0] == []
    Feed.objects.update(state="stopped")
    watch_claims()
    assert flags()[0] == ["feed_gap"]


@pytest.mark.django_db
def test_reviewing_judging_and_adopting_set_when_to_look_again(editor):
    looked, judged, adopted, linked = make_claim(), make_claim(), make_claim(stage="candidate"), make_claim()
    in_a_month = datetime.now(UTC).date() + timedelta(days=30)
    chosen = in_a_month + timedelta(days=300)
    source = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")
    judgement = Judgement(ClaimStatus.KEPT, date(2025, 3, 3), "It was opened.", (source,))

    do(review_claim, claim_id=looked.pk, by=editor, next_review_on=chosen)
    do(change_status, claim_id=judged.pk, judgement=judgement, by=editor)
    do(adopt_claim, claim_id=adopted.pk, by=editor)
    do(accept_link, link_id=make_link(linked, make_statement()).pk, by=editor)

    assert list(Claim.objects.order_by("pk").values_list("next_review_on", flat=True)) == [
        chosen, None, in_a_month, in_a_month,
    ]  # fmt: skip
    assert not Claim.objects.filter(last_reviewed_at=None).exists()
    with pytest.raises(BadReview):
        do(review_claim, claim_id=looked.pk, by=editor, next_review_on=datetime.now(UTC).date())
    past = Judgement(ClaimStatus.BROKEN, date(2025, 3, 4), "No.", (source,), next_review_on=date(2025, 4, 1))
    with pytest.raises(DateRefused) as refused:
        do(change_status, claim_id=judged.pk, judgement=past, by=editor)
    assert refused.value.field == "next_review_on"


@pytest.mark.django_db
def test_a_candidate_without_news_is_put_away_and_comes_back_with_news():
    speaker = make_speaker()
    said = "The new bridge over the river would open to heavy traffic in March"
    quiet, heard_of, _, tracked = (
        make_claim(said if number == 0 else f"Claim {number}", stage=stage, speakers=[speaker])
        for number, stage in enumerate(["candidate", "candidate", "candidate", "tracked"])
    )
    for claim in (quiet, heard_of, tracked):
        long_ago(claim)
    make_link(heard_of, make_statement())

    watch_claims()

    stages = lambda: list(Claim.objects.order_by("pk").values_list("stage", flat=True))  # noqa: E731
    assert stages() == ["archived", "candidate", "candidate", "tracked"]
    assert Event.objects.get(kind=EventKind.CLAIM_ARCHIVED).claim_id == quiet.pk

    article = make_article()
    make_statement(said, speaker=speaker, article=article)
    do(match_statements, version_id=article.versions.get().pk)

    assert stages()[0] == "candidate"
    assert Event.objects.get(kind=EventKind.CLAIM_REVIVED).claim_id == quiet.pk
    assert Claim.objects.count() == 4


@pytest.mark.django_db
def test_what_wants_looking_at_is_found_over_rest(api):
    quiet, flagged, suggested, due_for_review = (make_claim(f"Claim {number}") for number in range(4))
    Claim.objects.filter(pk=flagged.pk).update(flags=[Flag.OVERDUE])
    Claim.objects.filter(pk=due_for_review.pk).update(next_review_on=date(2025, 1, 1))
    make_link(suggested, make_statement())
    client = api()
    found = lambda **query: {one["id"] for one in client.get("/api/v1/claims/", query).json()["results"]}  # noqa: E731

    assert found(needs_review="true") == {str(one.pk) for one in (flagged, suggested, due_for_review)}
    assert found(needs_review="false") == {str(quiet.pk)}
    assert found(flag="overdue") == {str(flagged.pk)}
    [shown] = client.get("/api/v1/claims/", {"flag": "overdue"}).json()["results"]
    assert shown["flags"] == ["overdue"]
    assert client.get(f"/api/v1/claims/{flagged.pk}/", {"as_of": "2025-02-01"}).json()["flags"] == []
    answer = client.post(f"/api/v1/claims/{flagged.pk}/reviewed/", {"next_review_on": "2999-01-01"}, format="json")
    assert (answer.json()["flags"], answer.json()["next_review_on"]) == ([], "2999-01-01")
    past = client.post(f"/api/v1/claims/{flagged.pk}/reviewed/", {"next_review_on": "2020-01-01"}, format="json")
    assert (past.status_code, past.json()["errors"][0]["field"]) == (400, "next_review_on")


@pytest.mark.django_db(transaction=True)
def test_eight_watchers_at_once_flag_and_archive_once():
    long_ago(make_claim())
    long_ago(make_claim(stage="candidate"))

    at_once(lambda _: do(flag_claims, after=0, today=datetime.now(UTC).date()), range(8))
    archived = at_once(lambda _: do(archive_candidates), range(8))

    assert sorted(archived) == [0] * 7 + [1]
    assert Event.objects.filter(kind=EventKind.CLAIM_FLAGGED).count() == 1
    assert Event.objects.filter(kind=EventKind.CLAIM_ARCHIVED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_reviewers_at_once_leave_one_day_to_look_again():
    claim = make_claim()
    long_ago(claim, flags=[Flag.STALE])

    at_once(lambda by: do(review_claim, claim_id=claim.pk, by=by), [make_user() for _ in range(8)])

    claim.refresh_from_db()
    assert (claim.flags, claim.next_review_on) == ([], datetime.now(UTC).date() + timedelta(days=30))


def test_the_timetable_watches_the_claims():
    entries = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert "apps.claims.tasks.watch_claims" in entries
