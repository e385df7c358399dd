"""One row of a community by its id. A row of another community is as good as none."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from civicforum.database import CommunityRow
from civicforum.errors import NotFound

Model = TypeVar("Model", bound=CommunityRow)


def get_row(
    session: Session,
    model: type[Model],
    key: uuid.UUID,
    *,
    community_id: uuid.UUID,
    options: Sequence[ORMOption] = (),
) -> Model:
    """Return the community's row with this id. Raises NotFound, also for another community's."""
    row = session.get(model, key, options=options)
    return _own(row, key, community_id)


def lock_row(session: Session, model: type[Model], key: uuid.UUID, *, community_id: uuid.UUID) -> Model:
    """Return the community's row, as it is now and locked until the commit. Raises NotFound like get_row."""
    row = session.get(model, key, with_for_update=True, populate_existing=True)
    return _own(row, key, community_id)


def _own(row: Model | None, key: uuid.UUID, community_id: uuid.UUID) -> Model:
    if row is None or row.community_id != community_id:
        raise NotFound(key)
    return row
