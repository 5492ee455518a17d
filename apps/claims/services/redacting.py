"""Texts that had to go: blanked in the history, with their digests kept in its chain, so that it still verifies."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from apps.accounts.models import Scope, User
from apps.claims.history import salted_digest
from apps.claims.models import Claim, ClaimRevision, Evidence, HistoryEntry, Link, Redaction, StatusChange
from apps.claims.services.tracking import lock_claim, lock_claims
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.statements.models import Statement
from apps.statements.services.redacting import blank_words
from claimtrack.errors import Conflict, DomainError, NotFound

TEXTS_OF: dict[type[HistoryEntry], tuple[str, ...]] = {
    ClaimRevision: ("text", "resolution_criteria", "reason", "by_name"),
    StatusChange: ("reason", "searched", "by_name"),
    Redaction: ("reason", "by_name"),
}
"""The texts of an entry that may be blanked, beside `evidence[0].excerpt` and `evidence[0].url` of a status change."""


class CannotRedact(DomainError):
    """There is no such text, it is blank already, or it is what the claim says today."""

    code = "cannot_redact"


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was blanked; `left` are the ids of claims that still say what the statement said."""

    redactions: Sequence[Redaction]
    left: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A text of a history: the row that holds it, and under which name the chain knows it."""

    seq: int
    path: str
    row: HistoryEntry | Evidence
    field: str

    @property
    def text(self) -> str:
        text: str = getattr(self.row, self.field)
        return text


@transaction.atomic
def redact_entry(*, claim_id: int, seq: int, field: str, reason: str, by: User) -> Outcome[Redacted]:
    """Blank one text of an entry of a claim's history, and the same words wherever that field repeats them.

    `field` is one of TEXTS_OF, or `evidence[0].excerpt`, `evidence[0].url`. Each blanked text leaves its digest in the
    chain, with who blanked it and why. Raises CannotRedact, NotFound, and Conflict for what the claim says today.
    """
    _check(reason, by)
    claim = lock_claim(claim_id)
    places = _places(claim)
    wanted = next((place for place in places if (place.seq, place.path) == (seq, field)), None)
    if wanted is None:
        raise NotFound(f"Entry {seq} of claim {claim_id} has no text called {field}.")
    if not wanted.text:
        raise CannotRedact("There is nothing left to blank.", field="field")
    same = [place for place in places if place.field == wanted.field and place.text == wanted.text]
    _check_not_of_today(claim, same)
    happened = _blank(claim, same, reason, by)
    return Outcome(_redacted(happened), happened)


@transaction.atomic
def redact_statement(*, statement_id: int, reason: str, by: User) -> Outcome[Redacted]:
    """Blank the words of a statement: in its article, in the statement, and where they are evidence.

    Claims that were worded after it stay, and are named: reword them, then blank their revisions. Raises NotFound.
    """
    _check(reason, by)
    before = Statement.objects.filter(pk=statement_id).first()
    blank_words(statement_id=statement_id)
    evidence = Evidence.objects.filter(statement=statement_id).exclude(excerpt="")
    claims = lock_claims(evidence.values_list("change__claim_id", flat=True))
    happened: list[Happened] = []
    for claim in claims.values():
        places = [place for place in _places(claim) if isinstance(place.row, Evidence) and place.text]
        of_it = [place for place in places if place.field == "excerpt" and _is_of(place.row, statement_id)]
        happened += _blank(claim, of_it, reason, by)
    Link.objects.filter(statement=statement_id).update(reasons=[])
    about = Happened(
        EventKind.HISTORY_REDACTED,
        statement_id=statement_id,
        user_id=by.pk,
        payload={"field": "text", "reason": reason},
    )
    assert before is not None  # blank_words found it
    links = Link.objects.filter(statement=statement_id, claim__text=before.proposition)
    left = sorted(links.values_list("claim_id", flat=True))
    return Outcome(Redacted(_redacted(happened).redactions, left), [*happened, about])


def _check(reason: str, by: User) -> None:
    if Scope.ADMIN not in by.scopes:
        raise CannotRedact("Only an admin may blank what was written.", field="by")
    if not reason.strip():
        raise CannotRedact("Say why it must go; the reason stays.", field="reason")


def _check_not_of_today(claim: Claim, places: Sequence[_Place]) -> None:
    newest = claim.revisions.order_by("-seq").first()
    says_so = [place for place in places if place.row == newest and place.field in ("text", "resolution_criteria")]
    if says_so:
        raise Conflict("The claim says this today: reword it first, then blank what it said.", field="field")


def _places(claim: Claim) -> list[_Place]:
    """Every text of a claim's history that could be blanked."""
    entries: list[HistoryEntry] = [*claim.revisions.all(), *claim.redactions.all()]
    changes = list(claim.status_changes.prefetch_related("evidence"))
    places = [
        _Place(entry.seq, field, entry, field) for entry in [*entries, *changes] for field in TEXTS_OF[type(entry)]
    ]
    for change in changes:
        for number, item in enumerate(sorted(change.evidence.all(), key=lambda one: one.pk)):
            places += [_Place(change.seq, f"evidence[{number}].{field}", item, field) for field in ("excerpt", "url")]
    return places


def _is_of(row: HistoryEntry | Evidence, statement_id: int) -> bool:
    return isinstance(row, Evidence) and row.statement_id == statement_id


def _blank(claim: Claim, places: Sequence[_Place], reason: str, by: User) -> list[Happened]:
    """Blank the texts, past the guard that refuses every other change, and say so in the chain."""
    happened = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('claimtrack.redacting', 'on', true)")
        for place in places:
            digest = salted_digest(place.row.salt, place.text)
            type(place.row)._default_manager.filter(pk=place.row.pk).update(**{place.field: ""})
            entry = Redaction(
                claim=claim,
                of_seq=place.seq,
                field=place.path,
                digest=digest,
                reason=reason.strip(),
                redacted_by=by,
                by_name=by.username,
            )
            payload = {"of": place.seq, "field": place.path}
            happened.append(
                Happened(EventKind.HISTORY_REDACTED, claim_id=claim.pk, user_id=by.pk, payload=payload, entry=entry)
            )
        cursor.execute("SELECT set_config('claimtrack.redacting', '', true)")
    return happened


def _redacted(happened: Sequence[Happened]) -> Redacted:
    return Redacted([one.entry for one in happened if isinstance(one.entry, Redaction)])
