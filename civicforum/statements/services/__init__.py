"""What is done with conversations and statements, one function for each use case."""

from __future__ import annotations

from civicforum.statements.services.computing import compute_due, compute_grouping
from civicforum.statements.services.moderating import add_seed, reject_statement, show_statement
from civicforum.statements.services.planning import (
    Plan,
    change_conversation,
    close_conversation,
    open_conversation,
    plan_conversation,
)
from civicforum.statements.services.sweeping import sweep
from civicforum.statements.services.taking_part import add_statement, cast_vote, change_statement

__all__ = [
    "Plan",
    "add_seed",
    "add_statement",
    "cast_vote",
    "change_conversation",
    "change_statement",
    "close_conversation",
    "compute_due",
    "compute_grouping",
    "open_conversation",
    "plan_conversation",
    "reject_statement",
    "show_statement",
    "sweep",
]
