import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from apps.accounts.models import Role
from apps.claims.tasks import match_due
from apps.sources.models import Article
from apps.statements.management.commands import ingest
from apps.statements.tasks import read_due
from tests.factories import make_user

pytestmark = pytest.mark.django_db

TEXT = """OLDBRIDGE, March 4 – The new bridge stays closed for another week.

Mayor Sam Stone told reporters that engineer Tom Reed had assured him that he would open the bridge by the end of March.
"""


@pytest.fixture(autouse=True)
def admin():
    return make_user(Role.ADMIN)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    return path


def ingest_and_read(*arguments: object) -> str:
    out = io.StringIO()
    call_command("ingest", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_file_is_submitted_as_the_first_admin_with_what_the_options_say(file, admin):
    said = ingest_and_read(
        file,
        "--title",
        "Closed",
        "--publisher",
        "Courier",
        "--published-at",
        "2025-03-04",
        "--url",
        "https://a.example/b",
    )

    article = Article.objects.get()
    assert said == f"article {article.pk}: new, reading\n"
    assert (article.title, article.publisher.name, article.url) == ("Closed", "Courier", "https://a.example/b")
    assert article.published_at.isoformat() == "2025-03-04T00:00:00+00:00"
    version = article.versions.get()
    assert (version.text, version.submitted_by) == (TEXT, admin)


def test_standard_input_is_submitted_once_in_the_name_of_a_user(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + TEXT.encode())))
    editor = make_user(Role.EDITOR)
    ingest_and_read("-", "--as", editor.username)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))

    again = ingest_and_read("-", "--as", editor.username)

    article = Article.objects.get()
    assert again == f"article {article.pk}: known already, reading\n"
    assert article.versions.get().submitted_by == editor


def test_an_address_is_submitted_to_be_fetched():
    said = ingest_and_read("https://courier.example/bridge", "--title", "Bridge")

    article = Article.objects.get()
    assert said == f"article {article.pk}: new, queued\n"
    assert (article.url, article.title) == ("https://courier.example/bridge", "Bridge")


def test_waiting_lists_the_statements_with_speaker_and_chain(file, monkeypatch):
    def work_off(article_id: int) -> Article:
        read_due()
        match_due()
        return Article.objects.get(pk=article_id)

    monkeypatch.setattr(ingest, "wait_for_article", work_off)

    said = ingest_and_read(file, "--publisher", "Courier", "--published-at", "2025-03-04", "--wait")

    assert ": done, 2 statements" in said
    line = "  Tom Reed (Courier → Sam Stone → Tom Reed), promise: he would open the bridge by the end of March\n"
    assert line in said


def test_an_article_that_fails_ends_the_command_with_the_reason(file, monkeypatch):
    failed = Article(pk=7, state=Article.State.FAILED, error="It is no text.")
    monkeypatch.setattr(ingest, "wait_for_article", lambda _: failed)

    with pytest.raises(CommandError, match="article 7: failed: It is no text"):
        ingest_and_read(file, "--wait")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"", r"article\.txt is empty", id="nothing"),
        pytest.param(b" \n\n", r"article\.txt is empty", id="white space"),
        pytest.param(b"caf\xe9", r"article\.txt is no text in UTF-8 \(at byte 3\)", id="Latin-1"),
        pytest.param(b"a\x00b", r"article\.txt: Null characters are not allowed", id="NUL"),
    ],
)
def test_a_file_without_a_text_is_refused_in_one_sentence(file, content, complaint):
    file.write_bytes(content)

    with pytest.raises(CommandError, match=complaint):
        ingest_and_read(file)

    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["--published-at", "spring"], "--published-at: This is no date", id="no date"),
        pytest.param(["--published-at", "2999-01-01"], "--published-at: This lies in the future", id="future"),
        pytest.param(["--url", "ftp://a.example"], "--url: A web address begins with http", id="no web address"),
        pytest.param(["--title", "x" * 1001], "--title: Ensure", id="long title"),
        pytest.param(["--as", "nobody"], "--as: there is no user nobody", id="no such user"),
    ],
)
def test_a_fault_names_its_option(file, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        ingest_and_read(file, *arguments)

    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["missing.txt"], "missing.txt cannot be read: No such file", id="no file"),
        pytest.param(
            ["https://a.example/", "--url", "https://b.example/"], "--url goes with a text", id="two addresses"
        ),
        pytest.param(["http://"], "http://: This web address names no host", id="no host"),
    ],
)
def test_a_bad_source_is_named(arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        ingest_and_read(*arguments)


def test_who_may_not_submit_is_refused(file):
    reader = make_user(Role.READER)

    with pytest.raises(CommandError, match=rf"--as: {reader.username} \(reader\) may not submit articles"):
        ingest_and_read(file, "--as", reader.username)


def test_before_the_first_start_there_is_nobody_to_submit(file, admin):
    admin.delete()

    with pytest.raises(CommandError, match="There is no admin yet"):
        ingest_and_read(file)


def test_a_database_that_is_away_gets_one_clear_sentence(file, monkeypatch):
    def away(**_: object) -> None:
        raise OperationalError("no such socket\nIs the server running?")

    monkeypatch.setattr(ingest, "submit_article", away)

    with pytest.raises(CommandError, match=r"^The database is not ready: .* \(no such socket\)$"):
        ingest_and_read(file)
