"""What polling day asks for: who may serve, whether there are proxies, whether anybody votes on a screen.

The limits of one proxy are in `polls.services.proxies`, those of a roving box in `polls.blockers`.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from civicforum.elections.law import Kin, none_of, relatives_of
from civicforum.elections.rules import RoundKind, Way
from civicforum.rulebook import Rulebook, Verdict

STAFF, CANDIDATE = "polling_staff", "candidate"


@dataclass(frozen=True)
class StaffConflict:
    """Somebody who does not serve: is a candidate (`relative_id` None), or a near relative of one."""

    person_id: uuid.UUID
    relative_id: uuid.UUID | None
    verdict: Verdict


def staff_conflicts(
    book: Rulebook, staff: Iterable[uuid.UUID], candidates: Collection[uuid.UUID], kin: Kin
) -> list[StaffConflict]:
    """Return who may not be scrutineer, caller, counter or scribe, nor keep the door of this election."""
    rule = next(one for one in book.pairs() if one.id == "posts.polling_staff")
    found = []
    for person_id in staff:
        if person_id in candidates and rule.forbids(STAFF, CANDIDATE):
            found.append(StaffConflict(person_id, None, none_of(rule, 1)))
            continue
        standing = sorted(relatives_of(person_id, kin).intersection(candidates))
        if standing and rule.forbids(STAFF, CANDIDATE, related=True):
            found.append(StaffConflict(person_id, standing[0], none_of(rule, len(standing))))
    return found


def judge_proxies(book: Rulebook, way: Way) -> Verdict:
    """Judge whether an election of this kind has proxies: none where representatives elect (art 19)."""
    if way is not Way.REPRESENTATIVES:
        rule = book.switch("proxy.away_only")
        return Verdict(True, rule.value, rule)
    rule = book.switch("proxy.by_representatives")
    return Verdict(rule.on, rule.value, rule)


def judge_screen(book: Rulebook, ground: str) -> Verdict:
    """Judge whether ballots are cast on screens: where the profile allows it, or a paper here does.

    Args:
        ground: who allowed it for this election, and with which paper; "" for nobody.
    """
    rule = book.switch("election.online")
    holds = rule.on or bool(ground.strip())
    return Verdict(holds, "✓" if holds else "✗", rule)


def takes_names(book: Rulebook, kind: RoundKind) -> bool:
    """Tell whether somebody else may be written in (选举法 art 41).

    Who is level is voted on again, and nobody else (art 45).
    """
    return book.switch("ballot.write_in").on and kind is not RoundKind.TIE
