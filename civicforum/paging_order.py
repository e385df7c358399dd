"""A list read from its end: what PostgreSQL passes over to reach the last page is then nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, UniqueConstraint
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, UnaryExpression


def from_its_end(statement: Select[Any]) -> Select[Any] | None:
    """Return the same list the other way round, or None where two rows may be equal in its order.

    Of equal rows each reading may put another one first, so that the pages of one reading would not go on
    where those of the other end.
    """
    order = statement._order_by_clauses
    if not _is_total(statement):
        return None
    return statement.order_by(None).order_by(*(_turned(clause) for clause in order))


def _is_total(statement: Select[Any]) -> bool:
    """Tell whether key or constraint, with what all rows have in common, keeps the rows of a list apart."""
    entities = [one["entity"] for one in statement.column_descriptions]
    if len(entities) != 1 or entities[0] is None or statement._group_by_clauses:
        return False
    table = entities[0].__table__
    ordered = {
        found.name for clause in statement._order_by_clauses if (found := _column(clause, table)) is not None
    }
    given = {
        found.name for clause in statement._where_criteria if (found := _equal(clause, table)) is not None
    }
    keys = [
        {column.name for column in constraint.columns}
        for constraint in (table.primary_key, *table.constraints)
        if isinstance(constraint, UniqueConstraint) or constraint is table.primary_key
    ]
    return any(key <= ordered | given and key & ordered for key in keys)


def _column(clause: Any, table: Any) -> Column[Any] | None:
    """Return the column of this table by which is put in order, unless some rows have none in it."""
    while isinstance(clause, UnaryExpression):
        clause = clause.element
    is_here = isinstance(clause, Column) and clause.table.name == table.name
    return clause if is_here and not clause.nullable else None


def _equal(clause: Any, table: Any) -> Column[Any] | None:
    """Return the column of this table that is equal in all rows by this condition."""
    if not isinstance(clause, BinaryExpression) or clause.operator is not operators.eq:
        return None
    return _column(clause.left, table) if isinstance(clause.right, BindParameter) else None


def _turned(clause: ColumnElement[Any]) -> ColumnElement[Any]:
    if isinstance(clause, UnaryExpression):
        if clause.modifier is operators.nulls_last_op:
            return _turned(clause.element).nulls_first()
        if clause.modifier is operators.nulls_first_op:
            return _turned(clause.element).nulls_last()
        if clause.modifier is operators.desc_op:
            return clause.element.asc()
        if clause.modifier is operators.asc_op:
            return clause.element.desc()
    return clause.desc()
