"""The private servers start for whoever runs these tests, on paths that a socket may have."""

import os
from pathlib import Path

import psycopg
import pytest
import redis
from django.db import connection

from claimtrack.embedded import addresses
from claimtrack.embedded.launch import Account, CannotStart, make_folder
from claimtrack.embedded.postgres import Cluster
from claimtrack.embedded.temporary import temporary_postgres

LONGEST_SOCKET_PATH = 107


@pytest.mark.django_db
def test_the_tests_run_on_a_postgresql_of_their_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('listen_addresses'), current_setting('fsync')")
        assert cursor.fetchone() == ("", "off")


@pytest.mark.parametrize(("gigabytes", "buffers"), [(0.5, 128), (4, 512), (8, 1024), (256, 2048)])
def test_postgresql_keeps_an_eighth_of_the_memory_at_hand(monkeypatch, tmp_path, gigabytes, buffers):
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": int(gigabytes * 2**18)}.get)

    assert f"shared_buffers={buffers}MB" in Cluster(tmp_path, tmp_path / "socket", Account.own()).command()


def test_postgresql_starts_with_what_the_migrations_need_and_leaves_no_file():
    with temporary_postgres() as cluster, psycopg.connect(cluster.url()) as database:
        for extension in ("pg_trgm", "unaccent", "vector"):
            database.execute(f"CREATE EXTENSION {extension}")
        words = database.execute("SELECT tsvector_to_array(to_tsvector('simple', '“Ärger” said—he'))")

        assert words.fetchone() == (["he", "said", "ärger"],)

    assert not cluster.files.parent.exists()


def test_files_of_another_major_version_are_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")

    with pytest.raises(CannotStart, match="written by PostgreSQL 12"):
        Cluster(tmp_path / "postgres", tmp_path / "socket", Account.own()).prepare()


def test_valkey_keeps_what_it_is_told(broker):
    client = redis.Redis(unix_socket_path=str(broker.socket))
    client.set("word", "kept")

    assert client.get("word") == b"kept"
    client.close()


@pytest.mark.parametrize("data", ["/srv/claimtrack", "/home/somebody/" + "a very deep folder/" * 12])
@pytest.mark.parametrize("uid", [0, 1000, 2**32 - 2])
def test_socket_paths_are_short_wherever_the_data_folder_is(monkeypatch, data, uid):
    monkeypatch.setattr(os, "getuid", lambda: uid)

    for socket in (
        addresses.postgres_socket_folder(Path(data)) / ".s.PGSQL.5432",
        addresses.valkey_socket(Path(data)),
    ):
        assert len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH


def test_two_data_folders_have_different_addresses(tmp_path):
    assert addresses.database_url(tmp_path / "a") != addresses.database_url(tmp_path / "b")
    assert addresses.redis_url(tmp_path / "a") != addresses.redis_url(tmp_path / "b")


def test_a_folder_that_others_may_write_to_is_refused_and_its_mode_stays(tmp_path):
    tmp_path.chmod(0o777)

    with pytest.raises(CannotStart, match="not a folder that only claimtrack can write to"):
        make_folder(tmp_path, owner=Account.own())

    assert tmp_path.stat().st_mode & 0o777 == 0o777
