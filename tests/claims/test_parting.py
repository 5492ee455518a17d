"""A merge, what comes in while it stands, and its undo: row by row, and as readers see both before and after."""

from datetime import date
from typing import Any

import pytest
from django.db import models

from apps.claims.models import Claim, ClaimRevision, Evidence, Link, StatusChange
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.matching import match_statements
from apps.claims.services.regrouping import merge_claims, undo_regrouping
from apps.claims.services.review import accept_link
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.services.verifying import faults_of
from apps.claims.statuses import ClaimStatus
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.statements.models import Speaker, Statement
from apps.statements.services.merging import merge_speakers, undo_speaker_merge
from claimtrack.matching.stance import Stance
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"
BRIDGE = "The new bridge over the river would open to heavy traffic in March"
CROSSING = "Lorries would be allowed on the rebuilt southern crossing of the valley"
KEPT = (Claim, ClaimRevision, StatusChange, Evidence, Link, Statement, Event, Claim.speakers.through)
WORKED_OUT = {"search", "embedding"}
OF_TODAY = {"flags", "last_reviewed_at", "next_review_on", "changes_cursor", "recorded_at", "decided_at"}


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def rows(*kinds: type[models.Model]) -> dict[tuple[str, int], dict[str, Any]]:
    """Every row as it is stored, by table and id."""
    return {
        (model._meta.db_table, row["id"]): row
        for model in kinds
        for row in model._default_manager.values(
            *(field.attname for field in model._meta.concrete_fields if field.name not in WORKED_OUT)
        )
    }


def judge(claim: Claim, by, to: ClaimStatus, day: date, *statements: Statement) -> StatusChange:
    evidence = tuple(EvidenceItem(statement_id=one.pk) for one in statements)
    judgement = Judgement(to, day, "It is so.", evidence)
    return do(change_status, claim_id=claim.pk, judgement=judgement, by=by)


def with_a_life(text: str, speaker: Speaker, by) -> Claim:
    """A claim that was said and repeated, supported, contradicted, reworded, judged and judged again."""
    claim = make_claim(text, speakers=[speaker])
    first, again = (make_statement(text, speaker=speaker, said_on=date(2025, 1, day)) for day in (6, 8))
    against = make_statement(f"It is not so that {text}", said_on=date(2025, 2, 1))
    about = make_statement(f"It may be that {text}", said_on=date(2025, 2, 3))
    make_link(claim, first, Stance.MAKES, Link.State.ACCEPTED)
    make_link(claim, again, Stance.REPEATS, Link.State.ACCEPTED)
    make_link(claim, about, Stance.SUPPORTS)
    do(accept_link, link_id=make_link(claim, against, Stance.UNSURE).pk, by=by, stance=Stance.CONTRADICTS)
    criteria: dict[str, object] = {"resolution_criteria": "Lorries cross it."}
    do(revise_claim, claim_id=claim.pk, changes=criteria, reason="Said how.", by=Author.person(by))
    judge(claim, by, ClaimStatus.STALLED, date(2025, 2, 1), against)
    judge(claim, by, ClaimStatus.IN_PROGRESS, date(2025, 2, 3), about, against)
    return claim


def hear(text: str, speaker: Speaker, day: int) -> Statement:
    """Something new is said, and matched."""
    article = make_article(published_on=date(2025, 2, day))
    statement = make_statement(text, article=article, speaker=speaker, said_on=date(2025, 2, day))
    do(match_statements, version_id=article.versions.get().pk)
    return statement


def plain(value: Any) -> Any:
    """An answer without what is only of the moment."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name not in OF_TODAY}
    return [plain(one) for one in value] if isinstance(value, list) else value


def shown(client, claim: Claim) -> dict[str, Any]:
    """What the API says of a claim: itself, today and before, its timeline, its chain and its links."""
    path = f"{CLAIMS}{claim.pk}/"
    answers = {
        "claim": client.get(path),
        "in February": client.get(path, {"as_of": "2025-02-02"}),
        "timeline": client.get(f"{path}timeline/"),
        "history": client.get(f"{path}history/"),
        "links": client.get(f"{path}links/"),
    }
    return {name: plain(answer.json()) for name, answer in answers.items()}


def bearing(seen: dict[str, Any]) -> list[tuple[str, str, str]]:
    entries = [one for one in seen["timeline"]["results"] if one["type"] == "statement"]
    return [(one["statement"]["id"], one["link"]["stance"], one["link"]["state"]) for one in entries]


def test_a_merge_new_statements_and_its_undo_leave_every_row_and_every_reading_where_they_belong(api, editor):
    stone, reed = make_speaker("Ada Stone"), make_speaker("Paul Reed")
    bridge, crossing = with_a_life(BRIDGE, stone, editor), with_a_life(CROSSING, reed, editor)
    client = api(user=editor)
    before, seen = rows(*KEPT), {claim: shown(client, claim) for claim in (bridge, crossing)}

    do(merge_claims, claim_id=crossing.pk, into_id=bridge.pk, by=editor)
    both = shown(client, bridge)
    assert sorted(one[0] for one in bearing(both)) == sorted(
        one[0] for claim in (bridge, crossing) for one in bearing(seen[claim])
    )
    assert (both["claim"]["status"], both["claim"]["text"]) == ("in_progress", BRIDGE)
    heard = {crossing: hear(CROSSING, reed, 20), bridge: hear(BRIDGE, stone, 22)}
    judged = judge(bridge, editor, ClaimStatus.STALLED, date(2025, 2, 24), heard[crossing])
    do(undo_regrouping, claim_id=crossing.pk, by=editor)

    after = rows(*KEPT)
    moved = {key for key, row in before.items() if row != after[key]}
    assert moved == {("claims_claim", bridge.pk)}
    changed = {name for name, value in before["claims_claim", bridge.pk].items() if value != after[
        "claims_claim", bridge.pk][name]}  # fmt: skip
    assert changed <= {"status", "last_reviewed_at", "next_review_on"}
    came = {key[0] for key in after.keys() - before.keys()}
    assert came == {model._meta.db_table for model in (StatusChange, Evidence, Link, Statement, Event)}
    assert Claim.objects.count() == 2
    for claim in (bridge, crossing):
        assert not faults_of(claim)
        again = shown(client, claim)
        new = [(str(heard[claim].pk), "repeats", "accepted")]
        assert bearing(again) == [*bearing(seen[claim]), *new]
        assert again["in February"] == seen[claim]["in February"]
    assert shown(client, crossing)["history"] == seen[crossing]["history"]
    assert shown(client, bridge)["history"]["results"][:-1] == seen[bridge]["history"]["results"]
    assert judged.evidence.get().statement == heard[crossing]  # what it was judged on stays what it was judged on
    told = Event.objects.filter(kind__in=[EventKind.CLAIM_MERGED, EventKind.CLAIM_UNDONE]).order_by("pk")
    assert [(event.kind, event.claim_id) for event in told] == [
        ("claim.merged", crossing.pk), ("claim.merged", bridge.pk),
        ("claim.undone", crossing.pk), ("claim.undone", bridge.pk),
    ]  # fmt: skip


def test_two_speakers_who_were_one_for_a_while_have_what_is_theirs_with_what_came_in_since(api, editor):
    stone, miller = make_speaker("Ada Stone"), make_speaker("Ada Miller")
    bridge, crossing = with_a_life(BRIDGE, stone, editor), with_a_life(CROSSING, miller, editor)
    client = api(user=editor)
    speakers = (Speaker, *KEPT)
    before = rows(*speakers)
    seen = {claim: shown(client, claim) for claim in (bridge, crossing)}
    record = lambda one: plain(client.get(f"/api/v1/speakers/{one.pk}/record/").json())  # noqa: E731
    records = {one: record(one) for one in (stone, miller)}

    do(merge_speakers, speaker_id=miller.pk, into_id=stone.pk, by=editor)
    assert record(stone)["standing"]["outcomes"]["open"] == 2
    heard = {crossing: hear(CROSSING, miller, 20), bridge: hear(BRIDGE, stone, 22)}
    other_name = hear(BRIDGE, miller, 23)
    assert other_name.links.get(claim=bridge).state == Link.State.ACCEPTED
    do(undo_speaker_merge, speaker_id=miller.pk, by=editor)

    after = rows(*speakers)
    assert {key for key, row in before.items() if row != after[key]} == set()
    assert {one: record(one) for one in (stone, miller)} == records
    for claim in (bridge, crossing):
        assert not faults_of(claim)
        again = shown(client, claim)
        new = [(str(heard[claim].pk), "repeats", "accepted")]
        if claim == bridge:
            new.append((str(other_name.pk), "repeats", "accepted"))
        assert bearing(again) == [*bearing(seen[claim]), *new]
        assert again["history"] == seen[claim]["history"]
        assert [one["id"] for one in again["claim"]["speakers"]] == [str(claim.speakers.get().pk)]
    assert [one.speaker for one in (*heard.values(), other_name)] == [miller, stone, miller]
