import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role
from apps.events.log import recording
from apps.events.models import Event, EventKind
from apps.sources.models import Article, ArticleVersion
from apps.sources.services.articles import submit_article
from apps.statements.models import Speaker, Statement
from apps.statements.tasks import read_due
from claimtrack.work.kinds import Kind
from claimtrack.work.models import Work
from tests.factories import make_user

pytestmark = pytest.mark.django_db

URL = "https://courier.example/bridge"
BRIDGE = "Mayor Ada Stone said on Monday that the new bridge would open to traffic in March."
TOLLS = "“We will never charge tolls on this bridge,” she said."
HEARD = "Stone said Governor Paul Reed assured her that the state would pay for the repairs."
FILLER = "The old bridge was closed in autumn after engineers had found cracks in two of its pillars."


def read(*paragraphs: str, publisher: str = "The Courier", url: str = URL, by=None) -> Article:
    with recording() as record:
        submission = record(
            submit_article(
                by=by or make_user(Role.EDITOR),
                url=url,
                title="Bridge",
                text="\n\n".join(paragraphs),
                publisher=publisher,
                published_at=None,
            )
        )
    read_due()
    return Article.objects.get(pk=submission.article.pk)


def test_an_article_is_read_into_statements_and_goes_on_to_be_matched():
    article = read(BRIDGE, FILLER, TOLLS)

    bridge, tolls = Statement.objects.order_by("pk")
    assert (article.state, article.language) == ("matching", "en")
    assert bridge.speaker == tolls.speaker == Speaker.objects.get(name="Ada Stone")
    assert bridge.text == "the new bridge would open to traffic in March"
    assert tolls.speech == "direct"
    assert Work.objects.get().kind == Kind.MATCH


def test_talk_that_is_only_told_of_becomes_no_statement():
    read(BRIDGE, "Stone has not mentioned the tolls.")

    assert [one.text for one in Statement.objects.all()] == ["the new bridge would open to traffic in March"]


def test_every_quote_is_verbatim_at_its_place_in_the_version():
    article = read(BRIDGE, TOLLS, HEARD)

    for statement in Statement.objects.with_details():
        span = statement.newest_span
        parts = [span.version.text[start:end] for start, end in span.content]
        assert " … ".join(parts) == statement.text
        text = article.versions.get().text
        assert [text[start:end] for start, end in span.source] == [statement.source_text]
        assert [text[start:end] for start, end in span.cue] == [statement.cue_text]


def test_a_nested_statement_is_known_through_the_publisher_and_the_outer_speaker():
    read(BRIDGE, HEARD)

    inner = Statement.objects.get(speaker__name="Paul Reed")
    assert [(one["type"], one["name"]) for one in inner.chain] == [
        ("publisher", "The Courier"),
        ("speaker", "Ada Stone"),
        ("speaker", "Paul Reed"),
    ]
    assert inner.outer.speaker.name == "Ada Stone"
    assert inner.addressee.name == "Ada Stone"


def test_a_statement_keeps_its_identity_in_a_new_version_and_one_edited_away_is_gone():
    read(BRIDGE, FILLER, TOLLS)
    bridge, tolls = Statement.objects.order_by("pk")

    read(FILLER, BRIDGE.replace("in March", "in late March"))

    bridge.refresh_from_db()
    tolls.refresh_from_db()
    assert (bridge.state, tolls.state) == ("current", "gone")
    assert Statement.objects.count() == 2
    assert [span.version.number for span in bridge.spans.order_by("pk")] == [1, 2]


def test_a_statement_that_comes_back_in_a_third_version_is_the_same_statement():
    read(BRIDGE, FILLER, TOLLS)
    read(BRIDGE, FILLER)
    read(FILLER, BRIDGE, TOLLS)

    assert list(Statement.objects.order_by("pk").values_list("state", flat=True)) == ["current", "current"]


def test_someone_unnamed_is_another_speaker_in_each_article_but_the_same_in_each_version():
    unnamed = "A senior official said that the city would sell the old ferry."
    read(unnamed, FILLER)
    read(FILLER, unnamed)
    read(unnamed, FILLER, "The ferry is older than the bridge.", url="https://courier.example/ferry")

    assert Speaker.objects.filter(kind="unnamed").count() == 2
    assert Statement.objects.count() == 2


def test_an_article_in_another_language_is_kept_and_done_without_being_read():
    article = read(
        "Die Bürgermeisterin sagte am Montag, die neue Brücke werde im März für den Verkehr geöffnet.",
        "Der Umbau kostet nach Angaben der Stadt vier Millionen Euro und soll zwei Jahre dauern.",
    )

    assert (article.state, article.skipped, article.language) == ("done", "language", "de")
    assert not Statement.objects.exists()
    assert Event.objects.filter(kind=EventKind.ARTICLE_DONE, article_id=article.pk).count() == 1


def test_two_spellings_of_a_full_name_are_one_speaker_and_a_surname_alone_is_nobody_we_know():
    read(BRIDGE, FILLER)
    read("Mayor Ada Stone said that the ferry would be sold.", FILLER, url="https://herald.example/1")
    read("Stone said that the old ferry would be sold in June.", FILLER, url="https://post.example/1")

    assert sorted(Speaker.objects.values_list("name", flat=True)) == ["Ada Stone", "Stone"]


def test_near_copies_of_a_story_share_one_cluster_and_another_story_does_not():
    story = [BRIDGE, FILLER, TOLLS, HEARD, "Work on the pillars took nine months and cost four million crowns."]
    original = read(*story)
    copy = read(*story[:4], publisher="The Herald", url="https://herald.example/bridge")
    other = read(
        "Farmers in the north said that the dry spring had cost them half of the harvest.",
        "The ministry has promised to look into their losses before the end of the summer.",
        url="https://post.example/farmers",
    )

    assert original.cluster == copy.cluster
    assert other.cluster not in (None, original.cluster)


def test_a_reader_that_fails_five_times_leaves_the_article_failed_with_the_reason(monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("no way through")

    monkeypatch.setattr("apps.statements.tasks.attributions_of", fail)
    read(BRIDGE)
    for _ in range(5):
        Work.objects.update(due_at="2020-01-01T00:00Z")
        read_due()

    article = Article.objects.get()
    assert (article.state, article.error) == ("failed", "ValueError: no way through")
    assert not Work.objects.exists()
    assert Event.objects.get(kind=EventKind.ARTICLE_FAILED).article_id == article.pk


@pytest.mark.parametrize(("engine", "reader"), [("neural", "neural-3"), ("rules", "rules-5")])
def test_a_setting_says_which_engine_reads_and_its_version_is_kept(settings, engine, reader):
    settings.READING_ENGINE = engine

    article = read(BRIDGE)

    assert article.versions.get().reader == reader
    assert {statement.reader for statement in article.statements.all()} == {reader}


def test_reading_takes_the_same_number_of_queries_however_many_statements_there_are(settings):
    settings.READING_ENGINE = "rules"
    read(BRIDGE, TOLLS, HEARD, url="https://post.example/1")

    def queries(*paragraphs: str, url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(*paragraphs, url=url, by=editor)
        return len([one for one in captured if "statements_" in one["sql"]])

    editor = make_user()
    few = queries(BRIDGE, HEARD, url="https://post.example/2")
    many = queries(BRIDGE, TOLLS, HEARD, *(TOLLS.replace("tolls", f"{n} crowns") for n in range(2, 8)), url=URL)

    assert Statement.objects.count() == 4 + 3 + 10
    assert many == few


def test_an_engine_that_there_is_not_is_refused_by_name():
    environment = {**os.environ, "CLAIMTRACK_READER": "magic"}
    command = [sys.executable, "-c", "import claimtrack.settings"]

    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert told.returncode == 1
    assert "CLAIMTRACK_READER is neural or rules, not 'magic'." in told.stderr


def test_the_statements_of_an_article_come_in_order_and_by_version(api):
    article = read(BRIDGE, FILLER, TOLLS)
    read(FILLER, BRIDGE)
    path = f"/api/v1/articles/{article.pk}/statements/"

    newest = api().get(path).json()["results"]
    first = api().get(path + "?version=1").json()["results"]

    assert [one["text"] for one in newest] == ["the new bridge would open to traffic in March"]
    assert newest[0]["spans"]["version"] == 2
    assert [one["spans"]["version"] for one in first] == [1, 1]
    assert api().get(path + "?version=x").status_code == 400
    text = ArticleVersion.objects.get(number=1).text
    assert [text[slice(*one["spans"]["content"][0])] for one in first] == [one["text"] for one in first]


def test_statements_are_found_by_speaker_kind_day_and_words(api):
    with recording() as record:
        record(
            submit_article(
                by=make_user(),
                text="\n\n".join([BRIDGE, FILLER, TOLLS]),
                published_at=datetime(2025, 1, 6, tzinfo=UTC),
            )
        )
    read_due()
    speaker = Speaker.objects.get().pk

    def found(**query: object) -> int:
        return len(api().get("/api/v1/statements/", query).json()["results"])

    assert found(speaker=speaker) == 2
    assert found(speaker=speaker + 1) == 0
    assert found(q="tolls") == 1
    assert found(said_after="2025-01-07") == 0
    assert Statement.objects.filter(said_on=date(2025, 1, 6)).count() == found(said_before="2025-01-06")
