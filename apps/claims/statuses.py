"""Which statuses a claim of each kind can have, and what each comes to. Plain tables, from docs/architecture.md."""

from django.db import models

from claimtrack.extraction.attribution import Kind


class ClaimStatus(models.TextChoices):
    UNVERIFIED = "unverified"
    CONFIRMED = "confirmed"
    PARTLY_CONFIRMED = "partly_confirmed"
    MISLEADING = "misleading"
    DISPUTED = "disputed"
    REFUTED = "refuted"
    RETRACTED = "retracted"
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    STALLED = "stalled"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    CAME_TRUE = "came_true"
    PARTLY_TRUE = "partly_true"
    DID_NOT_HAPPEN = "did_not_happen"
    OPEN = "open"
    MET = "met"
    PARTLY_MET = "partly_met"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNVERIFIABLE = "unverifiable"


class StatusOutcome(models.TextChoices):
    """What a status comes to, comparable across kinds."""

    OPEN = "open"
    UPHELD = "upheld"
    MIXED = "mixed"
    FAILED = "failed"
    VOID = "void"


_S = ClaimStatus

STATUSES_OF: dict[Kind, tuple[ClaimStatus, ...]] = {
    Kind.ASSERTION: (
        _S.UNVERIFIED, _S.CONFIRMED, _S.PARTLY_CONFIRMED, _S.MISLEADING, _S.DISPUTED, _S.REFUTED, _S.RETRACTED,
        _S.UNVERIFIABLE,
    ),
    Kind.PROMISE: (
        _S.PENDING, _S.IN_PROGRESS, _S.STALLED, _S.KEPT, _S.PARTLY_KEPT, _S.BROKEN, _S.WITHDRAWN, _S.UNVERIFIABLE,
    ),
    Kind.PREDICTION: (
        _S.PENDING, _S.CAME_TRUE, _S.PARTLY_TRUE, _S.DID_NOT_HAPPEN, _S.WITHDRAWN, _S.UNVERIFIABLE,
    ),
    Kind.DEMAND: (_S.OPEN, _S.MET, _S.PARTLY_MET, _S.REFUSED, _S.WITHDRAWN, _S.UNVERIFIABLE),
}  # fmt: skip
"""The statuses of each kind; the first is the initial one."""

OUTCOME_OF: dict[ClaimStatus, StatusOutcome] = {
    **dict.fromkeys((_S.UNVERIFIED, _S.DISPUTED, _S.PENDING, _S.IN_PROGRESS, _S.STALLED, _S.OPEN), StatusOutcome.OPEN),
    **dict.fromkeys((_S.CONFIRMED, _S.KEPT, _S.CAME_TRUE, _S.MET), StatusOutcome.UPHELD),
    **dict.fromkeys(
        (_S.PARTLY_CONFIRMED, _S.MISLEADING, _S.PARTLY_KEPT, _S.PARTLY_TRUE, _S.PARTLY_MET),
        StatusOutcome.MIXED,
    ),
    **dict.fromkeys((_S.REFUTED, _S.BROKEN, _S.DID_NOT_HAPPEN, _S.REFUSED), StatusOutcome.FAILED),
    **dict.fromkeys((_S.RETRACTED, _S.WITHDRAWN, _S.UNVERIFIABLE), StatusOutcome.VOID),
}


class ReasonCode(models.TextChoices):
    """Why a claim failed, or is only partly so, in terms that can be counted."""

    # of what is so: the terms of verification
    FABRICATED = "fabricated"
    MANIPULATED = "manipulated"
    FALSE_CONTEXT = "false_context"
    CHERRY_PICKED = "cherry_picked"
    EXAGGERATED = "exaggerated"
    WRONG_FIGURE = "wrong_figure"
    MISATTRIBUTED = "misattributed"
    OUTDATED = "outdated"
    NO_BASIS = "no_basis"
    SATIRE = "satire"
    # of what was to come: the terms of pledge research
    NOT_ATTEMPTED = "not_attempted"
    BLOCKED = "blocked"
    ABANDONED = "abandoned"
    REVERSED = "reversed"
    LATE = "late"
    IN_PART = "in_part"
    CONDITIONS_CHANGED = "conditions_changed"


_OF_WHAT_IS = tuple(ReasonCode)[: tuple(ReasonCode).index(ReasonCode.NOT_ATTEMPTED)]
_OF_WHAT_COMES = tuple(ReasonCode)[len(_OF_WHAT_IS) :]
CODES_OF: dict[Kind, tuple[ReasonCode, ...]] = {
    kind: _OF_WHAT_IS if kind == Kind.ASSERTION else _OF_WHAT_COMES for kind in Kind
}
"""The codes that can stand beside the reason of a judgement of each kind."""
CODED_OUTCOMES = frozenset({StatusOutcome.MIXED, StatusOutcome.FAILED})


def initial_status(kind: Kind) -> ClaimStatus:
    return STATUSES_OF[kind][0]


def status_in(kind: Kind, status: ClaimStatus) -> ClaimStatus:
    """The status that says the same of a claim of this kind: itself, else the first that comes to the same outcome.

    The initial status where nothing else is open, or none comes to it.
    """
    if status in STATUSES_OF[kind]:
        return status
    same = (one for one in STATUSES_OF[kind] if OUTCOME_OF[one] == OUTCOME_OF[status])
    return next(same, initial_status(kind))
