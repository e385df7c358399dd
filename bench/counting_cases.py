"""What `make bench-counting` counts: four sets of ballots. Every program of the bench knows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARD_FILE = ROOT.parent / "shared" / "data" / "scotland" / "ballots_2017.zip"
WARD = "edinburgh_2017_ward12.csv"
SCHEMA = "bench_counting"
BALLOTS, QUICK_BALLOTS = 1_000_000, 100_000


@dataclass(frozen=True)
class Case:
    """One set of ballots; `of_ward`: made from the file of a real ward, which may be absent."""

    title: str
    options: int
    seats: int
    rule: str
    of_ward: bool = False

    @property
    def sign(self) -> str:
        """Return what stands between two options in the canonical column of these ballots."""
        return "=" if self.rule == "approval" else ">"


CASES = {
    "real": Case("Ballots drawn from a real ward (Leith Walk 2017)", 10, 5, "scottish-stv", of_ward=True),
    "wide": Case("Wide ballots, drawn by Plackett and Luce", 10, 5, "scottish-stv"),
    "approval": Case("Approval ballots", 20, 5, "approval"),
    "ward": Case("A real ward as it is (Leith Walk 2017)", 10, 4, "scottish-stv", of_ward=True),
}
