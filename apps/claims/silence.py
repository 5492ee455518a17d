"""Honest silence: when a claim wants looking at, and what is not known because nobody looked. Pure functions."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from apps.claims.statuses import StatusOutcome

DUE_SOON = timedelta(days=7)
LOOK_EVERY = timedelta(days=30)
STALE_AFTER = timedelta(days=90)
GAP_AFTER = timedelta(hours=48)
ARCHIVE_AFTER = timedelta(days=90)


class Flag(TextChoices):
    """Why a claim wants looking at. It says nothing of its status."""

    DUE = "due"
    OVERDUE = "overdue"
    STALE = "stale"
    NEW_EVIDENCE = "new_evidence"
    FEED_GAP = "feed_gap"


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a claim on a day: `looked_on` is when somebody last looked, or when it was made."""

    outcome: StatusOutcome
    due_on: date | None
    looked_on: date
    next_review_on: date | None
    has_news: bool
    has_gap: bool


def flags_of(claim: Watched, today: date) -> list[Flag]:
    """Why the claim wants looking at today, in the order of Flag.

    Only what is still open is due, stale by itself, or missing what a silent feed may have brought; news and a day of
    review that somebody set count for every claim.
    """
    is_open = claim.outcome == StatusOutcome.OPEN
    due_on = claim.due_on if is_open else None
    is_stale = (
        claim.next_review_on <= today if claim.next_review_on else is_open and claim.looked_on + STALE_AFTER < today
    )
    raised = {
        Flag.DUE: due_on is not None and today <= due_on <= today + DUE_SOON,
        Flag.OVERDUE: due_on is not None and due_on < today,
        Flag.STALE: is_stale,
        Flag.NEW_EVIDENCE: claim.has_news,
        Flag.FEED_GAP: is_open and claim.has_gap,
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


def next_look(outcome: StatusOutcome, due_on: date | None, today: date) -> date | None:
    """When to look again after somebody looked: in a month, or the day after it is due; what is settled, with news."""
    if outcome != StatusOutcome.OPEN:
        return None
    regular = today + LOOK_EVERY
    return min(regular, due_on + timedelta(days=1)) if due_on and due_on >= today else regular
