"""The OpenAPI 3.1 document, generated from the kinds, their parameters and their shapes."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from civicforum.api.filters import Filters
from civicforum.api.kinds import KINDS, ONES
from civicforum.api.problems import PROBLEM, Problem
from civicforum.api.shapes.common import PageOf

ROOT = "/api/v1"
JSON = "application/json"
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


@cache
def document() -> Schema:
    """Return the document; it does not change while the program runs."""
    shapes: dict[str, type[BaseModel]] = {}
    paths = {ROOT + path: _path(shapes, **operation) for path, operation in _operations().items()}
    every: list[type[BaseModel]] = [*shapes.values(), Problem]
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [(shape, "serialization") for shape in every]
    _refs, definitions = models_json_schema(modes, ref_template=SCHEMAS + "{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "civicforum open data",
            "version": "1",
            "description": NOTES,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "paths": paths,
        "components": {"schemas": definitions["$defs"], "responses": _refusals()},
    }


def _operations() -> dict[str, dict[str, Any]]:
    """Return by path what an operation is called, asks for and answers with."""
    lists = {
        f"/{kind.name}": {
            "name": kind.endpoint,
            "tag": kind.name,
            "summary": kind.summary,
            "filters": kind.filters,
            "shape": PageOf[kind.shape],  # type: ignore[name-defined]
        }
        for kind in KINDS
    }
    singles = {
        f"/{one.of}/{{key}}": {
            "name": one.endpoint,
            "tag": one.of,
            "summary": one.summary,
            "filters": one.filters,
            "shape": one.shape,
        }
        for one in ONES
    }
    return {**lists, **singles}


def _path(
    shapes: dict[str, type[BaseModel]],
    *,
    name: str,
    tag: str,
    summary: str,
    filters: type[Filters],
    shape: type[BaseModel],
) -> Schema:
    shapes[shape.__name__] = shape
    is_list = issubclass(shape, PageOf)
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "parameters": _parameters(filters, has_key=not is_list),
            "responses": _responses({JSON: {"schema": {"$ref": SCHEMAS + shape.__name__}}}, is_list=is_list),
        }
    }


def _parameters(filters: type[BaseModel], *, has_key: bool) -> list[Schema]:
    key = {
        "name": "key",
        "in": "path",
        "required": True,
        "description": "Its id.",
        "schema": {"type": "string", "format": "uuid"},
    }
    known = {
        "name": "If-None-Match",
        "in": "header",
        "description": "ETag of the answer that the reader has.",
        "schema": {"type": "string"},
    }
    return [*([key] if has_key else []), *_of_query(filters), known]


def _of_query(filters: type[BaseModel]) -> list[Schema]:
    schema = filters.model_json_schema()
    definitions = schema.get("$defs", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            **({"description": field.pop("description")} if "description" in field else {}),
            "schema": _plain(field, definitions),
        }
        for name, field in schema["properties"].items()
    ]


def _plain(field: Schema, definitions: Schema) -> Schema:
    """Return a parameter's schema without what only JSON has: null, references, titles."""
    field = {name: value for name, value in field.items() if name not in ("title", "anyOf")} | next(
        (option for option in field.get("anyOf", ()) if option.get("type") != "null"), {}
    )
    if "$ref" in field:
        field |= definitions[field.pop("$ref").rpartition("/")[2]]
    if field.get("default", 0) is None:
        del field["default"]
    return {name: value for name, value in field.items() if name not in ("title", "description")}


def _responses(content: Schema, *, is_list: bool) -> Schema:
    headers: Schema = {
        "ETag": {"description": "Strong.", "schema": {"type": "string"}},
        "Cache-Control": {"schema": {"type": "string"}},
    }
    if is_list:
        headers["Link"] = {"description": 'rel="next" (RFC 8288).', "schema": {"type": "string"}}
    return {
        "200": {"description": "As asked.", "headers": headers, "content": content},
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
