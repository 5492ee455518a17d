"""Saying that two speakers are one, and undoing it."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.events.log import Happened, Outcome
from apps.events.models import EventKind
from apps.statements.models import Speaker, SpeakerMerge
from claimtrack.errors import Conflict, NotFound

_MERGE_LOCK = 0x73706D67  # "spmg"


@transaction.atomic
def merge_speakers(*, speaker_id: int, into_id: int, by: User, reason: str = "") -> Outcome[Speaker]:
    """Let another speaker stand for this one: whoever reads that one reads both.

    Statements and claims keep the speaker that they have, and names go on finding the speaker who bears them, so that
    `undo_speaker_merge` parts the two right. Raises NotFound, and Conflict where one is merged already.
    """
    speakers = _lock({speaker_id, into_id})
    speaker, into = speakers[speaker_id], speakers[into_id]
    root = speakers[into.root_pk]
    if speaker.root_id:
        raise Conflict(f"This speaker is merged into speaker {speaker.root_id} already.")
    if speaker == root:
        raise Conflict("Nobody is merged into themselves, nor into one who is merged into them.", field="into")
    speaker.merged_into = root
    speaker.save(update_fields=["merged_into"])
    Speaker.objects.filter(pk__in=[speaker.pk, *_members(speaker)]).update(root=root)
    speaker.refresh_from_db(fields=["root"])
    SpeakerMerge.objects.create(speaker=speaker, into=root, reason=reason, done_by=by)
    return Outcome(speaker, _told(EventKind.SPEAKER_MERGED, speaker, root, by))


@transaction.atomic
def undo_speaker_merge(*, speaker_id: int, by: User) -> Outcome[Speaker]:
    """Let a speaker stand for themselves again, with whoever was merged into them. Raises NotFound, Conflict."""
    speakers = _lock({speaker_id})
    speaker = speakers[speaker_id]
    if speaker.root_id is None:
        raise Conflict("This speaker is merged into nobody.")
    root = speakers[speaker.root_id]
    parents = dict(Speaker.objects.filter(root=root).values_list("pk", "merged_into_id"))
    below = [speaker.pk]
    for parent in below:
        below += [pk for pk, merged_into in parents.items() if merged_into == parent]
    speaker.merged_into = speaker.root = None
    speaker.save(update_fields=["merged_into", "root"])
    Speaker.objects.filter(pk__in=below[1:]).update(root=speaker)
    SpeakerMerge.objects.filter(speaker=speaker, undone_at=None).update(undone_by=by, undone_at=Now())
    return Outcome(speaker, _told(EventKind.SPEAKER_UNDONE, speaker, root, by))


def _lock(speaker_ids: set[int]) -> dict[int, Speaker]:
    """Lock speakers and whom they stand under, one merge at a time. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MERGE_LOCK])
    roots = Speaker.objects.filter(pk__in=speaker_ids, root__isnull=False).values_list("root_id", flat=True)
    rows = Speaker.objects.select_for_update(no_key=True).filter(pk__in={*speaker_ids, *roots}).order_by("pk")
    locked = {speaker.pk: speaker for speaker in rows}
    if missing := speaker_ids - set(locked):
        raise NotFound(f"There is no speaker {min(missing)}.")
    return locked


def _members(speaker: Speaker) -> Iterable[int]:
    return Speaker.objects.filter(root=speaker).values_list("pk", flat=True)


def _told(kind: EventKind, speaker: Speaker, root: Speaker, by: User) -> list[Happened]:
    """Followers of either hear of it."""
    return [
        Happened(kind, speaker_id=speaker.pk, user_id=by.pk, payload={"into": str(root.pk)}),
        Happened(kind, speaker_id=root.pk, user_id=by.pk, payload={"from": str(speaker.pk)}),
    ]
