"""Opinion groups in published conversations: tallies, groups found again, and time: `make bench-statements`.

The five Polis conversations go through the tables of the product. The page goes to
bench/results/statements.md.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sklearn.metrics import adjusted_rand_score
from sqlalchemy.orm import Session

from bench.polls import running
from bench.statements_page import MOST_SECONDS, Case, page
from civicforum.config import ROOT
from civicforum.database import db
from civicforum.opinions import Grouping, group_people
from civicforum.statements.publishing import shown_of
from civicforum.statements.queries.tallies import count_tallies
from civicforum.statements.services.computing import read_matrix
from tests.factories import make_community, make_household
from tests.support.polis import Loaded, Published, archives, load, read, remove_a_fifth

RESULTS = ROOT / "bench" / "results" / "statements.md"
# So many times a different fifth of the votes is left out.
DRAWS = 5
ROUNDS = 5
Groups = dict[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the two smallest, and no page written")
    quick = parser.parse_args().quick
    paths = sorted(archives(), key=lambda path: path.stat().st_size)
    if not paths:
        sys.exit("The published conversations are not at hand: see tests/support/polis.py.")
    # One core, whatever the libraries would take.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="civicforum-bench-") as folder, running(Path(folder)) as app:
        cases = [measure(app, path) for path in (paths[:2] if quick else paths)]
    text = page(cases, draws=DRAWS, rounds=ROUNDS)
    print(text)
    if not quick:
        RESULTS.write_text(text, encoding="utf-8")
    if any(case.same_tallies[0] != case.comments or sum(case.seconds) > MOST_SECONDS for case in cases):
        sys.exit(1)


def measure(app: Flask, path: Path) -> Case:
    published = read(path)
    with app.app_context():
        session, community = db.session(), make_community()
        household = make_household(community)
        found = load(session, community=community, household=household, published=published)
        session.commit()
        seconds = time_it(session, found)
        whole = group_people(read_matrix(session, conversation_id=found.conversation_id))
        ours, theirs = groups_of(whole, found), published.groups
        forced = group_people(whole.matrix, numbers=(len(set(theirs.values())),))
        again, from_before = without_a_fifth(session, found, whole, ours)
        same = tuple(
            count_same(session, found, published, every_vote=every_vote) for every_vote in (True, False)
        )
    return Case(
        name=published.name,
        votes=len(published.votes),
        comments=len(published.comments),
        same_tallies=(same[0], same[1]),
        placed=len(whole.people),
        sizes=sorted(Counter(ours.values()).values(), reverse=True),
        theirs=sorted(Counter(theirs.values()).values(), reverse=True),
        silhouette=whole.silhouette or 0.0,
        published=alikeness(ours, theirs),
        published_number=alikeness(groups_of(forced, found), theirs),
        again=again,
        from_before=from_before,
        seconds=seconds,
    )


def without_a_fifth(
    session: Session, found: Loaded, whole: Grouping, ours: Groups
) -> tuple[list[float], list[float]]:
    """Remove a fifth of the votes, as often as DRAWS, and group the rest anew and from the whole."""
    again, from_before = [], []
    for draw in range(DRAWS):
        remove_a_fifth(session, found.conversation_id, draw=draw)
        matrix = read_matrix(session, conversation_id=found.conversation_id)
        session.rollback()
        again.append(alikeness(ours, groups_of(group_people(matrix), found)))
        from_before.append(alikeness(ours, groups_of(group_people(matrix, previous=whole.memory), found)))
    return again, from_before


def count_same(session: Session, found: Loaded, published: Published, *, every_vote: bool) -> int:
    """Return for how many comments the tally is the published one."""
    counted = count_tallies(session, conversation_id=found.conversation_id, every_vote=every_vote)
    return sum(
        tally == ((counted[number].agrees, counted[number].disagrees) if number in counted else (0, 0))
        for number, tally in published.tallies.items()
    )


def time_it(session: Session, found: Loaded) -> tuple[float, float, float]:
    """Return the medians over ROUNDS; the first round, in which libraries are imported, is not among them."""
    rounds = []
    for _ in range(ROUNDS + 1):
        matrix, reading = timed(lambda: read_matrix(session, conversation_id=found.conversation_id))
        grouping, clustering = timed(lambda matrix=matrix: group_people(matrix))
        _, showing = timed(lambda matrix=matrix, grouping=grouping: shown_of(matrix, grouping))
        rounds.append((reading, clustering, showing))
    read_s, group_s, show_s = (statistics.median(part) for part in zip(*rounds[1:], strict=True))
    return read_s, group_s, show_s


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def groups_of(grouping: Grouping, found: Loaded) -> Groups:
    names: dict[object, str] = {key: number for number, key in found.voters.items()}
    return {names[person]: int(label) for person, label in zip(grouping.people, grouping.labels, strict=True)}


def alikeness(one: Groups, other: Groups | dict[str, str]) -> float:
    both = sorted(one.keys() & other.keys())
    return float(adjusted_rand_score([one[person] for person in both], [other[person] for person in both]))


if __name__ == "__main__":
    main()
