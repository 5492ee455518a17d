"""The only way out: every request that leaves this system is made here.

A fetch reaches public addresses only. The name is looked up once, every address it has is checked, and the
connection goes to one of those very addresses; the same again at each redirect. So no spelling of an address
and no name that changes its answer leads inside. `CLAIMTRACK_ALLOW_HOSTS` names the exceptions, for tests and
intranets.
"""

import functools
import math
import os
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import Any

import httpcore2
import httpx2

from claimtrack import __version__
from claimtrack.errors import DomainError
from claimtrack.ip import is_public

MAX_REDIRECTS = 5
MAX_BODY = 15_000_000
MAX_ERROR_BODY = 16_000
MAX_ADDRESS = 8_000
MAX_RETRY_AFTER = 365 * 24 * 3600
SECONDS_IN_ALL = 30.0
SECONDS_TO_CONNECT = 10.0
PORTS = frozenset({80, 443})

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})

GZIP = 16 + zlib.MAX_WBITS
GZIP_BEGINS = b"\x1f"
PIECE = 64 * 1024

type Resolver = Callable[[str, int], Sequence[str]]


class FetchFailed(DomainError):
    """Nothing usable came back from an address; the message says why."""

    code = "fetch_failed"


class BadAddress(FetchFailed):
    """This is no http(s) address, or one with credentials in it."""

    code = "bad_address"


class AddressRefused(FetchFailed):
    """The address leads to a private or reserved network, or to a port that is not fetched from."""

    code = "address_refused"


class Unreachable(FetchFailed):
    """The name is unknown, nothing accepts connections there, or its certificate does not hold."""

    code = "unreachable"


class TooSlow(FetchFailed):
    """The whole answer was not there in time."""

    code = "too_slow"


class TooLarge(FetchFailed):
    """The answer is larger than is read, as sent or unpacked."""

    code = "too_large"


class TooManyRedirects(FetchFailed):
    """The address leads on and on."""

    code = "too_many_redirects"


class AnswerUnreadable(FetchFailed):
    """What came back is no valid HTTP, breaks off, or is packed in a way that was not asked for."""

    code = "answer_unreadable"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, whatever its status.

    `url` is where it came from after all redirects; `permanently_moved` says that each of them (one at least)
    was permanent. `etag` and `last_modified` are as sent, to be sent back byte for byte; `retry_after` is in
    seconds. The body of a status of 400 or more is cut after 16 kB.
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: int | None = None
    permanently_moved: bool = False


def client() -> "Client":
    """Make the client that the environment asks for: CLAIMTRACK_ALLOW_HOSTS and CLAIMTRACK_CONTACT."""
    return Client(
        allow_hosts=os.environ.get("CLAIMTRACK_ALLOW_HOSTS", "").split(","),
        contact=os.environ.get("CLAIMTRACK_CONTACT", ""),
    )


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for every IP address of a name, in the order of its preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Client:
    """Fetches public web addresses within limits of time and size. Holds no state, cookies or connections.

    An entry of `allow_hosts` is a `host` (any port of it) or `host:port`, compared with the host as written
    in the address; what it leads to is not checked.
    """

    def __init__(
        self,
        *,
        allow_hosts: Iterable[str] = (),
        contact: str = "",
        ports: Iterable[int] = PORTS,
        seconds: float = SECONDS_IN_ALL,
        max_body: int = MAX_BODY,
        resolve: Resolver = look_up,
    ) -> None:
        named = (entry.strip().lower().rstrip(".") for entry in allow_hosts)
        self._allow_hosts = frozenset(entry for entry in named if entry)
        self._ports = frozenset(ports)
        self._seconds = seconds
        self._max_body = max_body
        self._resolve = resolve
        self._user_agent = f"claimtrack/{__version__}" + (f" (+{contact})" if contact else "")

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "", accept: str = "*/*") -> Fetched:
        """Get what is at an address, following at most five redirects.

        With the validators of an earlier answer the status may be 304, without a body. Raises FetchFailed.
        """
        deadline = _Deadline(self._seconds)
        headers = {
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
            "If-None-Match": etag,
            "If-Modified-Since": last_modified,
        }
        address, hops = _parsed(url), list[int]()
        while True:
            answer = self._answer(address, headers, deadline)
            if isinstance(answer, Fetched):
                moved = bool(hops) and PERMANENT_REDIRECTS.issuperset(hops)
                return replace(answer, permanently_moved=moved)
            if len(hops) == MAX_REDIRECTS:
                raise TooManyRedirects(f"This address leads on more than {MAX_REDIRECTS} times.")
            hops.append(answer.status)
            address = _parsed(answer.location, base=address)

    def _answer(self, address: httpx2.URL, headers: dict[str, str], deadline: "_Deadline") -> "Fetched | _Redirect":
        network = _CheckedNetwork(self._allow_hosts, self._ports, self._resolve, deadline)
        target = httpcore2.URL(
            scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
        )
        sent = [(b"Host", address.netloc)]
        sent += [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value]
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=network) as pool,
                pool.stream("GET", target, headers=sent) as response,
            ):
                return self._read(address, response)
        except httpcore2.TimeoutException as error:
            raise deadline.passed() from error
        except httpcore2.ProtocolError as error:
            raise AnswerUnreadable(f"{address.host} sent no valid HTTP answer: {error}.") from error
        except httpcore2.NetworkError as error:
            raise Unreachable(f"The connection to {address.host} failed: {error}.") from error

    def _read(self, address: httpx2.URL, response: httpcore2.Response) -> "Fetched | _Redirect":
        headers = _first_of_each(response.headers)
        if response.status in REDIRECTS and "location" in headers:
            return _Redirect(response.status, headers["location"])
        return Fetched(
            url=str(address.copy_with(fragment=None)),
            status=response.status,
            body=self._body(response, headers),
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            retry_after=_seconds_to_wait(headers.get("retry-after", "")),
        )

    def _body(self, response: httpcore2.Response, headers: dict[str, str]) -> bytes:
        failed = response.status >= 400
        limit = MAX_ERROR_BODY if failed else self._max_body
        body = bytearray()
        try:
            for piece in _unpacked(_up_to(limit, response.iter_stream()), headers.get("content-encoding", "")):
                body += piece
                _check_size(len(body), limit)
        except (TooLarge, AnswerUnreadable):
            if not failed:
                raise
        return bytes(body[:limit])


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


class _Deadline:
    """One moment by which a whole fetch ends, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooSlow:
        return TooSlow(f"The whole answer was not there within {self._seconds:g} seconds.")


class _CheckedNetwork(httpcore2.NetworkBackend):
    """Connects to public addresses and to hosts that are allowed by name, until the deadline."""

    def __init__(
        self, allow_hosts: frozenset[str], ports: frozenset[int], resolve: Resolver, deadline: _Deadline
    ) -> None:
        self._allow_hosts = allow_hosts
        self._ports = ports
        self._resolve = resolve
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to one of the very addresses that were checked; the deadline stands in for `timeout`."""
        allowed = self._is_allowed(host, port)
        if port not in self._ports and not allowed:
            raise AddressRefused(f"Port {port} is not one that is fetched from.")
        addresses = self._addresses(host, port)
        if not allowed and not all(is_public(address) for address in addresses):
            raise AddressRefused(f"{host} leads into a private or reserved network.")
        failure: Exception | None = None
        for address in addresses:
            try:
                seconds = min(SECONDS_TO_CONNECT, self._deadline.left())
                stream = httpcore2.SyncBackend().connect_tcp(address, port, seconds)
                return _TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        self._deadline.left()
        raise Unreachable(f"{host} accepts no connection on port {port}.") from failure

    def _is_allowed(self, host: str, port: int) -> bool:
        name = host.lower().rstrip(".")
        written = f"[{name}]" if ":" in name else name
        return not self._allow_hosts.isdisjoint({name, written, f"{written}:{port}"})

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        """Look the name up in a thread of its own, since the system's look-up knows no deadline."""
        answer: Future[Sequence[str]] = Future()

        def look_up_there() -> None:
            try:
                answer.set_result(self._resolve(host, port))
            except Exception as error:  # handed over to the thread that waits
                answer.set_exception(error)

        Thread(target=look_up_there, daemon=True).start()
        try:
            addresses = answer.result(self._deadline.left())
        except TimeoutError as error:
            raise self._deadline.passed() from error
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"No host of the name {host} is known.") from error
        if not addresses:
            raise Unreachable(f"No host of the name {host} is known.")
        return addresses


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which no step lasts beyond the deadline of the whole fetch."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _parsed(url: str, *, base: httpx2.URL | None = None) -> httpx2.URL:
    try:
        if len(url) > MAX_ADDRESS:
            raise BadAddress(f"This web address is longer than {MAX_ADDRESS:,} characters.")
        address = httpx2.URL(url) if base is None else base.join(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise BadAddress("This is no web address that could be read from.") from error
    if address.scheme not in ("http", "https"):
        raise BadAddress("A web address begins with http:// or https://.")
    if address.userinfo:
        raise BadAddress("A web address with a user name or password in it is not fetched.")
    if not address.host:
        raise BadAddress("This web address names no host.")
    return address


def _first_of_each(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Name headers in lower case; of those sent more than once the first counts."""
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return first


def _seconds_to_wait(retry_after: str) -> int | None:
    """Read a Retry-After header, which holds seconds or a date; None when it holds neither."""
    try:
        if retry_after.isascii() and retry_after.isdigit():
            seconds = float(retry_after)
        else:
            until = parsedate_to_datetime(retry_after)
            seconds = (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return math.ceil(min(max(seconds, 0), MAX_RETRY_AFTER))


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(f"The answer is larger than {limit / 1_000_000:g} MB.")


def _up_to(limit: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    sent = 0
    for chunk in chunks:
        sent += len(chunk)
        yield chunk
        _check_size(sent, limit)


def _unpacked(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Undo the packing that was asked for, in small pieces, so that whoever reads may stop at any of them."""
    match encoding.strip().lower():
        case "gzip" | "x-gzip":
            return _gunzipped(chunks)
        case "br" | "zstd" | "deflate" | "compress":
            raise AnswerUnreadable(f"The answer is packed with {encoding.strip()}, which was not asked for.")
        case _:
            return chunks


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack every member of a gzip stream; what follows the last one and is no member is left out."""
    inflater = None
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if inflater is None or inflater.eof:
                    if inflater and not rest.startswith(GZIP_BEGINS):
                        return
                    inflater = zlib.decompressobj(GZIP)
                yield inflater.decompress(rest, PIECE)
                rest = inflater.unused_data or inflater.unconsumed_tail
    except zlib.error as error:
        raise AnswerUnreadable("The answer says it is packed with gzip but cannot be unpacked.") from error
    if inflater and not inflater.eof:
        raise AnswerUnreadable("The answer is packed with gzip and breaks off.")
