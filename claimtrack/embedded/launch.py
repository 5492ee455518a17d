"""Starting a program as a child with a session of its own, which dies with the process that started it."""

import os
import pwd
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import IO

BECOME = Path(__file__).with_name("become.py")


class CannotStart(Exception):
    """What stands in the way of starting, as one sentence for the person who typed the command."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that a program runs as."""

    uid: int
    gid: int

    @classmethod
    def own(cls) -> "Account":
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_servers(cls) -> "Account":
        """Oneself; for root `nobody`: PostgreSQL refuses root, and every system has that user already."""
        if os.geteuid() != 0:
            return cls.own()
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            raise CannotStart("PostgreSQL does not run as root, and there is no user `nobody` to run it as.") from None
        return cls(nobody.pw_uid, nobody.pw_gid)


def launch(
    argv: Sequence[str],
    *,
    death_signal: Signals,
    output: int | IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
    account: Account | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program, by its whole path, as leader of a new session; stdout and stderr both go to `output`.

    The kernel sends `death_signal` when the thread that called this ends: call it from the main thread.
    """
    account = account or Account.own()
    orders = [os.getpid(), int(death_signal), account.uid, account.gid]
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(BECOME), *map(str, orders), *argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
    )


def make_folder(folder: Path, *, owner: Account, mode: int = 0o700) -> None:
    """Make a folder of ours with this owner and mode; one that is there already is only checked.

    Raises CannotStart where somebody else could have made it, or where others may write into it.
    """
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not folder.is_dir() or folder.is_symlink() or found.st_uid != owner.uid or found.st_mode & 0o022:
            raise CannotStart(
                f"{folder} is not a folder that only claimtrack can write to; move it away and start again."
            ) from None
    except OSError as error:
        raise CannotStart(f"{folder} cannot be made: {error.strerror}.") from error
    else:
        folder.chmod(mode)
        if owner != Account.own():
            os.chown(folder, owner.uid, owner.gid)
