"""What can stand in the way of a start is said in one sentence, before anything is started."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from claimtrack.embedded import addresses, stack
from claimtrack.embedded.launch import CannotStart
from claimtrack.embedded.screen import Screen

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def place(tmp_path: Path) -> stack.Place:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return stack.Place(tmp_path / "data", "127.0.0.1", free.getsockname()[1])


def test_a_port_in_use_is_one_clear_sentence(place):
    with socket.socket() as taken:
        taken.bind((place.host, place.port))
        taken.listen()
        environment = os.environ | {"PORT": str(place.port), "CLAIMTRACK_DATA": str(place.data)}
        up = subprocess.run(
            [sys.executable, PROJECT / "manage.py", "up"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert up.returncode == 1
    assert up.stdout == ""
    assert up.stderr == (
        f"CommandError: Port {place.port} on 127.0.0.1 cannot be used (Address already in use): "
        f"choose another, as in `PORT={place.port + 1} make run`.\n"
    )


def test_a_second_start_on_the_same_data_folder_is_refused(place):
    place.data.mkdir()
    with (
        stack._alone_on(place.data),
        pytest.raises(CannotStart, match=rf"already runs on {place.data} \(process {os.getpid()}\)"),
    ):
        stack.run(place, screen=Screen())


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(CannotStart, match="must be a number"):
        stack.Place.from_environment()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
    ],
)
def test_the_address_that_is_told_works_from_this_machine(host, url, tmp_path):
    assert stack.Place(tmp_path, host, 8000).url == url


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    assert addresses.secret_key(tmp_path) is None

    key = stack._kept_secret_key(tmp_path)

    assert stack._kept_secret_key(tmp_path) == addresses.secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
