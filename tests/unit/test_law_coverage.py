"""docs/law-coverage.md, and what its command refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from civicforum import rulebook
from tools import law_coverage
from tools.law_coverage import Clause, check, read_clauses, write_page

BOOK = rulebook.load(rulebook.BASE)
# Reading every test takes seconds.
CLAUSES = read_clauses()


def test_the_command_writes_what_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed = law_coverage.PAGE.read_text(encoding="utf-8")
    monkeypatch.setattr(law_coverage, "PAGE", tmp_path / "law-coverage.md")
    law_coverage.main()
    assert law_coverage.PAGE.read_text(encoding="utf-8") == committed, "run make law-coverage"


def test_a_mark_above_a_test_is_read_with_its_row_and_rules(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        '@pytest.mark.law("B4", "election.validity.voters", "roll.posting")\n'
        '@pytest.mark.law("B5")\n'
        "def test_art_19() -> None: ...\n"
        "def test_unmarked() -> None: ...\n",
        encoding="utf-8",
    )
    assert set(read_clauses(tmp_path)) == {
        Clause("B4", ("election.validity.voters", "roll.posting"), "test_art_19"),
        Clause("B5", (), "test_art_19"),
    }


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (Clause("B99", (), "test_x"), "no such row: B99"),
        (Clause("B4", ("election.validity.nobody",), "test_x"), "no such rule: election.validity.nobody"),
        (Clause("B26", ("election.papers_kept",), "test_x"), "tried and excused: election.papers_kept"),
    ],
)
def test_a_mark_that_names_what_there_is_not_is_refused(clause: Clause, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(BOOK, [*CLAUSES, clause])


def test_a_rule_of_elections_without_a_test_is_refused() -> None:
    without = [clause for clause in CLAUSES if "election.elected" not in clause.rules]
    with pytest.raises(ValueError, match=r"neither tried nor excused: election\.elected"):
        write_page(BOOK, without)
