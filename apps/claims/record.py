"""A speaker's record: what became of their claims, year by year, and where they contradicted or revised themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q

from apps.claims.history import NOW, AsKnown, status_on
from apps.claims.models import Claim, Link, Stage
from apps.claims.services.review import day_said
from apps.claims.statuses import OUTCOME_OF, StatusOutcome
from apps.claims.then import claims_then, links_then, merged_into, of_speakers_then, shown_then
from apps.statements.models import Speaker
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance

OWN_TURNS = (Stance.CONTRADICTS, Stance.REVISES)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many claims came to which outcome, by the end of a day."""

    on: date
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """A statement by which a speaker contradicts or revises a claim of their own."""

    on: date
    stance: str
    link: Any


@dataclass(frozen=True, slots=True)
class Record:
    """What became of the tracked claims of one speaker: at the end of each year and at last; and their turns."""

    speaker: Speaker
    standing: Standing
    over_time: Sequence[Standing]
    turns: Sequence[Turn]


def record_of(speaker: Speaker, then: AsKnown = NOW) -> Record:
    """The record of a speaker, under every name that is theirs after merges, on a day as known at a moment."""
    family = list(Speaker.objects.all().family_of(speaker.pk).values_list("pk", flat=True))
    tracked = of_speakers_then(Claim.objects.filter(stage=Stage.TRACKED), family, then).with_history()
    claims = [shown_then(claim, then) for claim in claims_then(tracked, then).filter(then_root=None)]
    last = then.as_of or datetime.now(UTC).date()
    first = min((claim.first_said_on for claim in claims), default=last)
    year_ends = [date(year, 12, 31) for year in range(first.year, last.year)]
    return Record(
        speaker=speaker.standing,
        standing=_standing(claims, last, then),
        over_time=[_standing(claims, day, then) for day in year_ends],
        turns=_turns(claims, family, then),
    )


def _standing(claims: Sequence[Claim], day: date, then: AsKnown) -> Standing:
    counts = Counter(
        OUTCOME_OF[status_on(claim.status_changes.all(), kind=Kind(claim.kind), on=day, known_at=then.known_at)]
        for claim in claims
        if claim.first_said_on <= day
    )
    return Standing(day, {str(outcome): counts[outcome] for outcome in StatusOutcome})


def _turns(claims: Sequence[Claim], family: Sequence[int], then: AsKnown) -> list[Turn]:
    """Accepted links by which the speaker turned against, or changed, a claim of their own, in the order of days."""
    own = Link.objects.filter(statement__speaker__in=family)
    of_claims = own.filter(Q(claim__in=claims) | Q(claim__in=merged_into(claims, then)))
    links = (
        links_then(of_claims, then)
        .filter(then_state=Link.State.ACCEPTED, then_stance__in=OWN_TURNS)
        .select_related("statement__article", "claim", "decided_by")
        .defer("claim__search", "claim__embedding")
    )
    turns = [Turn(day_said(link.statement), link.then_stance, link) for link in links]
    return sorted(turns, key=lambda turn: (turn.on, turn.link.pk))
