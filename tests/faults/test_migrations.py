"""Killed in the middle of a migration: what was begun is undone, and the next start goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from civicforum import embedded
from civicforum.config import ROOT
from tests.faults.conftest import Note
from tests.faults.site import Site
from tests.integration.ops.test_migrations import SHAPES, shape
from tests.support.ports import free_port

BEFORE = "0016_reserve"
KILLS = 6
ROWS = 60_000
FILL = """
    INSERT INTO region (id, kind, name) VALUES (gen_random_uuid(), 'city', '临江市');
    INSERT INTO region (id, kind, name, parent_id)
        SELECT gen_random_uuid(), 'district', '东湖区', id FROM region;
    INSERT INTO region (id, kind, name, parent_id)
        SELECT gen_random_uuid(), 'subdistrict', '松河街道', id FROM region WHERE kind = 'district';
    INSERT INTO community (id, name, subdistrict_id, created_at, {more_columns})
        SELECT gen_random_uuid(), '青松里社区', id, now(), {more_values}
        FROM region WHERE kind = 'subdistrict';
    INSERT INTO notice (id, community_id, category, title, text, subject_kind, posted_at, until)
        SELECT gen_random_uuid(), community.id, 'common_concern', '通知' || number,
               repeat('停水通知', 50), '', now(), now() + interval '5 days'
        FROM community, generate_series(1, {rows}) AS number;
"""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the instance folder of an older version, with a large table in it, stopped."""
    site = Site(tmp_path_factory.mktemp("older") / "instance", free_port())
    upgrade = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade", BEFORE]
    subprocess.run(upgrade, env=site.environment(), cwd=ROOT, check=True, capture_output=True, timeout=300)
    engine = sa.create_engine(embedded.start(site.instance), poolclass=sa.NullPool)
    with engine.begin() as connection:
        fill(connection)
    embedded.stop(site.instance)
    return site.instance


def fill(connection: sa.Connection) -> None:
    needed = connection.execute(
        sa.text(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'community' "
            "AND is_nullable = 'NO' AND column_default IS NULL "
            "AND column_name NOT IN ('id', 'name', 'subdistrict_id', 'created_at')"
        )
    ).all()
    values = {"boolean": "false", "integer": "0", "character varying": "'national-2026'"}
    more_columns = ", ".join(name for name, _kind in needed)
    more_values = ", ".join(values[kind] for _name, kind in needed)
    connection.exec_driver_sql(FILL.format(more_columns=more_columns, more_values=more_values, rows=ROWS))


def test_a_migration_killed_again_and_again_ends_where_an_undisturbed_one_does(
    before: Path, kept_instance: Path, tmp_path: Path, chance: random.Random, note: Note
) -> None:
    site = Site(tmp_path / "instance", free_port())
    subprocess.run(["cp", "-a", str(before), str(site.instance)], check=True)
    engine = sa.create_engine(embedded.start(site.instance), poolclass=sa.NullPool)
    reached = []
    for _round in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-m", "civicforum", "migrate"],
            env=site.environment(),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until_at_work(engine, process)
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reached.append(revision(engine))
    # Two starts at once, as of two machines after a power cut.
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda _: site.civicforum("migrate", seconds=300), range(2)))
    assert [done.returncode for done in both] == [0, 0], [done.stderr for done in both]
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM notice")).scalar() == ROWS
    fresh = sa.create_engine(embedded.start(kept_instance), poolclass=sa.NullPool)
    for kind in SHAPES:
        assert shape(engine, kind) == shape(fresh, kind)
    embedded.stop(kept_instance)
    embedded.stop(site.instance)
    note(
        f"`civicforum migrate` killed, {ROWS} rows in the table that changes",
        times=KILLS,
        reached=sorted({name for name in reached if name != BEFORE}),
    )


def wait_until_at_work(engine: sa.Engine, process: subprocess.Popen[bytes]) -> None:
    """Return once the migration has changed something that is not committed yet, or has ended."""
    working = sa.text(
        "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND locktype = 'relation'"
    )
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.execute(working).scalar():
                return
        time.sleep(0.01)


def revision(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar())
