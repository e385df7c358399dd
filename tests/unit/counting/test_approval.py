import re
from collections import Counter
from pathlib import Path

import pytest

from civicforum.counting import Contest, Profile, Rule, count
from civicforum.counting.files import read_ballots
from tests.support.ballots import shared_data

ABC = ("Ana", "Bo", "Cai")


def test_every_approval_is_a_vote() -> None:
    ballots = {("Ana", "Bo"): 4, ("Bo", "Cai"): 3, ("Cai",): 2, (): 1}
    result = count(Contest(ABC, Rule.APPROVAL), Profile.of_approvals(ABC, ballots))
    assert result.stages[0].totals == {"Ana": 4, "Bo": 7, "Cai": 5}
    assert result.elected == ("Bo",)
    assert (result.valid, result.blank) == (9, 1)


def test_every_ranked_option_counts_as_approved() -> None:
    profile = Profile.of_rankings(ABC, {("Ana", "Bo"): 4, ("Cai", ("Ana", "Bo")): 3})
    result = count(Contest(ABC, Rule.APPROVAL, seats=2), profile)
    assert result.stages[0].totals == {"Ana": 7, "Bo": 7, "Cai": 3}
    assert result.elected == ("Ana", "Bo")


def test_as_many_approvals_for_one_seat_stay_a_tie() -> None:
    result = count(Contest(ABC, Rule.APPROVAL), Profile.of_approvals(ABC, {("Ana", "Bo"): 2, ("Cai",): 1}))
    assert result.elected == ()
    assert result.tied is not None
    assert result.tied.names == ("Ana", "Bo")


def test_without_ballots_nobody_is_elected() -> None:
    result = count(Contest(ABC, Rule.APPROVAL), Profile.of_approvals(ABC, {}))
    assert (result.elected, result.tied) == ((), None)


def counted_line_by_line(path: Path) -> tuple[Counter[str], int]:
    """Return approvals by name and all papers, without our reader: `13: 6,{1,2}` or `1: {6,13},{1,2}`."""
    names: dict[str, str] = {}
    votes: Counter[str] = Counter()
    papers = 0
    for line in path.read_text("utf-8").splitlines():
        if named := re.match(r"# ALTERNATIVE NAME (\d+): (.*)", line):
            names[named[1]] = named[2].strip()
        elif ballot := re.match(r"(\d+): (\{[^}]*\}|\d+)", line):
            papers += int(ballot[1])
            for number in re.findall(r"\d+", ballot[2]):
                votes[names[number]] += int(ballot[1])
    return votes, papers


@pytest.mark.parametrize(("station", "papers"), [(1, 365), (2, 409), (3, 476), (4, 460)])
def test_french_stations_of_2002_add_up_as_in_a_count_by_hand(station: int, papers: int) -> None:
    path = shared_data(f"preflib/00026-frenchapproval/00026-0000000{station}.cat")
    votes, read = counted_line_by_line(path)
    ballots = read_ballots(path)
    result = count(Contest(ballots.options, Rule.APPROVAL), ballots.profile)
    assert read == papers == result.valid + result.blank
    assert result.stages[0].totals == {name: votes[name] for name in ballots.options}
    assert result.elected == (votes.most_common(1)[0][0],)
