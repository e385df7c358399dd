"""`civicforum count`: what it prints, where, and with what status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from civicforum.config import ROOT
from civicforum.counting import Contest, Profile, Rule, count
from civicforum.counting.second import EnginesDisagree, SecondCount, Status
from civicforum.tabulation import cli
from tests.support.ballot_files import COUNCIL, TIE, run_count
from tests.support.ballots import shared_member


def test_json_is_the_whole_result_and_nothing_else(tmp_path: Path) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", "scottish-stv", "--json")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {
        "rule": "scottish-stv",
        "seats": 2,
        "quota": 9,
        "valid": 25,
        "stages": [
            {"totals": {"Ann": "12.00000", "Bob": "6.00000", "Cem": "7.00000"}},
            {"totals": {"Ann": "9.00000", "Bob": "9.00000", "Cem": "7.00000"}},
        ],
        "elected": ["Ann", "Bob"],
        "ties": [],
    }


def test_quota_is_null_for_a_rule_without_one_and_text_where_it_is_not_whole(tmp_path: Path) -> None:
    plurality = run_count(tmp_path, COUNCIL, "--rule", "plurality", "--json")
    assert json.loads(plurality.stdout)["quota"] is None
    # 25 / 3, cut after the ninth decimal, and one unit of it.
    meek = run_count(tmp_path, COUNCIL, "--rule", "meek-stv", "--json")
    assert json.loads(meek.stdout)["quota"] == "8.333333334"


def test_seats_of_the_command_go_before_those_of_the_file(tmp_path: Path) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", "scottish-stv", "--seats", "1", "--json")
    # 25 // 2 + 1 = 13: Ann's 12 are not enough until Bob's 6 papers come to her.
    assert {key: json.loads(ran.stdout)[key] for key in ("seats", "quota", "elected")} == {
        "seats": 1,
        "quota": 13,
        "elected": ["Ann"],
    }


def test_seats_are_one_where_neither_says(tmp_path: Path) -> None:
    preflib = (
        "# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 3\n# NUMBER UNIQUE ORDERS: 1\n"
        "# ALTERNATIVE NAME 1: Ann\n# ALTERNATIVE NAME 2: Bob\n3: 1,2\n"
    )
    ran = run_count(tmp_path, preflib, "--rule", "plurality", "--json", name="ballots.soi")
    assert json.loads(ran.stdout)["seats"] == 1, ran.stderr


def test_an_open_tie_is_a_result_with_its_remedy(tmp_path: Path) -> None:
    ran = run_count(tmp_path, TIE, "--rule", "plurality", "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["elected"] == []
    assert json.loads(ran.stdout)["ties"] == [
        {
            "stage": 1,
            "about": "election",
            "names": ["王秀兰", "陈志强"],
            "settled": None,
            "chosen": [],
            "by_stage": None,
            "remedy": "new_vote",
            "seats": 1,
            "certain": [],
        }
    ]


@pytest.mark.parametrize("draw", ["陈志强 > 王秀兰", "2>1", "2 > 王秀兰 > 3"])
def test_a_lot_is_entered_by_names_or_numbers(tmp_path: Path, draw: str) -> None:
    ran = run_count(tmp_path, TIE, "--rule", "irv", "--lot", draw, "--json")
    assert json.loads(ran.stdout)["elected"] == ["陈志强"], ran.stderr
    assert json.loads(ran.stdout)["ties"][-1]["settled"] == "lot"


@pytest.mark.parametrize("draw", ["Ann > 王秀兰", "1 > 1", "1", "1 > 4", "0 > 1", "", "1 >"])
def test_a_lot_among_strangers_is_refused_in_one_line(tmp_path: Path, draw: str) -> None:
    ran = run_count(tmp_path, TIE, "--rule", "irv", "--lot", draw)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: a lot ")
    assert ran.stderr.count("\n") == 1


def test_a_name_with_a_comma_needs_no_quotes_of_its_own(tmp_path: Path) -> None:
    ran = run_count(tmp_path, TIE, "--rule", "irv", "--lot", "Lee, <b>Ann</b> & Co > 1", "--json")
    assert ran.exit_code == 2  # the `>` in this name parts it: such a name is given by its number
    ran = run_count(tmp_path, TIE.replace("<b>Ann</b>", "Ann"), "--rule", "irv", "--lot", "Lee, Ann & Co > 1")
    assert ran.exit_code == 0, ran.stderr


def test_a_bad_file_is_one_line_with_the_line_of_the_file(tmp_path: Path) -> None:
    ran = run_count(tmp_path, COUNCIL.replace("7 3 0", "7 9 0"), "--rule", "irv")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("Error: ballots.blt: line 3: ")
    assert ran.stderr.count("\n") == 1


def test_rule_for_one_seat_fills_one_whatever_the_file_says_but_refuses_to_be_asked_for_two(
    tmp_path: Path,
) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", "irv", "--json")
    assert (ran.exit_code, json.loads(ran.stdout)["seats"]) == (0, 1)
    assert "fills one" in ran.stderr
    ran = run_count(tmp_path, COUNCIL, "--rule", "irv", "--seats", "2")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "one seat" in ran.stderr
    assert "--seats 2" in ran.stderr


def test_rules_that_do_not_exist_and_seats_that_nobody_can_fill_are_bad_usage(tmp_path: Path) -> None:
    assert run_count(tmp_path, COUNCIL, "--rule", "roulette").exit_code == 2
    assert run_count(tmp_path, COUNCIL, "--rule", "borda", "--seats", "0").exit_code == 2


def test_a_result_that_the_second_engine_contradicts_is_not_given_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def contradicted(contest: Contest, profile: Profile, **_options: Any) -> None:
        raise EnginesDisagree(
            count(contest, profile), SecondCount("other", "1.0", Status.DISAGREES, winners=("Cem",))
        )

    monkeypatch.setattr(cli, "checked_count", contradicted)
    ran = run_count(
        tmp_path, COUNCIL, "--rule", "plurality", "--second", "--report", str(tmp_path / "r.html")
    )
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "disagree" in ran.stderr
    assert not (tmp_path / "r.html").exists()


def test_the_second_engine_is_asked_and_heard(tmp_path: Path) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", "irv", "--seats", "1", "--second", "--language", "en")
    assert "Counted twice, with one outcome." in ran.stdout


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("rule", [rule.value for rule in cli.RULE_WORDS if rule is not Rule.BLOCK_PLURALITY])
def test_every_rule_speaks_both_languages(tmp_path: Path, rule: str, language: str) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", rule, "--seats", "1", "--language", language)
    assert ran.exit_code == 0, ran.stderr
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in ran.stdout)
    assert chinese == (language == "zh_Hans")


def test_text_shows_stages_beside_each_other_and_the_elected_in_order(tmp_path: Path) -> None:
    lines = run_count(tmp_path, COUNCIL, "--rule", "scottish-stv", "--language", "en").stdout.splitlines()
    assert "Ann               12.00000✓   9.00000 " in lines
    assert "Bob                6.00000    9.00000✓" in lines
    assert lines[lines.index("Who is elected") :][1:3] == ["1. Ann", "2. Bob"]


def test_text_of_an_open_tie_says_what_must_happen(tmp_path: Path) -> None:
    text = run_count(tmp_path, TIE, "--rule", "irv", "--language", "zh_Hans").stdout
    assert "须在王秀兰、陈志强之间公开抽签决定" in text
    assert '--lot "王秀兰 > 陈志强"' in text


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    ran = run_count(tmp_path, COUNCIL, "--rule", "borda", "--report", str(tmp_path / "no" / "r.html"))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "No such file or directory" in ran.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_file_shows_how_far_it_is_read_only_to_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "long.blt"
    file.write_text(COUNCIL)
    monkeypatch.setattr(cli, "LONG_FILE", 10)
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        assert cli._read(file).profile.valid == 25
        assert ("100%" in stream.getvalue()) is shown


def test_a_ward_comes_out_as_the_council_published_it(tmp_path: Path) -> None:
    name = "north_lanarkshire_2017_ward11.csv"
    ballots = shared_member("scotland/ballots_2017.zip", name).decode()
    official = next(
        ward
        for line in shared_member("scotland/official_2017.zip", "official_2017.jsonl").decode().splitlines()
        if (ward := json.loads(line))["file"] == name
    )
    told = json.loads(run_count(tmp_path, ballots, "--rule", "scottish-stv", "--json", name=name).stdout)
    names = list(told["stages"][0]["totals"])
    assert told["quota"] == official["quota"]
    assert sorted(told["elected"]) == sorted(names[number - 1] for number in official["winners"])
    published = [candidate["totals"] for candidate in official["candidates"]]
    for number, stage in enumerate(told["stages"]):
        for name, totals in zip(names, published, strict=True):
            assert float(stage["totals"][name]) == float(totals[number])


def test_example_of_the_officers_guide_can_be_counted() -> None:
    example = ROOT / "docs" / "officers" / "examples" / "council.csv"
    ran = CliRunner().invoke(
        cli.count_file, [str(example), "--rule", "scottish-stv", "--no-second", "--json"]
    )
    result = json.loads(ran.stdout)
    assert (result["seats"], result["quota"], result["valid"]) == (3, 118 // 4 + 1, 118)
    assert result["elected"] == ["王秀兰", "陈志强", "孙桂芳"]
