"""What a killed supervisor left running: known by pid and start time, so that a reused pid is never touched.

Also run as a script, beside each supervisor: it waits until its input ends, which it does when the
supervisor dies in whatever way, and then ends what is left. It imports nothing of claimtrack.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "CLAIMTRACK_SUPERVISED_FROM"
PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Running:
    """One process as it was when it was started; `started` is its start in clock ticks after boot."""

    pid: int
    started: int
    boot: str
    stop_signal: int

    @classmethod
    def of(cls, pid: int, stop_signal: int) -> "Running | None":
        found = _stat(pid)
        return cls(pid, found.started, _boot(), stop_signal) if found else None

    def is_alive(self) -> bool:
        found = _stat(self.pid)
        return found is not None and found.started == self.started and self.boot == _boot()


def write_record(record: Path, running: Iterable[Running]) -> None:
    """Keep what runs now, in one step: a reader sees the old list or the new one."""
    unfinished = record.with_name(f"{record.name}.unfinished")
    unfinished.write_text(json.dumps([asdict(one) for one in running]))
    unfinished.replace(record)


def read_record(record: Path) -> list[Running]:
    try:
        return [Running(**one) for one in json.loads(record.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def end_leftovers(record: Path) -> int:
    """End every recorded process that still runs, and the children it left. Returns how many there were.

    Each gets its own signal first (PostgreSQL's lets it write everything down), after five seconds SIGKILL.
    """
    recorded = read_record(record)
    alive = [one for one in recorded if one.is_alive()]
    for one in alive:
        _send(one.pid, one.stop_signal)
    orphans = list(_orphans({one.pid for one in recorded} - {one.pid for one in alive}, str(record.parent)))
    for pid in orphans:
        _send(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(one.is_alive() for one in alive) and time.monotonic() < deadline:
        time.sleep(0.05)
    for one in alive:
        if one.is_alive():
            _send(one.pid, signal.SIGKILL)
        for pid in _orphans({one.pid}, str(record.parent)):
            _send(pid, signal.SIGKILL)
    return len(alive) + len(orphans)


@dataclass(frozen=True, slots=True)
class _Stat:
    session: int
    started: int


def _stat(pid: int) -> _Stat | None:
    """The session and the start of a process; None where it is gone, or dead and not yet waited for."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    # The second field is a name in brackets, in which anything may stand.
    state, *fields = text.rpartition(")")[2].split()
    return None if state in "ZX" else _Stat(session=int(fields[2]), started=int(fields[18]))


def _orphans(sessions: set[int], data: str) -> Iterator[int]:
    """Processes of these sessions, started from this data folder, whose leaders are gone."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or (pid := int(folder.name)) in sessions:
            continue
        found = _stat(pid)
        if found and found.session in sessions:
            with suppress(OSError):
                if f"{MARK}={data}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    yield pid


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end_leftovers(Path(sys.argv[1]))
