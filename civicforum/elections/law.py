"""What the modules of the law share: near relatives in pairs, switches as verdicts, and the refusal.

A verdict says whether the demand of the law is met, with the arithmetic and the article; `require` turns the
first that is not into a refusal.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from civicforum.errors import RuleRefused
from civicforum.rulebook import Rule, Switch, Verdict

# Pairs of near relatives, each in no order.
Kin = Collection[frozenset[uuid.UUID]]


def require(*verdicts: Verdict) -> None:
    """Raise RuleRefused for the first verdict that does not hold."""
    for verdict in verdicts:
        if not verdict.holds:
            raise RuleRefused(verdict)


def none_of(rule: Rule, found: int) -> Verdict:
    """Judge that there is nothing of what the rule forbids, as in "0 = 0" and "2 > 0"."""
    return Verdict(found == 0, f"{found} = 0" if found == 0 else f"{found} > 0", rule)


def asked_by(switch: Switch, *, is_met: bool) -> Verdict:
    """Judge what a switch asks for while it is on; while it is off, it asks for nothing."""
    holds = is_met or not switch.on
    return Verdict(holds, "✓" if is_met else "✗", switch)


def relatives_of(person_id: uuid.UUID, kin: Kin) -> frozenset[uuid.UUID]:
    """Return the near relatives of somebody."""
    return frozenset(other for pair in kin if person_id in pair for other in pair if other != person_id)
