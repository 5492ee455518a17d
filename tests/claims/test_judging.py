from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.claims.history import AsKnown, status_on
from apps.claims.models import Claim, Stage, StatusChange
from apps.claims.services.judging import (
    CannotCorrect,
    CodeRefused,
    DateRefused,
    EvidenceItem,
    EvidenceRequired,
    Judgement,
    ReasonRequired,
    StatusOfAnotherKind,
    UnknownEvidence,
    change_status,
)
from apps.claims.services.tracking import Author, revise_claim
from apps.claims.services.verifying import faults_of
from apps.claims.statuses import OUTCOME_OF, STATUSES_OF, ClaimStatus, ReasonCode
from apps.claims.then import AbsentThen, as_known
from apps.claims.timeline import changes_of, history
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.services.articles import confirm_article
from claimtrack.errors import Conflict, DomainError
from claimtrack.extraction.attribution import Kind
from tests.factories import make_article, make_claim, make_statement
from tests.racing import at_once

pytestmark = pytest.mark.django_db

RECORDS = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")
JUDGEMENT = Judgement(ClaimStatus.KEPT, date(2025, 3, 3), "It was opened.", (RECORDS,))


def judge(claim: Claim, by, **other) -> StatusChange:
    with recording() as record:
        return record(change_status(claim_id=claim.pk, judgement=replace(JUDGEMENT, **other), by=by))


def test_judging_a_claim_keeps_the_evidence_and_tells_followers(editor):
    claim = make_claim(stage=Stage.CANDIDATE)

    change = judge(claim, editor)

    claim.refresh_from_db()
    assert (claim.status, claim.stage) == (ClaimStatus.KEPT, Stage.TRACKED)
    assert claim.last_reviewed_at is not None
    assert change.evidence.get().excerpt == RECORDS.excerpt
    event = Event.objects.get(kind=EventKind.CLAIM_STATUS_CHANGED)
    assert event.payload["to"] == "kept"
    assert bytes(event.head) == bytes(StatusChange.objects.get().hash)
    assert event.at == StatusChange.objects.get().recorded_at


@pytest.mark.parametrize(
    ("other", "refusal", "field"),
    [
        pytest.param({"evidence": ()}, EvidenceRequired, "evidence", id="no evidence"),
        pytest.param({"to": ClaimStatus.REFUTED}, StatusOfAnotherKind, "to", id="an assertion's status on a promise"),
        pytest.param({"reason": "  "}, ReasonRequired, "reason", id="no reason"),
        pytest.param({"effective_on": date(2099, 1, 1)}, DateRefused, "effective_on", id="in the future"),
        pytest.param({"effective_on": date(2025, 1, 5)}, DateRefused, "effective_on", id="before it was said"),
        pytest.param({"to": ClaimStatus.PENDING}, Conflict, "to", id="the status it has"),
        pytest.param({"to": None}, DomainError, "to", id="void without a correction"),
        pytest.param({"corrects_seq": 9}, CannotCorrect, "corrects", id="corrects what is not there"),
        pytest.param(
            {"evidence": (RECORDS, replace(RECORDS, dated_on=date(2024, 1, 1)))},
            DateRefused,
            "evidence[1]",
            id="evidence of the outcome that is older than the promise",
        ),
        pytest.param(
            {"evidence": (replace(RECORDS, url="ftp://roads.example"),)},
            UnknownEvidence,
            "evidence[0].url",
            id="no web address",
        ),
        pytest.param(
            {"evidence": (replace(RECORDS, excerpt=" "),)}, UnknownEvidence, "evidence[0].excerpt", id="no excerpt"
        ),
        pytest.param(
            {"evidence": (EvidenceItem(statement_id=4711),)},
            UnknownEvidence,
            "evidence[0].statement",
            id="no statement",
        ),
    ],
)
def test_a_refused_judgement_leaves_no_trace(editor, other, refusal, field):
    claim = make_claim()

    with pytest.raises(refusal) as refused:
        judge(claim, editor, **other)

    assert refused.value.field == field
    assert not claim.status_changes.exists()
    assert not Event.objects.filter(kind=EventKind.CLAIM_STATUS_CHANGED).exists()


def test_unverifiable_needs_the_reason_and_what_was_searched_but_no_evidence(editor):
    claim = make_claim()
    unverifiable = {"to": ClaimStatus.UNVERIFIABLE, "evidence": ()}

    with pytest.raises(ReasonRequired) as refused:
        judge(claim, editor, **unverifiable)
    assert refused.value.field == "searched"
    change = judge(claim, editor, **unverifiable, searched="The archive of the council, 2024 and 2025.")
    assert (change.to_status, change.searched) == ("unverifiable", "The archive of the council, 2024 and 2025.")


@pytest.mark.parametrize(
    ("kind", "to", "code", "is_fine"),
    [
        (Kind.PROMISE, "broken", "abandoned", True),
        (Kind.PROMISE, "partly_kept", "late", True),
        (Kind.PROMISE, "kept", "late", False),
        (Kind.PROMISE, "broken", "fabricated", False),
        (Kind.ASSERTION, "refuted", "fabricated", True),
        (Kind.ASSERTION, "misleading", "cherry_picked", True),
        (Kind.ASSERTION, "refuted", "abandoned", False),
        (Kind.ASSERTION, "retracted", "fabricated", False),
    ],
)
def test_a_code_says_why_a_claim_failed_in_the_terms_of_its_kind(editor, kind, to, code, is_fine):
    claim = make_claim(kind=kind)
    coded = {"to": ClaimStatus(to), "code": ReasonCode(code)}

    if is_fine:
        assert judge(claim, editor, **coded).code == code
        assert not faults_of(claim)
    else:
        with pytest.raises(CodeRefused):
            judge(claim, editor, **coded)


def test_a_change_of_kind_is_recorded_and_keeps_what_the_status_comes_to(editor):
    claim = make_claim()
    judge(claim, editor)
    revised = lambda kind: revise_claim(  # noqa: E731
        claim_id=claim.pk, changes={"kind": kind}, reason="It tells what is so.", by=Author.person(editor)
    )
    before = timezone.now()

    with recording() as record:
        record(revised(Kind.ASSERTION))

    claim.refresh_from_db()
    assert (claim.kind, claim.status) == ("assertion", "confirmed")
    assert Event.objects.filter(kind=EventKind.CLAIM_REVISED).latest("pk").payload["status"] == "confirmed"
    assert status_as_of(claim, date(2025, 3, 2)) == "unverified"
    assert status_as_of(claim, None, known_at=before) == "kept"
    judge(claim, editor, to=ClaimStatus.DISPUTED, effective_on=date(2025, 3, 9))
    with recording() as record:
        record(revised(Kind.DEMAND))
    claim.refresh_from_db()
    assert claim.status == "open"
    assert not faults_of(claim)


def test_evidence_counts_independent_stories_and_copies_once(editor):
    texts = [make_article() for _ in range(3)]
    texts[1].cluster = texts[0].cluster
    texts[1].save()
    evidence = [EvidenceItem(statement_id=make_statement(article=text, said_on=None).pk) for text in texts]
    evidence += [
        RECORDS,
        replace(RECORDS, url="https://archive.roads.example/1"),
        replace(RECORDS, url="https://other.example"),
    ]

    change = judge(make_claim(), editor, evidence=tuple(evidence))

    stories = lambda: changes_of(change.claim)[0].stories  # noqa: E731
    assert stories() == 2  # two sites: nobody vouches for the texts yet
    for text in texts:
        with recording() as record:
            record(confirm_article(article_id=text.pk, by=editor))
    assert stories() == 4


def test_a_statement_as_evidence_brings_its_own_words_and_date(editor):
    statement = make_statement("The bridge is open", said_on=date(2025, 3, 4))

    change = judge(make_claim(), editor, evidence=(EvidenceItem(statement_id=statement.pk),))

    evidence = change.evidence.get()
    assert (evidence.excerpt, evidence.dated_on, evidence.statement) == (statement.text, statement.said_on, statement)


def test_every_verdict_can_be_reopened(editor):
    claim = make_claim()
    judge(claim, editor)
    judge(claim, editor, to=ClaimStatus.BROKEN, effective_on=date(2025, 3, 4), reason="It was closed the next day.")
    judge(claim, editor, to=ClaimStatus.PENDING, effective_on=date(2025, 3, 5), reason="Work goes on.", evidence=())

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PENDING
    assert [change.to_status for change in changes_of(claim)] == ["kept", "broken", "pending"]


def test_a_backdated_change_need_not_be_the_newest_status(editor):
    claim = make_claim()
    judge(claim, editor)
    judge(claim, editor, to=ClaimStatus.IN_PROGRESS, effective_on=date(2025, 2, 1), reason="Work began.")

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.KEPT
    assert status_as_of(claim, date(2025, 2, 10)) == ClaimStatus.IN_PROGRESS


def test_as_of_and_known_at_tell_what_was_so_and_what_was_known(editor):
    claim = make_claim()
    before = timezone.now()
    first = judge(claim, editor)
    between = StatusChange.objects.get(pk=first.pk).recorded_at
    judge(claim, editor, effective_on=date(2025, 3, 10), reason="It was a week later.", corrects_seq=first.seq)

    assert status_as_of(claim, date(2025, 3, 2)) == ClaimStatus.PENDING
    assert status_as_of(claim, date(2025, 3, 3)) == ClaimStatus.PENDING
    assert status_as_of(claim, date(2025, 3, 10)) == ClaimStatus.KEPT
    assert status_as_of(claim, date(2025, 3, 3), known_at=between) == ClaimStatus.KEPT
    assert status_as_of(claim, None, known_at=before) == ClaimStatus.PENDING
    assert status_as_of(claim, None, known_at=between - timedelta(microseconds=1)) == ClaimStatus.PENDING


def test_before_it_was_said_or_known_the_claim_is_absent():
    claim = make_claim()

    with pytest.raises(AbsentThen, match="first said on 2025-01-06"):
        status_as_of(claim, date(2025, 1, 5))
    with pytest.raises(AbsentThen, match="not known"):
        status_as_of(claim, None, known_at=timezone.now() - timedelta(days=1))


def test_a_correction_can_make_a_change_void_and_is_itself_corrected_once(editor):
    claim = make_claim()
    first = judge(claim, editor)
    judge(claim, editor, to=None, reason="It was another bridge.", evidence=(), corrects_seq=first.seq)

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PENDING
    with pytest.raises(CannotCorrect, match="corrected already"):
        judge(claim, editor, to=ClaimStatus.BROKEN, corrects_seq=first.seq)


@pytest.mark.django_db(transaction=True)
def test_eight_judges_at_once_change_the_status_once(editor):
    claim = make_claim()

    results = at_once(lambda _: judge(claim, editor), range(8))

    assert [isinstance(result, Conflict) for result in results].count(False) == 1
    assert claim.status_changes.count() == 1
    assert [entry.seq for entry in history(Claim.objects.with_history().get())] == [1, 2]


def test_every_status_belongs_to_a_kind_and_comes_to_an_outcome():
    assert set(STATUSES_OF) == set(Kind)
    assert {status for statuses in STATUSES_OF.values() for status in statuses} == set(OUTCOME_OF) == set(ClaimStatus)


def test_without_a_change_the_status_is_the_initial_one_of_the_kind():
    assert [status_on([], kind=kind) for kind in Kind] == ["unverified", "pending", "pending", "open"]


def status_as_of(claim: Claim, day: date | None, known_at=None) -> str:
    return as_known(Claim.objects.get(pk=claim.pk), AsKnown(day, known_at)).status
