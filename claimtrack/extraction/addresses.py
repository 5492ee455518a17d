"""One spelling for each web address, and the site that it belongs to."""

import re
import unicodedata
from urllib.parse import urlsplit

import tld
from url_normalize import url_normalize

MAX_LENGTH = 2_000

# Parameters that say where a reader came from, never which page is meant. The lists are narrow on purpose: a
# wide one (courlan also drops `cid=…`, `gallery=…`, `page=` and a bare `?12345`) makes one article of two.
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "itm_", "hsa_", "vero_", "oly_", "at_custom", "at_link")
TRACKING_NAMES = frozenset(
    {
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid", "ttclid"),
        *("igsh", "igshid", "li_fat_id", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "mkt_tok"),
        *("mc_cid", "mc_eid", "s_cid", "cmpid", "ocid", "smid", "smtyp", "xtor", "guccounter"),
        *("guce_referrer", "guce_referrer_sig", "at_medium", "at_campaign", "at_format", "at_creation"),
        *("ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee"),
    }
)
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?|\[[0-9a-f:.]+\]")


class BadAddress(ValueError):
    """What was given is no web address that could be read from."""

    code = "bad_address"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def canonical_address(url: str) -> str:
    """Spell an address the one way by which the same page is recognised.

    The fragment, tracking parameters, the default port and the dots of a path go; the host is in lower case
    and ASCII; parameters are sorted. Raises BadAddress for what is no http(s) address of at most 2,000
    characters.
    """
    url = url.strip()
    _check_characters(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("This is no web address: its host or port cannot be read.") from error
    if parts.scheme not in ("http", "https"):
        raise BadAddress("A web address begins with http:// or https://.")
    if "@" in parts.netloc:
        raise BadAddress("A web address with a user name or password in it is not accepted.")
    if not parts.hostname or port == 0:
        raise BadAddress("This web address names no host, or no port that could be reached.")
    try:
        plain = urlsplit(url_normalize(parts._replace(fragment="").geturl()) or "")
    except ValueError as error:
        raise BadAddress("The host in this web address is no valid name.") from error
    if not HOST.fullmatch(plain.netloc.removesuffix(f":{plain.port}")):
        raise BadAddress("The host in this web address is no valid name.")
    address = plain._replace(query=_without_tracking(plain.query)).geturl()
    if len(address) > MAX_LENGTH:
        raise BadAddress(f"This web address is longer than {MAX_LENGTH:,} characters.")
    return address


def site_of(url: str) -> str:
    """Name the registrable domain of an address: `news.example.co.uk` → `example.co.uk`.

    Reads the list of public suffixes that comes with `tld`, never the network. Under a suffix that is not on it
    the last two labels count; an IP address is its own site. Raises BadAddress.
    """
    address = canonical_address(url)
    host = urlsplit(address).hostname or ""
    if ":" in host or host.replace(".", "").isdigit():
        return host
    return tld.get_fld(address, fail_silently=True) or ".".join(host.split(".")[-2:])


def _check_characters(url: str) -> None:
    if len(url) > MAX_LENGTH:
        raise BadAddress(f"This web address is longer than {MAX_LENGTH:,} characters.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in url):
        raise BadAddress("This web address has characters in it that no address may have.")
    if "\\" in url.partition("?")[0]:
        raise BadAddress("A web address has no backslashes.")


def _without_tracking(query: str) -> str:
    parameters = (parameter for parameter in query.split("&") if parameter)
    return "&".join(sorted(p for p in parameters if not _is_tracking(p.partition("=")[0].lower())))


def _is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)
