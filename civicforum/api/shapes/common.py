"""What every shape of an answer is made of."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from fractions import Fraction
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Shape(BaseModel):
    """A frozen value whose fields are those of the answer, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


# Always in UTC with its offset, to the microsecond: "2026-03-02T02:00:00.000000+00:00".
Instant = Annotated[
    datetime,
    PlainSerializer(_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
# A share or a score, exact and in lowest terms: "22/41", and "3" for a whole number.
Exact = Annotated[
    Fraction,
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(/[1-9][0-9]*)?$", "examples": ["22/41"]}),
]
Sha256 = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Path = Annotated[str, Field(description="Address of the page for people, from the root of the site.")]

S = TypeVar("S", bound=Shape)


class Named(Shape):
    """Something with a name and an id."""

    id: uuid.UUID
    name: str


class PageOf(Shape, Generic[S]):
    """A page of a list."""

    items: list[S]
    next: str | None = Field(
        description="Address of the next page from the root of the site, or null on the last one.",
        json_schema_extra={"format": "uri-reference"},
    )

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name the schema of a page after what is on it."""
        return f"{params[0].__name__}Page"
