"""A claim's history: what was so on a day as known at a moment, and the chain that proves nothing was changed.

Pure functions over rows that are given; who reads and writes the rows, the services say.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from apps.claims.statuses import ClaimStatus, initial_status, status_in
from claimtrack.extraction.attribution import Kind


@dataclass(frozen=True, slots=True)
class AsKnown:
    """A day (`as_of`; None: today) as known at a moment (`known_at`; None: now)."""

    as_of: date | None = None
    known_at: datetime | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_at is None


NOW = AsKnown()

type Blob = bytes | memoryview
"""A BinaryField as it is set, and as it is read back."""


class Change(Protocol):
    """The part of a StatusChange that says what was so when. `to_status` '' is a change that was made void."""

    @property
    def seq(self) -> int: ...
    @property
    def to_status(self) -> str: ...
    @property
    def effective_on(self) -> date: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def corrects_seq(self) -> int | None: ...


def standing_changes[C: Change](changes: Iterable[C], known_at: datetime | None) -> list[C]:
    """The changes recorded up to a moment that no correction recorded up to then replaces or makes void."""
    known = [change for change in changes if known_at is None or change.recorded_at <= known_at]
    replaced = {change.corrects_seq for change in known if change.corrects_seq is not None}
    return [change for change in known if change.seq not in replaced and change.to_status]


def status_on(
    changes: Iterable[Change], *, kind: Kind, on: date | None = None, known_at: datetime | None = None
) -> ClaimStatus:
    """The status on a day as known at a moment (None: today, as known now); DESIGN's bitemporal rule.

    Of the standing changes, the one with the greatest (effective_on, seq) up to the day; else the initial status. Of a
    claim that was of another kind when it was judged, the status that comes to the same. In SQL: `claims_then`.
    """
    standing = [change for change in standing_changes(changes, known_at) if on is None or change.effective_on <= on]
    newest = max(standing, key=lambda change: (change.effective_on, change.seq), default=None)
    return status_in(kind, ClaimStatus(newest.to_status)) if newest else initial_status(kind)


def canonical(values: Mapping[str, Any]) -> bytes:
    """Values as canonical JSON: sorted names, no spaces, UTF-8; days and moments in ISO 8601, moments in UTC."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def salted_digest(salt: Blob, text: str) -> str:
    """The digest that stands for a text in the chain, so that the text can be blanked and the chain still verifies."""
    return hashlib.sha256(bytes(salt) + text.encode()).hexdigest()


def standing_digest(salt: Blob, text: str, field: str, redacted: Mapping[str, str]) -> str:
    """The digest of a text, or of what stood there before it was blanked: `redacted` keeps those, by field."""
    return redacted[field] if not text and field in redacted else salted_digest(salt, text)


def link_hash(previous: Blob, values: Mapping[str, Any]) -> bytes:
    """The hash of an entry: SHA-256 over the hash of the entry before it and the entry's canonical values."""
    return hashlib.sha256(bytes(previous) + canonical(values)).digest()


def genesis(claim_uid: str) -> bytes:
    """What stands before the first entry of a claim."""
    return hashlib.sha256(f"claim {claim_uid}".encode()).digest()


class ChainEntry(Protocol):
    seq: int
    hash: Any

    def hashed_values(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a claim's history does not hold: at which entry (None: at the claim itself), and what is wrong there."""

    seq: int | None
    what: str

    def __str__(self) -> str:
        return f"entry {self.seq} {self.what}" if self.seq is not None else self.what


def faults(claim_uid: str, entries: Iterable[ChainEntry], announced: Sequence[Blob]) -> list[Fault]:
    """Everything that does not hold in the chain of a claim; nothing where it does.

    `announced` are the heads that the event log has told of, in the order of the log: one for each entry. So an entry
    that was added with a proper hash is found as well as one that was taken away, the newest too.
    """
    found: list[Fault] = []
    by_seq: dict[int, ChainEntry] = {}
    for entry in entries:
        if entry.seq in by_seq:
            found.append(Fault(entry.seq, "stands there twice"))
        by_seq.setdefault(entry.seq, entry)
    previous: Blob = genesis(claim_uid)
    for seq in range(1, max([len(announced), *by_seq]) + 1):
        entry_there, told = by_seq.get(seq), announced[seq - 1] if seq <= len(announced) else None
        if entry_there is None:
            found.append(Fault(seq, "is missing"))
        elif link_hash(previous, entry_there.hashed_values()) != bytes(entry_there.hash):
            found.append(Fault(seq, "was changed: its values do not give its hash"))
        elif told is None:
            found.append(Fault(seq, "was inserted: no event has told of it"))
        elif bytes(told) != bytes(entry_there.hash):
            found.append(Fault(seq, "is not the one that the event log has told of"))
        previous = told or (entry_there.hash if entry_there else previous)
    return sorted(found, key=lambda fault: fault.seq or 0)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no canonical form")
