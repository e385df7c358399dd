"""Names of options: cleaned, none empty, no two the same."""

from __future__ import annotations

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
    parties_of: dict[str, list[str]] = {}
    for name, party in zip(filled, parties or [""] * len(filled), strict=True):
        parties_of.setdefault(name, []).append(party)
    single = {name for name, found in parties_of.items() if len(found) == 1}
    by_party = {name for name, found in parties_of.items() if all(found) and len(set(found)) == len(found)}
    taken = single.copy()
    distinct: list[str] = []
    for number, name in enumerate(filled, start=1):
        told_apart = name
        if name not in single:
            told_apart = _free(
                f"{name} ({parties[number - 1] if name in by_party else number})", number, taken
            )
        taken.add(told_apart)
        distinct.append(told_apart)
    return tuple(distinct)


def _free(name: str, number: int, taken: set[str]) -> str:
    while name in taken:
        name = f"{name} ({number})"
    return name
