"""Recovery to a point in time: one server runs into a mistake, another comes back from before it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from civicforum import create_app, embedded
from civicforum.backup import continuous
from civicforum.backup.errors import BackupRefused
from civicforum.backup.programs import DISTRIBUTION
from civicforum.backup.verifying import verify_content
from civicforum.config import Settings
from civicforum.database import db
from civicforum.preparing import prepare_database
from tests.support.backups import fill, rows_of


def started(instance: Path) -> Flask:
    """Start the embedded server of the instance, and return the application on it."""
    return application(instance, embedded.start(instance))


def application(instance: Path, url: str) -> Flask:
    settings = Settings(
        instance=instance,
        database_url=url,
        secret_key="secret",
        identity_key="key",
        secure_cookies=False,
    )
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


def leave(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def stop(app: Flask, instance: Path) -> None:
    leave(app)
    embedded.stop(instance)


def problems(app: Flask) -> list[str]:
    with app.app_context():
        found = verify_content(db.session(), processes=1, say=lambda _line: None)
        db.session.remove()
        return found


def make_mistake(app: Flask) -> None:
    """Do what nobody should: ballots are gone, and every entry of the journal says something else."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM board_line WHERE kind = 'ballot'"))
        connection.execute(text("UPDATE journal_entry SET reason = 'altered'"))
    assert problems(app) != []


def test_the_database_comes_back_from_the_moment_before_a_mistake(
    kept_instance: Path, tmp_path: Path
) -> None:
    instance, disk = tmp_path / "instance", tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["cp", "--archive", str(kept_instance), str(instance)], check=True)
    app = started(instance)
    with app.app_context():
        assert not continuous.switch_on(db.engine, disk)
    stop(app, instance)

    app = started(instance)
    filled = fill(app)
    with app.app_context():
        assert continuous.switch_on(db.engine, disk)
        began = datetime.now(UTC)
        continuous.take_base(db.engine.url, disk, keep_days=7, now=began)
        filled.cast(1)
        filled.note()
        moment = datetime.now(UTC)
    before = rows_of(app)
    make_mistake(app)
    with pytest.raises(BackupRefused, match="running"):
        continuous.recover(disk, instance, until=moment)
    stop(app, instance)

    with pytest.raises(BackupRefused, match="no base copy"):
        continuous.recover(disk, instance, until=began - timedelta(minutes=1))
    with pytest.raises(BackupRefused, match="does not reach that moment"):
        continuous.recover(disk, instance, until=datetime.now(UTC) + timedelta(days=1))
    # Refused, it has changed nothing; the end of the log is still with the files that are replaced.
    aside = continuous.recover(disk, instance, until=moment)
    assert aside is not None
    assert (aside / "PG_VERSION").exists()
    app = started(instance)
    assert rows_of(app) == before
    assert problems(app) == []
    with app.app_context():
        # The site goes on, and its log is kept on.
        filled.cast(2)
        filled.note()
        assert continuous.switch_on(db.engine, disk)
        continuous.take_base(db.engine.url, disk, keep_days=1, now=began + timedelta(days=2))
    assert len(list(disk.glob("base-*"))) == 2
    stop(app, instance)


class Distribution:
    """A server of the distribution in a folder, handled by the commands of docs/operate/backup.md."""

    def __init__(self, folder: Path) -> None:
        self.programs = max(DISTRIBUTION.glob("*/bin"), key=lambda path: int(path.parent.name))
        self.folder, self.data, self.kept = folder, folder / "main", folder / "kept"
        self.url = f"postgresql+psycopg://postgres:@/postgres?host={folder}"
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self.run("mkdir -p kept/wal")
        self.run(f"{self.programs}/initdb -D main --auth=trust -E UTF8 --locale=C.UTF-8")
        wal = self.kept / "wal"
        keep = f"cp %p {wal}/%f.part && sync {wal}/%f.part && mv {wal}/%f.part {wal}/%f"
        self.configure(
            "listen_addresses = ''",
            f"unix_socket_directories = '{folder}'",
            "archive_mode = on",
            f"archive_command = 'if test -e {wal}/%f; then cmp -s %p {wal}/%f; else {keep}; fi'",
        )

    def run(self, command: str) -> None:
        # `su` as an operator does it, where we are root.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(command, shell=True, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **user)  # noqa: S602

    def configure(self, *lines: str) -> None:
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in lines)

    def start(self) -> None:
        self.run(f"{self.programs}/pg_ctl --wait --pgdata=main --log=log start")

    def stop(self) -> None:
        self.run(f"{self.programs}/pg_ctl --wait --pgdata=main --mode=fast stop")

    def take_base(self) -> None:
        options = "--format=tar --gzip --wal-method=stream --checkpoint=fast"
        self.run(f"{self.programs}/pg_basebackup --host={self.folder} {options} --pgdata=kept/base")

    def recover(self, until: datetime) -> None:
        self.run("mv main main.before && mkdir --mode=700 main")
        self.run("tar xzf kept/base/base.tar.gz -C main && tar xzf kept/base/pg_wal.tar.gz -C main/pg_wal")
        self.run("touch main/recovery.signal")
        fetch = f"cp {self.kept}/wal/%f %p || cp {self.folder}/main.before/pg_wal/%f %p"
        self.configure(
            f"restore_command = '{fetch}'",
            f"recovery_target_time = '{until.isoformat()}'",
            "recovery_target_action = 'promote'",
        )
        self.start()


@pytest.mark.skipif(
    not list(DISTRIBUTION.glob("*/bin/initdb")), reason="the distribution's PostgreSQL is not installed"
)
def test_the_distributions_server_comes_back_by_the_documented_commands(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="cf-") as near:
        # Its path is short enough for a socket, and everybody may pass it.
        Path(near).chmod(0o755)
        server = Distribution(Path(near) / "server")
        server.start()
        try:
            app = application(tmp_path, server.url)
            prepare_database(app)
            filled = fill(app)
            leave(app)
            server.take_base()
            with app.app_context():
                filled.cast(1)
                filled.note()
            moment = datetime.now(UTC)
            before = rows_of(app)
            make_mistake(app)
            leave(app)
            server.stop()
            server.recover(until=moment)
            wait_until_promoted(server.url)
            assert rows_of(app) == before
            assert problems(app) == []
            leave(app)
        finally:
            server.stop()


def wait_until_promoted(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    for _ in range(300):
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_is_in_recovery()")):
                return
        time.sleep(0.1)
    raise AssertionError("it is still recovering")
