"""What an import would do: each row read, compared with what is known, and decided, without any database.

A blank cell says nothing: what is known stays as it is. Capacities say yes or no; `since` is the first day of
a capacity that is new, and does not move the dates of one that is held already.
"""

from civicforum.people.importing.preview.entries import Code, Entry, Problem, read_entries
from civicforum.people.importing.preview.planning import (
    Change,
    Decision,
    HouseholdState,
    Known,
    KnownCapacity,
    KnownPerson,
    Plan,
    RowKind,
    make_plan,
)

__all__ = [
    "Change",
    "Code",
    "Decision",
    "Entry",
    "HouseholdState",
    "Known",
    "KnownCapacity",
    "KnownPerson",
    "Plan",
    "Problem",
    "RowKind",
    "make_plan",
    "read_entries",
]
