"""Every parser of bytes from outside, tried with its seeds, what was once wrong, and a few changes to them.

`make fuzz` tries each for a minute (tests/fuzz).
"""

from __future__ import annotations

import time

import pytest

from tests.fuzz import targets
from tests.fuzz.mutating import mutated
from tests.fuzz.target import KEPT, Target

INPUTS, SECONDS = 60, 0.05
LARGEST_CORPUS = 200_000
QUICK = [target for target in targets.every() if target.is_quick]


@pytest.mark.parametrize("target", QUICK, ids=lambda one: one.name)
@pytest.mark.filterwarnings("ignore")
def test_a_parser_refuses_what_it_cannot_read_and_what_it_reads_holds(target: Target) -> None:
    seeds = list(target.seeds())
    accepted = [target.take(seed) for seed in seeds]
    assert any(accepted), "nothing is tried if nothing is accepted"
    for path in target.kept:
        target.take(path.read_bytes())
    ends = time.monotonic() + SECONDS
    for data in mutated(seeds, count=INPUTS, seed=9):
        target.take(data)
        if time.monotonic() > ends:
            break


def test_targets_have_one_name_each_and_what_is_kept_is_small() -> None:
    names = [target.name for target in targets.every()]
    assert len(set(names)) == len(names)
    assert {path.name for path in KEPT.iterdir()} <= set(names)
    assert sum(path.stat().st_size for path in KEPT.rglob("*") if path.is_file()) < LARGEST_CORPUS
