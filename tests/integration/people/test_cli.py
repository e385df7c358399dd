"""civicforum init, and civicforum import residents."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from civicforum.accounts.models import Account
from civicforum.database import db
from civicforum.people.cli import import_, init
from civicforum.people.models import Community, Person
from tests.factories import make_community
from tests.resident_lists import lines, text, workbook

PLACE = ["--city", "临江市", "--district", "东湖区", "--subdistrict", "松河街道", "--community", "青松里社区"]
PERSON = [
    "--name",
    "陈管理",
    "--sex",
    "female",
    "--born",
    "1980-05-17",
    "--number",
    "A1",
    "--household",
    "A1",
    "--address",
    "服务站",
]
REST = ["--grid", "第一网格", "--group", "第一居民小组", "--phone", "", "--login", "chen"]
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def run_init(app: Flask, *more: str, typed: str | None = None) -> Result:
    return app.test_cli_runner().invoke(init, [*PLACE, *PERSON, *REST, *more], input=typed)


def run_import(app: Flask, file: Path, *more: str) -> Result:
    return app.test_cli_runner().invoke(import_, ["residents", str(file), *more])


def residents(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Person.id)).where(Person.number.startswith("R"))) or 0


def test_init_with_options_makes_a_community_and_says_what_to_do_next(app: Flask, database: None) -> None:
    result = run_init(app, "--password", PASSWORD)
    assert result.exit_code == 0, result.output
    assert "civicforum serve" in result.output
    assert PASSWORD not in result.output
    with app.app_context():
        assert db.session.scalars(select(Account.login)).all() == ["chen"]
    again = run_init(app, "--password", PASSWORD)
    assert (again.exit_code, "already" in again.output) == (1, True)


def test_init_asks_for_what_is_not_given_and_asks_again_for_what_does_not_fit(
    app: Flask, database: None
) -> None:
    answers = ["临江市", "东湖区", "松河街道", "青松里社区", "", "", "陈管理", "neither", "女"]
    answers += ["yesterday", "1980年5月17日", "", "", "", "", "", PASSWORD, PASSWORD]
    result = app.test_cli_runner().invoke(init, [], input="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("does not fit") == 2
    with app.app_context():
        assert db.session.scalars(select(Community.name)).all() == ["青松里社区"]
        assert db.session.scalars(select(Person.born_on)).one().isoformat() == "1980-05-17"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--password", "short"], "password"),
        (["--password", PASSWORD, "--profile", "nowhere"], "national-2026"),
        (["--password", PASSWORD, "--born", "someday"], "not a date"),
    ],
)
def test_init_refuses_in_one_line_and_writes_nothing(
    app: Flask, database: None, options: list[str], words: str
) -> None:
    result = run_init(app, *options)
    assert result.exit_code == 1
    assert words in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count(Community.id))) == 0


def test_init_refuses_a_database_that_holds_the_demonstration(app: Flask, database: None) -> None:
    with app.app_context():
        make_community(name="演示社区", is_demonstration=True)
    result = run_init(app, "--password", PASSWORD)
    assert (result.exit_code, "holds the demonstration" in result.output) == (1, True)
    with app.app_context():
        assert db.session.scalars(select(Community.name)).all() == ["演示社区"]


def test_import_shows_counts_and_writes_after_a_yes(app: Flask, database: None, tmp_path: Path) -> None:
    with app.app_context():
        make_community()
    file = tmp_path / "居民.xlsx"
    file.write_bytes(workbook(list(lines(40))))
    shown = run_import(app, file, "--dry-run")
    assert (shown.exit_code, residents(app)) == (0, 0)
    assert "40  New" in shown.output
    declined = app.test_cli_runner().invoke(import_, ["residents", str(file)], input="n\n")
    assert (declined.exit_code, residents(app)) == (0, 0)
    assert run_import(app, file, "--yes").exit_code == 0
    assert residents(app) == 40
    assert "Nothing to do" in run_import(app, file, "--yes").output


def test_import_of_a_bad_row_names_it_and_fails(app: Flask, database: None, tmp_path: Path) -> None:
    with app.app_context():
        make_community()
    table = list(lines(40))
    table[9][8] = "第九网格"
    file = tmp_path / "a.csv"
    file.write_bytes(text(table, encoding="gb18030"))
    result = run_import(app, file, "--yes")
    assert (result.exit_code, residents(app)) == (1, 0)
    assert "Line 11, Grid: There is no grid “第九网格” here." in result.output
    file.write_bytes(b"\x89PNG\x00")
    assert run_import(app, file, "--yes").exit_code == 1


def test_import_wants_to_know_which_community(app: Flask, database: None, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(text(list(lines(3))))
    assert "civicforum init" in run_import(app, file).output
    with app.app_context():
        make_community(name="甲社区")
        make_community(name="乙社区")
    assert run_import(app, file, "--yes").exit_code == 1
    assert run_import(app, file, "--yes", "--community", "丙社区").exit_code == 1
    assert run_import(app, file, "--yes", "--community", "乙社区").exit_code == 0
    assert residents(app) == 3


def test_words_are_chinese_where_the_terminal_is(
    app: Flask, database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with app.app_context():
        make_community()
    file = tmp_path / "a.csv"
    file.write_bytes(text(list(lines(3))))
    assert "新增" in run_import(app, file, "--dry-run").output
