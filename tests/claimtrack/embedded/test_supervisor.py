"""Programs are kept running, stopped in order, and never left behind; here they are tiny stand-ins."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claimtrack.embedded.child import Program
from claimtrack.embedded.leftovers import Running, end_leftovers, read_record, write_record
from claimtrack.embedded.screen import Screen
from claimtrack.embedded.supervisor import Stopped, Supervisor

PROJECT = Path(__file__).parents[3]
SLEEP = "import time; print('awake', flush=True); time.sleep(60)"
# Two processes that tell their pids, each in one write so that the lines do not mix.
FAMILY = "import os, time; os.fork(); os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"


def python(name: str, code: str, **how) -> Program:
    return Program(name, [sys.executable, "-S", "-c", code], **how)


class Told:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def show(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")

    def write(self) -> None:
        pass


@pytest.fixture
def screen() -> Told:
    return Told()


@pytest.fixture
def supervisor(tmp_path: Path, screen: Told) -> Iterator[Supervisor]:
    with Supervisor(record=tmp_path / "processes.json", log_folder=tmp_path, screen=screen) as running:
        yield running


def pids(tmp_path: Path) -> list[int]:
    return [one.pid for one in read_record(tmp_path / "processes.json")]


def is_alive(pid: int) -> bool:
    return Running.of(pid, 0) is not None


def until(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_killed_program_is_started_again(supervisor, screen, tmp_path):
    supervisor.start(python("sleeper", SLEEP))
    supervisor.wait_until(lambda: "sleeper: awake" in screen.lines)
    [first] = pids(tmp_path)

    os.kill(first, signal.SIGKILL)

    assert supervisor.wait_until(lambda: screen.lines.count("sleeper: awake") == 2, at_most=5)
    assert pids(tmp_path) != [first]
    assert "claimtrack: sleeper ended (by SIGKILL); it starts again in 0.5 s" in screen.lines


def test_a_program_that_cannot_start_is_tried_after_growing_pauses(supervisor, screen):
    supervisor.start(python("broken", "raise SystemExit(3)"))

    supervisor.wait_until(lambda: supervisor.deaths()["broken"] == 3, at_most=10)

    pauses = [re.findall(r"in ([\d.]+) s", line)[0] for line in screen.lines]
    assert pauses == ["0.5", "1", "2"]


def test_the_children_of_a_killed_program_end_with_it(supervisor, screen):
    supervisor.start(python("parent", FAMILY))
    supervisor.wait_until(lambda: len(screen.lines) == 2, at_most=5)
    family = [int(line.removeprefix("parent: ")) for line in screen.lines]
    [leader] = [pid for pid in family if os.getpgid(pid) == pid]

    os.kill(leader, signal.SIGKILL)
    supervisor.wait_until(lambda: len(screen.lines) > 2, at_most=5)

    assert until(lambda: not any(map(is_alive, family)))


def test_the_last_started_stops_first_and_the_deaf_are_killed(tmp_path, screen):
    says_when_stopped = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', flush=True)))\n"
        "print('awake', flush=True); time.sleep(60)"
    )
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('awake', flush=True); time.sleep(60)"
    with Supervisor(record=tmp_path / "record", log_folder=tmp_path, screen=screen) as supervisor:
        supervisor.start(python("first", says_when_stopped))
        supervisor.start(python("deaf", deaf, grace=0.2))
        supervisor.start(python("last", says_when_stopped))
        supervisor.wait_until(lambda: len(screen.lines) == 3, at_most=5)
        running = [one.pid for one in read_record(tmp_path / "record")]

    assert screen.lines[3:] == ["last: bye", "first: bye"]
    assert not any(map(is_alive, running))
    assert read_record(tmp_path / "record") == []


def test_a_signal_ends_the_waiting(supervisor):
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Stopped):
        supervisor.run_until_stopped()


def test_what_programs_say_is_kept_in_a_file_of_each(supervisor, tmp_path):
    code = supervisor.run_once(python("speaker", "print('one\\ntwo', end=''); raise SystemExit(4)", is_kept=False))

    assert code == 4
    assert (tmp_path / "speaker.log").read_text() == "one\ntwo\n"


def test_a_reader_who_stops_reading_stops_nothing():
    reading, writing = os.pipe()
    screen = Screen(writing)
    for n in range(40_000):
        screen.show("web", f"line {n} of many")
    screen.say("claimtrack is ready")

    heard = b""
    os.set_blocking(reading, False)
    while b"ready" not in heard:
        heard += os.read(reading, 65_536)
        screen.write()
    os.close(reading)
    screen.say("nobody hears this")
    os.close(writing)

    assert re.search(rb"\d+ lines not shown", heard)


KILLED = """
import os, sys
from pathlib import Path
from claimtrack.embedded.child import Program
from claimtrack.embedded.screen import Screen
from claimtrack.embedded.supervisor import Supervisor
folder = Path(sys.argv[1])
env = os.environ | {"CLAIMTRACK_SUPERVISED_FROM": str(folder)}
with Supervisor(record=folder / "processes.json", log_folder=folder, screen=Screen()) as supervisor:
    supervisor.start(Program("family", [sys.executable, "-S", "-c", sys.argv[2]], env=env))
    supervisor.run_until_stopped()
"""


def test_a_killed_supervisor_leaves_nothing_running(tmp_path):
    supervisor = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), FAMILY], stdout=subprocess.PIPE, cwd=PROJECT, text=True
    )
    with supervisor:
        assert supervisor.stdout is not None
        said = [supervisor.stdout.readline() for _ in range(2)]

        supervisor.kill()

    family = [int(line.split("|")[1]) for line in said]
    assert until(lambda: not any(map(is_alive, family)))


def test_what_was_left_is_ended_but_a_reused_pid_is_not(tmp_path):
    left, other = (subprocess.Popen([sys.executable, "-S", "-c", SLEEP], start_new_session=True) for _ in "ab")
    recorded = [Running.of(process.pid, signal.SIGTERM) for process in (left, other)]
    assert recorded[0] is not None
    assert recorded[1] is not None
    stranger = Running(other.pid, recorded[1].started + 1, recorded[1].boot, signal.SIGTERM)
    write_record(tmp_path / "processes.json", [recorded[0], stranger])
    try:
        assert end_leftovers(tmp_path / "processes.json") == 1
        assert left.wait(timeout=5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("text", ["", "{", '[{"pid": 1}]', "null"])
def test_a_record_that_cannot_be_read_names_nothing(tmp_path, text):
    (tmp_path / "processes.json").write_text(text)
    assert read_record(tmp_path / "processes.json") == []
