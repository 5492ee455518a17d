"""What was written is proven: every change behind the service is found, and what must go can be blanked."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Role
from apps.claims.models import ClaimRevision, Evidence, Redaction, StatusChange
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.redacting import CannotRedact, redact_entry, redact_statement
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.services.verifying import faults_of, verify_history
from apps.claims.statuses import ClaimStatus
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import ArticleVersion
from apps.statements.models import Statement, StatementSpan
from claimtrack.errors import Conflict, NotFound
from tests.factories import TEXT, make_article, make_claim, make_statement, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db

RECORDS = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")
KEPT = Judgement(ClaimStatus.KEPT, date(2025, 3, 3), "It was opened.", (RECORDS,))


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def judged_claim(by):
    """A claim with three entries: made, kept, broken."""
    claim = make_claim()
    do(change_status, claim_id=claim.pk, judgement=KEPT, by=by)
    broken = replace(KEPT, to=ClaimStatus.BROKEN, effective_on=date(2025, 3, 4), reason="It was closed again.")
    do(change_status, claim_id=claim.pk, judgement=broken, by=by)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def tamper(sql: str) -> None:
    """Do something to the rows past the triggers, as only somebody with the database in their hands could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


LAST_CHANGE = "(SELECT max(id) FROM claims_statuschange)"
INSERT = """
    INSERT INTO claims_statuschange
        (claim_id, seq, recorded_at, by_name, salt, hash, from_status, to_status, effective_on, reason, code,
         searched, changed_by_id)
    SELECT claim_id, 4, recorded_at, by_name, salt, {hash}, to_status, 'kept', effective_on, reason, code, searched,
        changed_by_id
    FROM claims_statuschange WHERE seq = 3
"""


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE claims_statuschange SET reason = 'x' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE claims_statuschange SET effective_on = '2025-03-01' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE claims_statuschange SET by_name = 'x' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE claims_claimrevision SET text = 'x'", "entry 1 was changed"),
        ("UPDATE claims_claimrevision SET text = ''", "entry 1 was changed"),
        ("UPDATE claims_evidence SET excerpt = 'x' WHERE change_id = " + LAST_CHANGE, "entry 3 was changed"),
        ("DELETE FROM claims_evidence WHERE change_id = " + LAST_CHANGE, "entry 3 was changed"),
        ("DELETE FROM claims_statuschange WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM claims_statuschange WHERE seq = 3", "entry 3 is missing"),
        (INSERT.format(hash="hash"), "entry 4 was changed"),
        ("UPDATE claims_statuschange SET seq = 1 WHERE seq = 2", "entry 1 stands there twice"),
        ("DELETE FROM events_event WHERE head IS NOT NULL AND id = (SELECT max(id) FROM events_event)", "was inserted"),
        ("UPDATE claims_claim SET status = 'kept'", "shown as kept, and its history comes to broken"),
        ("UPDATE claims_claim SET text = 'x'", "not what its newest revision, entry 1, says"),
        ("DELETE FROM claims_claim", "the claim is gone"),
    ],
)
def test_whatever_was_done_to_a_history_behind_the_service_is_found_and_named(editor, sql, told):
    claim = judged_claim(editor)
    assert "every chain holds" in run("verify-history")

    tamper(sql)

    out = StringIO()
    with pytest.raises(CommandError, match="1 of 1 claims are broken") as broken:
        call_command("verify-history", stdout=out)
    assert broken.value.returncode == 1
    assert f"claim {claim.pk}: " in out.getvalue()
    assert told in out.getvalue()
    tamper("DELETE FROM claims_statuschange; DELETE FROM claims_claimrevision; DELETE FROM claims_evidence")


def test_an_entry_added_with_a_hash_that_fits_is_found_by_the_event_log(editor):
    claim = judged_claim(editor)
    forged = StatusChange(
        claim=claim, from_status="broken", to_status="kept", effective_on=date(2025, 3, 5), reason="x",
        changed_by=editor, by_name=editor.username,
    )  # fmt: skip
    forged.seal(StatusChange.objects.latest("pk").recorded_at)

    assert [str(fault) for fault in faults_of(claim)] == [
        "entry 4 was inserted: no event has told of it",
        "the claim is shown as broken, and its history comes to kept",
    ]


def test_one_claim_is_verified_alone_and_one_that_never_was_is_no_proof(editor):
    claim, other = judged_claim(editor), make_claim()
    tamper(f"UPDATE claims_claimrevision SET text = 'x' WHERE claim_id = {other.pk}")

    assert run("verify-history", "--claim", str(claim.pk)) == "1 claims with 3 entries: every chain holds.\n"
    with pytest.raises(CommandError, match="never was"):
        run("verify-history", "--claim", "4711")


def test_many_claims_are_verified_in_batches(monkeypatch):
    monkeypatch.setattr("apps.claims.services.verifying.BATCH", 2)
    made = [make_claim().pk for _ in range(5)]

    assert [verified.claim_id for verified in verify_history()] == made


def test_a_text_is_blanked_and_the_chain_still_holds(editor, admin):
    claim = judged_claim(editor)

    done = do(redact_entry, claim_id=claim.pk, seq=2, field="reason", reason="A court ordered it.", by=admin)

    assert [(one.of_seq, one.field, one.by_name) for one in done.redactions] == [(2, "reason", admin.username)]
    assert StatusChange.objects.get(seq=2).reason == ""
    assert StatusChange.objects.get(seq=3).reason == "It was closed again."
    assert not faults_of(claim)
    event = Event.objects.get(kind=EventKind.HISTORY_REDACTED)
    assert (event.claim_id, event.user_id, event.payload) == (claim.pk, admin.pk, {"of": 2, "field": "reason"})
    assert bytes(event.head) == bytes(Redaction.objects.get().hash)


def test_a_blanked_text_does_not_hide_another_one_that_was_written_in_its_place(editor, admin):
    claim = judged_claim(editor)
    do(redact_entry, claim_id=claim.pk, seq=2, field="reason", reason="A court ordered it.", by=admin)

    tamper("UPDATE claims_statuschange SET reason = 'something else' WHERE seq = 2")

    assert [fault.seq for fault in faults_of(claim)] == [2]


def test_words_that_several_entries_repeat_are_blanked_in_all_of_them(editor, admin):
    claim = judged_claim(editor)

    done = do(redact_entry, claim_id=claim.pk, seq=3, field="evidence[0].excerpt", reason="Private.", by=admin)

    assert [(one.of_seq, one.field) for one in done.redactions] == [
        (2, "evidence[0].excerpt"),
        (3, "evidence[0].excerpt"),
    ]
    assert set(Evidence.objects.values_list("excerpt", "url")) == {("", RECORDS.url)}
    assert not faults_of(claim)


def test_what_a_claim_said_is_blanked_after_it_was_reworded(editor, admin):
    claim = make_claim("The liar will open the bridge")
    blank = {"claim_id": claim.pk, "seq": 1, "field": "text", "reason": "Libel.", "by": admin}
    with pytest.raises(Conflict, match="reword it first"):
        do(redact_entry, **blank)

    changes = {"text": "The mayor will open the bridge"}
    do(revise_claim, claim_id=claim.pk, changes=changes, reason="Fair.", by=Author.person(editor))
    do(redact_entry, **blank)

    assert list(ClaimRevision.objects.order_by("seq").values_list("text", flat=True)) == ["", changes["text"]]
    assert not faults_of(claim)
    assert not [event for event in Event.objects.all() if "liar" in str(event.payload)]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"seq": 9}, NotFound),
        ({"field": "hash"}, NotFound),
        ({"field": "evidence[1].excerpt"}, NotFound),
        ({"reason": " "}, CannotRedact),
        ({"claim_id": 4711}, NotFound),
    ],
)
def test_what_cannot_be_blanked_is_refused_and_leaves_no_trace(editor, admin, given, refusal):
    claim = judged_claim(editor)
    wanted = {"claim_id": claim.pk, "seq": 2, "field": "reason", "reason": "Private.", "by": admin}

    with pytest.raises(refusal):
        do(redact_entry, **{**wanted, **given})
    with pytest.raises(CannotRedact, match="Only an admin"):
        do(redact_entry, **{**wanted, "by": editor})

    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE claims_statuschange SET reason = ''",
        "SELECT set_config('claimtrack.redacting', 'on', true); UPDATE claims_statuschange SET reason = 'other'",
        "SELECT set_config('claimtrack.redacting', 'on', true); UPDATE claims_statuschange SET to_status = ''",
        "SELECT set_config('claimtrack.redacting', 'on', true); DELETE FROM claims_evidence",
        "UPDATE claims_redaction SET digest = ''",
    ],
)
def test_the_triggers_refuse_everything_but_blanking_a_text_by_the_service(editor, admin, sql):
    claim = judged_claim(editor)
    do(redact_entry, claim_id=claim.pk, seq=2, field="reason", reason="Private.", by=admin)

    with pytest.raises(DatabaseError, match="is only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_eight_admins_at_once_blank_a_text_once(editor):
    claim = judged_claim(editor)
    admins = [make_user(Role.ADMIN) for _ in range(8)]
    blank = {"claim_id": claim.pk, "seq": 2, "field": "reason", "reason": "Private."}

    results = at_once(lambda by: do(redact_entry, **blank, by=by), admins)

    assert [isinstance(result, CannotRedact) for result in results].count(False) == 1
    assert Redaction.objects.count() == 1
    assert not faults_of(claim)


def test_the_words_of_a_statement_are_blanked_wherever_they_stand(editor, admin):
    article = make_article()
    outer_words = "the new bridge would open to traffic in March"
    words = "to traffic"
    statement = make_statement(words, article=article)
    around = make_statement(outer_words, article=article)
    place(statement, words)
    place(around, outer_words)
    claim = make_claim(words)
    evidence = (EvidenceItem(statement_id=statement.pk),)
    do(change_status, claim_id=claim.pk, judgement=replace(KEPT, evidence=evidence), by=editor)

    done = do(redact_statement, statement_id=statement.pk, reason="A court ordered it.", by=admin)

    blank = "██ ███████"
    statement.refresh_from_db()
    around.refresh_from_db()
    assert (statement.text, statement.proposition) == (blank, blank)
    assert around.text == outer_words.replace(words, blank)
    assert ArticleVersion.objects.get().text == TEXT.replace(words, blank)
    assert Evidence.objects.get().excerpt == ""
    assert [one.field for one in done.redactions] == ["evidence[0].excerpt"]
    assert not faults_of(claim)
    assert Event.objects.filter(kind=EventKind.HISTORY_REDACTED, statement_id=statement.pk).count() == 1


def place(statement: Statement, words: str) -> None:
    start = TEXT.index(words)
    StatementSpan.objects.filter(statement=statement).update(content=[[start, start + len(words)]])


def test_redact_asks_before_it_blanks(editor, admin, monkeypatch):
    claim = judged_claim(editor)
    wanted = ["--claim", str(claim.pk), "--entry", "2", "--field", "reason", "--because", "Private."]

    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match="Nothing was blanked"):
        run("redact", *wanted)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert run("redact", *wanted) == f"claim {claim.pk}: reason of entry 2 was blanked (entry 4)\n"
    with pytest.raises(CommandError, match="nothing left to blank"):
        run("redact", *wanted, "--yes")
    with pytest.raises(CommandError, match="no active admin called"):
        run("redact", *wanted, "--yes", "--as", editor.username)
    with pytest.raises(CommandError, match="go with --claim"):
        run("redact", "--claim", "1", "--because", "Private.", "--yes")


def test_redacting_a_statement_names_the_claims_that_still_say_it(admin):
    statement = make_statement("to traffic")
    place(statement, "to traffic")
    claim = make_claim("to traffic")
    claim.links.create(
        statement=statement, stance="makes", suggested_stance="makes", state="accepted", score=1, matcher="test-1"
    )

    told = run("redact", "--statement", str(statement.pk), "--because", "Private.", "--yes")

    assert f"claim {claim.pk} still says it" in told


def test_a_redaction_shows_in_the_history_over_rest(api, editor, admin):
    claim = judged_claim(editor)
    do(redact_entry, claim_id=claim.pk, seq=2, field="reason", reason="Private.", by=admin)

    answer = api().get(f"/api/v1/claims/{claim.pk}/history/").json()

    assert [one["type"] for one in answer["results"]] == ["revision", "status_change", "status_change", "redaction"]
    assert answer["results"][1]["status_change"]["redacted"] == ["reason"]
    assert answer["head"] == answer["results"][-1]["redaction"]["hash"]
