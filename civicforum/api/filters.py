"""What a request may ask for: the parameters of lists, checked before anything is read."""

from __future__ import annotations

import re
import uuid
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

LONGEST_SEARCH = 80
# What PostgreSQL's integers hold.
MOST = 2**31 - 1


def _written(pattern: str, words: str) -> BeforeValidator:
    """Accept one way of writing a value: Pydantic would also read times as seconds and "1_0" as ten."""
    form = re.compile(pattern, re.ASCII)

    def check(value: Any) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            raise ValueError(words)
        return value

    return BeforeValidator(check)


_HEX = "[0-9A-Fa-f]"
_DAY_TIME = r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})"

Id = Annotated[
    uuid.UUID,
    _written(rf"{_HEX}{{8}}-({_HEX}{{4}}-){{3}}{_HEX}{{12}}", "must be a UUID with its hyphens"),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
Whole = Annotated[int, _written(r"-?\d{1,12}", "must be a whole number")]
Since = Annotated[
    AwareDatetime,
    _written(_DAY_TIME, "must be an instant with its offset, as in 2026-03-02T10:00:00+08:00 (+ is %2B)"),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_DAY_TIME}$"}),
]
Words = Annotated[str, Field(max_length=LONGEST_SEARCH, pattern=r"^[^\x00]*$")]
Sequence = Annotated[Whole, Field(ge=0, le=MOST)]


class NoFilters(BaseModel):
    """No parameters; unknown ones are refused: a misspelt one would widen the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Filters(NoFilters):
    """The parameters of every request about a community."""

    community: Id | None = Field(
        default=None, description="Whose: needed where a site serves several communities (see /communities)."
    )


class ListFilters(Filters):
    """The parameters of every list."""

    limit: Annotated[Whole, Field(ge=1, le=100)] = Field(default=50, description="How many at most.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=300,
        pattern=r"^[A-Za-z0-9_\-]+$",
        description="Where to go on, as `next` of the page before says.",
    )
