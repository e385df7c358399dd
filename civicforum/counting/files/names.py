"""Names of options: cleaned, none empty, no two the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from unicodedata import category

from .errors import BadFile, Fault, shown

_LONGEST_NAME = 1_000


def clean_name(text: str, line: int) -> str:
    """Return a name or title with single blanks and no line ends. Raises BadFile."""
    name = " ".join(text.split())
    if len(name) > _LONGEST_NAME:
        raise BadFile(Fault.NAME, f"a name longer than {_LONGEST_NAME} signs: {shown(name)}", line)
    if any(category(sign) in ("Cc", "Cs") for sign in name):
        raise BadFile(Fault.NAME, f"a control sign in the name {shown(name)}", line)
    return name


def distinct_names(names: Sequence[str], parties: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names, all different, in the same order.

    An empty one becomes `Candidate 3` by its number. Options of one name get their party when that
    tells all of them apart, `John Smith (Greens)`, else their number: `John Smith (2)`.
    """
    filled = [name or f"Candidate {number}" for number, name in enumerate(names, start=1)]
    times = Counter(filled)
    taken = {name for name in filled if times[name] == 1}
    distinct = []
    for number, name in enumerate(filled, start=1):
        if times[name] > 1:
            name = _told_apart(name, number, _party_of(number, name, filled, parties), taken)
            taken.add(name)
        distinct.append(name)
    return tuple(distinct)


def _party_of(number: int, name: str, names: Sequence[str], parties: Sequence[str]) -> str:
    """Return the party of this option if no other of the same name has it, and each has one."""
    if not parties:
        return ""
    same = [party for other, party in zip(names, parties, strict=True) if other == name]
    return parties[number - 1] if all(same) and len(set(same)) == len(same) else ""


def _told_apart(name: str, number: int, party: str, taken: set[str]) -> str:
    told_apart = f"{name} ({party or number})"
    while told_apart in taken:
        told_apart = f"{told_apart} ({number})"
    return told_apart
