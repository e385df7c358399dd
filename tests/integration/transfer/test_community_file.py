"""A community leaves in a file and comes back; a file that is not one is refused, and nothing is written."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.matters.models import Finding, Matter
from civicforum.matters.rules import Category, FindingKind
from civicforum.people.models import Community, Grid, Person, Region
from civicforum.polls import keyring
from civicforum.polls.rules import Preset
from civicforum.records.queries import verify_journal
from civicforum.records.services import record
from civicforum.transfer import services
from civicforum.transfer.archive import Archive, FileRefused
from civicforum.transfer.cli import community as command
from civicforum.transfer.errors import ImportRefused, PollsInTheWay, RemovalRefused
from civicforum.transfer.importing import import_community
from civicforum.transfer.removing import remove_community
from tests.conftest import MakeApp
from tests.factories import NOW, actor_of, make_account, make_community, make_officer, make_person
from tests.support.appraisals import make_town
from tests.support.graded import WELL, certify, make_cycle
from tests.support.polls import make_poll
from tests.support.transfer import all_rows, changed, export_to, pack, read_members

KEY = "key"


@pytest.fixture(scope="module")
def fresh(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Flask:
    """The application on a database that stays empty: every file brought to it is refused."""
    return make_app(make_database(template))


@pytest.fixture(scope="module")
def left(
    make_database: Callable[[str], str],
    make_app: MakeApp,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Flask, uuid.UUID, Path]:
    """A database with two communities, the id of the first, and its export."""
    app, path = make_app(make_database(template)), tmp_path_factory.mktemp("left") / "community.zip"
    with app.app_context():
        town = make_town()
        community = db.session.get_one(Community, town.community_id)
        _fill(community)
        graded = make_cycle(town, grades={town.members[0]: WELL}, held_on=date(2025, 9, 1))
        certify(graded)
        make_person(make_community(name="邻居社区"), name="邻居")
        export_to(path, town.community_id, identity_key=KEY)
        db.engine.dispose()
    return app, town.community_id, path


def _fill(community: Community) -> None:
    worker, author = make_person(community, name="网格员"), make_person(community, name="提案人")
    make_account(author, login="author")
    make_officer(community, Role.ADMIN, login="admin")
    db.session.execute(update(Person).where(Person.id == author.id).values(identity_hash="a" * 64))
    db.session.execute(update(Grid).where(Grid.community_id == community.id).values(worker_id=worker.id))
    matter = Matter(
        community_id=community.id, title="路灯", body="三号楼前\n不亮 “夜里”", category=Category.SAFETY,
        author_id=author.id, created_at=NOW, stage_since=NOW, profile=community.profile, profile_version="1",
    )  # fmt: skip
    db.session.add(matter)
    db.session.flush()
    db.session.add(
        Finding(
            community_id=community.id,
            matter_id=matter.id,
            person_id=worker.id,
            kind=FindingKind.IN_ORDER,
            text="看过",
            post="主任",
            at=NOW,
        )
    )
    db.session.commit()
    for number in range(3):
        with transaction() as session:
            record(
                session,
                community_id=community.id,
                actor=actor_of(author),
                action="matter.draft",
                subject_kind="matter",
                subject_id=matter.id,
                payload={"份数": number, "share": 0.5, "none": None},
                now=NOW + timedelta(microseconds=number),
            )


def bring(app: Flask, path: Path, *, identity_key: str = KEY) -> list[str]:
    with app.app_context(), Archive(path) as archive:
        return import_community(db.engine, archive, identity_key=identity_key, report=lambda *_: None).notes


def test_what_left_is_brought_back_row_by_row(
    left: tuple[Flask, uuid.UUID, Path], make_database: Callable[[str], str], make_app: MakeApp, template: str
) -> None:
    app, community_id, path = left
    new = make_app(make_database(template))
    assert bring(new, path) == []
    there, here = all_rows(app), all_rows(new)
    with app.app_context():
        keys = {table.name: "community_id" in table.c for table in db.metadata.sorted_tables}
    for name, rows in here.items():
        own = [row for row in there[name] if not keys[name] or community_id in row]
        if name == "community":
            own = [row for row in own if community_id in row]
        if name != "region":
            assert rows == own, name
    assert len(here["finding"]) == len(here["subject_result"]) == 1
    with new.app_context():
        assert db.session.scalars(select(Region.name)).all() != []
        assert verify_journal(db.session(), community_id=community_id)[1] is None
        # The guards are in their places again.
        with pytest.raises(Exception, match="never changed or removed"):
            db.session.execute(update(Finding).values(text="anders"))


def test_a_community_comes_beside_others_whose_subdistrict_it_shares(
    left: tuple[Flask, uuid.UUID, Path], committed: Flask
) -> None:
    _app, community_id, path = left
    with committed.app_context():
        here = make_community(name="本地社区").subdistrict_id
    bring(committed, path)
    with committed.app_context():
        assert db.session.get_one(Community, community_id).subdistrict_id == here
        assert db.session.scalar(select(func.count()).select_from(Region)) == 3


def test_identity_hashes_of_another_key_are_left_out_and_named(
    left: tuple[Flask, uuid.UUID, Path], committed: Flask
) -> None:
    notes = bring(committed, left[2], identity_key="another")
    assert "another key" in notes[0]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).where(Person.identity_hash.is_not(None))) == 0


def test_a_community_that_is_here_already_is_refused(left: tuple[Flask, uuid.UUID, Path]) -> None:
    app, _community_id, path = left
    before = all_rows(app)
    with pytest.raises(ImportRefused, match="already holds"):
        bring(app, path)
    assert all_rows(app) == before


Change = Callable[[dict[str, Any], dict[str, list[dict[str, Any]]]], None]


def _journal(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    rows["journal_entry"][0]["reason"] = "nachträglich"


def _last_entry(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    entries = rows["journal_entry"]
    entries.remove(max(entries, key=lambda entry: entry["sequence"]))


def _rows(table: str, **values: Any) -> Change:
    def change(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
        rows[table][0].update(values)

    return change


def _no_column(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    del rows["person"][0]["name"]


def _no_table(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    del rows["person"]


def _more_tables(_manifest: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
    rows['person"; DROP TABLE person; --'] = [{}]


def _revision(manifest: dict[str, Any], _rows: dict[str, list[dict[str, Any]]]) -> None:
    manifest["revision"] = "0001_schema"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_journal, "journal does not hold"),
        (_last_entry, "journal does not hold"),
        (_rows("person", community_id=str(uuid.UUID(int=7))), "another community"),
        (_rows("person", household_id=str(uuid.UUID(int=7))), "database refuses a row"),
        (_rows("person", born_on="yesterday"), r"tables/person\.jsonl, line 1: born_on should be a day"),
        (_rows("person", name="a" * 81), "at most 80 characters"),
        (_rows("person", name="a\x00b"), "name should be text"),
        (_rows("person", sex="x"), "should be one of"),
        (_rows("person", **{"name; DROP TABLE person": 1}), "there is no column"),
        (_rows("journal_head", sequence=2**31), "whole number"),
        (_rows("journal_entry", payload={"a": "\x00"}), "character zero"),
        (_no_column, "the column 'name' is missing"),
        (_no_table, "table person is missing"),
        (_more_tables, "knows no table"),
        (_revision, "has the schema 0001_schema"),
    ],
)
def test_a_file_that_lies_is_refused_and_nothing_is_written(
    left: tuple[Flask, uuid.UUID, Path], fresh: Flask, tmp_path: Path, change: Change, told: str
) -> None:
    forged = changed(left[2], tmp_path / "forged.zip", change)
    with pytest.raises((ImportRefused, FileRefused), match=told):
        bring(fresh, forged)
    assert not any(all_rows(fresh).values())


def test_a_row_tied_to_another_community_is_refused(
    left: tuple[Flask, uuid.UUID, Path], committed: Flask, tmp_path: Path
) -> None:
    with committed.app_context():
        victim = make_person(make_community(name="本地社区"))
        stolen = _rows("person", household_id=str(victim.household_id))
    with pytest.raises(ImportRefused, match="a row of another community"):
        bring(committed, changed(left[2], tmp_path / "forged.zip", stolen))


def test_a_login_that_somebody_here_has_is_named_with_its_line(
    left: tuple[Flask, uuid.UUID, Path], committed: Flask
) -> None:
    with committed.app_context():
        make_account(make_person(make_community(name="本地社区")), login="author")
    with pytest.raises(ImportRefused, match=r"tables/account\.jsonl, line \d+: .*'author'"):
        bring(committed, left[2])


def test_damaged_and_hostile_zips_are_refused(
    left: tuple[Flask, uuid.UUID, Path], fresh: Flask, tmp_path: Path
) -> None:
    members = read_members(left[2])
    person = "tables/person.jsonl"
    broken = {
        "no zip": b"PK\x03\x04 and then nothing",
        "no manifest": {person: members[person]},
        "manifest is a list": {"manifest.json": b"[]"},
        "manifest of wrong types": {
            "manifest.json": json.dumps({**json.loads(members["manifest.json"]), "version": "1"}).encode()
        },
        "too deep": {**members, "manifest.json": b"[" * 100_000},
        "a path outside": {**members, "../../outside": b"x"},
        "a changed line": {**members, person: members[person].replace("网格员".encode(), "网格圆".encode())},
        "cut off": {**members, person: members[person][:-20]},
        "a bomb": {**members, person: b"{" + b" " * 40_000_000 + b"}"},
    }
    for what, content in broken.items():
        path = tmp_path / "hostile.zip"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            pack(path, content)
        with pytest.raises((FileRefused, ImportRefused)):
            bring(fresh, path)
        assert not any(all_rows(fresh).values()), what
    assert not (tmp_path.parent / "outside").exists()


def test_leaving_needs_the_file_of_today_and_takes_every_row(
    left: tuple[Flask, uuid.UUID, Path], committed: Flask, tmp_path: Path, settings: Settings
) -> None:
    _app, community_id, path = left
    bring(committed, path)
    with committed.app_context():
        neighbour = make_person(make_community(name="另一社区")).community_id
        make_poll(db.session.get_one(Community, community_id), preset=Preset.OPEN, voters=2)
        with Archive(path) as old, pytest.raises(RemovalRefused, match="went on"):
            remove_community(db.engine, old, community_id=community_id, instance=settings.instance)
        export_to(tmp_path / "now.zip", community_id)
        with Archive(tmp_path / "now.zip") as other, pytest.raises(RemovalRefused, match="not of this"):
            remove_community(db.engine, other, community_id=neighbour, instance=settings.instance)
        with Archive(tmp_path / "now.zip") as now:
            remove_community(db.engine, now, community_id=community_id, instance=settings.instance)
    rows = all_rows(committed)
    assert {str(community_id) in str(row) for some in rows.values() for row in some} == {False}
    assert len(rows["person"]) == 1
    assert bring(committed, tmp_path / "now.zip") == []


def test_a_vote_whose_key_is_here_keeps_its_community(committed: Flask, settings: Settings) -> None:
    with committed.app_context():
        community = make_community()
        poll_id = make_poll(community).id
        community_id = community.id
        ask = {"community_id": community_id, "actor": None, "now": NOW, "instance": settings.instance}
        with pytest.raises(PollsInTheWay, match="小区事项表决"):
            services.begin_export(**ask)
        keyring.destroy_keys(settings.instance, poll_id)
        services.begin_export(**ask)


def test_the_commands_take_a_community_out_and_in(committed: Flask, tmp_path: Path) -> None:
    with committed.app_context():
        make_person(make_community(name="青松里社区"))
    before, path = all_rows(committed), tmp_path / "out.zip"
    run = committed.test_cli_runner()
    out = run.invoke(command, ["export", str(path)])
    assert out.exit_code == 0, out.output
    assert path.stat().st_mode & 0o077 == 0
    digest = hashlib.sha256(read_members(path)["manifest.json"]).hexdigest()
    assert digest in out.output
    wrong = run.invoke(command, ["remove", "青松里社区", str(path), "--manifest", "0" * 64], input="y\n")
    assert (wrong.exit_code, all_rows(committed)["person"]) == (1, before["person"])
    gone = run.invoke(command, ["remove", "青松里社区", str(path), "--manifest", digest], input="y\n")
    assert gone.exit_code == 0, gone.output
    assert not any(all_rows(committed).values())
    back = run.invoke(command, ["import", str(path)], input="y\n")
    assert back.exit_code == 0, back.output
    assert "person: 1" in back.output
    after = all_rows(committed)
    assert [row for name, row in after.items() if not name.startswith("journal")] == [
        row for name, row in before.items() if not name.startswith("journal")
    ]
    assert len(after["journal_entry"]) == len(before["journal_entry"]) + 1


def test_the_file_of_a_page_is_made_in_parts_and_forgotten_after_a_day(
    committed: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.exports, "PART_SIZE", 1000)
    with committed.app_context():
        admin = make_officer(make_community(), Role.ADMIN)
        actor = actor_of(admin, Role.ADMIN)
        asked = services.ask_export(actor=actor, now=NOW, settings=settings)
        services.make_export(export_id=asked, settings=settings, clock=lambda: NOW)
        export = services.exports.CommunityExport
        parts = services.exports.ExportPart
        assert db.session.get_one(export, asked).state.value == "ready"
        sizes = [len(part.content) for part in db.session.scalars(select(parts).order_by(parts.number))]
        assert sum(sizes) == db.session.get_one(export, asked).size
        assert len(sizes) > 2
        assert services.forget_exports(now=NOW + timedelta(hours=23)) == 0
        assert services.forget_exports(now=NOW + timedelta(days=1)) == 1
        assert db.session.scalar(select(func.count()).select_from(parts)) == 0


def test_instants_are_exact(left: tuple[Flask, uuid.UUID, Path]) -> None:
    lines = read_members(left[2])["tables/journal_entry.jsonl"].splitlines()
    instants = {datetime.fromisoformat(json.loads(line)["at"]) for line in lines}
    assert datetime(2026, 3, 2, 2, 0, 0, 2, tzinfo=UTC) in instants
