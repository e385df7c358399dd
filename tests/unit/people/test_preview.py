from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from civicforum.people.identity import read_identity
from civicforum.people.importing.columns import Field, find_columns
from civicforum.people.importing.preview import (
    Change,
    Code,
    Decision,
    HouseholdState,
    Known,
    KnownCapacity,
    KnownPerson,
    Plan,
    RowKind,
    make_plan,
    read_entries,
)
from civicforum.people.importing.reading import Cell, Row
from civicforum.people.importing.stored import changes_from, entry_from, problems_from, to_json
from civicforum.people.rules import CapacityKind, Sex
from tests.resident_lists import identity_number

TODAY = date(2026, 3, 2)
KEY = "k"
HOME = HouseholdState("0001", "1号楼1室", "01", "一组", id=uuid.uuid4())
EMPTY = Known(
    people=(), households={}, grids={"01": "01", "第一网格": "01", "02": "02"}, groups={"一组": "一组"}
)
ANNA = KnownPerson(
    id=uuid.uuid4(),
    number="R1",
    name="张三",
    sex=Sex.FEMALE,
    born_on=date(1960, 3, 5),
    phone="13800000000",
    identity_hash=None,
    household="0001",
    has_left=False,
    capacities={CapacityKind.HUKOU: [KnownCapacity(uuid.uuid4(), date(2000, 1, 1), None)]},
)
NEW_ROW: dict[str, Cell] = {
    "编号": "R1",
    "姓名": "张三",
    "性别": "女",
    "出生日期": "1960-3-5",
    "户号": "0001",
    "地址": "1号楼1室",
    "网格": "第一网格",
    "居民小组": "一组",
    "户籍": "是",
}


def known(*people: KnownPerson) -> Known:
    return replace(EMPTY, people=people, households={"0001": HOME})


def plan(*rows: dict[str, Cell], on: Known = EMPTY) -> Plan:
    headings = list(dict.fromkeys(name for row in ({"编号": 0, "姓名": 0, "户号": 0}, *rows) for name in row))
    table = [Row(1, tuple(headings))]
    table += [Row(line, tuple(row.get(name) for name in headings)) for line, row in enumerate(rows, start=2)]
    columns, below = find_columns(table)
    return make_plan(read_entries(below, columns, identity_key=KEY, today=TODAY), on, today=TODAY)


def found(decision: Decision) -> list[tuple[Code, Field | None, str]]:
    return [(problem.code, problem.field, problem.detail) for problem in decision.problems]


def kinds(made: Plan) -> Sequence[RowKind]:
    return [decision.kind for decision in made.decisions]


def test_somebody_unknown_is_new_and_brings_the_household() -> None:
    made = plan(NEW_ROW)
    assert kinds(made) == [RowKind.NEW]
    assert made.households == (HouseholdState("0001", "1号楼1室", "01", "一组"),)
    assert not made.is_refused


def test_same_row_again_is_unchanged() -> None:
    made = plan(NEW_ROW, on=known(ANNA))
    assert kinds(made) == [RowKind.UNCHANGED]
    assert made.households == ()


def test_blank_cells_change_nothing() -> None:
    made = plan({"编号": "R1", "户号": "0001"}, on=known(ANNA))
    assert kinds(made) == [RowKind.UNCHANGED]


def test_what_differs_is_a_change_with_before_and_after() -> None:
    row = {**NEW_ROW, "手机号": "13900000000", "户籍": "否", "党员": "是", "网格": "02"}
    (decision,) = plan(row, on=known(ANNA)).decisions
    assert decision.kind is RowKind.CHANGED
    assert decision.changes == (
        Change(Field.PHONE, "13800000000", "13900000000"),
        Change(Field.HUKOU, "yes", "no"),
        Change(Field.PARTY_MEMBER, "no", "yes"),
        Change(Field.GRID, "01", "02"),
    )


def test_start_date_does_not_move_what_is_held_already() -> None:
    assert kinds(plan({**NEW_ROW, "起始日期": "2015-01-01"}, on=known(ANNA))) == [RowKind.UNCHANGED]


@pytest.mark.parametrize(
    ("change", "code", "field", "detail"),
    [
        ({"编号": ""}, Code.MISSING, Field.NUMBER, ""),
        ({"姓名": " "}, Code.MISSING, Field.NAME, ""),
        ({"性别": None}, Code.MISSING, Field.SEX, ""),
        ({"出生日期": None}, Code.MISSING, Field.BORN_ON, ""),
        ({"户号": None}, Code.MISSING, Field.HOUSEHOLD, ""),
        ({"地址": None}, Code.MISSING, Field.ADDRESS, ""),
        ({"网格": None}, Code.MISSING, Field.GRID, ""),
        ({"出生日期": "1960-02-30"}, Code.UNREADABLE, Field.BORN_ON, "1960-02-30"),
        ({"出生日期": "2026-03-03"}, Code.IN_FUTURE, Field.BORN_ON, "2026-03-03"),
        ({"起始日期": "1950-01-01"}, Code.BEFORE_BIRTH, Field.SINCE, "1950-01-01"),
        ({"性别": "不详"}, Code.UNREADABLE, Field.SEX, "不详"),
        ({"户籍": "也许"}, Code.UNREADABLE, Field.HUKOU, "也许"),
        ({"网格": "第九网格"}, Code.UNKNOWN_GRID, Field.GRID, "第九网格"),
        ({"居民小组": "九组"}, Code.UNKNOWN_GROUP, Field.GROUP, "九组"),
        ({"身份证号": "110105194912310021"}, Code.IDENTITY_INVALID, Field.IDENTITY, ""),
        ({"身份证号": 110105194912310000}, Code.DIGITS_LOST, Field.IDENTITY, ""),
        ({"姓名": "张" * 81}, Code.TOO_LONG, Field.NAME, "80"),
    ],
)
def test_error_names_its_field(change: dict[str, Cell], code: Code, field: Field, detail: str) -> None:
    (decision,) = plan({**NEW_ROW, **change}).decisions
    assert decision.kind is RowKind.ERROR
    assert found(decision) == [(code, field, detail)]


def test_identity_number_gives_birth_date_and_sex() -> None:
    number = identity_number(1, date(1980, 2, 29), is_male=True)
    (decision,) = plan({**NEW_ROW, "性别": "", "出生日期": "", "身份证号": number}).decisions
    assert decision.kind is RowKind.NEW
    assert (decision.entry.sex, decision.entry.born_on) == (Sex.MALE, date(1980, 2, 29))


def test_disagreement_with_the_identity_number_is_a_warning() -> None:
    number = identity_number(1, date(1980, 2, 29), is_male=True)
    (decision,) = plan({**NEW_ROW, "身份证号": number}).decisions
    assert decision.kind is RowKind.NEW
    assert {(code, field) for code, field, _detail in found(decision)} == {
        (Code.IDENTITY_DISAGREES, Field.BORN_ON),
        (Code.IDENTITY_DISAGREES, Field.SEX),
    }


def test_repeated_numbers_and_identities_name_the_first_line() -> None:
    number = identity_number(1, date(1960, 3, 5), is_male=False)
    made = plan(
        {**NEW_ROW, "身份证号": number},
        {**NEW_ROW, "编号": "R2", "身份证号": number},
        NEW_ROW,
    )
    assert found(made.decisions[1]) == [(Code.IDENTITY_TWICE, Field.IDENTITY, "2")]
    assert found(made.decisions[2]) == [(Code.NUMBER_TWICE, Field.NUMBER, "2")]


def test_person_is_known_by_the_number_then_by_the_identity() -> None:
    number = identity_number(1, ANNA.born_on, is_male=False)
    identity = read_identity(number, key=KEY).hash
    identified = replace(ANNA, identity_hash=identity)
    (by_identity,) = plan({**NEW_ROW, "编号": "R9", "身份证号": number}, on=known(identified)).decisions
    assert by_identity.person == identified
    assert by_identity.changes == (Change(Field.NUMBER, "R1", "R9"),)
    assert found(by_identity) == [(Code.NUMBER_CHANGES, Field.NUMBER, "R1")]
    (recorded,) = plan({**NEW_ROW, "身份证号": number}, on=known(ANNA)).decisions
    assert recorded.changes == (Change(Field.IDENTITY, "no", "yes"),)


def test_number_and_identity_of_two_people_are_an_error() -> None:
    number = identity_number(1, ANNA.born_on, is_male=False)
    identity = read_identity(number, key=KEY).hash
    other = replace(ANNA, id=uuid.uuid4(), number="R2", identity_hash=identity)
    (decision,) = plan({**NEW_ROW, "身份证号": number}, on=known(ANNA, other)).decisions
    assert found(decision) == [(Code.IDENTITY_OF_ANOTHER, Field.IDENTITY, "R2")]
    (taken,) = plan({**NEW_ROW, "身份证号": number}, on=known(replace(ANNA, identity_hash="x"))).decisions
    assert found(taken) == [(Code.NUMBER_OF_ANOTHER, Field.NUMBER, "")]


def test_two_rows_about_one_person_are_an_error() -> None:
    number = identity_number(1, ANNA.born_on, is_male=False)
    identified = replace(ANNA, identity_hash=read_identity(number, key=KEY).hash)
    made = plan(NEW_ROW, {**NEW_ROW, "编号": "R9", "身份证号": number}, on=known(identified))
    assert (Code.PERSON_TWICE, Field.NUMBER, "2") in found(made.decisions[1])


def test_rows_of_one_household_have_to_agree_and_may_leave_blanks() -> None:
    child = {"编号": "R2", "姓名": "李四", "性别": "男", "出生日期": "1990-1-1", "户号": "0001", "户籍": "是"}
    assert kinds(plan(NEW_ROW, child)) == [RowKind.NEW, RowKind.NEW]
    made = plan(NEW_ROW, {**child, "地址": "2号楼2室"})
    assert found(made.decisions[1]) == [(Code.HOUSEHOLD_DIFFERS, Field.ADDRESS, "2")]


def test_somebody_else_under_a_known_number_is_a_warning() -> None:
    (decision,) = plan({**NEW_ROW, "姓名": "李四", "出生日期": "1990-01-01"}, on=known(ANNA)).decisions
    assert decision.kind is RowKind.CHANGED
    assert found(decision) == [(Code.NAME_AND_BIRTH_DIFFER, Field.NAME, "张三")]


def test_who_left_and_who_belongs_nowhere_are_warnings() -> None:
    (left,) = plan(NEW_ROW, on=known(replace(ANNA, has_left=True))).decisions
    assert found(left) == [(Code.HAS_LEFT, None, "")]
    (nowhere,) = plan({**NEW_ROW, "户籍": "否"}).decisions
    assert nowhere.kind is RowKind.NEW
    assert found(nowhere) == [(Code.NO_RESIDENCE, None, "")]


@pytest.mark.parametrize("column", ["编号", "姓名", "户号", "地址", "网格", "手机号", "出生日期", "户籍"])
def test_identity_number_in_a_wrong_column_is_refused_and_not_kept(column: str) -> None:
    number = identity_number(1, date(1980, 2, 29), is_male=True)
    (decision,) = plan({**NEW_ROW, column: f"{number}"}).decisions
    assert decision.kind is RowKind.ERROR
    assert number[:17] not in json.dumps(to_json(decision), ensure_ascii=False)


def test_one_bad_row_refuses_the_plan() -> None:
    made = plan(NEW_ROW, {**NEW_ROW, "编号": "R2", "网格": "第九网格"})
    assert kinds(made) == [RowKind.NEW, RowKind.ERROR]
    assert made.is_refused


def test_stored_preview_comes_back_whole() -> None:
    number = identity_number(1, date(1980, 2, 29), is_male=True)
    row = {**NEW_ROW, "身份证号": number, "手机号": "13900000000", "起始日期": "2015-01-01"}
    for decision in plan(row, {**row, "编号": "R2", "户籍": "也许"}, on=known(ANNA)).decisions:
        stored = json.loads(json.dumps(to_json(decision)))
        assert entry_from(stored) == decision.entry
        assert tuple(problems_from(stored)) == decision.problems
        assert tuple(changes_from(stored)) == decision.changes
        assert number not in json.dumps(stored)
