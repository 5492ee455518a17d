"""A whole claimtrack of its own for a proof: in a temporary folder, on a free port, gone afterwards."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from claimtrack.embedded.addresses import PROJECT, private_folder, valkey_socket

READY_SECONDS = 120
STOP_SECONDS = 20


class Stack:
    """`manage.py up`, running; talked to as its first admin."""

    def __init__(self, data: Path, process: subprocess.Popen[bytes]) -> None:
        self.data = data
        self.process = process
        self.log = data / "up.log"

    @property
    def credentials(self) -> dict[str, str]:
        return json.loads((self.data / "credentials.json").read_text())  # type: ignore[no-any-return]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """One request to the API: the status and the answer."""
        request = urllib.request.Request(
            self.credentials["url"].rstrip("/") + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.credentials['token']}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")

    def submit(self, text: str, **fields: str) -> dict[str, Any]:
        """Post an article. Raises AssertionError where it is not taken in."""
        status, article = self.call("POST", "/api/v1/articles/", {"text": text, **fields})
        assert status in (200, 202), (status, article)
        return article  # type: ignore[no-any-return]

    def state_of(self, article_id: str) -> str:
        return str(self.call("GET", f"/api/v1/articles/{article_id}/")[1]["state"])

    def processes(self, words: str) -> list[int]:
        """The ids of this stack's processes whose command holds these words, the oldest first."""
        record = json.loads((self.data / "processes.json").read_text())
        groups = {int(one["pid"]) for one in record}
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and _group_of(int(entry.name)) in groups:
                command = _command_of(int(entry.name))
                if words in command:
                    found.append(int(entry.name))
        return sorted(found)

    def broker(self) -> "redis.Redis":
        """A connection to the stack's own broker."""
        return redis.Redis(unix_socket_path=str(valkey_socket(self.data)))

    def stop(self) -> float:
        """End it with SIGTERM, as an operator would, and return how long that took (seconds)."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        return time.monotonic() - began


@contextmanager
def running_stack(**environment: str) -> Iterator[Stack]:
    """Start `manage.py up` and wait until it says that it is ready."""
    data = Path(tempfile.mkdtemp(prefix="claimtrack-stack-"))
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"CLAIMTRACK_DATA": str(data), "PORT": str(_free_port()), **environment}
    with (data / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=PROJECT, env=env, stdout=log, stderr=log, start_new_session=True
        )
    stack = Stack(data, process)
    try:
        until(lambda: "claimtrack is ready" in stack.log.read_text() or process.poll() is not None, READY_SECONDS)
        assert process.poll() is None, stack.log.read_text()
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()
        shutil.rmtree(private_folder(data), ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


def until(holds: Callable[[], bool], seconds: float, every: float = 0.1) -> float:
    """Wait until something holds and return how long it took. Raises TimeoutError."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(every)
    return time.monotonic() - began


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
