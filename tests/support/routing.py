"""Which statements need the rows of one community alone, as servers that share communities out want it.

A statement is of one community when each of its tables is: its rows are named by `community_id` or by the
number of something, or they are joined by such a number to rows that are. Rows that belong together have
the same community, so that `community_id` can be added to each of them without changing what is found.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Table, event
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, ColumnElement, Tuple
from sqlalchemy.sql.selectable import Alias, FromClause, Join, SelectBase

from civicforum.config import ROOT

CODE = ROOT / "civicforum"
# In a statement that is written as text.
NUMBERED = re.compile(r"\b(community_id|WHERE (\w+\.)?(\w+_)?id = )")


@dataclass
class _Rows:
    """The tables of a statement, as often as each occurs, and what follows from what."""

    tables: dict[int, str] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    follows: list[tuple[int, int]] = field(default_factory=list)
    # Of each OR, what its branches make known.
    either: list[list[set[int]]] = field(default_factory=list)

    def loose(self) -> set[str]:
        """Return the names of tables of which rows of several communities may be meant."""
        reached = self._reached(self.known)
        for branches in self.either:
            reached |= set.intersection(*(self._reached(reached | branch) for branch in branches))
        return {name for key, name in self.tables.items() if key not in self._reached(reached)}

    def _reached(self, known: set[int]) -> set[int]:
        reached, grew = set(known), True
        while grew:
            new = {then for first, then in self.follows if first in reached} - reached
            reached |= new
            grew = bool(new)
        return reached


def loose_tables(statement: ClauseElement, spread: frozenset[str]) -> set[str]:
    """Return of which of the tables in `spread` a statement may mean rows of several communities."""
    rows = _Rows()
    if isinstance(statement, Insert):
        # Its values name the community; a SELECT it takes them from is read below.
        target = statement.table
        rows.known.add(_key(target))
    _walk(statement, rows, certain=True, seen=set())
    return rows.loose() & spread


def _walk(element: Any, rows: _Rows, *, certain: bool, seen: set[int]) -> None:
    """Read an expression. `certain`: it holds for every row that is found, unlike a part of an OR."""
    if isinstance(element, FromClause):
        if _key(element) in seen:
            return
        seen.add(_key(element))
    if isinstance(element, Column):
        return
    table = _table_of(element)
    if table is not None:
        rows.tables[_key(element)] = table.name
        return
    if isinstance(element, BinaryExpression):
        _compare(element, rows, certain=certain)
    elif isinstance(element, FromClause) and not isinstance(element, SelectBase | Join):
        _bind_inner(element, rows)
    if _is_either(element):
        rows.either.append([_known_by(branch) for branch in element.clauses])
        certain = False
    certain = certain or isinstance(element, SelectBase | Join)
    for child in _children(element):
        _walk(child, rows, certain=certain, seen=seen)


def _known_by(branch: Any) -> set[int]:
    """Return what one branch of an OR makes known."""
    rows = _Rows()
    for part in branch.get_children() if isinstance(branch, BooleanClauseList) else [branch]:
        if isinstance(part, BinaryExpression):
            _compare(part, rows, certain=True)
    return rows.known


def _table_of(element: Any) -> Table | None:
    if isinstance(element, Alias) and isinstance(element.element, Table):
        return element.element
    return element if isinstance(element, Table) else None


def _is_either(element: Any) -> bool:
    return isinstance(element, BooleanClauseList) and element.operator is operators.or_


def _children(element: Any) -> list[Any]:
    # A statement that changes rows does not count the table it changes among its parts.
    changed = [element.table] if isinstance(element, Update | Delete) else []
    return [*element.get_children(), *changed]


def _bind_inner(element: FromClause, rows: _Rows) -> None:
    """Let a subquery's columns stand for the tables they come from, and the other way round."""
    for column in element.c:
        for base in column.base_columns:
            if isinstance(base, Column) and base is not column:
                rows.follows += [(_key(base.table), _key(element)), (_key(element), _key(base.table))]


def _compare(element: BinaryExpression[Any], rows: _Rows, *, certain: bool) -> None:
    if not certain or element.operator not in (operators.eq, operators.in_op):
        return
    if isinstance(element.left, Tuple):
        rows.known |= {key for key in map(_number_of, element.left.clauses) if key is not None}
        return
    left, right = _number_of(element.left), _number_of(element.right)
    if left is not None and right is not None:
        rows.follows += [(left, right), (right, left)]
        return
    for one, other in ((left, element.right), (right, element.left)):
        if one is None:
            continue
        inner = _selected(other)
        if inner:
            rows.follows += [(key, one) for key in inner] + [(one, key) for key in inner]
        elif not any(isinstance(part, Column) for part in _parts(other)):
            rows.known.add(one)


def _selected(element: Any) -> list[int]:
    """Return the tables of the columns that a subquery gives."""
    found = []
    for part in _parts(element):
        if isinstance(part, SelectBase):
            for column in part.selected_columns:
                found += [_key(base.table) for base in column.base_columns if isinstance(base, Column)]
    return found


def _parts(element: Any) -> Iterator[Any]:
    yield element
    for child in element.get_children():
        yield from _parts(child)


def _number_of(element: Any) -> int | None:
    """Return the table of a column that numbers something of a community; None for any other expression."""
    if not isinstance(element, ColumnElement) or getattr(element, "table", None) is None:
        return None
    name = getattr(element, "name", "") or ""
    is_key = bool(getattr(element, "primary_key", False)) or bool(getattr(element, "foreign_keys", ()))
    return _key(element.table) if is_key or name == "id" or name.endswith("_id") else None


def _key(element: Any) -> int:
    # What the mapper has annotated has the hash of what it annotates.
    return hash(element)


@dataclass
class Watched:
    """The statements of a piece of work. `loose`: where in our code, and of which tables."""

    spread: frozenset[str]
    number: int = 0
    loose: dict[str, set[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    _known: dict[int, set[str]] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def note(self, statement: str, context: Any) -> None:
        self.number += 1
        found = self._loose(statement, context)
        if found:
            place = _place()
            self.loose.setdefault(place, set()).update(found)
            self.texts.setdefault(place, statement)

    def _loose(self, statement: str, context: Any) -> set[str]:
        compiled = getattr(context, "compiled", None)
        if compiled is None or getattr(compiled.statement, "text", None) is not None:
            named = set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", statement, re.IGNORECASE))
            return set() if NUMBERED.search(statement) else named & self.spread
        if id(compiled) not in self._known:
            # Kept, so that no other takes its number.
            self._kept.append(compiled)
            final = getattr(compiled.compile_state, "statement", None)
            made = compiled.statement if final is None else final
            self._known[id(compiled)] = loose_tables(made, self.spread)
        return self._known[id(compiled)]


def _place() -> str:
    """Return the innermost function of ours that made the statement, as "matters/queries.list_matters"."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(CODE) and file.name not in ("database.py",):
            return f"{file.relative_to(CODE).with_suffix('')}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return ""


@contextmanager
def watch_statements(spread: frozenset[str]) -> Iterator[Watched]:
    """Look at every statement while the block runs."""
    watched = Watched(spread)

    def note(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            watched.note(statement, context)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield watched
    finally:
        event.remove(Engine, "before_cursor_execute", note)
