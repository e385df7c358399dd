"""The OpenAPI 3.1 document, generated from the kinds, their parameters and their shapes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from civicforum.api.feeds import FeedFilters
from civicforum.api.filters import Filters, NoFilters
from civicforum.api.kinds import KINDS, ONES, PLAIN
from civicforum.api.problems import PROBLEM, Problem
from civicforum.api.shapes.common import PageOf
from civicforum.api.shapes.places import CommunityList

ROOT = "/api/v1"
JSON = "application/json"
MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl"}
SCHEMAS = "#/components/schemas/"
Schema = dict[str, Any]

NOTES = """What an unsigned visitor can read on the pages of this site, and nothing more. Read-only, without
keys and cookies, for any page and program. Instants are in UTC with their offset, days are ISO 8601 dates,
shares are exact fractions as text, money is whole cents of renminbi. Unknown parameters are refused."""

REFUSALS = {
    400: "The request cannot be read, such as for a NUL in a parameter.",
    404: "There is no such thing here, or it is not public.",
    422: "A parameter has a value that cannot be, or is unknown.",
    429: "Too many requests from one address; `Retry-After` says for how long to wait.",
}


@dataclass(frozen=True)
class Operation:
    """What an address is called, asks for and answers with: a shape as JSON, or text of these media types."""

    path: str
    name: str
    tag: str
    summary: str
    filters: type[NoFilters]
    shape: type[BaseModel] | None = None
    media: tuple[str, ...] = ()
    key: Schema | None = None

    @property
    def content(self) -> Schema:
        if self.shape is not None:
            return {JSON: {"schema": {"$ref": SCHEMAS + self.shape.__name__}}}
        return {media: {"schema": {"type": "string"}} for media in self.media}

    @property
    def is_list(self) -> bool:
        return self.shape is not None and issubclass(self.shape, PageOf)


@cache
def document() -> Schema:
    """Return the document; it does not change while the program runs."""
    operations = [*_plain(), *_lists(), *_singles(), *_files()]
    every: list[type[BaseModel]] = [one.shape for one in operations if one.shape is not None]
    shapes: list[type[BaseModel]] = [*every, Problem]
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(shape, "serialization") for shape in shapes]
    _refs, definitions = models_json_schema(modes, ref_template=SCHEMAS + "{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "civicforum open data",
            "version": "1",
            "description": NOTES,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "paths": {operation.path: {"get": _get(operation)} for operation in operations},
        "components": {"schemas": definitions["$defs"], "responses": _refusals()},
    }


def _plain() -> list[Operation]:
    communities = Operation(
        f"{ROOT}/communities",
        "list_communities",
        "communities",
        "The communities that this site serves",
        NoFilters,
        CommunityList,
    )
    rest = [
        Operation(f"{ROOT}/{one.name}", one.endpoint, one.tag, one.summary, one.filters, one.shape)
        for one in PLAIN
    ]
    return [communities, *rest]


def _lists() -> list[Operation]:
    return [
        Operation(
            f"{ROOT}/{kind.name}",
            kind.endpoint,
            kind.name,
            kind.summary,
            kind.filters,
            PageOf[kind.shape],  # type: ignore[name-defined]
        )
        for kind in KINDS
    ]


def _singles() -> list[Operation]:
    key = _in_path("key", {"type": "string", "format": "uuid"}, "Its id.")
    return [
        Operation(
            f"{ROOT}/{one.of}/{{key}}",
            one.endpoint,
            one.of,
            one.summary,
            one.filters,
            one.shape,
            key=key,
        )
        for one in ONES
    ]


def _files() -> list[Operation]:
    names = [f"{kind.name}.{suffix}" for kind in KINDS for suffix in MEDIA]
    return [
        Operation(
            f"{ROOT}/exports/{{file}}",
            "export",
            "files",
            "Everything of a kind as a file: CSV for spreadsheets, or JSON Lines",
            Filters,
            media=tuple(MEDIA.values()),
            key=_in_path("file", {"type": "string", "enum": names}, "Kind and format."),
        ),
        Operation(
            "/feed.atom",
            "feed",
            "files",
            "What is new, as an Atom feed",
            FeedFilters,
            media=("application/atom+xml",),
        ),
        Operation(
            "/calendar.ics",
            "calendar",
            "files",
            "Meetings and the ends of votes, as a calendar",
            Filters,
            media=("text/calendar",),
        ),
    ]


def _in_path(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _get(operation: Operation) -> Schema:
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }


def _parameters(operation: Operation) -> list[Schema]:
    known = {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETag of the answer that the reader has.",
        "schema": {"type": "string"},
    }
    return [*([operation.key] if operation.key else []), *_of_query(operation.filters), known]


def _of_query(filters: type[BaseModel]) -> list[Schema]:
    schema = filters.model_json_schema()
    definitions = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            **({"description": field.pop("description")} if "description" in field else {}),
            "schema": _simple(field, definitions),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _simple(field: Schema, definitions: Schema) -> Schema:
    """Return a parameter's schema without what only JSON has: null, references, titles."""
    field = {name: value for name, value in field.items() if name not in ("title", "anyOf")} | next(
        (option for option in field.get("anyOf", ()) if option.get("type") != "null"), {}
    )
    if "$ref" in field:
        field |= definitions[field.pop("$ref").rpartition("/")[2]]
    if field.get("default", 0) is None:
        del field["default"]
    return {name: value for name, value in field.items() if name not in ("title", "description")}


def _responses(operation: Operation) -> Schema:
    headers: Schema = {"Cache-Control": {"schema": {"type": "string"}}}
    if operation.name != "export":
        headers["ETag"] = {"description": "Strong.", "schema": {"type": "string"}}
    if operation.is_list:
        headers["Link"] = {"description": 'rel="next" (RFC 8288).', "schema": {"type": "string"}}
    return {
        "200": {"description": "As asked.", "headers": headers, "content": operation.content},
        "304": {"description": "The reader has it already."},
        **{str(status): {"$ref": f"#/components/responses/{status}"} for status in REFUSALS},
    }


def _refusals() -> Schema:
    return {
        str(status): {
            "description": words,
            "content": {PROBLEM: {"schema": {"$ref": SCHEMAS + "Problem"}}},
        }
        for status, words in REFUSALS.items()
    }
