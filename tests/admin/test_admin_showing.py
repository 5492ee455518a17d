import pytest

from apps.statements.admin import passage
from apps.statements.models import StatementSpan
from claimtrack.admin.showing import chain_in_words, duration, outside, quoted
from tests.factories import make_article, make_statement


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-3, "0 s"), (0, "0 s"), (59.4, "59 s"), (90, "2 min"), (7_200, "2 h"), (200_000, "2 d")],
)
def test_a_length_of_time_is_shown_roughly(seconds, shown):
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("the bridge opens", "“the bridge opens”", id="words without marks get them"),
        pytest.param("“We open it”", "“We open it”", id="words with marks keep theirs"),
        pytest.param("opens on the day", "“opens on…”", id="long words are cut"),
    ],
)
def test_words_are_quoted_once(text, shown):
    assert quoted(text, 9 if "day" in text else 80) == shown


def test_a_chain_reads_from_the_outlet_to_the_speaker():
    assert chain_in_words([{"name": "Courier"}, {"name": "Ada Stone"}]) == "Courier → Ada Stone"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_web_addresses_become_links(url):
    assert "<a" not in outside(url)


@pytest.mark.django_db
def test_a_statement_is_marked_where_it_stands_and_its_article_cannot_bring_markup():
    text = '"We open," said <b>Stone</b>, "in March."'
    statement = make_statement("We open … in March.", article=make_article(text))
    pieces = [[1, 8], [31, 40]]
    StatementSpan.objects.filter(statement=statement).update(content=pieces)

    shown = passage(statement)

    assert [text[start:end] for start, end in pieces] == ["We open", "in March."]
    assert "<mark>We open</mark>" in shown
    assert "<mark>in March.</mark>" in shown
    assert "&lt;b&gt;Stone" in shown
