import gzip
import ipaddress
import socket
import ssl
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from claimtrack import __version__, http
from claimtrack.http import Client, FetchFailed

CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "secure.invented.pem"
INSIDE = ["127.0.0.1", "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1"]
INSIDE += ["168.63.129.16", "198.18.0.1", "224.0.0.1", "255.255.255.255"]


@pytest.fixture(scope="module")
def server():
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def publisher(server):
    yield server
    server.clear()


@pytest.fixture
def client(publisher):
    return Client(allow_hosts=[f"localhost:{publisher.port}"])


def answers(publisher, path, **answer):
    publisher.expect_request(path).respond_with_data(**answer)
    return publisher.url_for(path)


def streams(publisher, path, chunks, **headers):
    publisher.expect_request(path).respond_with_response(Response(chunks, headers=headers))
    return publisher.url_for(path)


def leads_to(publisher, path, location, status=302):
    return answers(publisher, path, status=status, headers={"Location": location})


def refusal(client, url):
    with pytest.raises(FetchFailed) as failure:
        client.fetch(url)
    assert failure.value.message.endswith(".")
    return failure.value.code


# What comes back


def test_a_fetch_brings_the_body_and_what_is_needed_to_ask_again(publisher, client):
    headers = {"ETag": 'W/"a b"', "Last-Modified": "Thu, 28 Feb 2019 10:00:00 GMT", "Retry-After": "120"}
    url = answers(publisher, "/a", response_data="Grüße", content_type="text/html", headers=headers)

    fetched = client.fetch(url)

    assert fetched.url == url
    assert fetched.status == 200
    assert fetched.body.decode() == "Grüße"
    assert fetched.content_type == "text/html"
    assert fetched.etag == 'W/"a b"'
    assert fetched.last_modified == "Thu, 28 Feb 2019 10:00:00 GMT"
    assert fetched.retry_after == 120
    assert not fetched.permanently_moved


def test_validators_are_sent_back_byte_for_byte(publisher, client):
    def unchanged(request: Request) -> Response:
        same = request.headers["If-None-Match"] == '"ä' and request.headers["If-Modified-Since"] == "last  week"
        return Response(status=304 if same else 500)

    publisher.expect_request("/a").respond_with_handler(unchanged)

    fetched = client.fetch(publisher.url_for("/a"), etag='"ä', last_modified="last  week")

    assert (fetched.status, fetched.body) == (304, b"")


def test_a_request_says_who_asks_and_carries_no_cookie(publisher, monkeypatch):
    monkeypatch.setenv("CLAIMTRACK_ALLOW_HOSTS", f" other.invented ,LOCALHOST:{publisher.port}")
    monkeypatch.setenv("CLAIMTRACK_CONTACT", "mailto:desk@news.invented")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = answers(publisher, "/a", headers={"Set-Cookie": "a=1"})

    http.client().fetch(url)
    http.client().fetch(url)

    for request, _ in publisher.log:
        assert request.headers["User-Agent"] == f"claimtrack/{__version__} (+mailto:desk@news.invented)"
        assert "Cookie" not in request.headers
    assert len(publisher.log) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("9" * 400, http.MAX_RETRY_AFTER),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Thu, 28 Feb 2019 10:00:00 GMT", 0),
        ("Thu, 99 Feb 2019 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_nothing(publisher, client, header, seconds):
    url = answers(publisher, "/a", status=429, headers={"Retry-After": header})

    assert client.fetch(url).retry_after == seconds


def test_retry_after_may_be_a_date(publisher, client):
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    url = answers(publisher, "/a", status=503, headers={"Retry-After": until})

    assert 3_590 <= (client.fetch(url).retry_after or 0) <= 3_600


def test_the_body_of_an_error_is_cut(publisher, client):
    url = answers(publisher, "/a", status=500, response_data=b"x" * 100_000)

    fetched = client.fetch(url)

    assert fetched.status == 500
    assert len(fetched.body) == http.MAX_ERROR_BODY


# Redirects


@pytest.mark.parametrize(
    ("statuses", "permanently"),
    [([301], True), ([308, 301], True), ([302], False), ([301, 307], False), ([303], False)],
)
def test_redirects_are_followed_and_only_permanent_ones_move_an_address(publisher, client, statuses, permanently):
    for hop, status in enumerate(statuses):
        leads_to(publisher, f"/{hop}", f"./{hop + 1}", status)
    last = answers(publisher, f"/{len(statuses)}", response_data="here")

    fetched = client.fetch(publisher.url_for("/0#part"))

    assert fetched.url == last
    assert fetched.body == b"here"
    assert fetched.permanently_moved is permanently


def test_five_redirects_are_followed_and_a_sixth_is_not(publisher, client):
    for hop in range(6):
        leads_to(publisher, f"/{hop}", f"/{hop + 1}")
    answers(publisher, "/6", response_data="here")

    assert client.fetch(publisher.url_for("/1")).body == b"here"
    assert refusal(client, publisher.url_for("/0")) == "too_many_redirects"


def test_a_redirect_loop_ends(publisher, client):
    url = leads_to(publisher, "/a", "/a")

    assert refusal(client, url) == "too_many_redirects"
    assert len(publisher.log) == 6


@pytest.mark.parametrize(
    ("location", "code"),
    [
        pytest.param("http://127.0.0.1/", "address_refused", id="this machine"),
        pytest.param("http://169.254.169.254/latest/meta-data/", "address_refused", id="metadata of a cloud"),
        pytest.param("http://[::ffff:10.0.0.1]/", "address_refused", id="mapped"),
        pytest.param("//0x7f.1/", "address_refused", id="without a scheme"),
        pytest.param("http://localhost:1/", "address_refused", id="another port of an allowed host"),
        pytest.param("file:///etc/hosts", "bad_address", id="a file"),
        pytest.param("gopher://127.0.0.1/", "bad_address", id="another scheme"),
        pytest.param("http://user:secret@localhost/", "bad_address", id="credentials"),
        pytest.param("/" + "a" * 9_000, "bad_address", id="endless"),
    ],
)
def test_a_redirect_is_checked_as_an_address_is(publisher, client, location, code):
    url = leads_to(publisher, "/a", location)

    assert refusal(client, url) == code
    assert len(publisher.log) == 1


# Addresses inside


def spellings(address: str) -> list[str]:
    ip = ipaddress.IPv4Address(address)
    number, parts = int(ip), [int(part) for part in address.split(".")]
    a, b, c, d = parts
    high, low = number >> 16, number & 0xFFFF
    hosts = [
        address,
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper().replace("X", "x"),
        f"0{number:o}",
        ".".join(map(hex, parts)),
        ".".join(f"0{part:o}" for part in parts),
        ".".join(f"{part:08o}" for part in parts),
        f"{hex(a)}.0{b:o}.{c}.{d}",
        f"{a}.{b}.{c * 256 + d}",
        f"{a}.{b * 65536 + c * 256 + d}",
        f"{hex(a)}.{b * 65536 + c * 256 + d}",
        address.replace(".", "。"),
        address.replace(".", "．"),
        address.translate({ord("0") + n: ord("０") + n for n in range(10)}),
        address.replace("1", "①"),
        address.replace(".", "%2e"),
        "".join(f"%{ord(character):02x}" for character in address),
        f"[::ffff:{address}]",
        f"[::FFFF:{high:x}:{low:x}]",
        f"[0:0:0:0:0:ffff:{high:x}:{low:x}]",
        f"[::{address}]",
        f"[::ffff:0:{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b:1::{high:x}:{low:x}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[2001:0:{high:x}:{low:x}::]",
        f"[2001:0:0:0:0:0:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}]",
        f"[fe80::{high:x}:{low:x}]",
        f"news.invented@{address}",
        f"news.invented%00@{address}",
        f"{address}%23.news.invented",
    ]
    return [f"http://{host}:{{port}}/" for host in hosts]


def names_and_tricks() -> list[str]:
    hosts = [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "inside.invented",
        "both.invented",
        "[::]",
        "[::1]",
        "[::1%251]",
    ]
    hosts += [
        "[fe80::1%25lo]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[0:0:0:0:0:0:0:1]",
        "127.1",
        "0",
        "0x0",
        "127.0.0.1..",
    ]
    hosts += ["news.invented\\@127.0.0.1", "127.0.0.1\\.news.invented", "127.0.0.1?@news.invented"]
    return [f"{scheme}://{host}:{{port}}/" for scheme in ("http", "https") for host in hosts]


def resolve(host: str, port: int) -> list[str]:
    """Read numbers as the system does; know three names; ask no name server."""
    known = {
        "localhost": ["127.0.0.1"],
        "inside.invented": ["10.0.0.1"],
        "both.invented": ["8.8.8.8", "127.0.0.1"],
    }
    if addresses := known.get(host.lower().rstrip(".")):
        return addresses
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [str(sockaddr[0]) for *_, sockaddr in found]


@pytest.fixture
def listener():
    ipv6 = socket.has_dualstack_ipv6()
    family, address = (socket.AF_INET6, "::") if ipv6 else (socket.AF_INET, "")
    with socket.create_server((address, 0), family=family, dualstack_ipv6=ipv6, backlog=1_000) as listening:
        listening.setblocking(False)
        yield listening


def test_no_spelling_of_an_inside_address_is_connected_to(listener):
    port = listener.getsockname()[1]
    client = Client(ports=[port], seconds=5, resolve=resolve)
    urls = [url.format(port=port) for address in INSIDE for url in spellings(address)]
    urls += [url.format(port=port) for url in names_and_tricks()]

    codes = [refusal(client, url) for url in urls]

    assert len(urls) > 344
    assert set(codes) == {"address_refused", "bad_address", "unreachable"}
    assert codes.count("address_refused") > len(urls) / 2
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_name_is_looked_up_once_for_each_connection(listener):
    asked = []

    def changing(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) > 1 else ["8.8.8.8", "10.0.0.1"]

    assert refusal(Client(resolve=changing), "http://changing.invented/") == "address_refused"
    assert asked == ["changing.invented"]


@pytest.mark.parametrize(
    ("allowed", "code"),
    [
        pytest.param("", "address_refused", id="nothing allowed"),
        pytest.param("localhost:{port}", None, id="host and port"),
        pytest.param("localhost", None, id="any port of the host"),
        pytest.param("localhost:1", "address_refused", id="another port"),
        pytest.param("127.0.0.1", "address_refused", id="what the name leads to"),
        pytest.param("ocalhost", "address_refused", id="a part of the name"),
    ],
)
def test_a_host_is_allowed_by_the_name_in_the_address(publisher, allowed, code):
    url = answers(publisher, "/a", response_data="here")
    client = Client(allow_hosts=[allowed.format(port=publisher.port)])

    assert (refusal(client, url) if code else client.fetch(url).body) == (code or b"here")


def test_only_the_ports_of_the_web_are_fetched_from():
    assert refusal(Client(resolve=lambda *_: ["8.8.8.8"]), "http://news.invented:22/") == "address_refused"


# Limits


def test_a_body_of_one_byte_a_moment_ends_at_the_deadline(publisher):
    def drip():
        for _ in range(50):
            time.sleep(0.05)
            yield b"x"

    url = streams(publisher, "/a", drip())
    begun = time.monotonic()

    code = refusal(Client(allow_hosts=["localhost"], seconds=0.5), url)

    assert code == "too_slow"
    assert time.monotonic() - begun < 1.5


def test_headers_that_never_end_end_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://localhost:{silent.getsockname()[1]}/"

        assert refusal(Client(allow_hosts=["localhost"], seconds=0.3), url) == "too_slow"


def test_a_name_server_that_never_answers_ends_at_the_deadline():
    def never(host: str, port: int) -> list[str]:
        time.sleep(1)
        return ["127.0.0.1"]

    assert refusal(Client(seconds=0.2, resolve=never), "http://slow.invented/") == "too_slow"


@pytest.mark.parametrize("packed", [False, True], ids=["without a length", "gzip bomb"])
def test_an_endless_body_is_left_at_15_mb_and_never_held_in_memory(publisher, client, packed):
    megabyte = b"\0" * 1_000_000
    chunks = [gzip.compress(megabyte)] * 1_000 if packed else (megabyte for _ in range(1_000))
    url = streams(publisher, "/a", chunks, **({"Content-Encoding": "gzip"} if packed else {}))
    tracemalloc.start()

    code = refusal(client, url)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code == "too_large"
    assert peak < 50_000_000


def test_a_body_that_says_it_is_too_large_is_too_large(publisher):
    url = answers(publisher, "/a", response_data=b"x" * 2_001)

    assert refusal(Client(allow_hosts=["localhost"], max_body=2_000), url) == "too_large"
    assert len(Client(allow_hosts=["localhost"], max_body=2_001).fetch(url).body) == 2_001


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        pytest.param(gzip.compress(b"here" * 100_000), "gzip", b"here" * 100_000, id="gzip"),
        pytest.param(gzip.compress(b"he") + gzip.compress(b"re"), "X-GZip", b"here", id="two members"),
        pytest.param(gzip.compress(b"here") + b"\n\n", "gzip", b"here", id="rest behind it"),
        pytest.param(b"", "gzip", b"", id="empty"),
        pytest.param(b"here", "utf-8", b"here", id="an encoding that is none"),
        pytest.param(gzip.compress(b"here" * 1_000)[:-9], "gzip", "answer_unreadable", id="broken off"),
        pytest.param(b"here", "gzip", "answer_unreadable", id="not packed at all"),
        pytest.param(b"here", "br", "answer_unreadable", id="never asked for"),
    ],
)
def test_packed_bodies_are_unpacked_or_refused(publisher, client, body, encoding, expected):
    url = answers(publisher, "/a", response_data=body, headers={"Content-Encoding": encoding})

    assert (client.fetch(url).body if isinstance(expected, bytes) else refusal(client, url)) == expected


# Connections that fail


def test_a_closed_port_and_an_unknown_name_are_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    assert refusal(Client(allow_hosts=["localhost"]), f"http://localhost:{port}/") == "unreachable"
    assert refusal(Client(resolve=resolve), "http://unknown.invented/") == "unreachable"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad_address"),
        ("news.invented/a", "bad_address"),
        ("http://", "bad_address"),
        ("http://\0/", "bad_address"),
        ("http://news.invented/\ud800", "bad_address"),
        ("http://" + "a" * 300 + "/", "unreachable"),
    ],
)
def test_what_cannot_be_fetched_is_refused_with_a_sentence(url, code):
    assert refusal(Client(), url) == code


def test_what_is_no_http_is_refused_with_a_sentence(listener):
    listener.setblocking(True)
    port = listener.getsockname()[1]
    client = Client(allow_hosts=["both.invented"], resolve=lambda *_: ["127.0.0.1"])

    def speak() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 mail.invented ESMTP\r\n\r\n")
            connection.recv(1_000)

    speaker = Thread(target=speak)
    speaker.start()

    assert refusal(client, f"http://both.invented:{port}/") == "answer_unreadable"
    speaker.join()


@pytest.fixture
def secure_publisher():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with HTTPServer(ssl_context=context, threaded=True) as server:
        server.expect_request("/a").respond_with_data("here")
        yield server


@pytest.mark.parametrize(
    ("host", "trusted", "expected"),
    [
        pytest.param("secure.invented", True, b"here", id="its own name"),
        pytest.param("other.invented", True, "unreachable", id="another name"),
        pytest.param("secure.invented", False, "unreachable", id="signed by nobody we know"),
    ],
)
def test_a_certificate_is_checked_against_the_name(secure_publisher, monkeypatch, host, trusted, expected):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    http._tls.cache_clear()
    client = Client(allow_hosts=[host], resolve=lambda *_: ["127.0.0.1"])
    url = f"https://{host}:{secure_publisher.port}/a"

    assert (client.fetch(url).body if isinstance(expected, bytes) else refusal(client, url)) == expected
    http._tls.cache_clear()
