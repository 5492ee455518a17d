"""The services of claims that are called by many at once, where no other test races them: each leaves one effect."""

from itertools import pairwise

import pytest

from apps.accounts.models import Role
from apps.claims.models import Claim, Link, Redaction, Stage
from apps.claims.services.judging import EvidenceItem, Judgement, change_status
from apps.claims.services.matching import match_statements
from apps.claims.services.redacting import redact_statement
from apps.claims.services.review import accept_link, reject_link
from apps.claims.services.tracking import embed_claims
from apps.claims.services.verifying import faults_of, verify_history
from apps.claims.statuses import ClaimStatus
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article
from apps.statements.models import Speaker
from apps.statements.services.merging import merge_speakers
from claimtrack.errors import Conflict
from tests.factories import make_article, make_claim, make_link, make_speaker, make_statement, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SAID = "The new bridge over the river would open to heavy traffic in March"


def do(service, **arguments):
    with recording() as record:
        return record(service(**arguments))


def match(article: Article) -> Article:
    return do(match_statements, version_id=article.versions.get().pk)


def errors(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def test_an_article_that_is_matched_by_many_at_once_has_its_claims_and_links_once():
    article = make_article()
    speaker = make_speaker()
    for words in (SAID, "Lorries would pay four crowns to cross it"):
        make_statement(words, article=article, speaker=speaker)

    assert not errors(at_once(match, [article] * 8))

    assert Claim.objects.count() == 2
    assert list(Link.objects.values_list("stance", "state")) == [("makes", "accepted")] * 2
    assert Event.objects.filter(kind=EventKind.CLAIM_CREATED).count() == 2


def test_a_claim_that_was_put_away_comes_back_once_however_many_speak_of_it_at_once():
    claim = make_claim(SAID, stage=Stage.ARCHIVED)
    articles = [make_article() for _ in range(6)]
    for number, article in enumerate(articles):
        make_statement(SAID, article=article, speaker=make_speaker(f"Speaker {number}"))

    assert not errors(at_once(match, articles))

    claim.refresh_from_db()
    assert claim.stage == Stage.CANDIDATE
    assert claim.links.count() == 6
    assert Event.objects.filter(kind=EventKind.CLAIM_REVIVED).count() == 1


def test_reviewers_who_decide_otherwise_at_once_leave_the_decision_that_was_told_last():
    link = make_link(make_claim(), make_statement())
    reviewers = [(service, make_user()) for service in (accept_link, reject_link) * 4]

    results = at_once(lambda one: do(one[0], link_id=link.pk, by=one[1]), reviewers)

    link.refresh_from_db()
    told = list(Event.objects.filter(link_id=link.pk).order_by("pk").values_list("payload__state", "user_id"))
    assert all(isinstance(error, Conflict) for error in errors(results))
    assert len(told) == 8 - len(errors(results))
    assert told[-1] == (link.state, link.decided_by_id)
    assert all(one[0] != after[0] for one, after in pairwise(told))


def test_the_words_of_a_statement_are_blanked_once_by_eight_admins_at_once(editor):
    statement = make_statement("said on Mo", article=make_article())
    claim = make_claim()
    evidence = (EvidenceItem(statement_id=statement.pk),)
    judgement = Judgement(ClaimStatus.KEPT, statement.said_on, "It was opened.", evidence)
    do(change_status, claim_id=claim.pk, judgement=judgement, by=editor)
    admins = [make_user(Role.ADMIN) for _ in range(8)]

    results = at_once(lambda by: do(redact_statement, statement_id=statement.pk, reason="Private.", by=by), admins)

    assert [isinstance(result, Conflict) for result in results].count(False) == 1
    assert Redaction.objects.count() == 1
    assert Event.objects.filter(kind=EventKind.HISTORY_REDACTED, statement_id=statement.pk).count() == 1
    assert not faults_of(claim)


def test_what_claims_mean_is_worked_out_by_many_at_once_and_nobody_is_told():
    claims = [make_claim(SAID).pk, make_claim("Lorries would pay four crowns").pk]
    Claim.objects.update(embedding=None)
    before = Event.objects.count()

    orders = [claims, claims[::-1]] * 4
    assert at_once(embed_claims, orders) == [2] * 8

    assert not Claim.objects.filter(embedding=None).exists()
    assert Event.objects.count() == before


def test_speakers_who_are_merged_into_each_other_at_once_never_form_a_ring(editor):
    speakers = [make_speaker(f"Ada Stone {number}") for number in range(4)]
    pairs = [(one, other) for one in speakers for other in speakers if one != other]

    at_once(lambda pair: do(merge_speakers, speaker_id=pair[0].pk, into_id=pair[1].pk, by=editor), pairs[:8])

    merged_into = dict(Speaker.objects.values_list("pk", "merged_into_id"))
    for speaker in Speaker.objects.all():
        seen, at = set(), speaker.pk
        while merged_into[at] is not None:
            assert at not in seen
            seen.add(at)
            at = merged_into[at]
        assert speaker.root_pk == at


def test_a_history_that_is_written_while_it_is_verified_holds(editor):
    claim = make_claim()
    source = EvidenceItem(url="https://roads.example/opening", excerpt="The bridge was opened on 3 March.")

    def judge_or_look(number: int) -> list[object]:
        if number % 2:
            to = (ClaimStatus.KEPT, ClaimStatus.BROKEN, ClaimStatus.STALLED, ClaimStatus.IN_PROGRESS)[number // 2]
            judgement = Judgement(to, claim.first_said_on, "It is so.", (source,))
            do(change_status, claim_id=claim.pk, judgement=judgement, by=editor)
            return []
        return [fault for verified in verify_history() for fault in verified.faults]

    assert at_once(judge_or_look, range(8)) == [[]] * 8
    assert claim.status_changes.count() == 4
