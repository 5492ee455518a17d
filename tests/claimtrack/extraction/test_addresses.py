import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.extraction.addresses import BadAddress, canonical_address, site_of

HOST = "https://news.example"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        pytest.param(f"{HOST}/a", f"{HOST}/a", id="already so"),
        pytest.param("  HTTPS://News.Example/a ", f"{HOST}/a", id="case and blanks around"),
        pytest.param("https://news.example", f"{HOST}/", id="no path"),
        pytest.param("https://news.example:443/a", f"{HOST}/a", id="default port of https"),
        pytest.param("http://news.example:80/a", "http://news.example/a", id="default port of http"),
        pytest.param("http://news.example:8080/a", "http://news.example:8080/a", id="another port stays"),
        pytest.param("https://news.example./a", f"{HOST}/a", id="dot of the root"),
        pytest.param(f"{HOST}/a#part", f"{HOST}/a", id="fragment"),
        pytest.param(f"{HOST}/a#!/part", f"{HOST}/a", id="fragment with a bang"),
        pytest.param(f"{HOST}/x/../a", f"{HOST}/a", id="dots in the path"),
        pytest.param(f"{HOST}/a?utm_source=x&fbclid=1&b=2", f"{HOST}/a?b=2", id="tracking"),
        pytest.param(f"{HOST}/a?UTM_Source=x", f"{HOST}/a", id="tracking in capitals"),
        pytest.param(f"{HOST}/a?b=2&a=1", f"{HOST}/a?a=1&b=2", id="parameters sorted"),
        pytest.param(f"{HOST}/?12345", f"{HOST}/?12345", id="bare parameter stays"),
        pytest.param(f"{HOST}/?cid=7&page=", f"{HOST}/?cid=7&page=", id="article id stays"),
        pytest.param(f"{HOST}/?a=1&copy=2", f"{HOST}/?a=1&copy=2", id="no entity is seen"),
        pytest.param(f"{HOST}/?q=a%26b", f"{HOST}/?q=a%26b", id="escaped ampersand stays"),
        pytest.param("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4", id="punycode"),
        pytest.param(f"{HOST}/a b", f"{HOST}/a%20b", id="blank in the path"),
        pytest.param("https://[2001:DB8::1]:443/", "https://[2001:db8::1]/", id="IPv6"),
    ],
)
def test_one_page_has_one_spelling(written, canonical):
    assert canonical_address(written) == canonical


@pytest.mark.parametrize(
    ("written", "word"),
    [
        pytest.param("", "http://", id="nothing"),
        pytest.param("news.example/a", "http://", id="no scheme"),
        pytest.param("ftp://news.example/a", "http://", id="another scheme"),
        pytest.param("javascript:alert(1)", "http://", id="a script"),
        pytest.param("https:///a", "host", id="no host"),
        pytest.param("https://user:secret@news.example/", "password", id="credentials"),
        pytest.param("https://user@news.example/", "user name", id="user"),
        pytest.param("https://news.example\\@inside.example/", "backslash", id="backslash"),
        pytest.param("https://news.example/\x00", "characters", id="NUL"),
        pytest.param("https://news.example/\ud800", "characters", id="lone surrogate"),
        pytest.param("https://news.exa\nmple/", "characters", id="line break"),
        pytest.param("https://news.example:99999/", "port", id="port out of range"),
        pytest.param("https://news.example:0/", "port", id="port zero"),
        pytest.param("https://[::1/", "host", id="broken IPv6"),
        pytest.param("https://exa mple.example/", "host", id="blank in the host"),
        pytest.param("https://" + "a" * 64 + ".example/", "host", id="label too long"),
        pytest.param("https://%6c/", "host", id="escapes in the host"),
        pytest.param("https://news.example/" + "a" * 2_000, "2,000", id="too long"),
        pytest.param("https://news.example/" + "ä" * 1_000, "2,000", id="too long once escaped"),
    ],
)
def test_what_is_no_web_address_is_refused_with_a_sentence(written, word):
    with pytest.raises(BadAddress, match=word) as refusal:
        canonical_address(written)

    assert refusal.value.message.endswith(".")


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_canonical_spelling_is_its_own(path, query):
    try:
        once = canonical_address(f"https://news.example/{path}?{query}")
    except BadAddress:
        return

    assert canonical_address(once) == once


@given(st.text(max_size=60))
def test_any_text_has_an_address_or_a_refusal(text):
    for written in (text, f"http://{text}"):
        with suppress(BadAddress):
            assert canonical_address(written).startswith("http")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("https://news.example.com/a", "example.com"),
        ("https://a.b.example.go.kr/", "example.go.kr"),
        ("http://localhost:8000/", "localhost"),
        ("http://203.0.113.7/", "203.0.113.7"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("https://news.invented/", "news.invented"),
        ("https://www.news.invented/", "news.invented"),
    ],
)
def test_the_site_is_the_registrable_domain(url, site):
    assert site_of(url) == site


def test_the_site_is_found_without_the_network(monkeypatch):
    def no_network(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)

    assert site_of("https://www.news.example.co.jp/") == "example.co.jp"
