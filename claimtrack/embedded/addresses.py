"""Where one data folder has its servers and secrets: plain paths, known before anything runs.

Every address follows from the data folder alone, so that `manage.py ingest` in another terminal finds
the servers that `manage.py up` started. Sockets lie outside the data folder because the path of a unix
socket may have 107 bytes at most, wherever the data folder is.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "claimtrack"
ROOTS_FOLDER = Path("/var/lib/claimtrack")


def data_folder() -> Path:
    """The data folder: CLAIMTRACK_DATA, else `var/` beside manage.py. It need not exist yet."""
    return Path(os.environ.get("CLAIMTRACK_DATA") or PROJECT / "var").expanduser().resolve()


def private_folder(data: Path) -> Path:
    """The short folder for what cannot lie in the data folder: sockets, and for root all of PostgreSQL."""
    name = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:12]
    uid = os.getuid()
    return (ROOTS_FOLDER if uid == 0 else Path(f"/tmp/claimtrack-{uid}")) / name


def postgres_socket_folder(data: Path) -> Path:
    return private_folder(data) / "postgres-socket"


def valkey_socket(data: Path) -> Path:
    return private_folder(data) / "valkey-socket" / "valkey.sock"


def database_url(data: Path) -> str:
    """The address of this data folder's own PostgreSQL, as django-environ and libpq read it."""
    return postgres_url(postgres_socket_folder(data), DATABASE)


def postgres_url(socket_folder: Path, database: str) -> str:
    # As a parameter, because django-environ does not decode a host that is a path.
    return f"postgresql://{DATABASE}@/{database}?host={quote(str(socket_folder))}"


def redis_url(data: Path) -> str:
    """The address of this data folder's own Valkey, as Celery reads it."""
    return valkey_url(valkey_socket(data))


def valkey_url(socket: Path) -> str:
    return f"redis+socket://{quote(str(socket))}?virtual_host=0"


def secret_key(data: Path) -> str | None:
    """The key that the first start made and kept, or None before it."""
    try:
        return (data / "secret_key").read_text().strip() or None
    except (FileNotFoundError, PermissionError):
        return None
