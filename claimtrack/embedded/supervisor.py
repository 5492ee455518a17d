"""Running several programs as one: started in order, started again when they die, stopped in reverse order.

One thread and one loop: it reads what the programs say, notices which ended, and starts those again after
a pause that grows with each quick death. Signals only set a flag that the loop looks at.
"""

import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import NoReturn

from claimtrack.embedded import leftovers
from claimtrack.embedded.child import Child, Program
from claimtrack.embedded.screen import Screen

LOOK_SECONDS = 0.05
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """A signal asked for the stop."""


class Supervisor:
    """Keeps programs running until it is asked to stop. Use as a context: its end stops them all.

    `record` is a file that names the processes for the case that this one is killed.
    """

    def __init__(self, *, record: Path, log_folder: Path, screen: Screen) -> None:
        self.is_stopping = False
        self._record = record
        self._log_folder = log_folder
        self._screen = screen
        self._groups: list[list[Child]] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Supervisor":
        self._before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
        for number, handler in self._before.items():
            # Under nohup SIGHUP is ignored, and stays so.
            if (number, handler) != (signal.SIGHUP, signal.SIG_IGN):
                signal.signal(number, self._ask_to_stop)
        self._log_folder.mkdir(mode=0o700, exist_ok=True)
        self._write_record()
        self._undertaker = subprocess.Popen(
            [sys.executable, "-I", "-S", leftovers.__file__, str(self._record)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.is_stopping = True
        for group in reversed(self._groups):
            self._stop(group)
        self._groups.clear()
        self._write_record()
        self._selector.close()
        self._undertaker.communicate()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def start(self, *programs: Program) -> None:
        """Start programs and keep them running; those of one call are later stopped together."""
        group = [Child(one, log_folder=self._log_folder, show=self._screen.show) for one in programs]
        self._groups.append(group)
        for child in group:
            self._start(child)

    def run_once(self, program: Program) -> int:
        """Run a program to its end and return its exit code. Raises Stopped."""
        self.start(program)
        [child] = self._groups[-1]
        self.wait_until(lambda: child.exit_code is not None)
        self._groups.remove([child])
        child.close()
        return child.exit_code or 0

    def wait_until(self, condition: Callable[[], bool], *, every: float = 0, at_most: float = inf) -> bool:
        """Keep everything running until the condition, asked `every` so many seconds, holds.

        Returns False when that took longer than `at_most` seconds. Raises Stopped.
        """
        now = ask_at = time.monotonic()
        deadline = now + at_most
        while now < deadline:
            self._look()
            if self.is_stopping:
                raise Stopped
            now = time.monotonic()
            if now >= ask_at:
                if condition():
                    return True
                ask_at = now + every
        return False

    def run_until_stopped(self) -> NoReturn:
        """Keep everything running. Raises Stopped."""
        while True:
            self.wait_until(lambda: False)

    def deaths(self) -> dict[str, int]:
        """How often each program that is kept running has ended since its first start."""
        return {child.program.name: child.deaths for child in self._children}

    @property
    def _children(self) -> list[Child]:
        return [child for group in self._groups for child in group]

    def _ask_to_stop(self, *_: object) -> None:
        self.is_stopping = True

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(), selectors.EVENT_READ, child)
        self._write_record()

    def _look(self) -> None:
        """One turn of the loop: listen, bury the dead, start again what is due."""
        for key, _ in self._selector.select(LOOK_SECONDS):
            if not key.data.listen():
                self._selector.unregister(key.fd)
        self._screen.write()
        for child in self._children:
            if child.is_running and child.has_ended():
                self._bury(child)
            elif not self.is_stopping and child.is_due():
                self._start(child)

    def _bury(self, child: Child) -> None:
        with suppress(KeyError):
            self._selector.unregister(child.output)
        child.bury()
        self._write_record()
        if child.program.is_kept and not self.is_stopping:
            self._screen.say(
                f"claimtrack: {child.program.name} ended ({_ending(child.exit_code)}); "
                f"it starts again in {child.pause:g} s"
            )

    def _stop(self, group: list[Child]) -> None:
        for child in group:
            child.ask_to_stop()
        started = time.monotonic()
        while any(child.is_running for child in group):
            self._look()
            for child in group:
                if time.monotonic() - started > child.program.grace:
                    child.kill()
        for child in group:
            child.close()

    def _write_record(self) -> None:
        leftovers.write_record(self._record, [child.running for child in self._children if child.running])


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"by {signal.Signals(-exit_code).name}"
    return f"exit code {exit_code}"
