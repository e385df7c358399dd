"""Queries about notices, what has to be posted, and what of it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from civicforum.api.filters import Id, ListFilters
from civicforum.api.kinds.kind import Kind, Scope
from civicforum.api.shapes.common import Named
from civicforum.api.shapes.notices import DueShape, ItemShape, NoticeQueryShape, ThreadEntryShape
from civicforum.moderation.rules import Reason
from civicforum.notices.models import DisclosureDue, DisclosureItem, NoticeQuery, NoticeQueryEntry
from civicforum.notices.queries.catalogue import due_state
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.rules_asking import QueryState, is_late, state_of


class NoticeQueryFilters(ListFilters):
    """About which notice."""

    notice: Id | None = None


class ItemFilters(ListFilters):
    """Which items."""

    category: NoticeCategory | None = None


class DueFilters(ListFilters):
    """Of which item."""

    item: Id | None = None


def _select_queries(scope: Scope, filters: NoticeQueryFilters) -> Select[Any]:
    statement = (
        select(NoticeQuery)
        .where(NoticeQuery.community_id == scope.community_id)
        .options(
            joinedload(NoticeQuery.author),
            selectinload(NoticeQuery.entries).joinedload(NoticeQueryEntry.person),
        )
    )
    return statement if filters.notice is None else statement.where(NoticeQuery.notice_id == filters.notice)


def _write_queries(scope: Scope, queries: Sequence[NoticeQuery]) -> list[NoticeQueryShape]:
    return [_query(scope, query) for query in queries]


def _query(scope: Scope, query: NoticeQuery) -> NoticeQueryShape:
    state = state_of(due_at=query.due_at, hidden_at=query.hidden_at)
    is_hidden = state is QueryState.HIDDEN
    return NoticeQueryShape(
        id=query.id,
        notice=query.notice_id,
        by=None if is_hidden else query.author.name,
        at=query.at,
        state=state,
        due_at=query.due_at,
        is_overdue=state is QueryState.WAITING and is_late(query.due_at, scope.now),
        hidden_reason=Reason(query.hidden_reason) if is_hidden else None,
        thread=[] if is_hidden else [_entry(entry) for entry in query.entries],
    )


def _entry(entry: NoticeQueryEntry) -> ThreadEntryShape:
    return ThreadEntryShape(
        kind=entry.kind,
        text=entry.text,
        by=entry.person.name,
        post=entry.post,
        at=entry.at,
        is_late=entry.is_late,
    )


def _select_items(scope: Scope, filters: ItemFilters) -> Select[Any]:
    statement = (
        select(DisclosureItem)
        .where(DisclosureItem.community_id == scope.community_id)
        .options(joinedload(DisclosureItem.body))
    )
    if filters.category is not None:
        statement = statement.where(DisclosureItem.category == filters.category)
    return statement


def _write_items(_scope: Scope, items: Sequence[DisclosureItem]) -> list[ItemShape]:
    return [_item(item) for item in items]


def _item(item: DisclosureItem) -> ItemShape:
    return ItemShape(
        id=item.id,
        code=item.code,
        name=item.name or None,
        category=item.category,
        rhythm=item.rhythm,
        source=item.source,
        body=Named(id=item.body.id, name=item.body.name) if item.body else None,
        since=item.since,
        ended_on=item.ended_on,
    )


def _select_dues(scope: Scope, filters: DueFilters) -> Select[Any]:
    statement = (
        select(DisclosureDue)
        .where(DisclosureDue.community_id == scope.community_id)
        .options(joinedload(DisclosureDue.item), joinedload(DisclosureDue.notice))
    )
    return statement if filters.item is None else statement.where(DisclosureDue.item_id == filters.item)


def _write_dues(scope: Scope, dues: Sequence[DisclosureDue]) -> list[DueShape]:
    return [_due(scope, due) for due in dues]


def _due(scope: Scope, due: DisclosureDue) -> DueShape:
    return DueShape(
        id=due.id,
        item=due.item_id,
        code=due.item.code,
        period_from=due.period_from,
        period_until=due.period_until,
        due_at=due.due_at,
        state=due_state(due, scope.now),
        notice=due.notice_id,
    )


NOTICE_QUERIES = Kind(
    name="notice-queries",
    summary="Queries about notices with their answers, newest first",
    shape=NoticeQueryShape,
    filters=NoticeQueryFilters,
    select=_select_queries,
    key=(NoticeQuery.at, NoticeQuery.id),
    write=_write_queries,
)
ITEMS = Kind(
    name="disclosure-items",
    summary="What has to be posted (article 34), and how often",
    shape=ItemShape,
    filters=ItemFilters,
    select=_select_items,
    key=(DisclosureItem.since, DisclosureItem.id),
    write=_write_items,
    is_descending=False,
)
DUES = Kind(
    name="disclosure-dues",
    summary="When items are due, and what is late or missing, the last due first",
    shape=DueShape,
    filters=DueFilters,
    select=_select_dues,
    key=(DisclosureDue.due_at, DisclosureDue.id),
    write=_write_dues,
)
