"""Merging and splitting claims and speakers, and taking it back: nothing is re-pointed, so everything parts right."""

from datetime import UTC, date, datetime

import pytest

from apps.claims.history import AsKnown
from apps.claims.models import Claim, Link, Regrouping
from apps.claims.services.judging import Judgement, change_status
from apps.claims.services.matching import match_statements
from apps.claims.services.regrouping import CannotSplit, merge_claims, split_claim, undo_regrouping
from apps.claims.services.review import reject_link
from apps.claims.services.tracking import MergedAway, adopt_claim
from apps.claims.services.verifying import faults_of
from apps.claims.statuses import ClaimStatus
from apps.claims.tasks import match_due
from apps.claims.then import as_known
from apps.claims.timeline import timeline
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.services.articles import submit_article
from apps.statements.models import Speaker
from apps.statements.services.merging import merge_speakers, undo_speaker_merge
from apps.statements.tasks import read_due
from claimtrack.errors import Conflict, NotFound
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db

BRIDGE = "Mayor Ada Stone said that the new bridge over the river would open to heavy traffic in March."
CROSSING = "Mayor Ada Stone said that lorries would be allowed on the rebuilt southern crossing before Easter."
FILLER = "The old bridge was closed in autumn after engineers had found cracks in two of its pillars."


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def follow(*paragraphs: str, publisher: str, on: date = date(2025, 1, 6)) -> None:
    """Take an article in and lead it through all stations, as the workers would."""
    published_at = datetime.combine(on, datetime.min.time(), UTC)
    text = "\n\n".join(paragraphs)
    do(submit_article, by=make_user(), text=text, publisher=publisher, published_at=published_at)
    read_due()
    match_due()


def rows() -> list[tuple[int, int, str, str]]:
    """Every link as it stands: claim, statement, stance, state."""
    return list(Link.objects.order_by("pk").values_list("claim_id", "statement_id", "stance", "state"))


def bearing(claim: Claim) -> list[tuple[str, str]]:
    """What a reader of the claim sees bear on it: stance and publisher."""
    entries = timeline(Claim.objects.get(pk=claim.pk), with_suggested=True)
    return [
        (one["link"].stance, one["statement"].article.publisher.name) for one in entries if one["type"] == "statement"
    ]


def test_a_merge_new_statements_then_its_undo_leave_every_row_where_it_belongs(editor):
    follow(BRIDGE, FILLER, publisher="The Courier")
    follow(CROSSING, FILLER, publisher="The Post", on=date(2025, 1, 8))
    bridge, crossing = Claim.objects.order_by("pk")
    before = rows()

    do(merge_claims, claim_id=crossing.pk, into_id=bridge.pk, by=editor)
    assert rows() == before
    follow(FILLER, CROSSING, publisher="The Herald", on=date(2025, 1, 9))
    follow(FILLER, BRIDGE, publisher="The Globe", on=date(2025, 1, 10))

    assert Claim.objects.count() == 2
    assert bearing(bridge) == [
        ("makes", "The Courier"), ("repeats", "The Post"), ("repeats", "The Herald"), ("repeats", "The Globe"),
    ]  # fmt: skip

    do(undo_regrouping, claim_id=crossing.pk, by=editor)

    assert rows()[:2] == before
    assert bearing(bridge) == [("makes", "The Courier"), ("repeats", "The Globe")]
    assert bearing(crossing) == [("makes", "The Post"), ("repeats", "The Herald")]
    for claim in Claim.objects.all():
        assert (claim.merged_into, claim.root) == (None, None)
        assert not faults_of(claim)


def test_a_merged_claim_leaves_the_lists_answers_with_whom_it_was_merged_into_and_is_not_judged(api, editor):
    merged, root = make_claim("Lorries will cross the bridge"), make_claim(first_said_on=date(2025, 2, 1))
    client = api(user=editor)

    answer = client.post(f"/api/v1/claims/{merged.pk}/merge/", {"into": root.pk}, format="json").json()

    assert (answer["id"], answer["merged_into"]) == (str(merged.pk), str(root.pk))
    [listed] = client.get("/api/v1/claims/").json()["results"]
    assert (listed["id"], listed["merged_into"], listed["first_said_on"]) == (str(root.pk), None, "2025-01-06")
    found = lambda **query: len(client.get("/api/v1/claims/", query).json()["results"])  # noqa: E731
    assert found(as_of="2025-01-10") == found(said_before="2025-01-06") == found(said_after="2025-01-06") == 1
    assert found(said_after="2025-01-07") == found(said_before="2025-01-05") == 0
    judgement = Judgement(ClaimStatus.UNVERIFIABLE, date(2025, 3, 3), "Nobody knows.", searched="All.")
    with pytest.raises(MergedAway, match=f"merged into claim {root.pk}"):
        do(change_status, claim_id=merged.pk, judgement=judgement, by=editor)
    with pytest.raises(MergedAway):
        do(adopt_claim, claim_id=merged.pk, by=editor)

    undone = client.post(f"/api/v1/claims/{merged.pk}/undo/").json()
    assert undone["merged_into"] is None
    assert len(client.get("/api/v1/claims/").json()["results"]) == 2
    assert client.post(f"/api/v1/claims/{merged.pk}/undo/").status_code == 409


def test_merges_are_read_as_they_were_known_at_the_moment(api, editor):
    merged, root = make_claim("Lorries will cross the bridge"), make_claim()
    before = Event.objects.latest("pk").at
    do(merge_claims, claim_id=merged.pk, into_id=root.pk, by=editor)
    during = Event.objects.latest("pk").at
    do(undo_regrouping, claim_id=merged.pk, by=editor)
    listed = lambda **then: len(api().get("/api/v1/claims/", then).json()["results"])  # noqa: E731

    assert listed() == listed(known_at=before.isoformat()) == 2
    assert listed(known_at=during.isoformat()) == 1
    assert as_known(merged, AsKnown(known_at=during)).then_root == root.pk
    assert as_known(merged).then_root is None


def test_a_family_parts_at_the_merge_that_is_undone(editor):
    a, b, c = make_claim("A bridge"), make_claim("A bridge too"), make_claim("The bridge")
    do(merge_claims, claim_id=a.pk, into_id=b.pk, by=editor)
    do(merge_claims, claim_id=b.pk, into_id=c.pk, by=editor)
    roots = lambda: list(Claim.objects.order_by("pk").values_list("root_id", flat=True))  # noqa: E731
    assert roots() == [c.pk, c.pk, None]

    do(undo_regrouping, claim_id=b.pk, by=editor)
    assert roots() == [b.pk, None, None]
    do(merge_claims, claim_id=b.pk, into_id=c.pk, by=editor)
    do(undo_regrouping, claim_id=a.pk, by=editor)
    assert roots() == [None, c.pk, None]


def test_a_claim_is_not_merged_into_itself_its_own_or_twice(editor):
    a, b = make_claim("A bridge"), make_claim("A bridge too")
    with pytest.raises(Conflict, match="not merged into itself"):
        do(merge_claims, claim_id=a.pk, into_id=a.pk, by=editor)
    do(merge_claims, claim_id=a.pk, into_id=b.pk, by=editor)

    with pytest.raises(Conflict, match="merged into it"):
        do(merge_claims, claim_id=b.pk, into_id=a.pk, by=editor)
    with pytest.raises(Conflict, match="already"):
        do(merge_claims, claim_id=a.pk, into_id=b.pk, by=editor)
    for claim_id, into_id in ((a.pk, 4711), (4711, a.pk)):
        with pytest.raises(NotFound):
            do(merge_claims, claim_id=claim_id, into_id=into_id, by=editor)


def test_a_rejection_follows_merges_and_comes_back_with_their_undo(editor):
    stone = make_speaker()
    said = "The new bridge over the river would open to heavy traffic in March"
    rejected, other = make_claim(said, speakers=[stone]), make_claim("Lorries will cross it", speakers=[stone])
    article = make_article()
    statement = make_statement(said, speaker=stone, article=article)
    link = make_link(other, statement, Stance.REPEATS)
    do(reject_link, link_id=link.pk, by=editor)
    do(merge_claims, claim_id=other.pk, into_id=rejected.pk, by=editor)

    do(match_statements, version_id=article.versions.get().pk)
    assert not rejected.links.exists()

    do(undo_regrouping, claim_id=other.pk, by=editor)
    statement.matched_at = None
    statement.save()
    do(match_statements, version_id=article.versions.get().pk)
    assert rejected.links.get().state == "accepted"

    do(merge_claims, claim_id=other.pk, into_id=rejected.pk, by=editor)
    assert bearing(rejected) == []  # what the machine accepted yields to what a person rejected


def test_what_is_tracked_goes_on_being_tracked_in_what_it_is_merged_into(editor):
    tracked, candidate = make_claim(), make_claim(stage="candidate")

    do(merge_claims, claim_id=tracked.pk, into_id=candidate.pk, by=editor)

    candidate.refresh_from_db()
    assert candidate.stage == "tracked"


def make_split_case(editor):
    """A claim with two sayings and a contradiction; the later saying is of another bridge."""
    stone = make_speaker()
    claim = make_claim(speakers=[stone])
    first = make_link(claim, make_statement(speaker=stone), Stance.MAKES, Link.State.ACCEPTED)
    second = make_link(
        claim, make_statement("The footbridge will open", speaker=stone, said_on=date(2025, 2, 1)),
        Stance.REPEATS, Link.State.ACCEPTED,
    )  # fmt: skip
    third = make_link(claim, make_statement("It will not", said_on=date(2025, 3, 1)))
    return claim, first, second, third


def test_a_split_makes_a_claim_of_some_statements_and_its_undo_puts_every_link_back(editor):
    claim, _, second, third = make_split_case(editor)
    before = rows()
    wording = {"text": "The footbridge will open"}

    made = do(
        split_claim, claim_id=claim.pk, link_ids=[second.pk], statement_ids=[third.statement_id], wording=wording,
        by=editor,
    )  # fmt: skip

    assert (made.text, made.first_said_on, made.stage) == ("The footbridge will open", date(2025, 2, 1), "tracked")
    assert [one[2:] for one in rows() if one[0] == made.pk] == [("makes", "accepted"), ("contradicts", "suggested")]
    assert bearing(claim) == [("makes", Link.objects.first().statement.article.publisher.name)]
    assert Event.objects.filter(kind=EventKind.CLAIM_SPLIT).count() == 2

    do(undo_regrouping, claim_id=claim.pk, by=editor)

    assert rows()[:3] == before
    made.refresh_from_db()
    assert made.root == claim
    assert [stance for stance, _ in bearing(claim)] == ["makes", "repeats", "contradicts"]
    assert not faults_of(claim)
    assert not faults_of(made)


def test_what_was_first_said_is_split_off_with_its_day(editor):
    claim, first, _, _ = make_split_case(editor)

    made = do(
        split_claim, claim_id=claim.pk, link_ids=[first.pk], statement_ids=[], wording={"text": "It opens"}, by=editor
    )

    claim.refresh_from_db()
    assert (made.first_said_on, claim.first_said_on) == (date(2025, 1, 6), date(2025, 2, 1))
    assert claim.links.exclude(state="rejected").filter(stance="makes").count() == 1
    do(undo_regrouping, claim_id=claim.pk, by=editor)
    claim.refresh_from_db()
    assert claim.first_said_on == date(2025, 1, 6)


def test_a_split_over_rest_names_what_is_wrong(api, editor):
    claim, first, _, _ = make_split_case(editor)
    path = f"/api/v1/claims/{claim.pk}/split/"
    post = lambda **body: api().post(path, {"text": "The footbridge will open", **body}, format="json")  # noqa: E731

    assert post().json()["errors"][0]["field"] == "links"
    assert post(links=[4711]).json()["errors"][0]["field"] == "links"
    assert post(statements=[4711]).json()["errors"][0]["field"] == "statements"
    assert post(links=[first.pk], text="").status_code == 400
    answer = post(links=[first.pk], kind="prediction", due_on="2025-12-31")
    assert (answer.status_code, answer.json()["kind"], answer.json()["due_on"]) == (201, "prediction", "2025-12-31")
    with pytest.raises(CannotSplit):
        do(split_claim, claim_id=claim.pk, link_ids=[first.pk], statement_ids=[], wording={"text": "x"}, by=editor)


@pytest.mark.django_db(transaction=True)
def test_eight_editors_at_once_merge_split_and_undo_once():
    claim, _, second, _ = make_split_case(None)
    root = make_claim("The bridge")
    editors = [make_user() for _ in range(8)]
    wording = {"text": "The footbridge will open"}
    split = {"claim_id": claim.pk, "link_ids": [second.pk], "statement_ids": [], "wording": wording}

    assert effects(lambda by: do(split_claim, **split, by=by), editors) == 1
    assert Claim.objects.count() == 3
    assert effects(lambda by: do(merge_claims, claim_id=claim.pk, into_id=root.pk, by=by), editors) == 1
    assert effects(lambda by: do(undo_regrouping, claim_id=claim.pk, by=by), editors) == 2  # the merge and the split
    assert Regrouping.objects.filter(undone_at=None).count() == 1  # what the split had made is merged back


@pytest.mark.django_db(transaction=True)
def test_claims_that_are_merged_into_each_other_at_once_never_form_a_ring():
    claims = [make_claim(f"Bridge {number}") for number in range(4)]
    pairs = [(one, other) for one in claims for other in claims if one != other]
    by = make_user()

    at_once(lambda pair: do(merge_claims, claim_id=pair[0].pk, into_id=pair[1].pk, by=by), pairs[:8])

    merged_into = dict(Claim.objects.values_list("pk", "merged_into_id"))
    for claim in Claim.objects.all():
        seen, at = set(), claim.pk
        while merged_into[at] is not None:
            assert at not in seen
            seen.add(at)
            at = merged_into[at]
        assert (claim.root_id or claim.pk) == at


def effects(service, editors) -> int:
    return [isinstance(one, Conflict | CannotSplit) for one in at_once(service, editors)].count(False)


# Speakers.


def test_merged_speakers_are_read_as_one_and_part_right_after_new_statements(api, editor):
    follow(BRIDGE, FILLER, publisher="The Courier")
    miller = BRIDGE.replace("Ada Stone", "Ada Miller").replace("March", "June")
    follow(FILLER, miller, publisher="The Post", on=date(2025, 1, 8))
    stone, married = Speaker.objects.get(name="Ada Stone"), Speaker.objects.get(name="Ada Miller")
    client = api(user=editor)

    merged = client.post(f"/api/v1/speakers/{married.pk}/merge/", {"into": stone.pk}, format="json").json()

    assert merged["merged_into"] == str(stone.pk)
    shown = client.get(f"/api/v1/speakers/{stone.pk}/").json()
    assert "Ada Miller" in shown["aliases"]
    assert [one["id"] for one in client.get("/api/v1/speakers/", {"name": "Ada Miller"}).json()["results"]] == [
        str(stone.pk)
    ]
    follow(FILLER, BRIDGE.replace("Ada Stone", "Ada Miller"), publisher="The Globe", on=date(2025, 1, 9))
    repeated = Link.objects.latest("pk")
    assert (repeated.stance, repeated.state, repeated.statement.speaker) == ("repeats", "accepted", married)
    found = lambda speaker: len(client.get("/api/v1/statements/", {"speaker": speaker.pk}).json()["results"])  # noqa: E731
    claims = lambda speaker: len(client.get("/api/v1/claims/", {"speaker": speaker.pk}).json()["results"])  # noqa: E731
    assert found(stone) == found(married) == 3
    assert claims(stone) == claims(married) == Claim.objects.count()
    assert {one["speaker"]["name"] for one in client.get("/api/v1/statements/").json()["results"]} == {"Ada Stone"}

    assert client.post(f"/api/v1/speakers/{married.pk}/undo/").json()["merged_into"] is None

    assert (found(stone), found(married)) == (1, 2)
    assert (claims(stone), claims(married)) == (1, Claim.objects.count() - 1)
    assert client.post(f"/api/v1/speakers/{married.pk}/undo/").status_code == 409
    assert [event.kind for event in Event.objects.filter(speaker_id=stone.pk).order_by("pk")] == [
        EventKind.SPEAKER_MERGED,
        EventKind.SPEAKER_UNDONE,
    ]


def test_a_speaker_is_not_merged_into_themselves_their_own_or_twice(editor):
    a, b = make_speaker("Ada Stone"), make_speaker("Ada Miller")
    with pytest.raises(Conflict, match="into themselves"):
        do(merge_speakers, speaker_id=a.pk, into_id=a.pk, by=editor)
    do(merge_speakers, speaker_id=a.pk, into_id=b.pk, by=editor)

    for speaker_id, into_id in ((b.pk, a.pk), (a.pk, b.pk)):
        with pytest.raises(Conflict):
            do(merge_speakers, speaker_id=speaker_id, into_id=into_id, by=editor)
    with pytest.raises(NotFound):
        do(merge_speakers, speaker_id=a.pk, into_id=4711, by=editor)


@pytest.mark.django_db(transaction=True)
def test_eight_editors_at_once_merge_two_speakers_once_and_part_them_once():
    a, b = make_speaker("Ada Stone"), make_speaker("Ada Miller")
    editors = [make_user() for _ in range(8)]

    assert effects(lambda by: do(merge_speakers, speaker_id=a.pk, into_id=b.pk, by=by), editors) == 1
    assert effects(lambda by: do(undo_speaker_merge, speaker_id=a.pk, by=by), editors) == 1
    assert Event.objects.filter(speaker_id=a.pk).count() == 2
