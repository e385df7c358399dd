"""The signed sheet of an organ outside the community: its sums, and where two people read it differently."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civicforum.errors import Invalid

MOST_FORMS = 100_000


@dataclass(frozen=True)
class SheetRow:
    """Somebody on the sheet, and the grades there are, the best first."""

    subject_id: uuid.UUID
    name: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class OutsideSheet:
    """How many forms there were, and by subject how often each level was given, the best first."""

    forms: int
    counts: Mapping[uuid.UUID, tuple[int, ...]]


@dataclass(frozen=True)
class SheetPair:
    """One number of the sheet as the first and the second person read it; `level` is "" for the forms."""

    name: str
    level: str
    first: int
    second: int

    @property
    def differs(self) -> bool:
        """Tell whether they read different numbers."""
        return self.first != self.second


def check_outside(sheet: OutsideSheet, rows: Sequence[SheetRow]) -> None:
    """Refuse a sheet that cannot be.

    Raises Invalid: "forms" (none, or too many), "missing" (a number is not given or below 0, field
    "<subject>"), "over" (more grades for somebody than forms, field "<subject>").
    """
    if not 1 <= sheet.forms <= MOST_FORMS:
        raise Invalid("forms", "forms")
    if set(sheet.counts) != {row.subject_id for row in rows}:
        raise Invalid("missing", "forms")
    for row in rows:
        numbers = sheet.counts[row.subject_id]
        if len(numbers) != len(row.levels) or min(numbers) < 0:
            raise Invalid("missing", str(row.subject_id))
        if sum(numbers) > sheet.forms:
            raise Invalid("over", str(row.subject_id))


def without_grades(sheet: OutsideSheet) -> OutsideSheet:
    """Return a sheet of too few forms, of which nothing is kept but how many there were."""
    return OutsideSheet(sheet.forms, {one: (0,) * len(numbers) for one, numbers in sheet.counts.items()})


def pairs_of_sheets(first: OutsideSheet, second: OutsideSheet, rows: Sequence[SheetRow]) -> list[SheetPair]:
    """Return every number of the sheet as both read it, in its order."""
    pairs = [SheetPair("", "", first.forms, second.forms)]
    for row in rows:
        numbers = zip(row.levels, first.counts[row.subject_id], second.counts[row.subject_id], strict=True)
        pairs += [SheetPair(row.name, level, one, other) for level, one, other in numbers]
    return pairs


def counts_as_json(counts: Mapping[uuid.UUID, tuple[int, ...]]) -> dict[str, list[int]]:
    """Return the counts as `OutsideCount` keeps them."""
    return {str(subject_id): list(numbers) for subject_id, numbers in counts.items()}


def sheet_from_json(forms: int, counts: Mapping[str, Sequence[int]]) -> OutsideSheet:
    """Return the sheet that `counts_as_json` wrote."""
    return OutsideSheet(forms, {uuid.UUID(one): tuple(numbers) for one, numbers in counts.items()})
