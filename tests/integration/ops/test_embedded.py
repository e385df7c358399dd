"""The embedded server: shared, ended by its last user, and none the worse for being killed."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from civicforum import embedded

HOLD = "import sys, time; from pathlib import Path; from civicforum import embedded; "
HOLD += "embedded.start(Path(sys.argv[1]), durable=False); print('up', flush=True); time.sleep(60)"


def select_one(url: str) -> object:
    address = sa.make_url(url)
    with psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=address.database
    ) as connection:
        row = connection.execute("SELECT 1").fetchone()
        return row and row[0]


def hold(instance: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(instance)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def wait_until_ended(instance: Path) -> None:
    deadline = time.monotonic() + 20
    while embedded.is_running(instance) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not embedded.is_running(instance)


@pytest.mark.parametrize("name", ["plain", "with blanks, 社区 and 'quotes'", "long" * 40])
def test_server_answers_wherever_its_folder_is(tmp_path: Path, name: str) -> None:
    instance = tmp_path / name
    assert select_one(embedded.start(instance, durable=False)) == 1
    embedded.stop(instance)
    assert not embedded.is_running(instance)


def test_last_user_ends_the_server(instance: Path) -> None:
    other = hold(instance)
    url = embedded.start(instance, durable=False)
    other.terminate()
    other.communicate()
    assert select_one(url) == 1
    embedded.stop(instance)
    assert not embedded.is_running(instance)


def test_killed_user_ends_the_server_too(instance: Path) -> None:
    other = hold(instance)
    other.kill()
    other.communicate()
    wait_until_ended(instance)


def test_killed_server_is_started_again_with_its_data(instance: Path) -> None:
    address = sa.make_url(embedded.start(instance))
    with psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=address.database
    ) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
    postmaster = int((instance / "pgdata" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until_ended(instance)
    embedded.stop(instance)
    address = sa.make_url(embedded.start(instance))
    with psycopg.connect(
        host=str(address.query["host"]), user=address.username, dbname=address.database
    ) as connection:
        assert connection.execute("SELECT figure FROM kept").fetchall() == [(7,)]
    embedded.stop(instance)


def test_stale_pid_that_is_another_process_now_is_no_obstacle(instance: Path) -> None:
    embedded.start(instance, durable=False)
    lines = (instance / "pgdata" / "postmaster.pid").read_text().splitlines()
    embedded.stop(instance)
    stale = instance / "pgdata" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert select_one(embedded.start(instance, durable=False)) == 1
    embedded.stop(instance)


def test_data_of_another_major_version_are_refused(instance: Path) -> None:
    embedded.start(instance, durable=False)
    embedded.stop(instance)
    (instance / "pgdata" / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.EmbeddedError, match="PostgreSQL 12"):
        embedded.start(instance)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_ordinary_user_runs_it_and_root_shares_their_data(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    for folder in tmp_path.parents:
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 1:
            folder.chmod(folder.stat().st_mode | 1)
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    tmp_path.chmod(0o755)
    try:
        result = subprocess.run(
            [sys.executable, "-c", HOLD.replace("time.sleep(60)", "pass"), str(home / "instance")],
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
    except PermissionError:
        pytest.skip("this Python is in a folder that only root may enter")
    assert result.returncode == 0, result.stderr
    data = home / "instance" / "pgdata"
    wait_until_ended(home / "instance")
    assert data.stat().st_uid == nobody.pw_uid
    assert select_one(embedded.start(home / "instance", durable=False)) == 1
    embedded.stop(home / "instance")
    assert data.stat().st_uid == nobody.pw_uid


def test_folder_without_the_right_to_write_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(embedded.EmbeddedError, match="cannot be used"):
        embedded.start(tmp_path / "instance")


@pytest.mark.parametrize("name", ["plain", "with blanks, 社区 and 'quotes'"])
def test_killed_server_is_revived_under_the_same_address(tmp_path: Path, name: str) -> None:
    instance = tmp_path / name
    url = embedded.start(instance)
    os.kill(int((instance / "pgdata" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    wait_until_ended(instance)
    embedded.revive(instance)
    assert select_one(url) == 1
    embedded.revive(instance)
    embedded.stop(instance)
    assert not embedded.is_running(instance)
