"""Claims as they stood on a day, as known at a moment: lists, timelines and records."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.claims.history import AsKnown, status_on
from apps.claims.models import Claim, StatusChange
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.review import accept_link, undo_link
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.statuses import OUTCOME_OF, STATUSES_OF, ClaimStatus, status_in
from apps.claims.then import as_known, claims_then
from apps.events.log import recording
from apps.events.models import Event
from apps.sources.services.articles import confirm_article
from claimtrack.errors import Conflict
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"
SOURCE = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def judge(claim, by, to, day, **other) -> StatusChange:
    judgement = Judgement(ClaimStatus(to) if to else None, day, "It is so.", (SOURCE,), **{"searched": "All.", **other})
    return do(change_status, claim_id=claim.pk, judgement=judgement, by=by)


def test_the_rule_in_sql_is_the_rule_in_memory_on_random_histories(editor):
    chance = random.Random(7)
    claims = [make_claim() for _ in range(6)]
    for _ in range(60):
        claim = chance.choice(claims)
        before = list(claim.status_changes.select_related("corrects"))
        open_to_correction = [one.seq for one in before if one.seq not in {other.corrects_seq for other in before}]
        corrects = chance.choice([None, *open_to_correction])
        to = chance.choice([*STATUSES_OF[Kind.PROMISE], *([""] if corrects else [])])
        day = date(2025, 1, 6) + timedelta(days=chance.randrange(30))
        try:
            judge(claim, editor, str(to), day, corrects_seq=corrects)
        except Conflict:
            continue
    moments = [None, *StatusChange.objects.values_list("recorded_at", flat=True)[::7]]
    for known_at in moments:
        for day in [None, *(date(2025, 1, 6) + timedelta(days=number) for number in range(0, 30, 6))]:
            then = AsKnown(day, known_at)
            found = {claim.pk: claim.then_status for claim in claims_then(Claim.objects.all(), then)}
            told = {
                claim.pk: status_on(
                    claim.status_changes.select_related("corrects"), kind=Kind.PROMISE, on=day, known_at=known_at
                )
                for claim in claims
            }
            assert found == {pk: str(status) for pk, status in told.items()}


@pytest.mark.parametrize("kind", Kind)
def test_each_status_has_one_that_says_the_same_in_every_kind(kind):
    for status in ClaimStatus:
        said = status_in(kind, status)
        assert said in STATUSES_OF[kind]
        assert OUTCOME_OF[said] == OUTCOME_OF[status]


def test_a_list_shows_and_filters_claims_as_of_a_day_and_as_known_at_a_moment(api, editor):
    bridge, tunnel = make_claim(), make_claim("The tunnel will open", first_said_on=date(2025, 2, 1))
    before = timezone.now()
    judge(bridge, editor, "kept", date(2025, 3, 3))
    client = api()

    def found(**query: object) -> list[tuple[str, str]]:
        return [(one["id"], one["status"]) for one in client.get(CLAIMS, query).json()["results"]]

    kept, pending, later = (str(bridge.pk), "kept"), (str(bridge.pk), "pending"), (str(tunnel.pk), "pending")
    assert found() == [later, kept]
    assert found(as_of="2025-03-02") == [later, pending]
    assert found(as_of="2025-01-31") == [pending]
    assert found(as_of="2025-01-05") == []
    assert found(known_at=before.isoformat()) == [later, pending]
    assert found(known_at="2020-01-01") == []
    assert found(status="kept") == found(outcome="upheld") == found(outcome="upheld", as_of="2025-03-03") == [kept]
    assert found(status="kept", as_of="2025-03-02") == found(outcome="upheld", known_at=before.isoformat()) == []
    assert found(status="pending", as_of="2025-02-01") == [later, pending]


def test_filters_by_words_kind_and_day_are_of_what_the_claim_said_then(api, editor):
    claim = make_claim("The old bridge will open in March")
    before = timezone.now().isoformat()
    changes = {"text": "The new tunnel will open in March", "due_on": date(2025, 3, 31)}
    do(revise_claim, claim_id=claim.pk, changes=changes, reason="It is a tunnel.", by=Author.person(editor))
    found = lambda **query: [one["text"] for one in api().get(CLAIMS, query).json()["results"]]  # noqa: E731

    assert found(q="tunnel") == [changes["text"]]
    assert found(q="tunnel", known_at=before) == found(q="bridge") == []
    assert found(q="bridge", known_at=before) == ["The old bridge will open in March"]
    assert found(due_before="2025-12-31") == [changes["text"]]
    assert found(due_before="2025-12-31", known_at=before) == []


@pytest.mark.parametrize("query", [{"as_of": "soon"}, {"known_at": "then"}, {"as_off": "2025-01-01"}])
def test_a_day_that_is_none_is_refused_on_lists_timelines_and_records(api, query):
    speaker = make_speaker()
    claim = make_claim(speakers=[speaker])

    for path in (CLAIMS, f"{CLAIMS}{claim.pk}/timeline/", f"/api/v1/speakers/{speaker.pk}/record/"):
        assert api().get(path, query).status_code == 400


@pytest.mark.parametrize("then", [{}, {"as_of": "2025-06-01"}, {"as_of": "2025-06-01", "known_at": "2999-01-01"}])
def test_lists_and_records_take_as_many_queries_for_twenty_claims_as_for_one(api, editor, then):
    speaker, client = make_speaker(), api()
    record = f"/api/v1/speakers/{speaker.pk}/record/"
    add_claim(speaker, editor)
    client.get(CLAIMS)  # the first request asks for more than the ones after it
    few = [queries(client, path, then) for path in (CLAIMS, record)]
    for _ in range(19):
        add_claim(speaker, editor)

    assert [queries(client, path, then) for path in (CLAIMS, record)] == few
    assert max(few) <= 11
    assert len(client.get(CLAIMS, then).json()["results"]) == 20


def test_a_timeline_takes_as_many_queries_for_twenty_statements_as_for_one(api, editor):
    claim, client = make_claim(), api()
    path = f"{CLAIMS}{claim.pk}/timeline/"
    make_link(claim, make_statement())
    judge(claim, editor, "in_progress", date(2025, 3, 3))
    client.get(path)
    few = queries(client, path, {"as_of": "2025-06-01"})
    for number in range(19):
        make_link(claim, make_statement(speaker=make_speaker(f"Speaker {number}")))
        judge(claim, editor, "kept" if number % 2 else "broken", date(2025, 3, 3))

    assert queries(client, path, {"as_of": "2025-06-01"}) == few


def add_claim(speaker, editor) -> None:
    claim = make_claim(speakers=[speaker])
    make_link(claim, make_statement(speaker=speaker), Stance.MAKES, "accepted")
    judge(claim, editor, "kept", date(2025, 3, 3))


def queries(client, path: str, query: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, query).status_code == 200
    return len(captured.captured_queries)


def test_a_timeline_ends_on_the_day_and_knows_what_was_known_at_the_moment(api, editor):
    claim, client = make_claim(), api()
    link = make_link(claim, make_statement(said_on=date(2025, 2, 1)))
    do(accept_link, link_id=link.pk, by=editor, stance=Stance.SUPPORTS)
    accepted = Event.objects.latest("pk").at
    judge(claim, editor, "kept", date(2025, 3, 3))
    judged = StatusChange.objects.get().recorded_at
    do(undo_link, link_id=link.pk, by=editor)

    def shown(**query: object) -> list[str]:
        results = client.get(f"{CLAIMS}{claim.pk}/timeline/", query).json()["results"]
        return [one["link"]["state"] if one["type"] == "statement" else one["type"] for one in results]

    assert shown() == ["revision", "suggested", "status_change"]
    assert shown(as_of="2025-03-02") == ["revision", "suggested"]
    assert shown(as_of="2025-01-31") == ["revision"]
    assert shown(known_at=judged.isoformat()) == ["revision", "accepted", "status_change"]
    assert shown(known_at=accepted.isoformat()) == ["revision", "accepted"]
    [told] = client.get(f"{CLAIMS}{claim.pk}/timeline/", {"known_at": judged.isoformat()}).json()["results"][1:2]
    assert datetime.fromisoformat(told["recorded_at"]) == accepted
    assert client.get(f"{CLAIMS}{claim.pk}/timeline/", {"as_of": "2025-01-05"}).status_code == 404


def test_stories_count_what_was_accepted_and_vouched_for_at_the_moment(editor):
    claim, article = make_claim(), make_article()
    link = make_link(claim, make_statement(article=article), Stance.REPEATS)
    do(accept_link, link_id=link.pk, by=editor)
    accepted = timezone.now()
    with recording() as record:
        record(confirm_article(article_id=article.pk, by=editor))
    confirmed = timezone.now()
    do(undo_link, link_id=link.pk, by=editor)
    stories = lambda **then: as_known(claim, AsKnown(**then)).independent_stories  # noqa: E731

    assert stories() == stories(known_at=accepted) == 0
    assert stories(known_at=confirmed) == stories(known_at=confirmed, as_of=date(2025, 1, 6)) == 1


def test_a_record_counts_outcomes_year_by_year_and_names_the_turns_of_a_speaker(api, editor):
    stone, reed = make_speaker(), make_speaker("Paul Reed")
    kept = make_claim("The bridge will open", speakers=[stone], first_said_on=date(2023, 5, 1))
    make_claim("The tunnel will open", speakers=[stone], first_said_on=date(2024, 5, 1))
    make_claim("Taxes will fall", speakers=[stone], stage="candidate")
    judge(kept, editor, "broken", date(2024, 3, 3))
    judge(kept, editor, "kept", date(2025, 2, 1))
    for speaker, stance in ((stone, Stance.CONTRADICTS), (reed, Stance.CONTRADICTS), (stone, Stance.REPEATS)):
        make_link(kept, make_statement(speaker=speaker, said_on=date(2024, 8, 1)), stance, "accepted")

    answer = api(None).get(f"/api/v1/speakers/{stone.pk}/record/", {"as_of": "2025-06-30"}).json()

    came_to = lambda one: (one["on"], {name for name, count in one["outcomes"].items() if count})  # noqa: E731
    assert answer["standing"]["outcomes"] == {"open": 1, "upheld": 1, "mixed": 0, "failed": 0, "void": 0}
    assert [came_to(one) for one in answer["over_time"]] == [
        ("2023-12-31", {"open"}),
        ("2024-12-31", {"open", "failed"}),
    ]
    assert [(turn["on"], turn["stance"]) for turn in answer["turns"]] == [("2024-08-01", "contradicts")]
    earlier = api(None).get(f"/api/v1/speakers/{stone.pk}/record/", {"as_of": "2024-06-30"}).json()
    assert (earlier["standing"]["outcomes"]["failed"], earlier["turns"]) == (1, [])
    unknown = api(None).get(f"/api/v1/speakers/{stone.pk}/record/", {"known_at": "2020-01-01"}).json()
    assert unknown["standing"]["outcomes"]["open"] == 0
    assert api(None).get("/api/v1/speakers/4711/record/").status_code == 404
    assert datetime.now(UTC).date().isoformat() == api(None).get(
        f"/api/v1/speakers/{reed.pk}/record/"
    ).json()["standing"]["on"]  # fmt: skip
