"""The lists and single things of open data: one endpoint each, made from the kinds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for

from civicforum.access import public
from civicforum.api.answering import answer, answer_text
from civicforum.api.filters import Filters, ListFilters, NoFilters
from civicforum.api.kinds import KINDS, ONES, PLAIN, Kind, One, Plain, write_communities
from civicforum.api.openapi import ROOT, document
from civicforum.api.reading import read_filters, scope_of
from civicforum.api.shapes.common import PageOf
from civicforum.api.views.blueprint import bp
from civicforum.database import db


@bp.get(f"{ROOT}/openapi.json")
@public
def openapi() -> Response:
    read_filters(NoFilters)
    return answer_text(json.dumps(document(), ensure_ascii=False), "application/json")


@bp.get(f"{ROOT}/communities")
@public
def list_communities() -> Response:
    read_filters(NoFilters)
    return answer(write_communities(db.session()))


def _list_view(kind: Kind[Any, Any]) -> Callable[[], Response]:
    @public
    def view() -> Response:
        filters: ListFilters = read_filters(kind.filters)
        items, cursor = kind.page(scope_of(filters), filters)
        following = _next_page(kind, cursor) if cursor else None
        return answer(PageOf[kind.shape](items=items, next=following), next_page=following)  # type: ignore[name-defined]

    return view


def _next_page(kind: Kind[Any, Any], cursor: str) -> str:
    arguments: dict[str, Any] = {**request.args.to_dict(), "cursor": cursor}
    return url_for(f".{kind.endpoint}", **arguments)


def _one_view(one: One[Any]) -> Callable[[uuid.UUID], Response]:
    @public
    def view(key: uuid.UUID) -> Response:
        return answer(one.write(scope_of(read_filters(Filters)), key))

    return view


def _plain_view(plain: Plain[Any]) -> Callable[[], Response]:
    @public
    def view() -> Response:
        return answer(plain.write(scope_of(read_filters(plain.filters))))

    return view


for _kind in KINDS:
    bp.add_url_rule(f"{ROOT}/{_kind.name}", _kind.endpoint, _list_view(_kind))
for _one in ONES:
    bp.add_url_rule(f"{ROOT}/{_one.of}/<uuid:key>", _one.endpoint, _one_view(_one))
for _plain in PLAIN:
    bp.add_url_rule(f"{ROOT}/{_plain.name}", _plain.endpoint, _plain_view(_plain))
