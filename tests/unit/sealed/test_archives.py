"""Verifying archives, as a library and from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from civicforum.sealed import Check, Failure, verify_archive
from civicforum.sealed.cli import verify
from tests.support.sealed_election import whole_election
from tests.support.sealed_forgeries import Forgery, forgeries

LINES = whole_election().lines
HEAD = whole_election().board.head


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive(tmp_path_factory.mktemp("whole"), LINES)


def archive(folder: Path, lines: list[bytes]) -> Path:
    path = folder / "archive.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def bent(line: int, at: int = 60) -> list[bytes]:
    """Return the archive with one character of a line, counted from 1, changed."""
    lines = list(LINES)
    raw = lines[line - 1]
    lines[line - 1] = raw[:at] + (b"A" if raw[at : at + 1] != b"A" else b"B") + raw[at + 1 :]
    return lines


@pytest.mark.parametrize("processes", [1, 2])
def test_a_sound_archive_verifies(whole: Path, processes: int) -> None:
    seen: list[tuple[int, int]] = []
    report = verify_archive(whole, HEAD, progress=lambda *at: seen.append(at), processes=processes)
    assert report.holds
    assert (report.head, report.lines) == (HEAD, len(LINES))
    assert report.accepted["ballot"] == 7
    assert [check for check in Check if check <= Check.HEAD and report.state_of(check) is not True] == []
    assert seen[-1] == (whole.stat().st_size, whole.stat().st_size)
    assert seen == sorted(seen)


@pytest.mark.parametrize("processes", [1, 2])
def test_every_bad_ballot_is_named_with_its_line(tmp_path: Path, processes: int) -> None:
    lines = bent(5)
    lines[6] = bent(7)[6]
    report = verify_archive(archive(tmp_path, lines), HEAD, processes=processes)
    assert {failure.line for failure in report.failures if failure.check < Check.CLOSE_COUNTED} >= {5, 7}
    assert report.state_of(Check.RESULT_OPENED) is None
    assert report.state_of(Check.HEAD) is False
    assert report.is_broken


@pytest.mark.parametrize("line", range(1, len(LINES) + 1))
def test_a_changed_byte_in_any_line_is_found(tmp_path: Path, line: int) -> None:
    report = verify_archive(archive(tmp_path, bent(line, at=len(LINES[line - 1]) // 2)), HEAD)
    assert not report.holds
    assert report.state_of(Check.HEAD) is False


FIRST_OF_EACH_CHECK = {forgery.check: forgery for forgery in reversed(forgeries(whole_election()))}


@pytest.mark.parametrize("forgery", FIRST_OF_EACH_CHECK.values(), ids=lambda forgery: forgery.check.name)
def test_the_verifier_finds_each_kind_of_forgery_and_its_line(tmp_path: Path, forgery: Forgery) -> None:
    lines = [*LINES[: forgery.after], forgery.line, *LINES[forgery.after :]]
    report = verify_archive(archive(tmp_path, lines))
    assert report.failures[0][:2] == (forgery.check, forgery.after + 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_bad_ballot_after_the_stop_is_named_for_its_place(tmp_path: Path, processes: int) -> None:
    stop = next(at for at, line in enumerate(LINES) if b'"type":"stop"' in line)
    late = bent(5)[4]
    report = verify_archive(archive(tmp_path, [*LINES[: stop + 1], late]), processes=processes)
    assert report.failures[0][:2] == (Check.LINE_ORDER, stop + 2)


def test_a_cut_archive_is_not_complete(tmp_path: Path) -> None:
    report = verify_archive(archive(tmp_path, LINES[:-3]))
    assert [failure.check for failure in report.failures] == [Check.COMPLETE]


def test_another_sound_board_is_not_the_announced_one(whole: Path) -> None:
    report = verify_archive(whole, bytes(32))
    assert [failure.check for failure in report.failures] == [Check.HEAD]


@pytest.mark.parametrize("content", [b"", b"\n", b"not an archive\n", b"{}\n", bytes(1000)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "archive.jsonl"
    path.write_bytes(content)
    report = verify_archive(path)
    assert Failure(Check.COMPLETE, None, "the board is ceremony") in report.failures


def test_the_head_of_a_broken_archive_is_that_of_all_its_lines(tmp_path: Path) -> None:
    report = verify_archive(archive(tmp_path, bent(2)), HEAD)
    assert report.is_broken
    assert report.lines == len(LINES)


def test_the_command_says_every_check_and_ends_with_0(whole: Path) -> None:
    done = CliRunner().invoke(verify, [str(whole), "--head", HEAD.hex(), "--processes", "1"])
    assert done.exit_code == 0
    assert "Every check holds." in done.output
    for check in range(1, 34):
        assert f"ok     {check:2} " in done.output


def test_the_command_prints_what_was_opened(whole: Path) -> None:
    """Counted are OTHER twice, FULL twice, a blank ballot; see the support module."""
    output = CliRunner().invoke(verify, [str(whole), "--processes", "1"]).output
    for line in (
        "居民小组长 (marks)",
        "乙: 2",
        "甲: 2 / 2",
        "written in, 王小明: 2",
        "保洁: 2 / 2 / 0",
        "201: 4",
        "blank: 1",
    ):
        assert line in output


def test_the_command_names_check_and_line_and_ends_with_1(tmp_path: Path) -> None:
    path = archive(tmp_path, bent(5, at=200))
    done = CliRunner().invoke(verify, [str(path), "--head", HEAD.hex(), "--processes", "1"])
    assert done.exit_code == 1
    assert "FAILED" in done.output
    assert "line 5" in done.output
    assert "This archive does not verify." in done.output


def test_the_command_without_a_head_says_which_to_compare(whole: Path) -> None:
    done = CliRunner().invoke(verify, [str(whole), "--processes", "1"])
    assert done.exit_code == 0
    assert f"head {HEAD.hex()}" in done.output
    assert "Compare this head" in done.output


def test_a_head_of_another_length_is_no_head(whole: Path) -> None:
    for head in ("ab", "x" * 64):
        assert CliRunner().invoke(verify, [str(whole), "--head", head]).exit_code == 2
