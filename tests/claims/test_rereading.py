from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Role
from apps.claims.history import AsKnown
from apps.claims.models import Claim, Link
from apps.claims.services import matching, rereading
from apps.claims.services.redacting import redact_statement
from apps.claims.services.rereading import Choice, Overtaken, rematch_article, reread_article, to_reread
from apps.claims.services.review import accept_link, reject_link
from apps.claims.services.tracking import adopt_claim
from apps.claims.services.verifying import verify_history
from apps.claims.tasks import match_due
from apps.claims.then import links_then
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article, ArticleVersion
from apps.sources.services.articles import submit_article
from apps.statements.models import Speaker, Statement
from apps.statements.services.reading import attributions_of
from apps.statements.tasks import read_due
from claimtrack.extraction import READERS, Engine
from claimtrack.extraction.attribution import Kind, SpeakerKind, SpeakerName
from claimtrack.matching.decision import Decision, Suggestion
from claimtrack.matching.decision import Outcome as Verdict
from claimtrack.matching.stance import Stance
from tests.factories import make_claim, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db

BRIDGE = "Mayor Ada Stone said that the new bridge over the river would open to heavy traffic in March."
FERRY = "Governor Paul Reed promised that the old ferry would sail every hour until the end of the year."
HARBOUR = "Engineer Nora Feld warned that the harbour wall could not stand another winter of such storms."
FILLER = "The old bridge was closed in autumn after engineers had found cracks in two of its pillars."


@pytest.fixture(autouse=True)
def _read_by_rules(settings):
    settings.READING_ENGINE = "rules"


@pytest.fixture
def newer(monkeypatch):
    """From now on a newer version of the rules reads, which finds the same unless a test says otherwise."""
    return lambda: monkeypatch.setitem(READERS, Engine.RULES, "rules-next")


def follow(*paragraphs, publisher="The Courier", on=date(2025, 1, 6), url=""):
    """Take an article in and lead it through all stations, as the workers would."""
    with recording() as record:
        submission = record(
            submit_article(
                by=make_user(),
                text="\n\n".join(paragraphs),
                publisher=publisher,
                url=url,
                published_at=datetime.combine(on, datetime.min.time(), UTC),
            )
        )
    read_due()
    match_due()
    return Article.objects.get(pk=submission.article.pk)


def do(service, **given):
    with recording() as record:
        return record(service(**given))


def reread(article, change=lambda found: found):
    """Let the reader in use read an article again, as it would if it found what `change` makes of its findings."""
    version = article.versions.select_related("article").latest("number")
    return do(reread_article, version=version, found=change(list(attributions_of(version))))


def command(*options):
    told = StringIO()
    call_command("reread", *options, stdout=told, stderr=told)
    return told.getvalue()


def of(name):
    return Statement.objects.get(speaker__name=name)


def without(name):
    return lambda found: [one for one in found if one.speaker.name != name]


def kinds_since(event_id):
    return list(Event.objects.filter(pk__gt=event_id).order_by("pk").values_list("kind", flat=True))


def overlook(monkeypatch, name):
    """Let the workers' reader miss what somebody says."""
    monkeypatch.setattr(
        "apps.statements.tasks.attributions_of", lambda version: without(name)(attributions_of(version))
    )


def last_event():
    return Event.objects.latest("pk").pk


def histories_hold():
    return all(not verified.faults for verified in verify_history())


def test_a_statement_that_is_found_again_keeps_id_and_decision_and_is_brought_up_to_date(editor, newer):
    article = follow(BRIDGE, FERRY)
    ferry, link = of("Paul Reed"), Link.objects.get(statement__speaker__name="Paul Reed")
    do(accept_link, link_id=link.pk, by=editor)
    before, matched_at = last_event(), ferry.matched_at
    newer()

    reread(article, lambda found: [found[0], replace(found[1], kind=Kind.PREDICTION, due_on=date(2025, 12, 30))])

    ferry.refresh_from_db()
    assert (ferry.kind, ferry.due_on, ferry.reader) == ("prediction", date(2025, 12, 30), "rules-next")
    assert (ferry.state, ferry.matched_at) == ("current", matched_at)
    assert Statement.objects.count() == Claim.objects.count() == 2
    link.refresh_from_db()
    assert (link.state, link.decided_by) == ("accepted", editor)
    changed, done = Event.objects.filter(pk__gt=before).order_by("pk")
    assert (changed.kind, changed.statement_id) == (EventKind.STATEMENT_CHANGED, ferry.pk)
    assert changed.payload == {
        "reader": "rules-next",
        "fields": ["due_on", "kind"],
        "was": {"reader": "rules-5", "kind": "promise", "due_on": "2025-12-31"},
    }
    assert (done.kind, done.article_id) == (EventKind.ARTICLE_REREAD, article.pk)
    assert done.payload == {"reader": "rules-next", "was": "rules-5", "new": 0, "changed": 1, "superseded": 0}
    assert histories_hold()


def test_what_a_newer_reader_finds_beside_it_is_added_and_matched(monkeypatch, newer):
    overlook(monkeypatch, "Paul Reed")
    article = follow(BRIDGE, FERRY)
    before = last_event()
    newer()

    reread(article)

    assert of("Paul Reed").links.get().stance == "makes"
    assert kinds_since(before) == ["claim.created", "link.accepted", "article.reread"]


def test_a_misreading_is_superseded_and_what_the_machine_made_of_it_is_taken_back(api, newer):
    article = follow(BRIDGE, FERRY)
    before = last_event()
    newer()

    reread(article, without("Paul Reed"))

    ferry, link = of("Paul Reed"), Link.objects.get(statement__speaker__name="Paul Reed")
    assert ferry.state == "superseded"
    assert (link.state, link.rejection, link.decided_by) == ("rejected", "withdrawn", None)
    assert link.claim.stage == "archived"
    assert Claim.objects.get(links__statement=of("Ada Stone")).stage == "candidate"
    assert kinds_since(before) == ["statement.superseded", "link.withdrawn", "claim.archived", "article.reread"]
    shown = api().get(f"/api/v1/articles/{article.pk}/statements/").json()["results"]
    assert [one["speaker"]["name"] for one in shown] == ["Ada Stone"]
    assert api().get(f"/api/v1/articles/{article.pk}/statements/?version=1").json()["results"] == shown
    then = AsKnown(known_at=Event.objects.get(pk=before).at)
    assert links_then(Link.objects.filter(pk=link.pk), then).get().then_state == "accepted"
    assert histories_hold()


def accepted(statement, by):
    do(accept_link, link_id=statement.links.get().pk, by=by)


def adopted(statement, by):
    do(adopt_claim, claim_id=statement.links.get().claim_id, by=by)


@pytest.mark.parametrize("vouch", [accepted, adopted])
def test_a_statement_that_a_person_vouched_for_stays_though_no_reader_finds_it(editor, newer, vouch):
    article = follow(BRIDGE, FERRY)
    vouch(of("Paul Reed"), editor)
    before = last_event()
    newer()

    reread(article, without("Paul Reed"))

    assert of("Paul Reed").state == "current"
    assert of("Paul Reed").links.get().state == "accepted"
    assert kinds_since(before) == ["article.reread"]


def test_what_a_person_called_misread_is_superseded_with_its_decision_kept(editor, newer):
    article = follow(BRIDGE, FERRY)
    link = of("Paul Reed").links.get()
    do(reject_link, link_id=link.pk, by=editor, because=Link.Rejection.MISREAD)
    newer()

    reread(article, without("Paul Reed"))

    link.refresh_from_db()
    assert of("Paul Reed").state == "superseded"
    assert (link.state, link.rejection, link.decided_by) == ("rejected", "misread", editor)


def test_a_claim_that_loses_its_maker_was_first_said_by_the_next(newer):
    first = follow(BRIDGE, FILLER, on=date(2025, 1, 2))
    follow(FILLER, BRIDGE, publisher="The Herald", on=date(2025, 1, 8))
    assert Claim.objects.get().first_said_on == date(2025, 1, 2)
    newer()

    reread(first, without("Ada Stone"))

    claim = Claim.objects.get()
    assert (claim.first_said_on, claim.stage) == (date(2025, 1, 8), "candidate")
    assert claim.links.get(stance="makes", state="accepted").statement.article.publisher.name == "The Herald"
    assert histories_hold()


def test_what_a_yet_newer_reader_finds_again_gets_its_claim_back(monkeypatch, newer):
    article = follow(BRIDGE, FERRY)
    claim = of("Paul Reed").links.get().claim
    newer()
    reread(article, without("Paul Reed"))
    monkeypatch.setitem(READERS, Engine.RULES, "rules-after-next")

    reread(article)

    claim.refresh_from_db()
    link = of("Paul Reed").links.get()
    assert (of("Paul Reed").state, claim.stage) == ("current", "candidate")
    assert (link.claim, link.state, link.stance, link.rejection) == (claim, "accepted", "makes", "")
    assert Claim.objects.count() == 2


def test_a_short_statement_that_is_found_again_gets_its_claim_back_though_no_machine_accepts_a_short_repetition(
    monkeypatch, newer
):
    article = follow("Governor Paul Reed promised that he would resign in June.", FILLER)
    claim = Claim.objects.get()
    newer()
    reread(article, without("Paul Reed"))
    monkeypatch.setitem(READERS, Engine.RULES, "rules-after-next")
    before = last_event()

    reread(article)

    link = of("Paul Reed").links.get()
    assert (link.claim, link.state, link.stance) == (claim, "accepted", "makes")
    assert kinds_since(before) == ["claim.revived", "link.accepted", "article.reread"]


def test_what_a_reader_thinks_of_itself_is_noted_and_not_told(newer):
    article = follow(BRIDGE, FILLER)
    before = last_event()
    newer()

    reread(article, lambda found: [replace(found[0], confidence=0.5)])

    assert Statement.objects.get().confidence == 0.5
    assert kinds_since(before) == ["article.reread"]


def test_the_right_speaker_gets_a_claim_of_their_own_beside_the_one_of_the_misreading(newer):
    article = follow(BRIDGE, FERRY)
    wrong = of("Paul Reed")
    newer()
    pia = SpeakerName("Pia Lund", SpeakerKind.PERSON)

    reread(article, lambda found: [found[0], replace(found[1], speaker=pia, chain=(pia,))])

    wrong.refresh_from_db()
    assert wrong.state == "superseded"
    assert wrong.links.get().claim.stage == "archived"
    right = of("Pia Lund").links.get()
    assert (right.stance, right.claim.stage) == ("makes", "candidate")
    assert right.claim != wrong.links.get().claim


def test_somebody_unnamed_is_the_same_for_every_reader(newer):
    article = follow("A senior official said that the city would sell the old ferry in June.", FILLER)
    unnamed = Statement.objects.get().speaker
    newer()

    def once_more(found):
        start = article.versions.get().text.index("engineers had found")
        return [*found, replace(found[0], content=((start, start + 30),), source=(), cue=())]

    reread(article, once_more)

    assert {one.speaker for one in Statement.objects.all()} == {unnamed}
    assert Speaker.objects.count() == 1


def test_an_earlier_day_of_saying_moves_the_claim(newer):
    article = follow(BRIDGE, FILLER)
    newer()

    reread(article, lambda found: [replace(found[0], said_on=date(2025, 1, 3))])

    assert Claim.objects.get().first_said_on == date(2025, 1, 3)
    assert histories_hold()


def test_a_statement_that_ceases_to_wrap_another_is_matched(newer):
    article = follow("Mayor Ada Stone said Governor Paul Reed had assured her that the state would pay for it.", FILLER)
    assert not of("Ada Stone").links.exists()
    newer()

    reread(article, without("Paul Reed"))

    assert of("Ada Stone").links.get().stance == "makes"


def test_each_quote_is_verbatim_for_the_reader_whose_words_it_has(monkeypatch, newer):
    article = follow(BRIDGE, FILLER)
    [(start, end)] = Statement.objects.get().newest_span.content
    newer()
    reread(article, lambda found: [replace(found[0], content=((start, end - len(" in March")),))])
    monkeypatch.setitem(READERS, Engine.RULES, "rules-5")

    reread(article)

    statement = Statement.objects.with_details().get()
    assert statement.text.endswith("in March")
    [(start, end)] = statement.newest_span.content
    assert article.versions.get().text[start:end] == statement.text


def test_an_article_of_a_language_that_is_not_read_is_noted_and_left(newer):
    article = follow(BRIDGE, FILLER)
    newer()

    do(reread_article, version=article.versions.select_related("article").get(), found=None)

    assert article.versions.get().reader == "rules-next"
    assert Statement.objects.get().state == "current"


@pytest.mark.parametrize("change", [{"state": "matching"}, {"reader": "rules-next"}, {"text": "Something else."}])
def test_an_article_that_changed_since_it_was_looked_at_is_left_as_it_is(newer, change):
    article = follow(BRIDGE, FILLER)
    version = article.versions.select_related("article").get()
    found = attributions_of(version)
    for model, pk in ((Article, article.pk), (ArticleVersion, version.pk)):
        model.objects.filter(pk=pk).update(**{name: to for name, to in change.items() if hasattr(model, name)})
    newer()

    with pytest.raises(Overtaken):
        do(reread_article, version=version, found=found)

    assert Statement.objects.get().reader == "rules-5"


def test_the_network_rereads_what_the_rules_read_and_decisions_stand(editor, settings):
    articles = [
        follow(BRIDGE, FERRY, HARBOUR),
        follow(FILLER, "According to Reed, the ferry is too slow; Stone called it “a relic of the past”.", HARBOUR),
    ]
    for link in Link.objects.order_by("pk")[:2]:
        do(accept_link, link_id=link.pk, by=editor)
    decided = list(Link.objects.filter(decided_by=editor).order_by("pk").values("pk", "state", "stance", "claim"))
    ids, before = set(Statement.objects.values_list("pk", flat=True)), last_event()
    settings.READING_ENGINE = "neural"

    told = command()

    assert told.startswith(f"2 articles read again by {READERS[Engine.NEURAL]}\n")
    assert {version.reader for version in ArticleVersion.objects.all()} == {READERS[Engine.NEURAL]}
    assert (
        list(Link.objects.filter(decided_by=editor).order_by("pk").values("pk", "state", "stance", "claim")) == decided
    )
    kept = Statement.objects.filter(pk__in=ids, state="current")
    assert kept.count() >= 3
    assert {one.reader for one in kept} == {READERS[Engine.NEURAL]}
    for statement in Statement.objects.with_details().filter(state="current"):
        text = statement.newest_span.version.text
        assert " … ".join(text[start:end] for start, end in statement.newest_span.content) == statement.text
    rereadings = Event.objects.filter(pk__gt=before, kind=EventKind.ARTICLE_REREAD).order_by("pk")
    assert [one.article_id for one in rereadings] == [article.pk for article in articles]
    assert histories_hold()

    before = last_event()
    assert command().startswith("0 articles")
    assert last_event() == before


def test_a_run_that_is_killed_goes_on_where_it_was_and_does_nothing_twice(monkeypatch, newer):
    for number in range(3):
        follow(BRIDGE, FILLER, publisher=f"Courier {number}")
    newer()
    match_waiting, calls = rereading.match_waiting, []

    def killed_in_the_second(article, **given):
        calls.append(article)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return match_waiting(article, **given)

    monkeypatch.setattr(rereading, "match_waiting", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        command()
    assert sorted(ArticleVersion.objects.values_list("reader", flat=True)) == ["rules-5", "rules-5", "rules-next"]
    assert sorted(Statement.objects.values_list("reader", flat=True)) == ["rules-5", "rules-5", "rules-next"]

    assert command().startswith("2 articles read again")
    assert set(ArticleVersion.objects.values_list("reader", flat=True)) == {"rules-next"}
    assert Event.objects.filter(kind=EventKind.ARTICLE_REREAD).count() == 3
    assert histories_hold()


def test_a_dry_run_counts_and_changes_nothing(monkeypatch, newer):
    overlook(monkeypatch, "Paul Reed")
    follow(BRIDGE, FERRY)
    before = last_event()
    newer()

    told = command("--dry-run")

    assert told.splitlines()[0] == "1 articles would be read by rules-next"
    assert "1 new statements" in told
    assert "1 claims opened" in told
    assert (last_event(), Statement.objects.count(), ArticleVersion.objects.get().reader) == (before, 1, "rules-5")


def test_an_article_that_cannot_be_read_keeps_no_other_from_being_read(monkeypatch, newer):
    for number in range(2):
        follow(BRIDGE, FILLER, publisher=f"Courier {number}")
    newer()
    first = ArticleVersion.objects.earliest("pk")

    def fail_once(version):
        if version == first:
            raise ValueError("no reader likes this")
        return attributions_of(version)

    monkeypatch.setattr("apps.claims.management.commands.reread.attributions_of", fail_once)

    with pytest.raises(CommandError, match="1 articles could not be done"):
        command()

    assert sorted(ArticleVersion.objects.values_list("reader", flat=True)) == ["rules-5", "rules-next"]


def test_articles_are_chosen_by_publisher_day_and_version(newer):
    old = follow(BRIDGE, FILLER, publisher="The Courier", on=date(2024, 5, 4))
    new = follow(FERRY, FILLER, publisher="The Herald", on=date(2025, 5, 4))
    newer()

    def chosen(**given):
        return [version.article for version in to_reread(Choice(**given)).order_by("pk")]

    assert chosen() == [old, new]
    assert chosen(publisher=new.publisher) == [new]
    assert chosen(since=date(2025, 5, 4)) == [new]
    assert chosen(until=date(2025, 5, 3)) == [old]
    assert chosen(seen_by="rules-2") == []
    assert command("--publisher", "the herald", "--by", "rules-5").startswith("1 articles")
    assert chosen() == [old]


@pytest.mark.parametrize("options", [["--by", "rules-5"], ["--publisher", "Nobody"]])
def test_a_choice_that_makes_no_sense_is_refused(options):
    with pytest.raises(CommandError):
        command(*options)


def test_articles_with_blanked_words_stay_as_they_are(newer):
    follow(BRIDGE, FILLER)
    do(redact_statement, statement_id=Statement.objects.get().pk, reason="Court order", by=make_user(Role.ADMIN))
    newer()

    assert command().startswith("0 articles")


def test_a_newer_matcher_renews_what_nobody_decided_on_and_nothing_else(editor, monkeypatch):
    article = follow(BRIDGE, FILLER)
    statement, own = Statement.objects.get(), Claim.objects.get()
    others = [make_claim(f"The ferry of Oldbridge would be sold {when}") for when in ("soon", "late", "never", "today")]
    suggested = [suggest(statement, claim) for claim in others[:3]]
    do(reject_link, link_id=suggested[2].pk, by=editor)
    use_matcher(monkeypatch, others, finds=[others[0], others[2], others[3]])
    before = last_event()

    told = command("--matcher")

    assert told.startswith("1 articles matched again by matcher-next\n")
    links = {link.claim_id: (link.stance, link.state, link.rejection, link.matcher) for link in Link.objects.all()}
    assert links[own.pk][:2] == ("makes", "accepted")
    assert links[others[0].pk] == ("contradicts", "suggested", "", "matcher-next")
    assert links[others[1].pk] == ("supports", "rejected", "withdrawn", "weighing-0")
    assert links[others[2].pk] == ("supports", "rejected", "", "weighing-0")
    assert links[others[3].pk] == ("contradicts", "suggested", "", "matcher-next")
    assert kinds_since(before) == ["link.suggested", "link.suggested", "link.withdrawn"]
    statement.refresh_from_db()
    assert statement.matcher == "matcher-next"
    assert command("--matcher").startswith("0 articles")
    with pytest.raises(Overtaken):
        do(rematch_article, article_id=article.pk)


def test_what_a_newer_matcher_is_sure_of_is_accepted_unless_a_person_said_what_it_says(editor, monkeypatch):
    follow(BRIDGE, FILLER)
    follow(FERRY, FILLER, publisher="The Herald")
    other = make_claim("The ferry of Oldbridge would be sold")
    do(accept_link, link_id=of("Ada Stone").links.get().pk, by=editor)
    use_matcher(monkeypatch, [other], finds=[other], stance=Stance.REPEATS, verdict=Verdict.ACCEPT)

    command("--matcher")

    assert other.links.get(statement=of("Ada Stone")).state == "suggested"
    assert other.links.get(statement=of("Paul Reed")).state == "accepted"


def test_what_was_taken_back_may_still_be_decided_on(editor, monkeypatch):
    follow(BRIDGE, FILLER)
    other = make_claim("The ferry of Oldbridge would be sold")
    link = suggest(Statement.objects.get(), other)
    use_matcher(monkeypatch, [other], finds=[])
    command("--matcher")

    do(reject_link, link_id=link.pk, by=editor)

    link.refresh_from_db()
    assert (link.state, link.rejection, link.decided_by) == ("rejected", "", editor)


def suggest(statement, claim):
    return Link.objects.create(
        statement=statement,
        claim=claim,
        stance=Stance.SUPPORTS,
        suggested_stance=Stance.SUPPORTS,
        state="suggested",
        score=0.5,
        matcher="weighing-0",
    )


def use_matcher(monkeypatch, claims, *, finds, stance=Stance.CONTRADICTS, verdict=Verdict.REVIEW):
    """From now on a matcher looks at these claims and finds some of them, unless they are not shown to it."""

    def decide(facts, candidates):
        shown = {one.claim_id for one in candidates}
        found = [Suggestion(claim.pk, stance, 0.9, 0.9, ("told so",)) for claim in finds if claim.pk in shown]
        return Decision(verdict if found else Verdict.NEW, tuple(found), opens_claim=not found)

    monkeypatch.setattr(matching, "similar_claims", lambda *_, **__: [claim.pk for claim in claims])
    monkeypatch.setattr(matching, "decide", decide)
    for module in ("matching", "renewing", "rereading"):
        monkeypatch.setattr(f"apps.claims.services.{module}.MATCHER", "matcher-next")
    monkeypatch.setattr("apps.claims.management.commands.reread.MATCHER", "matcher-next")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_read_each_article_once(newer):
    for number in range(6):
        follow(BRIDGE, FERRY, publisher=f"Courier {number}")
    newer()

    outcomes = at_once(lambda _: command(), range(2))

    assert all(isinstance(one, str) for one in outcomes), outcomes
    assert Event.objects.filter(kind=EventKind.ARTICLE_REREAD).count() == 6
    assert set(ArticleVersion.objects.values_list("reader", flat=True)) == {"rules-next"}
    assert Statement.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_rereading_and_reviewers_at_once_never_wait_for_each_other_in_a_ring(newer):
    article = follow(BRIDGE, FERRY)
    editors = [make_user() for _ in range(4)]
    links = list(Link.objects.order_by("pk"))
    version = article.versions.select_related("article").get()
    found = attributions_of(version)
    newer()

    def one(number):
        if number % 2:
            return do(reread_article, version=version, found=[replace(found[0], hedged=True)])
        return do(reject_link, link_id=links[number // 2 % 2].pk, by=editors[number // 2])

    outcomes = at_once(one, range(8))

    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert {type(one).__name__ for one in refused} <= {"Conflict", "Overtaken"}, refused
    assert ArticleVersion.objects.get().reader == "rules-next"
    assert Link.objects.filter(state="rejected", decided_by__isnull=False).count() == 2
