"""From a request to its parameters and to the community that it asks about."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TypeVar

from flask import request
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.api.filters import Filters, NoFilters
from civicforum.api.kinds.kind import Scope
from civicforum.api.problems import ProblemError
from civicforum.database import db
from civicforum.errors import CivicForumError, Invalid, NotFound
from civicforum.people.models import Community

F = TypeVar("F", bound=NoFilters)


class Unreadable(CivicForumError):
    """Parameters that cannot be; `errors` says which and why."""

    def __init__(self, errors: list[ProblemError]) -> None:
        super().__init__("; ".join(f"{error.parameter}: {error.detail}" for error in errors))
        self.errors = errors


def read_filters(kind: type[F]) -> F:
    """Return the parameters of the request. Raises Unreadable."""
    given = request.args.to_dict(flat=False)
    twice = sorted(name for name, values in given.items() if len(values) > 1)
    if twice:
        raise Unreadable([ProblemError(parameter=name, detail="is given twice") for name in twice])
    try:
        return kind.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise Unreadable(
            [
                ProblemError(parameter=str(found["loc"][0]), detail=found["msg"])
                for found in error.errors(include_url=False, include_context=False, include_input=False)
            ]
        ) from error


def scope_of(filters: Filters) -> Scope:
    """Return what is read: the community named, else the only one.

    Raises NotFound, and Invalid where a community has to be named. Who is signed in does not matter.
    """
    session = db.session()
    return Scope(session, _community(session, filters.community), datetime.now(UTC))


def _community(session: Session, community_id: uuid.UUID | None) -> Community:
    if community_id is not None:
        found = session.get(Community, community_id)
        if found is None:
            raise NotFound(community_id)
        return found
    first_two = session.scalars(select(Community).order_by(Community.created_at).limit(2)).all()
    if not first_two:
        raise NotFound("there is no community yet")
    if len(first_two) > 1:
        raise Invalid("has to be named, for this site serves several", "community")
    return first_two[0]
