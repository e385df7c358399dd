"""Elections whose outcome is known: instant-runoff in four cities, Dublin West, and Albany stage by stage."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from decimal import Decimal

import pytest

from civicforum.counting import (
    Contest,
    PlaceRules,
    Profile,
    Result,
    Rule,
    Settled,
    count,
    decimal_text,
    read_places,
)
from civicforum.counting.files import read_ballots
from tests.support.ballots import shared_data, shared_member

MINNEAPOLIS = "us/mn_2013_cast_vote_record.zip"
UNDECLARED = "Undeclared Write-ins"


def count_file(name: str, rule: Rule, seats: int = 1) -> Result:
    ballots = read_ballots(shared_data(f"preflib/{name}"))
    return count(Contest(ballots.options, rule, seats=seats), ballots.profile)


@pytest.mark.parametrize(
    ("name", "winner"),
    [
        ("00005-burlington/00005-00000001.toi", "Bob Kiss"),
        ("00005-burlington/00005-00000002.toi", "Bob Kiss"),
        ("00019-oakland/00019-00000002.toi", "Jean Quan"),
        ("00021-sf/00021-00000006.toi", "Malia Cohen"),
        ("00021-sf/00021-00000011.toi", "Ed Lee"),
    ],
)
def test_instant_runoff_elects_who_took_office(name: str, winner: str) -> None:
    result = count_file(name, Rule.IRV)
    assert (result.elected, result.tied) == ((winner,), None)


def test_burlington_2009_ended_with_kiss_at_4313_and_wright_at_4060() -> None:
    # The figures of the city's last round, as they are quoted wherever this election is discussed.
    result = count_file("00005-burlington/00005-00000002.toi", Rule.IRV)
    last = {name: total for name, total in result.stages[-1].totals.items() if total}
    assert last == {"Bob Kiss": 4313, "Kurt Wright": 4060}


def test_write_ins_of_a_few_votes_do_not_hold_up_a_mayor() -> None:
    # Two of them are level at 3 votes; 29 votes in all lie below the first candidate who is on the paper.
    result = count_file("00021-sf/00021-00000011.toi", Rule.IRV)
    assert [tie.settled for tie in result.ties] == [Settled.NO_DIFFERENCE] * len(result.ties)
    assert any(len(tie.chosen) > len(tie.names) for tie in result.ties)


def test_dublin_west_elects_its_three_deputies() -> None:
    result = count_file("00001-irish/00001-00000002.soi", Rule.SCOTTISH_STV, seats=3)
    assert result.elected == ("Brian Lenihan F.F.", "Joe Higgins S.P.", "Joan Burton Lab")
    assert result.quota == 29_988 // 4 + 1


def albany() -> Profile:
    """Read the ballots as VoteKit writes them: braces around a name, blank cells after the last."""
    rows = csv.reader(io.StringIO(shared_data("us/albany_profile.csv").read_text(encoding="utf-8")))
    names: dict[str, str] = {}
    ballots: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        if row and row[0].startswith("("):
            names = dict(cell.strip("()").rsplit(":", 1)[::-1] for cell in row)
        elif row[-3:-2] == ["&"] and row[-2] != "Weight":
            marked = [cell.strip("{}'") for cell in row[:5]]
            ballots[tuple(names[mark] for mark in marked if mark)] += int(Decimal(row[-2]))
    return Profile.of_rankings(tuple(names.values()), ballots)


def test_albany_2022_gives_every_published_stage() -> None:
    official = json.loads(shared_data("us/albany_official_stages.json").read_text(encoding="utf-8"))
    profile = albany()
    result = count(Contest(profile.options, Rule.ALBANY_STV, seats=2), profile)
    assert list(result.elected) == official["winners"]
    assert [str(stage.quota) for stage in result.stages] == official["quotas"]
    for stage, published in zip(result.stages, official["stages"], strict=True):
        assert {name: stage.totals[name] for name in published} == {
            name: Decimal(total) for name, total in published.items()
        }


def minneapolis() -> tuple[Counter[tuple[str, ...]], list[dict[str, str]]]:
    """Read the raw records as the city did (an empty place is passed over, two marks end the paper), and the
    totals of every round of the report.
    """
    report = json.loads(shared_member(MINNEAPOLIS, "2013_minneapolis_mayor_expected_detailed_report.json"))
    rounds = [round_["tally"] for round_ in report["results"]]
    meaning = {name: (name,) for name in rounds[0]}
    meaning |= {"UWI": (UNDECLARED,), "undervote": (), "overvote": (UNDECLARED, "another")}
    records = csv.reader(io.StringIO(shared_member(MINNEAPOLIS, "mn_2013_cast_vote_record.csv").decode()))
    next(records)
    rules = PlaceRules(most_gaps=1, overmark_ends=True)
    papers = (read_places([meaning[cell.replace('"', "")] for cell in record], rules) for record in records)
    return Counter(papers), rounds


def runoff(options: tuple[str, ...], ballots: Counter[tuple[str, ...]]) -> Result:
    return count(Contest(options, Rule.IRV), Profile.of_rankings(options, ballots))


def totals(result: Result) -> list[dict[str, str]]:
    return [{name: decimal_text(votes) for name, votes in s.totals.items() if votes} for s in result.stages]


def test_minneapolis_2013_from_the_raw_records_gives_the_report_round_by_round() -> None:
    ballots, rounds = minneapolis()
    options = tuple(rounds[0])
    assert ballots.total() == 80_101
    everybody = runoff(options, ballots)
    assert totals(everybody)[0] == rounds[0]
    # The report takes the undeclared write-ins out first, though others had fewer votes.
    declared: Counter[tuple[str, ...]] = Counter()
    for names, papers in ballots.items():
        declared[tuple(name for name in names if name != UNDECLARED)] += papers
    result = runoff(tuple(name for name in options if name != UNDECLARED), declared)
    assert everybody.elected == result.elected == ("BETSY HODGES",)
    # Its rounds 31 and 32 take out two at once; every other round is one exclusion.
    ours = totals(result)
    assert ours[:30] == rounds[1:31]
    assert [ours[31], ours[33]] == rounds[31:]
    assert len(ours) == 34
