"""Starting and ending: one clear line when it cannot be, nothing left behind when it is over."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from civicforum import embedded
from tests.integration.ops.conftest import Served, run_command
from tests.support import ports

Run = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Served]


def processes_naming(text: str) -> list[str]:
    """Return the command lines of living processes in which the text occurs."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command:
            found.append(command)
    return found


def assert_nothing_is_left(instance: Path) -> None:
    assert not embedded.is_running(instance)
    assert processes_naming(str(instance)) == []
    assert not (instance / "pgdata" / "postmaster.pid").exists()


@contextmanager
def connected(instance: Path) -> Iterator[psycopg.Connection[Any]]:
    url = sa.make_url(embedded.start(instance))
    with psycopg.connect(host=str(url.query["host"]), user=url.username, dbname=url.database) as connection:
        yield connection
    embedded.stop(instance)


def assert_one_line(result: subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode == 1, result.stderr
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    for word in words:
        assert word in result.stderr


@pytest.fixture(scope="module", autouse=True)
def silent(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Future[tuple[subprocess.CompletedProcess[str], float]]]:
    """A start whose database says nothing, and its seconds: begun before the other tests, since it waits."""
    with socket.socket() as database, ThreadPoolExecutor() as pool:
        database.bind(("127.0.0.1", 0))
        database.listen()
        url = f"postgresql+psycopg://somebody@127.0.0.1:{database.getsockname()[1]}/forum"
        instance, port = tmp_path_factory.mktemp("silent") / "instance", str(ports.free_port())

        def start() -> tuple[subprocess.CompletedProcess[str], float]:
            begun = time.monotonic()
            return run_command(instance, "serve", "--port", port, DATABASE_URL=url), time.monotonic() - begun

        yield pool.submit(start)


def test_an_interrupt_ends_everything_with_status_zero(serve: Serve, prepared: Path) -> None:
    served = serve()
    served.wait_until_ready()
    begun = time.monotonic()
    assert served.end(signal.SIGINT) == 0
    assert time.monotonic() - begun < 15
    assert_nothing_is_left(prepared)


def test_two_starts_at_once_share_one_database(serve: Serve, free_port: int, instance: Path) -> None:
    both = [serve(free_port), serve(ports.free_port())]
    for served in both:
        served.wait_until_ready()
    assert both[0].end() == 0
    both[1].wait_until_ready()
    assert both[1].end() == 0
    assert not embedded.is_running(instance)


def test_a_killed_start_leaves_no_process_and_the_next_one_finds_the_data_again(
    serve: Serve, prepared: Path
) -> None:
    first = serve()
    first.wait_until_ready()
    with connected(prepared) as connection:
        connection.execute("INSERT INTO region (id, kind, name) VALUES (gen_random_uuid(), 'city', '安和')")
    first.end(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while processes_naming(str(prepared)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_naming(str(prepared)) == []
    second = serve()
    second.wait_until_ready()
    with connected(prepared) as connection:
        assert connection.execute("SELECT name FROM region").fetchall() == [("安和",)]
    assert second.end(signal.SIGTERM) == 0
    assert_nothing_is_left(prepared)


def test_port_in_use_is_said_before_anything_is_made(civicforum: Run, free_port: int, instance: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        result = civicforum("serve", "--port", str(free_port))
    assert_one_line(result, str(free_port), "in use")
    assert not instance.exists()


def test_folder_that_cannot_be_written_is_named(civicforum: Run, free_port: int) -> None:
    # Nobody can make a folder there, root included.
    result = civicforum("serve", "--port", str(free_port), INSTANCE="/proc/civicforum")
    assert_one_line(result, "/proc/civicforum")


def test_database_that_refuses_is_named(civicforum: Run, free_port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"postgresql+psycopg://somebody:secret@127.0.0.1:{probe.getsockname()[1]}/forum"
        result = civicforum("serve", "--port", str(free_port), DATABASE_URL=url)
    assert_one_line(result, "does not answer", "127.0.0.1")
    assert "secret" not in result.stderr


def test_address_that_is_none_is_explained(civicforum: Run) -> None:
    assert_one_line(civicforum("migrate", DATABASE_URL="the big one"), "CIVICFORUM_DATABASE_URL")


def test_database_newer_than_the_code_is_left_alone(
    civicforum: Run, make_database: Callable[[str], str], template: str
) -> None:
    url = make_database(template)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_of_tomorrow'")
    assert_one_line(civicforum("migrate", DATABASE_URL=url), "newer", "9999_of_tomorrow")
    with engine.connect() as connection:
        assert (
            connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            == "9999_of_tomorrow"
        )


def test_migrating_twice_at_once_and_again_is_safe(
    civicforum: Run, make_database: Callable[[str], str]
) -> None:
    url = make_database("template0")
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda _: civicforum("migrate", DATABASE_URL=url), range(2)))
    assert [result.returncode for result in results] == [0, 0], [result.stderr for result in results]
    assert civicforum("migrate", DATABASE_URL=url).returncode == 0


def test_database_that_says_nothing_is_given_up_after_ten_seconds(
    silent: Future[tuple[subprocess.CompletedProcess[str], float]],
) -> None:
    result, seconds = silent.result()
    assert_one_line(result, "does not answer")
    assert seconds < 30
