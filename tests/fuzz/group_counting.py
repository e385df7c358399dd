"""Files of ballots in every format that `civicforum count` reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from civicforum.counting import BallotKind, Profile
from civicforum.counting.files import BadFile, BallotFile, CannotWrite, read_bytes, written
from tests.fuzz.target import Target

OPTIONS = ("Ann", "王秀兰", "Cem")


def _read(name: str, data: bytes) -> None:
    """Read a file; what was read, written and read again, is the same."""
    ballots = read_bytes(data, name)
    try:
        again = read_bytes(written(ballots, name, scottish=name == "scottish.csv"), name)
    except CannotWrite:
        # A file may say more than another of its format can, such as parties of options.
        return
    assert (again.options, again.seats, again.title) == (ballots.options, ballots.seats, ballots.title), data
    assert again.profile.cast == ballots.profile.cast
    assert written(again, name, scottish=name == "scottish.csv") == written(
        ballots, name, scottish=name == "scottish.csv"
    )


def _files(name: str) -> list[bytes]:
    found = []
    for ballots in _contests():
        try:
            found.append(written(ballots, name, scottish=name == "scottish.csv"))
        except CannotWrite:
            continue
    return found


def _contests() -> list[BallotFile]:
    whole = {("Ann", "王秀兰", "Cem"): 12, ("Cem", "Ann", "王秀兰"): 7}
    part = {("Ann", "王秀兰"): 3, ("Cem",): 2}
    tied = {("Ann", ("王秀兰", "Cem")): 5}
    rankings = [Profile.of_rankings(OPTIONS, ballots) for ballots in (whole, part, tied)]
    approvals = Profile.of_approvals(OPTIONS, [("Ann", "Cem"), ("王秀兰",)])
    grades = Profile.of_marks(BallotKind.GRADES, OPTIONS, [((1, 2, 3), 4), ((3, 0, 1), 2)])
    files = [BallotFile("推选", OPTIONS, 2, profile) for profile in (*rankings, approvals)]
    return [*files, BallotFile("评议", OPTIONS, 1, grades, scale=("好", "中", "差"))]


def _target(name: str, takes: str) -> Target:
    seeds: Callable[[], list[bytes]] = partial(_files, name)
    run = partial(_read, name)
    return Target(
        f"counting.{PurePath(name).stem}",
        takes,
        "written and read again it is the same",
        run,
        seeds,
        (BadFile,),
    )


TARGETS = (
    _target("blt.blt", "a file of ballots in BLT"),
    _target("own.csv", "a file of ballots as our own CSV"),
    _target("scottish.csv", "a file of ballots as Scottish councils publish them"),
    _target("jsonl.jsonl", "a file of ballots as JSON Lines"),
    _target("soc.soc", "a PrefLib file of strict complete orders"),
    _target("soi.soi", "a PrefLib file of strict orders"),
    _target("toc.toc", "a PrefLib file of complete orders with ties"),
    _target("toi.toi", "a PrefLib file of orders with ties"),
    _target("cat.cat", "a PrefLib file of categories"),
)
