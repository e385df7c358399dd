"""Lists of residents, from the file to the rows of the database."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import Base, db
from civicforum.errors import AlreadyDone, NotEligible, NotFound
from civicforum.people.importing.preview import RowKind
from civicforum.people.importing.services import (
    ImportRefused,
    ThingsChanged,
    Written,
    confirm_import,
    discard_import,
    import_plan,
    keep_preview,
    plan_file,
)
from civicforum.people.models import Capacity, Grid, Household, Person, ResidentImport
from civicforum.people.rules import CapacityKind, Sex
from civicforum.people.services import record_capacity, register_person
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer
from tests.resident_lists import Line, lines, text, workbook

LIST = 5000


@pytest.fixture
def admin(session: Session) -> Actor:
    return actor_of(make_officer(make_community(), Role.ADMIN), Role.ADMIN)


def import_list(content: bytes, admin: Actor) -> Written:
    import_id, _ignored = keep_preview(content=content, file_name="list.xlsx", actor=admin, now=NOW)
    return confirm_import(import_id=import_id, actor=admin, now=NOW)


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, for comparing and for searching."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*arguments: object) -> None:
        # The statement and what it sends along.
        seen.append(f"{arguments[2]} {arguments[3]}")

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def residents(session: Session) -> int:
    return session.scalar(select(func.count(Person.id)).where(Person.number.startswith("R"))) or 0


def test_roll_of_5000_is_imported_and_the_same_file_changes_nothing(session: Session, admin: Actor) -> None:
    content = workbook(list(lines(LIST)))
    assert import_list(content, admin) == Written(new=LIST, changed=0, unchanged=0)
    assert residents(session) == LIST
    assert session.scalar(select(func.count(Capacity.id))) == LIST * 2 + LIST // 10 + 2
    person = session.scalars(select(Person).where(Person.number == "R00002")).one()
    assert (person.name, person.sex, person.born_on) == ("李伟", Sex.FEMALE, date(1940, 1, 6))
    assert (person.household.number, person.household.grid.code) == ("0001", "01")
    before = everything(session)
    assert import_list(content, admin) == Written(new=0, changed=0, unchanged=LIST)
    after = everything(session)
    assert {name for name in before if before[name] != after[name]} == {"resident_import"}
    assert verify_journal(session, community_id=admin.community_id)[1] is None


def test_one_bad_row_refuses_all_and_names_it(session: Session, admin: Actor) -> None:
    table = list(lines(300))
    table[200][3] = "1999-02-30"
    import_id, _ignored = keep_preview(content=text(table), file_name="a.csv", actor=admin, now=NOW)
    kept = session.get_one(ResidentImport, import_id)
    (bad,) = [row for row in kept.rows if row["kind"] == "error"]
    assert (bad["line"], bad["problems"]) == (202, [["unreadable", "born_on", "1999-02-30"]])
    with pytest.raises(ImportRefused):
        confirm_import(import_id=import_id, actor=admin, now=NOW)
    assert residents(session) == 0
    assert session.scalar(select(func.count(JournalEntry.id))) == 0


def test_list_in_gb18030_reads_as_in_utf8(session: Session, admin: Actor) -> None:
    assert import_list(text(list(lines(30)), encoding="gb18030"), admin).new == 30
    assert import_list(text(list(lines(30))), admin).unchanged == 30


def test_preview_and_writing_make_a_bounded_number_of_statements(session: Session, admin: Actor) -> None:
    def statements(number: int) -> tuple[int, int]:
        with counted_statements() as previewing:
            import_id, _ignored = keep_preview(
                content=text(list(lines(number))), file_name="a.csv", actor=admin, now=NOW
            )
        with counted_statements() as writing:
            confirm_import(import_id=import_id, actor=admin, now=NOW)
        return len(previewing), len(writing)

    few, _written = statements(10)
    many, written = statements(2000)
    assert max(few, many) < 15
    assert written < 60


def test_identity_number_is_nowhere(session: Session, admin: Actor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    table = list(lines(20))
    numbers = [row[4] for row in table]
    table[5][1] = numbers[5]
    table[6][5] = numbers[6]
    table[7][4] = "990101194001010011"
    with counted_statements() as statements:
        keep_preview(content=text(table), file_name="a.csv", actor=admin, now=NOW)
        import_list(text(list(lines(20))), admin)
    held = repr(everything(session)) + caplog.text + repr(statements)
    assert not [number for number in [*numbers, "990101194001010011"] if number in held]
    assert session.scalar(select(func.count(Person.identity_hash))) == 20


def test_changes_are_written_and_capacities_begin_and_end(session: Session, admin: Actor) -> None:
    table = list(lines(3))
    import_list(text(table), admin)
    table[0][5], table[0][7], table[1][10], table[2][12] = "13900000000", "9号楼9室", "否", "是"
    table[1][7] = table[2][7] = "9号楼9室"
    assert import_list(text(table), admin) == Written(new=0, changed=3, unchanged=0)
    people = {person.number: person for person in session.scalars(select(Person))}
    assert people["R00001"].phone == "13900000000"
    assert people["R00001"].household.address == "9号楼9室"
    held = {
        (people_number, capacity.kind): (capacity.since, capacity.until)
        for people_number in ("R00002", "R00003")
        for capacity in people[people_number].capacities
    }
    assert held["R00002", CapacityKind.HUKOU] == (date(2010, 1, 1), TODAY)
    assert held["R00003", CapacityKind.OWNER] == (date(2010, 1, 1), None)
    assert import_list(text(table), admin) == Written(new=0, changed=0, unchanged=3)
    table[1][10] = "是"
    assert import_list(text(table), admin).changed == 1
    hukou = select(Capacity.until).where(
        Capacity.person_id == people["R00002"].id, Capacity.kind == CapacityKind.HUKOU
    )
    assert session.scalars(hukou).all() == [None]


def test_person_moves_to_another_household_and_grid(session: Session, admin: Actor) -> None:
    session.add(Grid(community_id=admin.community_id, code="02", name="第二网格"))
    session.commit()
    table = list(lines(3))
    import_list(text(table), admin)
    moved: Line = [*table[2]]
    moved[6], moved[7], moved[8] = "0900", "90号楼1室", "第二网格"
    assert import_list(text([*table[:2], moved]), admin) == Written(new=0, changed=1, unchanged=2)
    household = session.scalars(select(Household).where(Household.number == "0900")).one()
    assert (household.grid.code, [person.number for person in household.people]) == ("02", ["R00003"])


def test_confirming_is_refused_when_things_changed_meanwhile(session: Session, admin: Actor) -> None:
    import_list(text(list(lines(3))), admin)
    import_id, _ignored = keep_preview(content=text(list(lines(6))), file_name="a.csv", actor=admin, now=NOW)
    household = session.scalars(select(Household).where(Household.number == "0001")).one()
    register_person(
        community_id=admin.community_id,
        number="R00005",
        name="别人",
        sex=Sex.MALE,
        born_on=date(1990, 1, 1),
        household_id=household.id,
        actor=admin,
        now=NOW,
    )
    with pytest.raises(ThingsChanged):
        confirm_import(import_id=import_id, actor=admin, now=NOW)
    assert residents(session) == 4


def test_confirming_twice_writes_once(session: Session, admin: Actor) -> None:
    import_id, _ignored = keep_preview(content=text(list(lines(3))), file_name="a.csv", actor=admin, now=NOW)
    confirm_import(import_id=import_id, actor=admin, now=NOW)
    with pytest.raises(AlreadyDone):
        confirm_import(import_id=import_id, actor=admin, now=NOW)
    assert residents(session) == 3
    assert session.get_one(ResidentImport, import_id).rows == []


def test_nothing_is_left_of_a_discarded_or_old_preview(session: Session, admin: Actor) -> None:
    def keep(when: timedelta) -> uuid.UUID:
        kept, _ignored = keep_preview(
            content=text(list(lines(3))), file_name="a.csv", actor=admin, now=NOW + when
        )
        return kept

    discarded = keep(timedelta())
    discard_import(import_id=discarded, actor=admin)
    old = keep(timedelta())
    fresh = keep(timedelta(days=1, seconds=1))
    assert session.scalars(select(ResidentImport.id)).all() == [fresh]
    with pytest.raises(NotFound):
        confirm_import(import_id=old, actor=admin, now=NOW)


def test_only_an_administrator_of_the_community_imports(session: Session, admin: Actor) -> None:
    import_id, _ignored = keep_preview(content=text(list(lines(3))), file_name="a.csv", actor=admin, now=NOW)
    other = make_community(name="别处社区")
    elsewhere = actor_of(make_officer(other, Role.ADMIN), Role.ADMIN)
    clerk = actor_of(make_officer(other, Role.CLERK), Role.CLERK)
    with pytest.raises(NotEligible):
        keep_preview(content=text(list(lines(3))), file_name="a.csv", actor=clerk, now=NOW)
    with pytest.raises(NotFound):
        confirm_import(import_id=import_id, actor=elsewhere, now=NOW)


def test_command_line_writes_what_it_showed_and_reports_progress(session: Session, admin: Actor) -> None:
    preview = plan_file(
        session, community_id=admin.community_id, content=workbook(list(lines(1200))), today=TODAY
    )
    session.rollback()
    assert preview.plan.count(RowKind.NEW) == 1200
    steps: list[int] = []
    import_plan(community_id=admin.community_id, plan=preview.plan, now=NOW, progress=steps.append)
    assert sum(steps) == 1200
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.payload) == ("people.import", {"new": 1200, "changed": 0, "unchanged": 0})


def test_capacity_recorded_by_hand_is_held_for_the_import_too(session: Session, admin: Actor) -> None:
    import_list(text(list(lines(3))), admin)
    person = session.scalars(select(Person).where(Person.number == "R00002")).one()
    record_capacity(
        person_id=person.id, kind=CapacityKind.OWNER, since=date(2020, 1, 1), actor=admin, now=NOW
    )
    table = list(lines(3))
    table[1][12] = "是"
    assert import_list(text(table), admin).unchanged == 3
