"""The drill: a backup made while people vote comes back whole, with the keys, or is refused by name."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from civicforum.backup import belongings, cli, manifest, places, restoring
from civicforum.backup.errors import BackupRefused, DoesNotHold, NotOpened
from civicforum.backup.manifest import MANIFEST_HASH, Manifest
from civicforum.backup.queries import last_backup
from civicforum.backup.services import Made, note_checked
from civicforum.database import db
from civicforum.polls import keyring
from tests.conftest import MakeApp
from tests.factories import PASSWORD
from tests.support.backups import PASSPHRASE, Filled, fill, rows_of

WRITTEN = {"journal_entry", "journal_head", "board", "board_line", "credential", "procrastinate_jobs"}


@pytest.fixture(scope="module")
def filled(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Iterator[Filled]:
    app = make_app(make_database(template))
    yield fill(app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def made(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A backup that was made while ballots and entries of the journal went on coming in."""
    with filled.being_used():
        return filled.back_up(tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="module")
def empty(make_database: Callable[[str], str], make_app: MakeApp) -> Flask:
    return make_app(make_database("template0"))


@pytest.fixture(scope="module")
def restored(made: Made, empty: Flask) -> tuple[Flask, list[str]]:
    """The application on what came back, and what was said on the way."""
    said: list[str] = []
    read = restoring.check_backup(made.path)
    restoring.restore(empty, made.path, read, processes=1, say=said.append)
    return empty, said


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    """A copy of the backup that may be damaged."""
    return Path(shutil.copytree(made.path, tmp_path / made.path.name))


def sealed_again(path: Path, read: Manifest) -> Manifest:
    """Write another manifest into a backup, with a hash that fits."""
    manifest.write(path, read)
    return manifest.read(path)


def test_every_row_of_the_snapshot_is_back_and_what_came_later_is_not(
    filled: Filled, made: Made, restored: tuple[Flask, list[str]]
) -> None:
    there, here = rows_of(filled.app), rows_of(restored[0])
    # Noted after the snapshot: a backup does not hold that it was made.
    assert here.pop("backup") == []
    assert len(there.pop("backup")) == 1
    assert set(there) == set(here)
    assert {name for name in there if there[name] != here[name]} <= WRITTEN
    assert set(here["journal_entry"]) < set(there["journal_entry"])
    assert set(here["board_line"]) < set(there["board_line"])
    assert {name: table.rows for name, table in made.manifest.content.tables.items() if name != "backup"} == {
        name: len(rows) for name, rows in here.items()
    }
    board = made.manifest.content.boards[str(filled.poll.id)]
    assert len(here["board_line"]) == board.lines > 3 + 1


def test_journals_boards_and_proofs_are_verified_before_it_is_done(
    made: Made, restored: tuple[Flask, list[str]]
) -> None:
    journals = made.manifest.content.journals.values()
    assert {f"{one.name}: {one.number} entries, the chain holds" for one in journals} <= set(restored[1])
    assert "1 of 1 boards of votes hold, with every proof on them" in restored[1]


def test_the_restored_keys_sign_in_and_open_the_vote(
    filled: Filled, made: Made, restored: tuple[Flask, list[str]], make_app: MakeApp, tmp_path: Path
) -> None:
    found = belongings.open_secrets(made.path, made.manifest, PASSPHRASE)
    assert belongings.put_back(found, tmp_path) == [belongings.ENVIRONMENT_FILE]
    assert (tmp_path / belongings.ENVIRONMENT_FILE).read_text() == "CIVICFORUM_SMTP_URL=smtp://mail\n"
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert keyring.read_keys(tmp_path, filled.poll.id) == keyring.read_keys(
        filled.settings.instance, filled.poll.id
    )
    with restored[0].app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    again = make_app(url)
    again.config["SECRET_KEY"] = found.keys["secret_key"]
    client = again.test_client()
    answer = client.post("/sign-in", data={"login": "admin", "password": PASSWORD})
    assert answer.status_code == 303
    assert client.get("/sign-in").status_code == 302
    with again.app_context():
        db.session.remove()
        db.engine.dispose()


def test_another_passphrase_says_so(made: Made) -> None:
    with pytest.raises(NotOpened, match="not the passphrase"):
        belongings.open_secrets(made.path, made.manifest, PASSPHRASE + "0")


@pytest.mark.parametrize("name", [manifest.DATABASE, manifest.SECRETS, manifest.MANIFEST])
def test_a_damaged_byte_is_found_and_its_file_named(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(DoesNotHold, match=f"{name} was changed"):
        restoring.check_backup(copy)


def test_a_file_that_is_cut_off_or_missing_is_refused(copy: Path) -> None:
    dump = copy / manifest.DATABASE
    content = dump.read_bytes()
    dump.write_bytes(content[:-1])
    with pytest.raises(DoesNotHold, match=rf"{dump.name} has {len(content) - 1} bytes, not {len(content)}"):
        restoring.check_backup(copy)
    dump.unlink()
    with pytest.raises(DoesNotHold, match=f"{dump.name} is missing"):
        restoring.check_backup(copy)
    (copy / MANIFEST_HASH).unlink()
    with pytest.raises(BackupRefused, match="is no backup: it has no manifest"):
        restoring.check_backup(copy)


def test_a_manifest_that_leads_out_of_its_folder_is_refused(copy: Path, made: Made) -> None:
    files = {"../outside": made.manifest.files[manifest.DATABASE]}
    with pytest.raises(BackupRefused, match="no backup that this version"):
        sealed_again(copy, replace(made.manifest, files=files))


def test_a_newer_backup_than_the_program_is_refused(made: Made) -> None:
    content = replace(made.manifest.content, revision="0999_later")
    with pytest.raises(BackupRefused, match="newer than this program"):
        restoring.check_version(replace(made.manifest, content=content))


def test_rows_that_are_not_those_of_the_manifest_leave_the_database_as_it_was(
    restored: tuple[Flask, list[str]], made: Made, copy: Path
) -> None:
    tables = dict(made.manifest.content.tables)
    tables["person"] = replace(tables["person"], rows=tables["person"].rows + 1)
    tables["photo"] = replace(tables["photo"], digest="0" * 32)
    read = sealed_again(copy, replace(made.manifest, content=replace(made.manifest.content, tables=tables)))
    before = rows_of(restored[0])
    with pytest.raises(DoesNotHold) as refused:
        restoring.restore(restored[0], copy, read, processes=1, say=lambda _line: None)
    people = tables["person"].rows
    assert refused.value.problems == [
        f"table person has {people - 1} rows, not {people}",
        "table photo has other rows",
    ]
    assert rows_of(restored[0]) == before


def test_a_dump_that_breaks_off_leaves_the_database_as_it_was(
    restored: tuple[Flask, list[str]], made: Made, copy: Path
) -> None:
    dump = copy / manifest.DATABASE
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    before = rows_of(restored[0])
    with pytest.raises(BackupRefused, match="could not be filled"):
        restoring.restore(restored[0], copy, made.manifest, processes=1, say=lambda _line: None)
    assert rows_of(restored[0]) == before


def test_nothing_is_replaced_under_a_running_site(restored: tuple[Flask, list[str]], made: Made) -> None:
    with restored[0].app_context():
        url = db.engine.url
    with (
        sa.create_engine(url, poolclass=sa.NullPool).connect(),
        pytest.raises(BackupRefused, match="running"),
    ):
        restoring.restore(restored[0], made.path, made.manifest, processes=1, say=lambda _line: None)


def test_two_backups_at_once_do_not_mix(filled: Filled, made: Made) -> None:
    folder = made.path.parent
    with places.only_writer(folder), pytest.raises(BackupRefused, match="Another backup is being written"):
        filled.back_up(folder)
    left = folder / ".civicforum-20260101T000000Z.abcd.part"
    left.mkdir()
    with places.only_writer(folder):
        assert not left.exists()


def test_a_folder_that_is_not_there_cannot_be_written_or_has_no_room_says_so(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BackupRefused, match="is the disk plugged in"):
        filled.back_up(tmp_path / "missing")
    with pytest.raises(BackupRefused, match="/proc cannot be written to"):
        filled.back_up(Path("/proc"))
    little = shutil.disk_usage(tmp_path)._replace(free=1024 * 1024)
    monkeypatch.setattr(places.shutil, "disk_usage", lambda _path: little)
    with pytest.raises(BackupRefused, match=r"nearly full: 1\.0 MB free"):
        filled.back_up(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [places.LOCK]


def test_keys_of_a_vote_leave_older_backups_when_their_day_has_come(
    filled: Filled, made: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    shutil.copytree(made.path.parent, folder)
    sealed = folder / made.path.name / manifest.POLL_KEYS / f"{filled.poll.id}.sealed"
    assert places.destroy_keys(folder, [str(uuid.uuid4())]) == 0
    assert sealed.exists()
    assert places.destroy_keys(folder, [str(filled.poll.id)]) == 1
    assert not sealed.exists()
    # Not missing: the backup itself says that they were destroyed.
    read = restoring.check_backup(folder / made.path.name)
    assert str(filled.poll.id) not in belongings.open_secrets(folder / made.path.name, read, PASSPHRASE).polls
    assert json.loads((folder / made.path.name / manifest.DESTROYED).read_text()) == [
        f"{manifest.POLL_KEYS}/{filled.poll.id}.sealed"
    ]


def test_old_backups_go_and_the_last_one_is_known(filled: Filled, made: Made, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    old = filled.back_up(tmp_path, key=None, now=now - timedelta(days=3))
    new = filled.back_up(tmp_path, keep_days=2, now=now + timedelta(seconds=1))
    assert (new.removed, new.staying) == ([old.path.name], [])
    assert places.find_backup(tmp_path) == new.path
    with filled.app.app_context():
        found = last_backup(db.session())
        assert found is not None
        assert (found.made_at, found.folder, found.size) == (new.manifest.made_at, str(new.path), new.size)
        assert found.has_secrets
        assert found.tried_at is None
        assert note_checked(made.manifest.id, now=now, is_tried=True)
        assert not note_checked(uuid.uuid4(), now=now, is_tried=True)
        tried = last_backup(db.session())
        assert tried is not None
        assert tried.tried_at == now
        db.session.remove()


def test_commands_make_try_and_bring_back_a_backup(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.app.app_context():
        monkeypatch.setenv("CIVICFORUM_DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("CIVICFORUM_INSTANCE", str(tmp_path / "instance"))
    disk = tmp_path / "disk"
    disk.mkdir()

    def run(command: str, *arguments: str, typed: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(getattr(cli, command), arguments, input=typed)
        return result.exit_code, result.output

    assert run("backup", str(disk)) == (
        1,
        "Error: Set a passphrase for the secrets in backups first: civicforum backup passphrase "
        "(or leave them out: --without-secrets).\n",
    )
    status, said = run("backup", "passphrase")
    passphrase = said.splitlines()[0]
    assert status == 0
    status, said = run("backup", str(disk), "--keep", "5")
    assert status == 0, said
    assert "rows of 2 communities" in said.splitlines()[-1]
    (tmp_path / "passphrase").write_text(passphrase + "\n")
    given = ["--passphrase-file", str(tmp_path / "passphrase")]
    status, said = run("backup", "verify", str(disk), "--restore-to-scratch", *given)
    assert (status, said.splitlines()[-1]) == (0, "Restored on trial: everything in it verifies.")
    status, said = run("restore", str(disk), *given)
    assert status == 1
    assert "with --replace" in said
    status, said = run("restore", str(disk), "--replace", *given, typed="别的社区\n")
    assert status == 1
    assert "nothing was changed" in said
