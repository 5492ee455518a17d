import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimtrack.extraction.linked_data import ArticleData, article_data
from claimtrack.extraction.pages import PageUnreadable, read_page

ARTICLE = (Path(__file__).parents[2] / "data" / "pages" / "article.html").read_bytes()
URL = "https://courier.example/news/bridge?x=1"
SENTENCE = "The mayor said on Thursday that the new bridge over the harbour will open in May, later than planned. "


def read(body, content_type="text/html", url=URL):
    return read_page(body, url=url, content_type=content_type)


def page(head="", body=f"<article><p>{SENTENCE * 3}</p><p>{SENTENCE * 2}</p></article>", html=""):
    return f"<!DOCTYPE html><html {html}><head>{head}</head><body>{body}</body></html>".encode()


def test_the_article_is_read_and_nothing_around_it():
    read_text = read(ARTICLE).text

    paragraphs = read_text.split("\n\n")
    assert paragraphs[0].startswith("The mayor of Port Invented said on Thursday that the new bridge")
    assert paragraphs[0].endswith(
        "“will open in May”, two years later than planned, and that no further money would be needed."
    )
    assert "The bridge is 900 metres long." in paragraphs
    assert "“I promise that nobody will pay a toll,” she said." in paragraphs
    assert len(paragraphs) == 7
    for word in ("Sport", "ferry tickets", "First comment", "All rights reserved"):
        assert word not in read_text


def test_what_the_page_says_about_the_article_is_read():
    article = read(ARTICLE)

    assert article.title == "Mayor: the bridge opens in May"
    assert article.author == "Ana Lind, Jo Berg"
    assert article.published_at == datetime(2019, 2, 28, 10, tzinfo=UTC)
    assert article.language == "en"
    assert article.canonical_url == "https://courier.example/news/bridge"
    assert article.site_name == "The Harbour Courier"


@pytest.mark.parametrize(
    ("head", "published_at"),
    [
        pytest.param(
            '<meta property="article:published_time" content="2019-02-28T10:00:00+09:00">',
            datetime(2019, 2, 28, 1, tzinfo=UTC),
            id="open graph",
        ),
        pytest.param(
            '<meta itemprop="datePublished" content="2019-02-28">', datetime(2019, 2, 28, tzinfo=UTC), id="microdata"
        ),
        pytest.param(
            '<meta name="dcterms.created" content="28 Feb 2019">', datetime(2019, 2, 28, tzinfo=UTC), id="guessed"
        ),
        pytest.param('<meta name="date" content="0001-01-01T00:00:00Z">', None, id="the date of no date"),
        pytest.param("", None, id="nothing said"),
    ],
)
def test_the_date_is_what_the_page_says_or_nothing(head, published_at):
    assert read(page(head)).published_at == published_at


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        pytest.param(
            "https://www.courier.example/news/bridge", "https://www.courier.example/news/bridge", id="same site"
        ),
        pytest.param("https://agency.example/wire/1", "", id="another site may not be claimed"),
        pytest.param("/", "", id="the front page is no article"),
        pytest.param("javascript:void(0)", "", id="no address"),
        pytest.param("http://[::1", "", id="broken"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_canonical_address_stays_within_the_site(link, canonical):
    assert read(page(f'<link rel="canonical" href="{link}">')).canonical_url == canonical


@pytest.mark.parametrize(
    ("html", "head", "language"),
    [
        ('lang="en-US"', "", "en"),
        ('lang="KO"', "", "ko"),
        ("", '<meta property="og:locale" content="de_DE">', "de"),
        ('lang=""', "", ""),
        ('lang="english"', "", ""),
    ],
)
def test_the_language_is_the_declared_one(html, head, language):
    assert read(page(head, html=html)).language == language


def test_an_article_laid_out_in_a_table_is_read():
    doubt = "The opposition doubts it and asks for the contracts, which the council has kept to itself for two years. "
    menu, article = "<a href='/'>Home</a>", f"<p>{SENTENCE * 4}</p><p>{doubt * 3}</p>"

    text = read(page(body=f"<table><tr><td>{menu}</td><td>{article}</td></tr></table>")).text

    assert text == f"{(SENTENCE * 4).strip()}\n\n{(doubt * 3).strip()}"


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        pytest.param("utf-8", "text/html", "", id="UTF-8 unsaid"),
        pytest.param("latin-1", "text/html; charset=iso-8859-1", "", id="header"),
        pytest.param("cp1252", "text/html", '<meta charset="windows-1252">', id="meta"),
        pytest.param(
            "cp1252", "text/html", '<meta http-equiv=Content-Type content="text/html; charset=cp1252">', id="old meta"
        ),
        pytest.param("utf-16", "text/html", "", id="UTF-16"),
    ],
)
def test_the_encoding_of_a_page_is_found(encoding, content_type, head):
    body = page(head, f"<article><p>{SENTENCE * 3} Grüße aus Köln.</p></article>").decode().encode(encoding)

    assert read(body, content_type).text.endswith("Grüße aus Köln.")


def test_a_plain_text_is_taken_as_it_is():
    article = read(b"One line\nthat goes on.\r\n\r\n\0Another paragraph.\n", "text/plain; charset=utf-8")

    assert article.text == "One line that goes on.\n\nAnother paragraph."


def test_a_page_sent_as_plain_text_is_read_as_a_page():
    assert read(ARTICLE, "text/plain").title == "Mayor: the bridge opens in May"


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        pytest.param(b"", "text/html", "no_text", id="nothing"),
        pytest.param(b" \n ", "text/plain", "no_text", id="blanks"),
        pytest.param(b"<html></html>", "text/html", "no_text", id="empty page"),
        pytest.param(page(body="<script>load()</script>"), "text/html", "no_text", id="only a script"),
        pytest.param(b"\0" * 1_000, "text/html", "no_text", id="NUL bytes"),
        pytest.param(b"<!--" * 1_000, "text/html", "no_text", id="unclosed comments"),
        pytest.param(b"%PDF-1.7 ...", "text/html", "not_html", id="PDF sent as a page"),
        pytest.param(b"{}", "application/json", "not_html", id="JSON"),
        pytest.param(b"...", "video/mp4", "not_html", id="video"),
        pytest.param(b"<p>" + b"x" * 3_000_000, "text/html", "too_large", id="too large"),
        pytest.param(b"<b>" * 1_700_000, "text/html", "too_large", id="5 MB of unclosed <b>"),
        pytest.param(b"<b>" * 900_000, "text/html", "too_deep", id="as many as fit"),
        pytest.param(page(body="<div>" * 100_000 + "x"), "text/html", "too_deep", id="100,000 nested <div>"),
        pytest.param(page(body="<b><i>" * 126 + SENTENCE), "text/html", "too_deep", id="just too deep"),
    ],
)
def test_a_page_without_a_readable_article_is_refused_with_a_sentence(body, content_type, code):
    begun = time.monotonic()

    with pytest.raises(PageUnreadable) as refusal:
        read(body, content_type)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("many", ["<p>x", "<li>x", "<p><b>x</b></p>", "<br>", "<td>x", "<a href=x>x</a> "])
def test_many_elements_side_by_side_are_no_depth(many):
    assert read(page(body=f"<article><p>{SENTENCE * 5}</p>{many * 2_000}</article>")).text.startswith("The mayor said")


@pytest.mark.parametrize(
    ("script", "data"),
    [
        pytest.param("{", ArticleData(), id="broken"),
        pytest.param("[" * 100_000, ArticleData(), id="deep"),
        pytest.param('{"@type": "NewsArticle"}', ArticleData(), id="without a date"),
        pytest.param('{"@type": "Product", "datePublished": "2019-02-28"}', ArticleData(), id="no article"),
        pytest.param(
            '<!-- {"@type": "NewsArticle", "datePublished": "2019-02-28", "headline": "A\n\\u0000B", "author": "C"}-->',
            ArticleData("A B", "C", published_at=datetime(2019, 2, 28, tzinfo=UTC)),
            id="in a comment",
        ),
        pytest.param(
            '[7, {"mainEntity": {"@type": "http://schema.org/Report", "datePublished": null, "inLanguage": "en",'
            ' "publisher": {"name": "Courier"}, "author": {"name": ["D", 5, {"name": "E"}]}}}]',
            ArticleData(author="D, E", publisher="Courier", language="en"),
            id="inside something else",
        ),
    ],
)
def test_linked_data_is_read_with_patience(script, data):
    assert article_data([script]) == data
