import re
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import resolve

from apps.accounts.models import User
from apps.claims.demo.loading import EDITOR, Loading, demo_editor
from apps.claims.demo.story import Saying, read_story
from apps.claims.history import AsKnown
from apps.claims.management.commands import demo
from apps.claims.models import Claim, Link, StatusChange
from apps.claims.services.review import undo_link
from apps.claims.statuses import ClaimStatus
from apps.claims.tasks import match_due
from apps.claims.then import as_known
from apps.events.log import recording
from apps.events.models import Event
from apps.sources import waiting
from apps.sources.models import Article, ArticleVersion, Publisher
from apps.statements.models import Speaker, Statement
from apps.statements.tasks import read_due
from claimtrack.extraction.attribution import Kind
from claimtrack.matching.stance import Stance
from tests.factories import make_article

pytestmark = pytest.mark.django_db

STORY = read_story()
JUDGED = ("01", "04", "05", "08", "09")
COUNTED = (Article, ArticleVersion, Publisher, Speaker, Statement, Claim, Link, StatusChange, Event, User)
SANCTIONS = Saying("01-talks-collapse", "Donald Trump", "wanted all sanctions lifted")
NO_LONGER = Saying("08-no-longer-bound", "Kim Jong-un", "no longer hold off on")


def work_off(article_id: int) -> Article:
    """Do, here and now, what the workers would."""
    read_due()
    match_due()
    return Article.objects.get(pk=article_id)


def loaded(*numbers: str) -> Loading:
    """The articles of these numbers, read and matched one after the other."""
    articles = [entry for entry in STORY.articles if entry.slug[:2] in numbers]
    loading = Loading(replace(STORY, articles=articles), demo_editor())
    assert {article.state for article in loading.load_articles(work_off)} == {"done"}
    return loading


def status(claim: Claim, day: date | None = None) -> str:
    return as_known(Claim.objects.get(pk=claim.pk), AsKnown(as_of=day)).status


def test_the_pipeline_reads_the_promise_with_its_chain_and_suggests_what_contradicts_it():
    loading = loaded("01", "02", "05", "08")

    statement, claim = loading.statement_of(STORY.main_claim), loading.claim_of(STORY.main_claim)
    assert [one["name"] for one in statement.chain] == ["Larkfield Wire", "Donald Trump", "Kim Jong-un"]
    assert [one["type"] for one in statement.chain] == ["publisher", "speaker", "speaker"]
    assert (claim.kind, claim.first_said_on) == (Kind.PROMISE, date(2019, 2, 28))
    assert claim.speakers.get().name == "Kim Jong-un"
    assert claim.links.filter(state=Link.State.ACCEPTED).count() == 2
    [link] = loading.statement_of(NO_LONGER).links.filter(claim=claim)
    assert (link.stance, link.state) == (Stance.CONTRADICTS, Link.State.SUGGESTED)
    demand = Claim.objects.get(kind=Kind.DEMAND)
    assert (demand.speakers.get().name, demand.due_on) == ("Kim Jong-un", date(2019, 12, 31))


def test_a_syndicated_copy_counts_once():
    loaded("01", "02", "03")

    story_of = {article.publisher.name: article.cluster for article in Article.objects.order_by("-pk")}
    assert story_of["Almery Courier"] == story_of["Larkfield Wire"]
    assert story_of["The Quillon Post"] != story_of["Larkfield Wire"]
    assert as_known(Claim.objects.get(kind=Kind.PROMISE, text__contains="hold off")).independent_stories == 2


def test_the_editor_judges_three_claims_on_what_was_linked_to_them():
    loading = loaded(*JUDGED)

    assert loading.decide() == []

    promise, sanctions = loading.claim_of(STORY.main_claim), loading.claim_of(SANCTIONS)
    assert status(promise) == ClaimStatus.WITHDRAWN
    assert status(promise, date(2019, 12, 31)) == ClaimStatus.PENDING
    assert (status(sanctions), status(sanctions, date(2019, 2, 28))) == ("disputed", "unverified")
    for change in StatusChange.objects.all():
        statement = change.evidence.get().statement
        assert statement.links.get(claim=change.claim).state == Link.State.ACCEPTED


def test_loading_twice_changes_nothing_and_what_was_taken_back_since_stays_so():
    loading = loaded(*JUDGED)
    loading.decide()
    [link] = loading.statement_of(NO_LONGER).links.filter(claim=loading.claim_of(STORY.main_claim))
    with recording() as record:
        record(undo_link(link_id=link.pk, by=loading.editor))
    before = [model.objects.count() for model in COUNTED]

    assert loaded(*JUDGED).decide() == []

    assert [model.objects.count() for model in COUNTED] == before
    link.refresh_from_db()
    assert link.state == Link.State.SUGGESTED
    assert not User.objects.get(username=EDITOR).has_usable_password()


def test_a_judgement_that_somebody_else_made_already_is_left_out_with_the_reason():
    loading = loaded(*JUDGED)
    Claim.objects.filter(pk=loading.claim_of(SANCTIONS).pk).update(status=ClaimStatus.DISPUTED)

    assert loading.decide() == ["This claim is disputed already."]


def test_the_command_tells_the_life_of_the_claim_and_what_to_open(monkeypatch, tmp_path):
    monkeypatch.setenv("CLAIMTRACK_DATA", str(tmp_path))
    (tmp_path / "credentials.json").write_text('{"url": "http://here:8"}')
    monkeypatch.setattr(demo, "wait_for_article", work_off)
    out = StringIO()

    call_command("demo", stdout=out)

    said = out.getvalue()
    claim = Claim.objects.get(kind=Kind.PROMISE, text__contains="hold off")
    assert "2019-02-28  said          Larkfield Wire → Donald Trump → Kim Jong-un: “he would continue" in said
    assert "(a copy: counts once)" in said
    assert "2020-01-01  withdrawn" in said
    assert f"http://here:8/api/v1/claims/{claim.pk}/?as_of=2019-12-31" in said
    assert "Left out" not in said
    pages = re.findall(r"http://here:8(/\S*)", said)
    assert len(pages) == 7
    for page in pages:
        resolve(page.partition("?")[0])


def test_without_a_worker_the_wait_ends_with_a_clear_word(monkeypatch):
    monkeypatch.setattr(waiting, "LOOK_EVERY", 0.01)
    article = make_article()

    with pytest.raises(waiting.NobodyWorks, match="no worker takes it"):
        waiting.wait_for_article(article.pk, patience=0.05)


def test_a_refusal_of_the_rules_ends_the_command_with_its_sentence(monkeypatch):
    def nobody(article_id: int) -> Article:
        return waiting.wait_for_article(article_id, patience=0)

    monkeypatch.setattr(demo, "wait_for_article", nobody)

    with pytest.raises(CommandError, match="no worker takes it"):
        call_command("demo")
