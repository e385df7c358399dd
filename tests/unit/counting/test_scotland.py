"""The Scottish council elections of 2017, every published stage, and the wards that tell counts apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from civicforum.counting import Contest, Profile, Result, Rule, count, decimal_text
from civicforum.counting.files import read_bytes
from tests.support.ballots import shared_member, shared_members

# A figure of the published table that no count can give: all later figures of the ward agree.
SLIP = ("midlothian_2017_ward1.csv", 3, "Joe Wallace", "832.84154")


@dataclass(frozen=True)
class Ward:
    """A ward's count, and what the council published of it."""

    official: dict[str, Any]
    profile: Profile
    result: Result

    def winners(self) -> list[int]:
        return sorted(self.profile.options.index(name) + 1 for name in self.result.elected)

    def differing_figures(self) -> Iterator[tuple[str, int, str, str]]:
        """Yield ward, stage, name and published total where ours differs in the decimals published."""
        for name, candidate in zip(self.profile.options, self.official["candidates"], strict=True):
            for stage, published in zip(self.result.stages, candidate["totals"], strict=True):
                decimals = len(published.partition(".")[2])
                ours = Decimal(decimal_text(stage.totals[name])).quantize(Decimal(1).scaleb(-decimals))
                if ours != Decimal(published):
                    yield self.official["file"], stage.number, name, published


@cache
def wards_2017() -> list[Ward]:
    ballots = shared_members("scotland/ballots_2017.zip")
    lines = shared_member("scotland/official_2017.zip", "official_2017.jsonl").decode().splitlines()
    return [count_ward(official, ballots[official["file"]]) for official in map(json.loads, lines)]


def count_ward(official: dict[str, Any], data: bytes) -> Ward:
    ballots = read_bytes(data, official["file"])
    assert ballots.seats == official["seats"]
    contest = Contest(ballots.options, Rule.SCOTTISH_STV, seats=official["seats"])
    return Ward(official, ballots.profile, count(contest, ballots.profile))


def test_winners_quota_and_valid_papers_of_186_wards_are_the_published_ones() -> None:
    wards = wards_2017()
    assert len(wards) == 186
    for ward in wards:
        official = ward.official
        assert (ward.winners(), ward.result.quota, ward.result.valid) == (
            official["winners"],
            official["quota"],
            official["valid"],
        ), official["file"]


def test_every_stage_total_is_the_published_one_but_for_one_slip_of_the_pen() -> None:
    wards = wards_2017()
    assert [slip for ward in wards for slip in ward.differing_figures()] == [SLIP]
    (midlothian,) = (ward for ward in wards if ward.official["file"] == SLIP[0])
    assert midlothian.result.stages[2].totals["Joe Wallace"] == Decimal("832.84152")
    assert sum(len(ward.result.stages) for ward in wards) == 1254


def test_nobody_drew_a_lot_in_2017() -> None:
    assert all(ward.result.tied is None for ward in wards_2017())


def test_twelve_hundredths_of_a_vote_decide_a_ward_where_surpluses_go_one_by_one() -> None:
    (ward,) = (w for w in wards_2017() if w.official["file"] == "north_lanarkshire_2017_ward11.csv")
    exclusions = [stage for stage in ward.result.stages if stage.excluded]
    last_but_one = exclusions[-2]
    before = ward.result.stages[last_but_one.number - 2].totals
    (out,) = last_but_one.excluded
    next_above = min(total for total in before.values() if total > before[out])
    assert next_above - before[out] == Decimal("0.12240")
    assert any("Encinias" in name for name in ward.result.elected)


def test_no_paper_goes_to_an_elected_councillor_whose_surplus_waits() -> None:
    # In this ward such a paper would elect another councillor.
    (ward,) = (w for w in wards_2017() if w.official["file"] == "north_ayrshire_2017_ward1.csv")
    assert ward.winners() == ward.official["winners"]
    assert any(len(stage.elected) > 1 and stage.step != "exclusion" for stage in ward.result.stages)


@pytest.mark.parametrize("year", [2007, 2012])
def test_wards_of_earlier_years_give_the_stages_of_an_independent_count(year: int) -> None:
    ballots = shared_members(f"scotland/ballots_{year}.zip")
    (computed,) = shared_members(f"scotland/computed_{year}.zip").values()
    for expected in map(json.loads, computed.decode().splitlines()):
        ward = count_ward(expected, ballots[expected["file"]])
        totals = [
            [f"{stage.totals[name]:.5f}" for name in ward.profile.options] for stage in ward.result.stages
        ]
        assert totals == expected["stages_computed"], expected["file"]
        elected = [ward.profile.options.index(name) + 1 for name in ward.result.elected]
        assert sorted(elected) == sorted(expected["winners_in_order_computed"])
