"""The table of work. All times are the database's; whoever holds a row's token may end it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Now

from claimtrack.work.kinds import Kind, Lane

MAX_ATTEMPTS = 5
ERROR_CHARACTERS = 2_000


class LeaseLost(Exception):
    """Another worker holds this work now; whatever was done is rolled back."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows of one kind wait, and for how long the oldest of them has been due (seconds)."""

    kind: Kind
    waiting: int
    leased: int
    oldest_seconds: float


class WorkQuerySet(models.QuerySet["Work"]):
    def due(self, kind: Kind) -> "WorkQuerySet":
        free = Q(leased_until=None) | Q(leased_until__lte=Now())
        return self.filter(free, kind=kind, due_at__lte=Now())

    @transaction.atomic
    def lease(
        self, kind: Kind, *, limit: int, hold: timedelta, lanes: Sequence[Lane] = tuple(Lane)
    ) -> "Sequence[Work]":
        """Take due rows for the worker that will do them now, the earlier lanes first; the attempt counts from here."""
        ids: list[int] = []
        for lane in lanes:
            if len(ids) < limit:
                rows = self.due(kind).filter(lane=lane).order_by("due_at", "pk").select_for_update(skip_locked=True)
                ids += [row.pk for row in rows[: limit - len(ids)]]
        leased = self.filter(pk__in=ids)
        leased.update(token=uuid.uuid4(), leased_until=Now() + hold, attempts=F("attempts") + 1)
        return sorted(leased, key=lambda row: ids.index(row.pk))

    def make_due(self, kind: Kind, subject_ids: Iterable[int], lane: Lane = Lane.NORMAL) -> None:
        """Have this work done now; work that already waits is brought forward, and done once."""
        self.bulk_create(
            [Work(kind=kind, subject_id=subject_id, lane=lane, due_at=Now()) for subject_id in subject_ids],
            update_conflicts=True,
            update_fields=["due_at", "lane"],
            unique_fields=["kind", "subject_id"],
        )

    def queues(self) -> list[Queue]:
        """The length and age of the queue of each kind, empty ones too."""
        now = Now()
        rows = self.filter(due_at__lte=now).values("kind").annotate(
            all=Count("pk"), leased=Count("pk", filter=Q(leased_until__gt=now)), age=now - Min("due_at")
        )  # fmt: skip
        found = {row["kind"]: row for row in rows}
        return [
            Queue(kind, row["all"] - row["leased"], row["leased"], row["age"].total_seconds())
            if (row := found.get(kind.value))
            else Queue(kind, 0, 0, 0.0)
            for kind in Kind
        ]


class Work(models.Model):
    """One thing to be done to one subject."""

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    subject_id = models.BigIntegerField()
    lane = models.CharField(max_length=20, choices=[(lane.value, lane.value) for lane in Lane], default=Lane.NORMAL)
    due_at = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "work"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="work_once")]
        indexes = [models.Index(fields=["kind", "lane", "due_at"], name="work_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def mine(self) -> WorkQuerySet:
        """This row, as long as its lease is still ours."""
        return Work.objects.filter(pk=self.pk, token=self.token)

    def finish(self) -> None:
        """End this work, in the transaction of its effect.

        Raises LeaseLost when the lease passed to another worker, so that the effect is undone.
        """
        ended, _ = self.mine.delete()
        self._check(ended)

    def again_in(self, pause: timedelta) -> None:
        """End this round of work that comes round for ever, in the transaction of its effect. Raises LeaseLost."""
        self._check(self.mine.update(due_at=Now() + pause, leased_until=None, token=None, attempts=0, last_error=""))

    def renew(self, hold: timedelta) -> None:
        """Hold on to the work for longer. Raises LeaseLost."""
        self._check(self.mine.update(leased_until=Now() + hold))

    def give_back(self, error: str, *, pause: timedelta) -> None:
        """Leave the work to a later attempt; where the lease is gone already, there is nothing to give back."""
        self.mine.update(due_at=Now() + pause, leased_until=None, token=None, last_error=error[:ERROR_CHARACTERS])

    def _check(self, changed: int) -> None:
        if not changed:
            raise LeaseLost(str(self))
