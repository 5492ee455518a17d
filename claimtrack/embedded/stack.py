"""Everything claimtrack needs on one machine: which programs, in which order, and when they are ready."""

import fcntl
import http.client
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kombu.exceptions import OperationalError

from claimtrack.celery import app
from claimtrack.embedded import addresses, leftovers, postgres, valkey
from claimtrack.embedded.child import Program
from claimtrack.embedded.launch import Account, CannotStart, make_folder
from claimtrack.embedded.screen import Screen
from claimtrack.embedded.supervisor import Stopped, Supervisor

# Which worker looks after which queues, so that a slow download never delays a reading.
WORKERS = {"reader": "read,match", "fetcher": "poll,download"}
PROCESSES_PER_WORKER = 2
READY_SECONDS = 120
HOPELESS_DEATHS = 4  # of one program, before all are ready


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service listens and where it keeps its things."""

    data: Path
    host: str
    port: int

    @classmethod
    def from_environment(cls) -> "Place":
        """Read CLAIMTRACK_DATA, HOST and PORT. Raises CannotStart."""
        port = os.environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise CannotStart(f"PORT is {port!r}; it must be a number from 1 to 65535.")
        return cls(addresses.data_folder(), os.environ.get("HOST") or "127.0.0.1", int(port))

    @property
    def near_host(self) -> str:
        """The host under which this machine itself reaches the web server, as it stands in an address."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"[{host}]" if ":" in host else host

    @property
    def url(self) -> str:
        return f"http://{self.near_host}:{self.port}"


def run(place: Place, *, screen: Screen, demo: bool = False) -> None:
    """Run the whole service until SIGINT, SIGTERM or SIGHUP. Raises CannotStart."""
    place.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_on(place.data):
        record = place.data / "processes.json"
        if ended := leftovers.end_leftovers(record):
            screen.say(f"claimtrack: ended {ended} processes that an earlier start had left behind")
        _check_port(place)
        with Supervisor(record=record, log_folder=place.data / "log", screen=screen) as supervisor:
            try:
                _start(supervisor, place, screen, demo=demo)
                supervisor.run_until_stopped()
            except Stopped:
                screen.say("claimtrack: stopping")
        screen.say("claimtrack: stopped")


def _start(supervisor: Supervisor, place: Place, screen: Screen, *, demo: bool) -> None:
    env = _environment(place)
    _start_servers(supervisor, place)
    _finish(supervisor, place, _manage("prepare", "--url", place.url, env=env))
    for group in _service(place, env):
        supervisor.start(*group)
    _await(supervisor, place, "web", lambda: _answers(place), every=0.25)
    for worker in WORKERS:
        _await(supervisor, place, worker, partial(_works, worker), every=0.25)
    screen.say(f"claimtrack is ready at {place.url}")
    screen.say(f"Name, password and token of the first admin: {place.data / 'credentials.json'}")
    if demo:
        _finish(supervisor, place, _manage("demo", env=env))
        screen.say("ready")


def _start_servers(supervisor: Supervisor, place: Place) -> None:
    """Start those of PostgreSQL and Valkey that the environment does not name, and wait for them."""
    _make_folders(place.data)
    if not os.environ.get("DATABASE_URL"):
        cluster = postgres.Cluster.of(place.data)
        cluster.prepare()
        supervisor.start(
            Program(
                "postgres",
                cluster.command(),
                account=cluster.account,
                stop_signal=postgres.STOP_SIGNAL,
                death_signal=postgres.STOP_SIGNAL,
                grace=3,
            )
        )
        _await(supervisor, place, "postgres", cluster.is_up, every=0.1)
        cluster.make_database()
    if not os.environ.get("REDIS_URL"):
        broker = valkey.Broker.of(place.data)
        broker.prepare()
        supervisor.start(Program("valkey", broker.command(), death_signal=valkey.STOP_SIGNAL, grace=1))
        _await(supervisor, place, "valkey", broker.is_up)


def _service(place: Place, env: Mapping[str, str]) -> list[list[Program]]:
    """claimtrack's own processes, in the order of their start; those of one group are stopped together."""
    celery = ["-m", "celery", "-A", "claimtrack"]
    workers = [
        _python(
            name,
            *(*celery, "worker", "-Q", queues, "-n", f"{name}@%h", "-c", str(PROCESSES_PER_WORKER)),
            *("-l", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"),
            env=env,
            grace=2.5,
        )
        for name, queues in WORKERS.items()
    ]
    beat = _python(
        "beat",
        *(*celery, "beat", "-l", "INFO", "--pidfile=", "-s", str(place.data / "beat-schedule")),
        env=env,
        grace=1,
    )
    web = _python(
        "web",
        *("-m", "uvicorn", "claimtrack.asgi:application", "--host", place.host, "--port", str(place.port)),
        *("--lifespan", "off", "--no-server-header", "--timeout-graceful-shutdown", "1"),
        env=env,
    )
    return [workers, [beat], [web]]


def _manage(command: str, *arguments: str, env: Mapping[str, str]) -> Program:
    return _python(command, str(addresses.PROJECT / "manage.py"), command, *arguments, env=env, is_kept=False)


def _python(name: str, *arguments: str, env: Mapping[str, str], **how: Any) -> Program:
    return Program(name, [sys.executable, *arguments], env=env, cwd=addresses.PROJECT, **how)


def _environment(place: Place) -> dict[str, str]:
    """What claimtrack's own processes are told: which servers, which secret, which data folder."""
    return {
        "DATABASE_URL": addresses.database_url(place.data),
        "REDIS_URL": addresses.redis_url(place.data),
        "SECRET_KEY": _kept_secret_key(place.data),
        **{name: value for name, value in os.environ.items() if value},
        # The address that is printed at the end must be one that Django answers to.
        "ALLOWED_HOSTS": f"{os.environ.get('ALLOWED_HOSTS') or 'localhost,127.0.0.1'},{place.near_host}",
        "CLAIMTRACK_DATA": str(place.data),
        "PYTHONUNBUFFERED": "1",
        leftovers.MARK: str(place.data),
    }


def _kept_secret_key(data: Path) -> str:
    """The key of this data folder, made at the first start."""
    if (key := addresses.secret_key(data)) is None:
        key = secrets.token_urlsafe(50)
        with os.fdopen(os.open(data / "secret_key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(key)
    return key


def _await(supervisor: Supervisor, place: Place, name: str, condition: Callable[[], bool], *, every: float = 0) -> None:
    """Wait until a program answers. Raises CannotStart when that takes too long or any program keeps dying."""

    def is_so() -> bool:
        for program, deaths in supervisor.deaths().items():
            if deaths >= HOPELESS_DEATHS:
                raise CannotStart(f"{program} keeps ending; what it said is in {place.data / 'log' / program}.log.")
        return condition()

    if not supervisor.wait_until(is_so, every=every, at_most=READY_SECONDS):
        raise CannotStart(
            f"{name} does not answer after {READY_SECONDS} s; what it said is in {place.data / 'log' / name}.log."
        )


def _finish(supervisor: Supervisor, place: Place, program: Program) -> None:
    if supervisor.run_once(program):
        raise CannotStart(f"{program.name} failed; what it said is in {place.data / 'log' / program.name}.log.")


def _answers(place: Place) -> bool:
    connection = http.client.HTTPConnection(place.near_host, place.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _works(worker: str) -> bool:
    """Whether a worker answers over the broker."""
    try:
        with app.connection_for_write() as connection:
            return bool(
                app.control.ping(
                    destination=[f"{worker}@{socket.gethostname()}"], limit=1, timeout=0.5, connection=connection
                )
            )
    except OperationalError:
        return False


def _make_folders(data: Path) -> None:
    private = addresses.private_folder(data)
    mode = 0o755 if os.geteuid() == 0 else 0o700  # for root, `nobody` must pass through
    for folder in (private.parent, private):
        make_folder(folder, owner=Account.own(), mode=mode)


@contextmanager
def _alone_on(data: Path) -> Iterator[None]:
    """Hold the data folder's lock, which the kernel gives back however this process ends."""
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(f"claimtrack already runs on {data} (process {lock.read()}).") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _check_port(place: Place) -> None:
    """Raises CannotStart where the port cannot be had, before anything is started."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((place.host, place.port))
        except OSError as error:
            raise CannotStart(
                f"Port {place.port} on {place.host} cannot be used ({error.strerror}): "
                f"choose another, as in `PORT={place.port + 1} make run`."
            ) from None
