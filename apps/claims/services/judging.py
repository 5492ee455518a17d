"""Judging claims: the only place where a claim's status changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.claims.history import status_on
from apps.claims.models import Claim, Evidence, Stage, StatusChange
from apps.claims.services.tracking import lock_standing, note_review
from apps.claims.statuses import (
    CODED_OUTCOMES,
    CODES_OF,
    OUTCOME_OF,
    ClaimStatus,
    ReasonCode,
    StatusOutcome,
    initial_status,
)
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.statements.models import Statement
from claimtrack.errors import Conflict, DomainError
from claimtrack.extraction.addresses import BadAddress, canonical_address
from claimtrack.extraction.attribution import Kind

WITHOUT_EVIDENCE = {ClaimStatus.UNVERIFIABLE}
_TURNING_OUT = set(StatusOutcome) - {StatusOutcome.OPEN}


class StatusOfAnotherKind(DomainError):
    """A claim has only the statuses of its kind."""

    code = "status_of_another_kind"


class EvidenceRequired(DomainError):
    """A claim leaves its initial status only on evidence."""

    code = "evidence_required"


class ReasonRequired(DomainError):
    """A judgement gives its reason."""

    code = "reason_required"


class CodeRefused(DomainError):
    """The code for a failure goes with what failed or is partly so, and is one of the claim's kind."""

    code = "code_refused"


class DateRefused(DomainError):
    """A judgement, or its evidence, is of a day on which it cannot be."""

    code = "date_refused"


class UnknownEvidence(DomainError):
    """The evidence names a statement or an address that cannot be found or read."""

    code = "unknown_evidence"


class CannotCorrect(DomainError):
    """The change to be corrected is not one of this claim's, or was corrected already."""

    code = "cannot_correct"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What a judgement rests on: a statement, or an address with the words found there and their date."""

    statement_id: int | None = None
    url: str = ""
    excerpt: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status from a day on, why, and on what; when to look again. `to` None makes the corrected change void.

    `code` says why it failed in a term that can be counted, `searched` where nothing was found.
    """

    to: ClaimStatus | None
    effective_on: date
    reason: str
    evidence: Sequence[EvidenceItem] = ()
    corrects_seq: int | None = None
    next_review_on: date | None = None
    code: ReasonCode | None = None
    searched: str = ""


@transaction.atomic
def change_status(*, claim_id: int, judgement: Judgement, by: User) -> Outcome[StatusChange]:
    """Judge a claim: keep the change with its evidence, and tell its followers.

    A candidate becomes tracked by it. Raises StatusOfAnotherKind, ReasonRequired, EvidenceRequired, CodeRefused,
    DateRefused, UnknownEvidence, CannotCorrect, and Conflict where the claim has that status already or is merged.
    """
    claim = lock_standing(claim_id)
    before = list(claim.status_changes.select_related("corrects"))
    corrected = _corrected(before, judgement)
    evidence = [_evidence(item, position) for position, item in enumerate(judgement.evidence)]
    _check_status(claim, judgement, corrected)
    _check_grounds(claim, judgement, evidence)
    _check_dates(claim, judgement, evidence)

    change = StatusChange(
        claim=claim,
        from_status=claim.status,
        to_status=judgement.to or "",
        effective_on=judgement.effective_on,
        reason=judgement.reason.strip(),
        code=judgement.code or "",
        searched=judgement.searched.strip(),
        corrects=corrected,
        changed_by=by,
        by_name=by.username,
        # Until it is sealed it stands as the newest: only its order among the changes matters here.
        recorded_at=datetime.now(UTC),
        seq=2**31 - 1,
    )
    change.unsealed_evidence = evidence
    claim.status = status_on([*before, change], kind=Kind(claim.kind))
    claim.stage = Stage.TRACKED
    claim.save(update_fields=["status", "stage", *note_review(claim, judgement.next_review_on)])
    payload = {
        "from": change.from_status,
        "to": change.to_status or None,
        "status": str(claim.status),
        "outcome": str(OUTCOME_OF[ClaimStatus(claim.status)]),
        "effective_on": judgement.effective_on.isoformat(),
        "code": change.code or None,
        "corrects": judgement.corrects_seq,
        "statements": evidence_named(evidence),
    }
    happened = Happened(EventKind.CLAIM_STATUS_CHANGED, claim_id=claim.pk, user_id=by.pk, payload=payload, entry=change)
    return Outcome(change, [happened])


def evidence_named(evidence: Iterable[Evidence]) -> list[str | None]:
    """The ids of the statements that a change rests on, in their order; None for an address.

    The chain vouches for the words, and for no id; so that evidence cannot be turned to another statement, the event
    log names them.
    """
    in_order = sorted(evidence, key=lambda item: item.pk or 0)
    return [str(item.statement_id) if item.statement_id else None for item in in_order]


def _corrected(before: Sequence[StatusChange], judgement: Judgement) -> StatusChange | None:
    if judgement.corrects_seq is None:
        return None
    corrected = next((change for change in before if change.seq == judgement.corrects_seq), None)
    if corrected is None:
        raise CannotCorrect(f"This claim has no status change {judgement.corrects_seq}.", field="corrects")
    if any(change.corrects_seq == corrected.seq for change in before):
        raise CannotCorrect(
            f"Status change {corrected.seq} was corrected already; correct the correction.", field="corrects"
        )
    return corrected


def _check_status(claim: Claim, judgement: Judgement, corrected: StatusChange | None) -> None:
    if judgement.to is None:
        if corrected is None:
            raise DomainError("Without a status only a correction can be made, which makes a change void.", field="to")
        return
    if judgement.to not in claim.statuses:
        known = ", ".join(claim.statuses)
        raise StatusOfAnotherKind(f"The status of this {claim.kind} is one of: {known}.", field="to")
    if corrected is None and judgement.to == claim.status:
        raise Conflict(f"This claim is {claim.status} already.", field="to")


def _check_grounds(claim: Claim, judgement: Judgement, evidence: Sequence[Evidence]) -> None:
    if not judgement.reason.strip():
        raise ReasonRequired("Say why, in a sentence that others can follow.", field="reason")
    if judgement.to in WITHOUT_EVIDENCE and not judgement.searched.strip():
        raise ReasonRequired("Say what was searched, so that nobody searches it again.", field="searched")
    if judgement.code:
        _check_code(claim, judgement)
    needs_none = judgement.to is None or judgement.to in WITHOUT_EVIDENCE | {initial_status(Kind(claim.kind))}
    if not evidence and not needs_none:
        raise EvidenceRequired(
            "Show on what this judgement rests: a statement, or an address with an excerpt.", field="evidence"
        )


def _check_code(claim: Claim, judgement: Judgement) -> None:
    if judgement.to is None or OUTCOME_OF[judgement.to] not in CODED_OUTCOMES:
        raise CodeRefused("A code says why a claim failed, or is only partly so.", field="code")
    codes = CODES_OF[Kind(claim.kind)]
    if judgement.code not in codes:
        raise CodeRefused(f"The code for a {claim.kind} is one of: {', '.join(codes)}.", field="code")


def _check_dates(claim: Claim, judgement: Judgement, evidence: Sequence[Evidence]) -> None:
    if judgement.effective_on > datetime.now(UTC).date():
        raise DateRefused("A status does not take effect in the future (days are UTC).", field="effective_on")
    if judgement.next_review_on and judgement.next_review_on <= datetime.now(UTC).date():
        raise DateRefused("The next review lies in the future (days are UTC).", field="next_review_on")
    if judgement.effective_on < claim.first_said_on:
        raise DateRefused(f"The claim was first said on {claim.first_said_on}.", field="effective_on")
    turns_out = judgement.to is not None and OUTCOME_OF[judgement.to] in _TURNING_OUT
    if claim.kind == Kind.ASSERTION or not turns_out:
        return
    for position, item in enumerate(evidence):
        if item.dated_on and item.dated_on < claim.first_said_on:
            raise DateRefused(
                f"This is of {item.dated_on}: the outcome of a {claim.kind} is not older than the {claim.kind}"
                f" ({claim.first_said_on}).",
                field=f"evidence[{position}]",
            )


def _evidence(item: EvidenceItem, position: int) -> Evidence:
    field = f"evidence[{position}]"
    if item.statement_id is not None:
        statement = Statement.objects.select_related("article").filter(pk=item.statement_id).first()
        if statement is None:
            raise UnknownEvidence("There is no such statement.", field=f"{field}.statement")
        return Evidence(
            statement=statement, url=statement.article.url, excerpt=statement.text, dated_on=statement.said_on
        )
    if not item.excerpt.strip():
        raise UnknownEvidence("Give the words found there, as they stand.", field=f"{field}.excerpt")
    try:
        return Evidence(url=canonical_address(item.url), excerpt=item.excerpt, dated_on=item.dated_on)
    except BadAddress as error:
        raise UnknownEvidence(error.message, field=f"{field}.url") from error
