from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from apps.claims.models import Claim, ClaimRevision, Link
from apps.claims.services import matching
from apps.claims.services.matching import match_statements
from apps.claims.services.review import reject_link
from apps.claims.tasks import match_due
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article
from apps.sources.services.articles import submit_article
from apps.statements.models import Statement
from apps.statements.tasks import read_due
from claimtrack.matching.decision import Decision, decide
from claimtrack.matching.embedding import Embedder, Vectors
from claimtrack.matching.stance import ClaimFacts, StatementFacts
from tests.factories import make_article, make_claim, make_speaker, make_statement, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db

PROMISE = "Mayor Ada Stone said that the new bridge over the river would open to heavy traffic in March."
DENIAL = "Mayor Ada Stone said that the new bridge over the river would not open to heavy traffic in March."
FILLER = "The old bridge was closed in autumn after engineers had found cracks in two of its pillars."


def follow(*paragraphs: str, publisher: str = "The Courier", on: date = date(2025, 1, 6)) -> Article:
    """Take an article in and lead it through all stations, as the workers would."""
    with recording() as record:
        submission = record(
            submit_article(
                by=make_user(),
                text="\n\n".join(paragraphs),
                publisher=publisher,
                published_at=datetime.combine(on, datetime.min.time(), UTC),
            )
        )
    read_due()
    match_due()
    return Article.objects.get(pk=submission.article.pk)


def test_a_statement_that_fits_no_claim_opens_one():
    article = follow(PROMISE, FILLER)

    claim = Claim.objects.get()
    assert article.state == "done"
    assert (claim.stage, claim.status, claim.kind) == ("candidate", "pending", "prediction")
    assert claim.first_said_on == date(2025, 1, 6)
    assert [speaker.name for speaker in claim.speakers.all()] == ["Ada Stone"]
    assert claim.links.get().stance == "makes"
    assert claim.revisions.get().by_name == claim.links.get().matcher
    assert [event.kind for event in Event.objects.order_by("pk")] == [
        EventKind.ARTICLE_RECEIVED, EventKind.CLAIM_CREATED, EventKind.LINK_ACCEPTED, EventKind.ARTICLE_DONE,
    ]  # fmt: skip


def test_a_plain_repetition_by_the_same_speaker_is_accepted_by_the_machine():
    follow(PROMISE, FILLER)
    follow(FILLER, PROMISE, publisher="The Herald", on=date(2025, 1, 8))

    assert list(Link.objects.order_by("pk").values_list("stance", "state")) == [
        ("makes", "accepted"),
        ("repeats", "accepted"),
    ]
    assert Claim.objects.count() == 1


def test_a_late_arrival_that_is_older_takes_the_claim_over_and_moves_its_day():
    follow(PROMISE, FILLER)
    follow(FILLER, PROMISE, publisher="The Herald", on=date(2025, 1, 2))

    claim = Claim.objects.get()
    assert claim.first_said_on == date(2025, 1, 2)
    assert list(Link.objects.order_by("pk").values_list("stance", flat=True)) == ["repeats", "makes"]
    assert ClaimRevision.objects.order_by("seq").last().first_said_on == date(2025, 1, 2)
    assert Event.objects.filter(kind=EventKind.CLAIM_REVISED).count() == 1


def test_the_opposite_is_suggested_as_contradicting_and_is_a_claim_of_its_own():
    follow(PROMISE, FILLER)
    follow(DENIAL, FILLER, publisher="The Herald", on=date(2025, 2, 8))

    suggested = Link.objects.get(state="suggested")
    assert (suggested.stance, suggested.decided_by) == ("contradicts", None)
    assert suggested.reasons
    assert Claim.objects.count() == 2


def test_an_outer_statement_that_only_wraps_a_nested_one_opens_no_claim():
    follow(
        "Mayor Ada Stone said Governor Paul Reed assured her that the state would pay four million crowns for repairs.",
        FILLER,
    )

    assert [claim.speakers.get().name for claim in Claim.objects.all()] == ["Paul Reed"]


def test_a_denial_is_a_claim_of_its_own_and_what_it_denies_was_said_is_nobodys():
    article = make_article()
    wrapping = make_statement(
        "The state had promised to pay for the new bridge", article=article, polarity="negated", kind="assertion"
    )
    make_statement(
        "The state would pay for the new bridge", article=article, outer=wrapping, speaker=make_speaker("The state")
    )

    with recording() as record:
        record(match_statements(version_id=article.versions.get().pk))

    claim = Claim.objects.get()
    assert claim.text == "It is not true that the state had promised to pay for the new bridge"
    assert claim.speakers.get() == wrapping.speaker


def test_below_the_threshold_a_statement_stays_a_statement():
    article = make_article()
    make_statement(article=article, check_worthiness=0.1)

    with recording() as record:
        record(match_statements(version_id=article.versions.get().pk))

    assert not Claim.objects.exists()
    assert Statement.objects.get().matched_at is not None


def test_matching_an_article_again_changes_nothing():
    article = follow(PROMISE, FILLER)
    events = Event.objects.count()

    with recording() as record:
        record(match_statements(version_id=article.versions.get().pk))

    assert (Claim.objects.count(), Link.objects.count()) == (1, 1)
    assert Event.objects.count() == events + 1


def test_a_rejection_stands_for_every_copy_of_the_quotation():
    follow(PROMISE, FILLER)
    story = [DENIAL, FILLER, "Work on the pillars took nine months and cost four million crowns."]
    first = follow(*story, publisher="The Herald", on=date(2025, 2, 8))
    suggested = Link.objects.get(state="suggested")
    with recording() as record:
        record(reject_link(link_id=suggested.pk, by=make_user()))

    copy = follow(*story, publisher="The Post", on=date(2025, 2, 9))

    assert copy.cluster == first.cluster
    assert not Link.objects.filter(claim=suggested.claim, statement__article=copy).exists()


def test_a_statement_whose_only_suggestion_is_rejected_is_matched_again():
    speaker = make_speaker()
    first, second = make_article(), make_article()
    make_statement("The new bridge over the river would open to traffic in March", article=first, speaker=speaker)
    make_statement("The new bridge would open to heavy traffic in March", article=second, speaker=speaker)
    for article in (first, second):
        with recording() as record:
            record(match_statements(version_id=article.versions.get().pk))
    [suggested] = Link.objects.filter(state="suggested")
    assert Claim.objects.count() == 1

    with recording() as record:
        record(reject_link(link_id=suggested.pk, by=make_user()))
    match_due()

    assert Claim.objects.count() == 2
    assert Claim.objects.latest("pk").links.get().statement == suggested.statement


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_new_proposition_make_one_claim():
    speaker = make_speaker()
    articles = [make_article() for _ in range(6)]
    for article in articles:
        make_statement(
            "The new bridge over the river would open to heavy traffic in March", article=article, speaker=speaker
        )

    def match(article: Article) -> None:
        with recording() as record:
            record(match_statements(version_id=article.versions.get().pk))

    assert at_once(match, articles) == [None] * 6
    claim = Claim.objects.get()
    assert sorted(claim.links.values_list("stance", flat=True)) == ["makes"] + ["repeats"] * 5
    assert set(claim.links.values_list("state", flat=True)) == {"accepted"}


def test_matching_takes_at_most_12_queries_a_statement_beside_25_an_article(django_assert_max_num_queries):
    said = [
        "The harbour will be dredged twice before the winter storms",
        "Forty teachers have left the schools of the northern villages",
        "The old mill burned down because nobody had swept its chimney",
        "Every farmer should sow barley in place of maize next year",
        "The museum lent nine paintings to a gallery in the capital",
        "Trains to the border run an hour later than they did",
        "The orchestra plays for nothing on the last day of May",
        "No doctor has answered the calls from the island since Tuesday",
    ]
    make_claim("The bells of the cathedral were cast in bronze")
    article, speakers = make_article(), [make_speaker("Ada Stone"), make_speaker("Paul Reed")]
    for place, proposition in enumerate(said):
        make_statement(proposition, article=article, speaker=speakers[place % 2])

    with django_assert_max_num_queries(25 + 12 * len(said)), recording() as record:
        record(match_statements(version_id=article.versions.get().pk))

    assert Link.objects.filter(stance="makes").count() == len(said)


def test_a_statement_that_becomes_a_claim_is_embedded_once(monkeypatch):
    embedded: list[str] = []
    embed = Embedder.embed

    def embed_and_count(embedder: Embedder, text: str) -> Vectors:
        embedded.append(text)
        return embed(embedder, text)

    monkeypatch.setattr(Embedder, "embed", embed_and_count)
    follow(PROMISE, FILLER)

    assert embedded == [Claim.objects.get().text]


def test_the_links_of_one_article_count_towards_what_a_claim_attracts(monkeypatch):
    attracted: list[int] = []

    def decide_and_note(statement: StatementFacts, claims: Sequence[ClaimFacts]) -> Decision:
        attracted.extend(claim.attracted for claim in claims)
        return decide(statement, claims)

    monkeypatch.setattr(matching, "decide", decide_and_note)
    article, speaker = make_article(), make_speaker()
    for _ in range(3):
        make_statement("The new bridge over the river would open to heavy traffic", article=article, speaker=speaker)

    with recording() as record:
        record(match_statements(version_id=article.versions.get().pk))

    assert attracted == [1, 2]
    assert Claim.objects.get().links.count() == 3
