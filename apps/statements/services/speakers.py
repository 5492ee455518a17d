"""From the names in an article to the speakers we know."""

import zlib
from collections.abc import Iterable

from django.db import connection

from apps.statements.models import Speaker
from claimtrack.extraction.attribution import SpeakerKind, SpeakerName
from claimtrack.extraction.spelling import name_key

_SPEAKER_LOCK = 0x73706B72  # "spkr"


def speakers_for(names: Iterable[SpeakerName]) -> dict[SpeakerName, Speaker]:
    """The stored speaker for each name of one article, made where it is new.

    Must run in a transaction: every full name is locked until its end, in one order, so that two articles never make
    one speaker twice. A single name of a person ("Kim") finds only a speaker who is known by nothing more; someone
    unnamed is new in each article.
    """
    wanted = sorted(set(names), key=lambda one: (name_key(one.name), one.kind))
    with connection.cursor() as cursor:
        for key in sorted({name_key(one.name) for one in wanted}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SPEAKER_LOCK, zlib.crc32(key.encode()) - 2**31])
    return {one: _speaker(one) for one in wanted}


def _speaker(one: SpeakerName) -> Speaker:
    key = name_key(one.name)
    spelled = list(dict.fromkeys([one.name, *one.aliases]))
    if one.kind == SpeakerKind.UNNAMED:
        return Speaker.objects.create(name=one.name[:300], kind=one.kind, names=spelled)
    speaker = Speaker.objects.filter(keys__contains=[key]).exclude(kind=SpeakerKind.UNNAMED).order_by("pk").first()
    if speaker is None:
        return Speaker.objects.create(name=one.name[:300], kind=one.kind, names=spelled, keys=[key[:300]])
    new = [name for name in spelled if name not in speaker.names]
    if new:
        speaker.names = [*speaker.names, *new]
        speaker.save(update_fields=["names"])
    return speaker
