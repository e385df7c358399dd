"""Every real file beside the checkout is read, with the number of ballots that it says or lists itself."""

import re

import pytest

from civicforum.counting import BallotKind
from civicforum.counting.files import read_ballots, read_bytes
from tests.support.ballots import shared_data, shared_members

ARCHIVES = {"preflib/00007-ers.zip": 44, "stablevoting_polls.zip": 329, "nsw_la.zip": 16}
WARDS = {2007: 21, 2012: 353, 2017: 186}
PREFLIB = re.compile(r"\.(soc|soi|toc|toi|cat)$")


def announced_voters(content: bytes) -> int:
    found = re.search(rb"^# NUMBER VOTERS: ([0-9]+)", content, re.MULTILINE)
    assert found
    return int(found[1])


def listed_papers(content: bytes) -> int:
    """Add up the first numbers of the rows between the first and the candidates."""
    rows = content.decode().splitlines()[1:]
    return sum(int(row.split(",")[0]) for row in rows if not row.startswith('"'))


@pytest.mark.parametrize("archive", ARCHIVES)
def test_preflib_archives_are_read_whole(archive: str) -> None:
    files = {name: data for name, data in shared_members(archive).items() if PREFLIB.search(name)}
    assert len(files) == ARCHIVES[archive]
    for name, data in files.items():
        assert read_bytes(data, name).profile.cast == announced_voters(data), name


@pytest.mark.parametrize("year", WARDS)
def test_scottish_wards_are_read_whole(year: int) -> None:
    wards = shared_members(f"scotland/ballots_{year}.zip")
    assert len(wards) == WARDS[year]
    for name, data in wards.items():
        ward = read_bytes(data, name)
        assert ward.profile.cast == listed_papers(data), name
        assert ward.seats in (3, 4), name
        assert len(ward.parties) == len(ward.options), name
        assert re.fullmatch(r'[^",].*[^",]', ward.title), name


def test_the_single_preflib_files_are_read_whole() -> None:
    paths = [path for path in shared_data("preflib").rglob("*") if PREFLIB.search(path.name)]
    assert len(paths) == 14
    for path in paths:
        assert read_ballots(path).profile.cast == announced_voters(path.read_bytes()), path.name


def test_burlington_is_read_with_its_shared_places() -> None:
    # 00005-00000001.toi has `1095: 3,4` first, `3: {3,4}` once, and 9,788 voters.
    burlington = read_ballots(shared_data("preflib/00005-burlington/00005-00000001.toi"))
    rankings = dict(burlington.profile.rankings())
    assert rankings[("Bob Kiss",), ("Hinda Miller",)] == 1095
    assert rankings[(("Bob Kiss", "Hinda Miller"),)] == 3


def test_real_approval_ballots_are_approvals() -> None:
    # 365 voters; `13: {},{1,...,16}` are blank papers.
    station = read_ballots(shared_data("preflib/00026-frenchapproval/00026-00000001.cat"))
    assert station.profile.kind is BallotKind.APPROVAL
    assert (station.profile.valid, station.profile.blank) == (352, 13)
