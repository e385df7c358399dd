"""Residents' representatives and the leader of a residents' group (城市居民委员会组织法 art 13).

How many there are is national law; how a unit chooses and replaces them are local rules.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from civicforum.elections.law import asked_by
from civicforum.elections.rules import Way
from civicforum.rulebook import Rulebook, Verdict

# A unit's voters choose, or one of each of its households does.
CHOICE_BY = {
    Way.VOTERS: "representatives.choice_by_voters",
    Way.HOUSEHOLDS: "representatives.choice_by_households",
}


def judge_number(book: Rulebook, representatives: int, households: int) -> Verdict:
    """Judge how many representatives a community has for its households."""
    return book.ratio("representatives.households").judge(representatives, households)


def judge_choice(book: Rulebook, way: Way, taking_part: int, whole: int) -> Verdict:
    """Judge whether enough of a unit took part in choosing.

    Args:
        whole: the unit's voters, or its households where one of each chooses.

    Raises KeyError for representatives, who do not choose themselves.
    """
    return book.threshold(CHOICE_BY[way]).judge(taking_part, {"roll": whole, "households": whole})


def judge_households(book: Rulebook, households: Sequence[uuid.UUID]) -> Verdict:
    """Judge how many of those chosen come from one household.

    Args:
        households: of each of those chosen.
    """
    most = max(Counter(households).values(), default=0)
    return book.count("representatives.per_household").judge(most)


def judge_absences(book: Rulebook, absences: int) -> Verdict:
    """Judge whether absences without good reason may end the office: it holds once they are so many."""
    return book.count("representatives.absences").judge(absences)


def judge_demand(book: Rulebook, signers: Iterable[uuid.UUID], on_roll: Collection[uuid.UUID]) -> Verdict:
    """Judge whether enough of a unit's voters ask for another representative; each counts once."""
    roll = set(on_roll)
    return book.threshold("representatives.recall_demand").judge(
        len(roll.intersection(signers)), {"roll": len(roll)}
    )


def judge_vote_day(book: Rulebook, demanded_at: datetime, polling_at: datetime) -> Verdict:
    """Judge how soon such a demand is voted on."""
    return book.clock("representatives.recall_vote").judge(demanded_at, polling_at)


def judge_posting(book: Rulebook, changed_at: datetime, posted_at: datetime) -> Verdict:
    """Judge how soon a change of representatives is posted."""
    return book.clock("representatives.change_posted").judge(changed_at, posted_at)


def judge_leader(book: Rulebook, *, is_representative: bool) -> Verdict:
    """Judge that a group's leader is one of its representatives."""
    return asked_by(book.switch("representatives.leader_from_representatives"), is_met=is_representative)
