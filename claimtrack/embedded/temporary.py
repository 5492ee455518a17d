"""Servers for one test run or one measurement: in a temporary folder, fast, gone afterwards."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGQUIT, Signals

from claimtrack.embedded.launch import Account, CannotStart, launch
from claimtrack.embedded.postgres import Cluster
from claimtrack.embedded.valkey import STOP_SIGNAL, Broker

START_SECONDS = 30


@contextmanager
def temporary_postgres() -> Iterator[Cluster]:
    """An empty PostgreSQL that forgets everything at the end of the block."""
    account = Account.for_servers()
    with _folder(account) as folder:
        cluster = Cluster(folder / "postgres", folder / "socket", account, durable=False)
        cluster.prepare()
        # Stopped at once (SIGQUIT): nothing is worth writing down.
        with _served(cluster.command(), cluster.is_up, stop=SIGQUIT, log=folder / "log", account=account):
            cluster.make_database()
            yield cluster


@contextmanager
def temporary_valkey() -> Iterator[Broker]:
    """An empty Valkey that forgets everything at the end of the block."""
    with _folder(Account.own()) as folder:
        broker = Broker(folder / "valkey", folder / "socket" / "valkey.sock")
        broker.prepare()
        with _served(broker.command(), broker.is_up, stop=STOP_SIGNAL, log=folder / "log", account=Account.own()):
            yield broker


@contextmanager
def _folder(account: Account) -> Iterator[Path]:
    # Not under TMPDIR, which may be too long for the path of a socket, or closed to `nobody`.
    folder = Path(tempfile.mkdtemp(prefix="claimtrack-", dir="/tmp"))
    try:
        if account != Account.own():
            shutil.chown(folder, account.uid, account.gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(
    command: list[str], is_up: Callable[[], bool], *, stop: Signals, log: Path, account: Account
) -> Iterator[None]:
    with log.open("wb") as output:
        server = launch(command, death_signal=stop, output=output, account=account)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_up():
            if server.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"{command[0]} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(stop)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
