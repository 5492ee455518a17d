"""Finding a publisher by what people call it, and making it where nobody knows it yet."""

import zlib

from django.db import connection

from apps.sources.models import Publisher
from claimtrack.extraction.addresses import BadAddress, site_of
from claimtrack.extraction.spelling import name_key

_PUBLISHER_LOCK = 0x7075626C  # "publ"


def publisher_for(*, name: str = "", url: str = "") -> Publisher | None:
    """The publisher of this name or domain, else of this article's address; made where it is new, None without either.

    Must run in a transaction: the name is locked until its end, so that two submissions never make it twice.
    """
    name = name.strip()
    if not name and not url:
        return None
    domain = _domain(name) if name else site_of(url)
    key = name_key(name) or domain
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PUBLISHER_LOCK, zlib.crc32(key.encode()) - 2**31])
    known = _known_by(key, domain)
    return known or Publisher.objects.create(name=name or domain, keys=[key], domains=[domain] if domain else [])


def find_publisher(name: str) -> Publisher | None:
    """Who is known by this name or domain."""
    domain = _domain(name.strip())
    return _known_by(name_key(name) or domain, domain)


def _known_by(key: str, domain: str) -> Publisher | None:
    known = Publisher.objects.filter(keys__contains=[key]).order_by("pk").first()
    if known is None and domain:
        known = Publisher.objects.filter(domains__contains=[domain]).order_by("pk").first()
    return known


def _domain(name: str) -> str:
    """The registrable domain that a name such as "www.example.org" is; '' where it is none."""
    if "." not in name or " " in name or name.endswith("."):
        return ""
    try:
        return site_of(name if "://" in name else f"https://{name}/")
    except BadAddress:
        return ""
