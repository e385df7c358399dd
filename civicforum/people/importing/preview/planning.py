"""Each row decided, against what is known and against the rows before it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from civicforum.people.importing.columns import CAPACITY_FIELDS, Field
from civicforum.people.importing.preview.entries import Code, Entry, Problem
from civicforum.people.rules import CapacityKind, Sex


class RowKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True)
class Change:
    """A field that would change. Before and after are as kept: dates as ISO, sex and yes or no as values."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True)
class KnownCapacity:
    id: uuid.UUID
    since: date
    until: date | None


@dataclass(frozen=True)
class KnownPerson:
    id: uuid.UUID
    number: str
    name: str
    sex: Sex
    born_on: date
    phone: str
    identity_hash: str | None
    household: str
    has_left: bool
    capacities: Mapping[CapacityKind, Sequence[KnownCapacity]]

    def held(self, kind: CapacityKind, today: date) -> KnownCapacity | None:
        """Return the capacity that goes on after today, if there is one."""
        running = (each for each in self.capacities.get(kind, ()) if each.until is None or each.until > today)
        return next(running, None)


@dataclass(frozen=True)
class HouseholdState:
    """A household with its grid and group by their names, known or as the file wants it."""

    number: str
    address: str
    grid: str
    group: str
    id: uuid.UUID | None = None


@dataclass(frozen=True)
class Known:
    """What the community knows before the import. Grids and groups: what a row may say -> their name."""

    people: Sequence[KnownPerson]
    households: Mapping[str, HouseholdState]
    grids: Mapping[str, str]
    groups: Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """What becomes of one row. `person` is who it was matched with, None for somebody new."""

    entry: Entry
    kind: RowKind
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]
    person: KnownPerson | None

    @property
    def has_warning(self) -> bool:
        return any(not problem.is_error for problem in self.problems)


@dataclass(frozen=True)
class Plan:
    """The decisions in the order of the file, and every household that is new or changes."""

    decisions: tuple[Decision, ...]
    households: tuple[HouseholdState, ...]

    @property
    def is_refused(self) -> bool:
        return any(decision.kind is RowKind.ERROR for decision in self.decisions)

    def count(self, kind: RowKind) -> int:
        return sum(decision.kind is kind for decision in self.decisions)

    @property
    def warnings(self) -> int:
        return sum(decision.has_warning for decision in self.decisions)


def make_plan(entries: Iterable[Entry], known: Known, *, today: date) -> Plan:
    """Decide every row against what is known, and against the rows before it."""
    planner = _Planner(known, today)
    decisions = tuple(planner.decide(entry) for entry in entries)
    return Plan(decisions, planner.changed_households())


class _Planner:
    """Decides row after row, remembering in which lines numbers, identities and households stood first."""

    def __init__(self, known: Known, today: date) -> None:
        self.known = known
        self.today = today
        self.by_number = {person.number: person for person in known.people}
        self.by_identity = {person.identity_hash: person for person in known.people if person.identity_hash}
        self.number_lines: dict[str, int] = {}
        self.identity_lines: dict[str, int] = {}
        self.person_lines: dict[uuid.UUID, int] = {}
        self.households: dict[str, HouseholdState] = {}
        # Household and field -> the line that stated it, since a later row may not say otherwise.
        self.stated: dict[tuple[str, Field], int] = {}

    def decide(self, entry: Entry) -> Decision:
        problems = list(entry.problems)
        problems += self.repeated(entry)
        person, mismatch = self.match(entry)
        problems += mismatch
        if person is not None and not mismatch:
            # One row by the number, another by the identity number: each alone would look right.
            first = self.person_lines.setdefault(person.id, entry.line)
            if first != entry.line and not _named(problems, Field.NUMBER, Field.IDENTITY):
                problems.append(Problem(Code.PERSON_TWICE, Field.NUMBER, str(first)))
        problems += self.missing(entry, person)
        changes, household_problems = self.plan_household(entry)
        problems += household_problems
        if person is not None:
            changes = [*self.person_changes(entry, person), *changes]
            problems += self.oddities(entry, person)
        elif not _belongs_here(entry) and not _complained(entry, Field.HUKOU, Field.USUAL_RESIDENCE):
            problems.append(Problem(Code.NO_RESIDENCE))
        if any(problem.is_error for problem in problems):
            kind = RowKind.ERROR
        elif person is None:
            kind = RowKind.NEW
        else:
            kind = RowKind.CHANGED if changes else RowKind.UNCHANGED
        shown = tuple(changes) if kind is RowKind.CHANGED else ()
        return Decision(entry, kind, tuple(problems), shown, person)

    def changed_households(self) -> tuple[HouseholdState, ...]:
        return tuple(
            household
            for number, household in self.households.items()
            if household != self.known.households.get(number)
        )

    def repeated(self, entry: Entry) -> list[Problem]:
        problems = []
        if entry.number:
            first = self.number_lines.setdefault(entry.number, entry.line)
            if first != entry.line:
                problems.append(Problem(Code.NUMBER_TWICE, Field.NUMBER, str(first)))
        if entry.identity_hash:
            first = self.identity_lines.setdefault(entry.identity_hash, entry.line)
            if first != entry.line:
                problems.append(Problem(Code.IDENTITY_TWICE, Field.IDENTITY, str(first)))
        return problems

    def match(self, entry: Entry) -> tuple[KnownPerson | None, list[Problem]]:
        """Find who the row is about, by number first, then by identity; the two must not name two people."""
        numbered = self.by_number.get(entry.number)
        identified = self.by_identity.get(entry.identity_hash or "")
        if numbered is None:
            return identified, []
        if identified is not None and identified is not numbered:
            return numbered, [Problem(Code.IDENTITY_OF_ANOTHER, Field.IDENTITY, identified.number)]
        if entry.identity_hash and numbered.identity_hash not in (None, entry.identity_hash):
            return numbered, [Problem(Code.NUMBER_OF_ANOTHER, Field.NUMBER)]
        return numbered, []

    def missing(self, entry: Entry, person: KnownPerson | None) -> list[Problem]:
        """Name what a row must have; what was already complained about as unreadable is not missing too."""
        wanted: list[tuple[Field, object]] = [(Field.HOUSEHOLD, entry.household)]
        if person is None:
            wanted += [(Field.NUMBER, entry.number), (Field.NAME, entry.name)]
            wanted += [(Field.SEX, entry.sex), (Field.BORN_ON, entry.born_on)]
        return [
            Problem(Code.MISSING, column)
            for column, value in wanted
            if not value and not _complained(entry, column, Field.IDENTITY)
        ]

    def plan_household(self, entry: Entry) -> tuple[list[Change], list[Problem]]:
        """Merge what the row says of its household into the plan."""
        if not entry.household:
            return [], []
        said, problems = self.household_said(entry)
        known = self.known.households.get(entry.household)
        planned = self.households.get(entry.household) or known
        if planned is None:
            problems += [
                Problem(Code.MISSING, column)
                for column in (Field.ADDRESS, Field.GRID, Field.GROUP)
                if not said.get(column) and not _complained(entry, column) and not _named(problems, column)
            ]
            planned = HouseholdState(number=entry.household, address="", grid="", group="")
        changes = []
        for column, value in said.items():
            first = self.stated.setdefault((entry.household, column), entry.line)
            if first != entry.line and value != getattr(planned, column):
                problems.append(Problem(Code.HOUSEHOLD_DIFFERS, column, str(first)))
                continue
            planned = _with(planned, column, value)
            if known is not None and value != getattr(known, column):
                changes.append(Change(column, getattr(known, column), value))
        self.households[entry.household] = planned
        return changes, problems

    def household_said(self, entry: Entry) -> tuple[dict[Field, str], list[Problem]]:
        """Return what the row states, with grid and group under their names."""
        problems = []
        said = {Field.ADDRESS: entry.address} if entry.address else {}
        for column, text, names, code in (
            (Field.GRID, entry.grid, self.known.grids, Code.UNKNOWN_GRID),
            (Field.GROUP, entry.group, self.known.groups, Code.UNKNOWN_GROUP),
        ):
            if text and text not in names:
                problems.append(Problem(code, column, text[:40]))
            elif text:
                said[column] = names[text]
        return said, problems

    def person_changes(self, entry: Entry, person: KnownPerson) -> list[Change]:
        pairs: list[tuple[Field, str, str]] = [
            (Field.NUMBER, person.number, entry.number),
            (Field.NAME, person.name, entry.name),
            (Field.SEX, person.sex.value, entry.sex.value if entry.sex else ""),
            (Field.BORN_ON, person.born_on.isoformat(), entry.born_on.isoformat() if entry.born_on else ""),
            (Field.PHONE, person.phone, entry.phone),
            (Field.HOUSEHOLD, person.household, entry.household),
        ]
        changes = [Change(*pair) for pair in pairs if pair[2] and pair[1] != pair[2]]
        if entry.identity_hash and person.identity_hash is None:
            changes.append(Change(Field.IDENTITY, "no", "yes"))
        for column, kind in CAPACITY_FIELDS.items():
            said, held = entry.capacities.get(kind), person.held(kind, self.today) is not None
            if said is not None and said is not held:
                changes.append(Change(column, _yes_no(held), _yes_no(said)))
        return changes

    def oddities(self, entry: Entry, person: KnownPerson) -> list[Problem]:
        problems = []
        if entry.number and entry.number != person.number:
            problems.append(Problem(Code.NUMBER_CHANGES, Field.NUMBER, person.number))
        is_renamed = bool(entry.name) and entry.name != person.name
        if is_renamed and entry.born_on is not None and entry.born_on != person.born_on:
            problems.append(Problem(Code.NAME_AND_BIRTH_DIFFER, Field.NAME, person.name))
        if person.has_left:
            problems.append(Problem(Code.HAS_LEFT))
        return problems


def _belongs_here(entry: Entry) -> bool:
    residence = (CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE)
    return any(entry.capacities.get(kind) for kind in residence)


def _complained(entry: Entry, *columns: Field) -> bool:
    return any(problem.is_error and problem.field in columns for problem in entry.problems)


def _named(problems: Iterable[Problem], *columns: Field) -> bool:
    return any(problem.field in columns for problem in problems)


def _with(household: HouseholdState, column: Field, value: str) -> HouseholdState:
    if column is Field.ADDRESS:
        return replace(household, address=value)
    return replace(household, grid=value) if column is Field.GRID else replace(household, group=value)


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
