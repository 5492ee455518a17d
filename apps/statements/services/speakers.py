"""From the names in an article to the speakers we know."""

import zlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest, Least

from apps.statements.models import Speaker, SpeakerRole
from claimtrack.extraction.attribution import SpeakerKind, SpeakerName
from claimtrack.extraction.roles import described_role, is_same_role, role_head, role_key
from claimtrack.extraction.spelling import name_key, stands_alone

ROLE_LASTS = timedelta(days=180)
"""How long before and after the articles that name a role somebody is taken to hold it."""
_SPEAKER_LOCK = 0x73706B72  # "spkr"


def speakers_for(names: Iterable[SpeakerName], *, on: date | None) -> dict[SpeakerName, Speaker]:
    """The stored speaker for each name of one article, made where it is new.

    Must run in a transaction: every full name is locked until its end, in one order, so that two articles never make
    one speaker twice. A single name of a person ("Kim") finds who is called so and had the role beside it at about
    that day, else only a speaker who is known by nothing more. Someone unnamed is new in each article, but for the
    one person known to have had the role that describes them ("Peru's finance minister"). Unsure is new.
    """
    wanted = sorted(set(names), key=lambda one: (name_key(one.name), one.kind))
    keys = sorted({name_key(one.name) for one in wanted})
    locks = [zlib.crc32(key.encode()) - 2**31 for key in keys]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, key) FROM unnest(%s::int[]) AS key", [_SPEAKER_LOCK, locks])
    called = _Called(key[:300] for key in keys)
    found = {one: _speaker(one, on, called) for one in wanted}
    if on is not None:
        _note_roles(found, on)
    return found


class _Called:
    """The speakers who are called by any of some names, in the order in which they came to be known."""

    def __init__(self, keys: Iterable[str]) -> None:
        called = Speaker.objects.filter(keys__overlap=list(keys)).exclude(kind=SpeakerKind.UNNAMED)
        self._speakers = list(called.order_by("pk"))

    def add(self, speaker: Speaker) -> None:
        self._speakers.append(speaker)

    def by_name(self, key: str) -> Speaker | None:
        """Whoever has the name, else the only one who is also called so."""
        called = [one for one in self._speakers if key in one.keys]
        named = [one for one in called if name_key(one.name)[:300] == key]
        if named or len({one.root_pk for one in called}) == 1:
            return (named or called)[0]
        return None


def _speaker(one: SpeakerName, on: date | None, called: _Called) -> Speaker:
    if known := _by_role(one, on):
        return known
    spelled = list(dict.fromkeys([one.name, *one.aliases]))
    if one.kind == SpeakerKind.UNNAMED:
        return Speaker.objects.create(name=one.name[:300], kind=one.kind, names=spelled)
    keys = [name_key(name)[:300] for name in (one.name, *filter(lambda alias: stands_alone(alias, one), one.aliases))]
    speaker = called.by_name(keys[0])
    if speaker is None:
        keys = list(dict.fromkeys(keys))
        speaker = Speaker.objects.create(name=one.name[:300], kind=one.kind, names=spelled, keys=keys)
        called.add(speaker)
        return speaker
    was = (speaker.names, speaker.keys)
    speaker.names = list(dict.fromkeys([*speaker.names, *spelled]))
    speaker.keys = list(dict.fromkeys([*speaker.keys, *keys]))
    if (speaker.names, speaker.keys) != was:
        speaker.save(update_fields=["names", "keys"])
    return speaker


def _by_role(one: SpeakerName, on: date | None) -> Speaker | None:
    """Who had the role at about that day, where exactly one person did."""
    if on is None:
        return None
    held = SpeakerRole.objects.filter(first_on__lte=on + ROLE_LASTS, last_on__gte=on - ROLE_LASTS)
    if one.kind == SpeakerKind.UNNAMED:
        described = described_role(one.name)
        return _only(held.filter(key=described[:200])) if described else None
    if one.kind == SpeakerKind.PERSON and one.role and " " not in one.name:
        same_name = held.filter(head=role_head(one.role)[:200], speaker__names__contains=[one.name])
        return _only(same_name.exclude(speaker__name=one.name), like=one.role)
    return None


def _only(held: QuerySet[SpeakerRole], *, like: str = "") -> Speaker | None:
    roles = [role for role in held.select_related("speaker")[:20] if not like or is_same_role(role.text, like)]
    people = {role.speaker.root_pk for role in roles}
    return min((role.speaker for role in roles), key=lambda one: one.pk) if len(people) == 1 else None


def _note_roles(found: Mapping[SpeakerName, Speaker], on: date) -> None:
    """Note what an article of that day calls each speaker, in one order for everybody."""
    noted: dict[tuple[int, str], SpeakerRole] = {}
    for one, speaker in found.items():
        key = role_key(one.role)[:200]
        if key and speaker.kind == SpeakerKind.PERSON:
            text, head = one.role[:200], role_head(one.role)[:200]
            role = SpeakerRole(speaker=speaker, key=key, text=text, head=head, first_on=on, last_on=on)
            noted.setdefault((speaker.pk, key), role)
    SpeakerRole.objects.bulk_create([noted[name] for name in sorted(noted)], ignore_conflicts=True)
    earlier = SpeakerRole.objects.filter(speaker__in={speaker_id for speaker_id, _ in noted})
    for role in earlier.exclude(first_on__lte=on, last_on__gte=on).order_by("speaker", "key"):
        if (role.speaker_id, role.key) in noted:
            SpeakerRole.objects.filter(pk=role.pk).update(
                first_on=Least("first_on", Value(on)), last_on=Greatest("last_on", Value(on))
            )
