"""One program that a supervisor runs: its process, what it says, and when it may be started again."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from logging import makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals

from claimtrack.embedded.launch import Account, launch
from claimtrack.embedded.leftovers import Running

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
SETTLED_SECONDS = 5.0  # a program that lived this long did not die of its start
LOG_BYTES, OLD_LOGS = 5_000_000, 3
LONGEST_LINE = 65_536


@dataclass(frozen=True, slots=True)
class Program:
    """What is run: `argv` with the whole path of the program.

    `grace` are the seconds between the stop signal and SIGKILL; `death_signal` is what the program gets
    when its supervisor is killed; one that is not `kept` is run to its end.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    cwd: Path = Path("/")
    account: Account | None = None
    stop_signal: Signals = SIGTERM
    death_signal: Signals = SIGKILL
    grace: float = 2.0
    is_kept: bool = True


class Child:
    """A program and the process that runs it now, if any."""

    def __init__(self, program: Program, *, log_folder: Path, show: Callable[[str, str], None]) -> None:
        self.program = program
        self.running: Running | None = None
        self.exit_code: int | None = None
        self.deaths = self.quick_deaths = 0
        self._start_again_at: float | None = None
        self._show = show
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._unfinished_line = b""
        self._log = RotatingFileHandler(
            log_folder / f"{program.name}.log", maxBytes=LOG_BYTES, backupCount=OLD_LOGS, errors="replace"
        )

    def start(self) -> int:
        """Start the process. Returns the file descriptor at which it is heard."""
        program = self.program
        self._process = launch(
            program.argv,
            death_signal=program.death_signal,
            output=subprocess.PIPE,
            env=program.env,
            cwd=program.cwd,
            account=program.account,
        )
        self._started_at, self._start_again_at, self.exit_code = time.monotonic(), None, None
        self.running = Running.of(self._process.pid, program.death_signal)
        os.set_blocking(self.output, False)
        return self.output

    @property
    def output(self) -> int:
        """The file descriptor at which the running process is heard."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def listen(self) -> bool:
        """Pass on the lines that the process has written. False when it will write no more."""
        with suppress(BlockingIOError):
            while heard := os.read(self.output, LONGEST_LINE):
                *lines, self._unfinished_line = (self._unfinished_line + heard).split(b"\n")
                if len(self._unfinished_line) >= LONGEST_LINE:
                    lines, self._unfinished_line = [*lines, self._unfinished_line], b""
                for line in lines:
                    self._pass_on(line)
            return False
        return True

    def has_ended(self) -> bool:
        """Whether the process is dead; it is not yet waited for, so that its pid still belongs to it."""
        if self._process is None:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def bury(self) -> None:
        """Take a dead process off the books, end the children it left, and say when it may start again."""
        assert self._process is not None
        self.kill()
        self.listen()
        if self._unfinished_line:
            self._pass_on(self._unfinished_line)
        self._unfinished_line = b""
        with self._process as process:
            self.exit_code = process.wait()
        self._process = self.running = None
        if self.program.is_kept:
            self.deaths += 1
            is_quick = time.monotonic() - self._started_at < SETTLED_SECONDS
            self.quick_deaths = self.quick_deaths + 1 if is_quick else 0
            self._start_again_at = time.monotonic() + self.pause

    def is_due(self) -> bool:
        """Whether the time has come to start it again."""
        return self._start_again_at is not None and time.monotonic() >= self._start_again_at

    @property
    def pause(self) -> float:
        """Seconds before the next start: they double with each death that follows quickly on a start."""
        return float(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** max(0, self.quick_deaths - 1)))

    def ask_to_stop(self) -> None:
        if self._process is not None:
            # Not by Popen.send_signal, which would wait for a process that is dead already.
            os.kill(self._process.pid, self.program.stop_signal)

    def kill(self) -> None:
        """End the process and every child in its session's group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, SIGKILL)

    def close(self) -> None:
        self._log.close()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def _pass_on(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        self._log.emit(makeLogRecord({"msg": text}))
        self._show(self.program.name, text)
