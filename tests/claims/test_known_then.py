"""What is read as known at a moment is what was read at that moment, whatever happened since."""

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.claims.models import Claim, Link, StatusChange
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.regrouping import merge_claims, split_claim, undo_regrouping
from apps.claims.services.review import accept_link, reject_link, told_of, undo_link
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.statuses import STATUSES_OF
from apps.events.log import Outcome, recording
from apps.events.models import EventKind
from apps.sources.models import Article
from apps.sources.services.articles import confirm_article
from claimtrack.errors import DomainError
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance
from tests.factories import make_claim, make_link, make_speaker, make_statement

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"
SOURCE = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")
FIRST = date(2025, 1, 6)


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


class Life:
    """Claims of two speakers with statements that bear on them, to which everything happens that people do."""

    def __init__(self, chance: random.Random, editor) -> None:
        self.chance, self.by = chance, editor
        self.speakers = [make_speaker("Ada Stone"), make_speaker("Paul Reed")]
        self.claims = [
            make_claim(f"Bridge {n} will open", speakers=[self.speakers[n % 2]], first_said_on=self.a_day())
            for n in range(3)
        ]
        for _ in range(6):
            statement = make_statement(speaker=chance.choice(self.speakers), said_on=self.a_day())
            for claim in chance.sample(self.claims, 2):
                self.suggest(claim, statement)

    def suggest(self, claim: Claim, statement) -> None:
        """Link them as the machine does: followers are told."""
        link = make_link(claim, statement, self.chance.choice(list(Stance)))
        with recording() as record:
            record(Outcome(link, [told_of(link, EventKind.LINK_SUGGESTED)]))

    def a_day(self) -> date:
        return FIRST + timedelta(days=self.chance.randrange(40))

    def step(self) -> None:
        """One thing that somebody does; what the rules refuse is left out."""
        deeds: Sequence[Callable[[], Any]] = (
            self.decide, self.decide, self.decide, self.judge, self.judge, self.correct, self.revise, self.merge,
            self.undo, self.split, self.confirm,
        )  # fmt: skip
        try:
            self.chance.choice(deeds)()
        except DomainError:
            self.step()

    def decide(self) -> None:
        link = self.chance.choice(list(Link.objects.order_by("pk")))
        do(self.chance.choice([accept_link, accept_link, reject_link, undo_link]), link_id=link.pk, by=self.by)

    def judge(self, **other: Any) -> None:
        claim = self.a_claim()
        to = self.chance.choice(STATUSES_OF[Kind(claim.kind)])
        judgement = Judgement(to, self.a_day(), "It is so.", (SOURCE,), searched="All.", **other)
        do(change_status, claim_id=claim.pk, judgement=judgement, by=self.by)

    def correct(self) -> None:
        changes = list(StatusChange.objects.order_by("pk"))
        if changes:
            change = self.chance.choice(changes)
            void = Judgement(None, change.effective_on, "It was not so.", (), corrects_seq=change.seq)
            do(change_status, claim_id=change.claim_id, judgement=void, by=self.by)

    def revise(self) -> None:
        changes: dict[str, object] = self.chance.choice(
            [{"text": f"Bridge {self.chance.random()}"}, {"kind": self.chance.choice(list(Kind))}]
        )
        do(revise_claim, claim_id=self.a_claim().pk, changes=changes, reason="So.", by=Author.person(self.by))

    def merge(self) -> None:
        do(merge_claims, claim_id=self.a_claim().pk, into_id=self.a_claim().pk, by=self.by)

    def undo(self) -> None:
        do(undo_regrouping, claim_id=self.a_claim().pk, by=self.by)

    def split(self) -> None:
        claim = self.a_claim()
        links = list(claim.links.exclude(state="rejected").order_by("pk").values_list("pk", flat=True))[:1]
        wording = {"text": f"A part of {claim.text}"}
        do(split_claim, claim_id=claim.pk, link_ids=links, statement_ids=[], wording=wording, by=self.by)

    def confirm(self) -> None:
        article = self.chance.choice(list(Article.objects.order_by("pk")))
        do(confirm_article, article_id=article.pk, by=self.by)

    def a_claim(self) -> Claim:
        return self.chance.choice(list(Claim.objects.order_by("pk")))


def shown(client, speakers, **then: str) -> dict[str, Any]:
    """What readers see of the claims, their timelines and the speakers' records."""
    claims = {one["id"]: claim_shown(one) for one in client.get(CLAIMS, then).json()["results"]}
    seen: dict[str, Any] = {"claims": claims}
    for pk in claims:
        entries = client.get(f"{CLAIMS}{pk}/timeline/", then).json()["results"]
        seen[f"timeline {pk}"] = sorted(entry_shown(one) for one in entries)
    for speaker in speakers:
        record = client.get(f"/api/v1/speakers/{speaker.pk}/record/", then).json()
        turns = sorted((turn["on"], turn["stance"], turn["link"]["id"]) for turn in record["turns"])
        seen[f"record {speaker.pk}"] = (record["standing"], record["over_time"], turns)
    return seen


def claim_shown(one: dict[str, Any]) -> tuple[Any, ...]:
    fields = ("text", "kind", "status", "outcome", "first_said_on", "due_on", "merged_into", "independent_stories")
    return tuple(one[field] for field in fields)


def entry_shown(one: dict[str, Any]) -> tuple[str, ...]:
    if one["type"] == "statement":
        return (one["on"], "statement", one["statement"]["id"], one["link"]["state"], one["link"]["stance"])
    return (one["on"], one["type"], str(one[one["type"]]["hash"]))


@pytest.mark.parametrize("seed", range(2))
def test_what_is_read_as_known_at_a_moment_is_what_was_read_then(api, editor, seed):
    life, client = Life(random.Random(seed), editor), api()
    seen = []
    for _ in range(8):
        life.step()
        seen.append((timezone.now().isoformat(), shown(client, life.speakers)))

    for moment, then in seen:
        assert shown(client, life.speakers, known_at=moment) == then


def test_who_came_to_say_a_claim_first_is_read_as_it_was_known(api, editor):
    stone = make_speaker()
    claim = make_claim(speakers=[stone])
    newer, older = (
        make_link(claim, make_statement(speaker=stone, said_on=day), Stance.REPEATS)
        for day in (date(2025, 1, 6), date(2024, 12, 1))
    )
    do(accept_link, link_id=newer.pk, by=editor)
    before = timezone.now().isoformat()
    do(accept_link, link_id=older.pk, by=editor)

    def stances(**then: str) -> dict[str, str]:
        entries = api().get(f"{CLAIMS}{claim.pk}/timeline/", then).json()["results"]
        return {one["link"]["id"]: one["link"]["stance"] for one in entries if one["type"] == "statement"}

    assert stances() == stances(known_at="2999-01-01") == {str(newer.pk): "repeats", str(older.pk): "makes"}
    assert stances(known_at=before) == {str(newer.pk): "makes"}


def test_a_claim_is_found_by_its_speaker_as_it_was_before_it_was_merged_into_another_speakers(api, editor):
    stone, reed = make_speaker("Ada Stone"), make_speaker("Paul Reed")
    merged, root = make_claim("Lorries will cross", speakers=[stone]), make_claim(speakers=[reed])
    before = timezone.now().isoformat()
    do(merge_claims, claim_id=merged.pk, into_id=root.pk, by=editor)
    found = lambda **query: [one["id"] for one in api().get(CLAIMS, query).json()["results"]]  # noqa: E731
    counted = lambda **then: api().get(f"/api/v1/speakers/{stone.pk}/record/", then).json()["standing"]  # noqa: E731

    assert found(speaker=stone.pk) == found(speaker=stone.pk, known_at="2999-01-01") == [str(root.pk)]
    assert found(speaker=stone.pk, known_at=before) == [str(merged.pk)]
    assert counted()["outcomes"]["open"] == counted(known_at=before)["outcomes"]["open"] == 1


def test_a_rejection_holds_for_what_was_merged_at_the_moment(api, editor):
    claim, other, statement = make_claim(), make_claim("Lorries will cross"), make_statement()
    for bears_on in (claim, other):
        with recording() as record:
            link = make_link(bears_on, statement, Stance.SUPPORTS)
            record(Outcome(link, [told_of(link, EventKind.LINK_SUGGESTED)]))
    do(reject_link, link_id=other.links.get().pk, by=editor)
    before = timezone.now().isoformat()
    do(merge_claims, claim_id=other.pk, into_id=claim.pk, by=editor)

    def shown_of(**then: str) -> list[str]:
        entries = api().get(f"{CLAIMS}{claim.pk}/timeline/", then).json()["results"]
        return [one["type"] for one in entries if one["type"] == "statement"]

    assert shown_of(known_at=before) == ["statement"]
    assert shown_of() == shown_of(known_at="2999-01-01") == []
