"""What is done to a history past the service is found: in every column and table, and in the log that proves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, models, transaction

from apps.accounts.models import Role, User
from apps.claims.models import Claim, ClaimRevision, Evidence, HistoryEntry, Redaction, StatusChange
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.redacting import TEXTS_OF, redact_entry
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.services.verifying import faults_of, verify_history
from apps.claims.statuses import ClaimStatus, ReasonCode
from apps.events.log import recording
from apps.statements.models import Statement
from tests.factories import make_claim, make_statement, make_user

pytestmark = pytest.mark.django_db

RECORDS = EvidenceItem(
    url="https://roads.example/opening", excerpt="It was opened on 3 March.", dated_on=date(2025, 3, 3)
)
KEPT = Judgement(ClaimStatus.KEPT, date(2025, 3, 3), "It was opened.", (RECORDS,))
LATE = Judgement(
    ClaimStatus.PARTLY_KEPT, date(2025, 3, 4), "A day late.", (RECORDS,), corrects_seq=2, code=ReasonCode.LATE,
    searched="The archive of the council.",
)  # fmt: skip
HISTORY: tuple[type[models.Model], ...] = (ClaimRevision, StatusChange, Evidence, Redaction)


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def a_whole_history(by: User) -> Claim:
    """A claim with an entry of every sort: made, judged, corrected on two pieces of evidence, reworded, redacted."""
    claim = make_claim()
    author = Author.person(by)
    criteria: dict[str, object] = {"resolution_criteria": "Cars cross it.", "due_on": date(2025, 3, 31)}
    do(change_status, claim_id=claim.pk, judgement=KEPT, by=by)
    said = EvidenceItem(statement_id=make_statement("The bridge was opened on Tuesday").pk)
    do(change_status, claim_id=claim.pk, judgement=replace(LATE, evidence=(RECORDS, said)), by=by)
    do(revise_claim, claim_id=claim.pk, changes=criteria, reason="Said how.", by=author)
    new = {"text": "The bridge will open", "resolution_criteria": "Lorries cross it."}
    do(revise_claim, claim_id=claim.pk, changes=new, reason="In short.", by=author)
    admin = make_user(Role.ADMIN)
    do(redact_entry, claim_id=claim.pk, seq=4, field="reason", reason="Private.", by=admin)
    return Claim.objects.get(pk=claim.pk)


@pytest.fixture
def claim(editor) -> Claim:
    """One with a whole history, beside another that was judged as well."""
    other = make_claim("Lorries will cross")
    do(change_status, claim_id=other.pk, judgement=KEPT, by=editor)
    return a_whole_history(editor)


@contextmanager
def tampered(sql: str, *values: object) -> Iterator[None]:
    """What only somebody with the database in their hands could do; afterwards it is as it was before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, values)
            assert cursor.rowcount
            cursor.execute("SET LOCAL session_replication_role = origin")
        yield
        transaction.set_rollback(True)


def is_found() -> bool:
    return any(verified.faults for verified in verify_history())


def another(field: models.Field, row: models.Model) -> object:
    """Another value for a column of a row, one that the database takes."""
    if isinstance(field, models.ForeignKey):
        others = field.related_model._default_manager.exclude(pk=getattr(row, field.attname))
        if field.name == "corrects":
            others = others.exclude(claim=row.claim)
        return others.order_by("pk").values_list("pk", flat=True)[0]
    return {
        models.DateField: date(2025, 2, 2),
        models.DateTimeField: "2025-02-02T02:02:02Z",
        models.BinaryField: b"x",
        models.PositiveIntegerField: 4711,
    }.get(type(field), "x")


@pytest.mark.parametrize("model", HISTORY)
def test_a_change_of_any_column_of_a_history_row_is_found(claim, model):
    make_user(Role.ADMIN)
    make_statement()
    assert not is_found()
    unfound = []
    for row in model._default_manager.order_by("pk").reverse():
        for field in model._meta.concrete_fields:
            if field.primary_key or (field.name in ("claim", "corrects") and row.seq < 3):
                continue
            with tampered(
                f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE id = %s", another(field, row), row.pk
            ):
                if not is_found():
                    unfound.append(f"{field.column} of {row}")

    assert unfound == []


@pytest.mark.parametrize("model", HISTORY)
def test_the_loss_of_any_history_row_is_found_the_newest_too(claim, model):
    for pk in model._default_manager.values_list("pk", flat=True):
        with tampered(f"DELETE FROM {model._meta.db_table} WHERE id = %s", pk):
            assert is_found()


@pytest.mark.parametrize("model", HISTORY)
def test_a_history_row_that_was_put_in_is_found(claim, model):
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = {"seq": "seq + 100", "corrects_id": "NULL"}
    copied = ", ".join(values.get(column, column) for column in columns)
    table = model._meta.db_table
    newest = f"(SELECT max(id) FROM {table})"

    with tampered(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM {table} WHERE id = {newest}"):
        assert is_found()


def test_an_entry_of_any_sort_that_was_put_in_with_a_hash_that_fits_is_found(claim, editor):
    for entry in (
        ClaimRevision.objects.latest("seq"),
        StatusChange.objects.filter(claim=claim).latest("seq"),
        Redaction.objects.get(),
    ):
        with transaction.atomic():
            forged = type(entry).objects.get(pk=entry.pk)
            forged.pk = None
            forged.corrects = None
            forged.seal(entry.recorded_at)
            assert [fault.what for fault in faults_of(claim)][:1] == ["was inserted: no event has told of it"]
            transaction.set_rollback(True)


def test_a_text_that_was_blanked_with_a_redaction_of_ones_own_making_is_found(claim, editor):
    change = StatusChange.objects.get(claim=claim, seq=2)
    forged = Redaction(
        claim=claim, of_seq=2, field="reason", digest=change.digest_of("reason"), reason="x", redacted_by=editor,
        by_name=editor.username,
    )  # fmt: skip
    forged.seal(change.recorded_at)

    with tampered("UPDATE claims_statuschange SET reason = '' WHERE id = %s", change.pk):
        assert [str(fault) for fault in faults_of(claim)] == ["entry 7 was inserted: no event has told of it"]


COPIED = "kind, at, claim_id, payload, head"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events_event SET head = '\\x00' WHERE id = {newest}",
        "UPDATE events_event SET head = NULL WHERE id = {newest}",
        "UPDATE events_event SET claim_id = claim_id - 1 WHERE id = {newest}",
        "UPDATE events_event SET user_id = 4711 WHERE id = {newest}",
        "DELETE FROM events_event WHERE id = {newest}",
        f"INSERT INTO events_event ({COPIED}) SELECT {COPIED} FROM events_event WHERE id = {{newest}}",
    ],
)
def test_what_was_done_to_the_log_that_proves_the_history_is_found(claim, sql):
    newest = "(SELECT max(id) FROM events_event WHERE head IS NOT NULL)"

    with tampered(sql.format(newest=newest)):
        assert is_found()


def test_a_correction_that_was_turned_to_another_claims_change_is_found_and_named(claim):
    elsewhere = StatusChange.objects.exclude(claim=claim).get()

    with tampered("UPDATE claims_statuschange SET corrects_id = %s WHERE corrects_id IS NOT NULL", elsewhere.pk):
        assert [str(fault) for fault in faults_of(claim)] == ["entry 3 corrects a change of another claim"]


def test_evidence_that_was_turned_to_another_statement_is_found_and_named(claim):
    statement = make_statement("The bridge was opened on Tuesday")

    with tampered("UPDATE claims_evidence SET statement_id = %s WHERE statement_id IS NOT NULL", statement.pk):
        assert [str(fault) for fault in faults_of(claim)] == [
            "entry 3 rests on other statements than the event log has told of"
        ]
    assert Statement.objects.count() == 2


def test_who_wrote_an_entry_cannot_be_changed_unseen(claim):
    other = make_user()

    with tampered("UPDATE claims_statuschange SET changed_by_id = %s WHERE seq = 3", other.pk):
        assert [str(fault) for fault in faults_of(claim)] == [
            "entry 3 names another user than the event log has told of"
        ]


def test_every_text_of_a_history_can_be_blanked_and_the_chain_still_verifies(claim):
    admin = make_user(Role.ADMIN)
    blanked = 0
    for entry in (*claim.revisions.all(), *claim.status_changes.all(), *claim.redactions.all()):
        for field in blankable(entry):
            do(redact_entry, claim_id=claim.pk, seq=entry.seq, field=field, reason="A court ordered it.", by=admin)
            blanked += 1
            assert not faults_of(claim)

    assert blanked >= 12
    assert not [
        text for item in Evidence.objects.filter(change__claim=claim) for text in (item.excerpt, item.url) if text
    ]
    assert {revision.by_name for revision in claim.revisions.all()} == {""}


def blankable(entry: HistoryEntry) -> Iterator[str]:
    """The texts of an entry that are there still, without what the claim says today."""
    today = entry.claim.revisions.latest("seq").seq
    for field in TEXTS_OF[type(entry)]:
        is_said_today = entry.seq == today and field in ("text", "resolution_criteria")
        if not is_said_today and type(entry).objects.values_list(field, flat=True).get(pk=entry.pk):
            yield field
    if isinstance(entry, StatusChange):
        for place, item in enumerate(entry.evidence.order_by("pk")):
            for field in ("excerpt", "url"):
                if Evidence.objects.values_list(field, flat=True).get(pk=item.pk):
                    yield f"evidence[{place}].{field}"
