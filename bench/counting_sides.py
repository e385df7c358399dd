"""One measurement of `make bench-counting` in a process of its own: `bench.counting_sides SIDE CASE URL`.

It prints a JSON object: seconds of each part, and the peak memory over what the process held before. Each
side imports only what it needs itself, so that nobody's memory is charged to another, and counts a few
ballots first, so that what a library loads or compiles at its first call is no part of any figure.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.counting_cases import CASES, SCHEMA, Case

FEW = 500


class Meter:
    """Seconds of the named parts, and the memory that was needed for all of them together."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.before_kb = 0

    def start(self) -> None:
        """Forget the peak so far: 5 sets the kernel's high-water mark back to what is held now."""
        Path("/proc/self/clear_refs").write_text("5")
        self.before_kb = _status("VmHWM")

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun

    def peak_mb(self) -> float:
        return (_status("VmHWM") - self.before_kb) / 1024


class Ballots:
    """The table of a case, or the first few of its rows."""

    def __init__(self, name: str, connection: sa.Connection, *, few: int | None = None) -> None:
        self.case: Case = CASES[name]
        self.rankings = sa.select(sa.table(name, sa.column("ranking", sa.Text), schema=SCHEMA).c.ranking)
        source = f"{SCHEMA}.{name}"
        if few:
            self.rankings = self.rankings.limit(few)
            source = f"(SELECT ranking FROM {source} LIMIT {few})"  # noqa: S608
        self.query = f"SELECT ranking, count(*) FROM {source} GROUP BY ranking"  # noqa: S608
        self.connection = connection
        self.options = [str(number) for number in range(1, self.case.options + 1)]

    def cursor(self) -> Any:
        return self.connection.connection.cursor()

    def rows(self) -> list[tuple[str, int]]:
        rows: list[tuple[str, int]] = self.cursor().execute(self.query).fetchall()
        return rows

    def papers(self) -> list[tuple[str, int]]:
        """Return what the other libraries start from: the rows that say something."""
        return [(text, count) for text, count in self.rows() if text]


Found = dict[str, Any]


def group_by(ballots: Ballots, meter: Meter) -> Found:
    """The limit: equal ballots grouped by the database, as rows in memory."""
    meter.start()
    with meter.part("read"):
        rows = ballots.rows()
    return {"distinct": len(rows), "papers": sum(papers for _, papers in rows)}


def group_by_copy(ballots: Ballots, meter: Meter) -> Found:
    """The same by COPY: lines in memory."""
    cursor = ballots.cursor()
    meter.start()
    with meter.part("read"), cursor.copy(f"COPY ({ballots.query}) TO STDOUT") as copy:
        lines = b"".join(copy)
    return {"distinct": lines.count(b"\n")}


def ours(ballots: Ballots, meter: Meter) -> Found:
    from civicforum.counting import BallotKind, Contest, Profile, Rule, count
    from civicforum.polls.queries.rankings import read_grouped

    rule = Rule(ballots.case.rule)
    kind = BallotKind.APPROVAL if rule is Rule.APPROVAL else BallotKind.RANKING
    contest = Contest(tuple(ballots.options), rule, ballots.case.seats)
    with Session(ballots.connection) as session:
        meter.start()
        with meter.part("read"):
            lines = read_grouped(session, ballots.rankings)
        with meter.part("build"):
            profile = Profile.of_lines(ballots.options, lines, kind=kind)
        with meter.part("count"):
            result = count(contest, profile)
    return {"elected": sorted(result.elected), "stages": len(result.stages)}


def py_vote_core(ballots: Ballots, meter: Meter) -> Found:
    """Its STV; for approval its block plurality with as many marks as options, which adds the same marks."""
    from py3votecore.plurality_at_large import PluralityAtLarge
    from py3votecore.stv import STV

    papers, case = ballots.papers(), ballots.case
    meter.start()
    with meter.part("build"):
        weighted = [{"count": count, "ballot": text.split(case.sign)} for text, count in papers]
    with meter.part("count"):
        if case.rule == "scottish-stv":
            return {"elected": sorted(STV(weighted, required_winners=case.seats).as_dict()["winners"])}
        tallies = PluralityAtLarge(weighted, required_winners=case.options).as_dict()["tallies"]
    return {"elected": sorted(sorted(tallies, key=tallies.__getitem__)[-case.seats :])}


def votekit(ballots: Ballots, meter: Meter) -> Found:
    """Its FastSTV, one surplus at a time."""
    from votekit import RankBallot, RankProfile
    from votekit.elections import FastSTV

    papers, case = ballots.papers(), ballots.case
    meter.start()
    with meter.part("build"):
        ranked = [RankBallot(ranking=[{m} for m in text.split(case.sign)], weight=n) for text, n in papers]
        profile = RankProfile(ballots=ranked, candidates=ballots.options)
    with meter.part("count"):
        elected = FastSTV(profile, n_seats=case.seats, simultaneous=False).get_elected()
    return {"elected": sorted(name for group in elected for name in group)}


def votekit_approval(ballots: Ballots, meter: Meter) -> Found:
    from votekit import ScoreBallot, ScoreProfile
    from votekit.elections import Approval

    papers, case = ballots.papers(), ballots.case
    meter.start()
    with meter.part("build"):
        scored = [ScoreBallot(scores=dict.fromkeys(text.split(case.sign), 1), weight=n) for text, n in papers]
        profile = ScoreProfile(ballots=scored, candidates=ballots.options)
    with meter.part("count"):
        elected = Approval(profile, n_seats=case.seats).get_elected()
    return {"elected": sorted(name for group in elected for name in group)}


SIDES: dict[str, Callable[[Ballots, Meter], Found]] = {
    "group-by": group_by,
    "group-by-copy": group_by_copy,
    "ours": ours,
    "py-vote-core": py_vote_core,
    "votekit": votekit,
    "votekit-approval": votekit_approval,
}


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def main() -> None:
    side, case, url = sys.argv[1:]
    with sa.create_engine(url).connect() as connection:
        SIDES[side](Ballots(case, connection, few=FEW), Meter())
        meter = Meter()
        found = SIDES[side](Ballots(case, connection), meter)
    print(json.dumps({"seconds": meter.seconds, "peak_mb": meter.peak_mb(), **found}))


if __name__ == "__main__":
    main()
