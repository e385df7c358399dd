"""Steps that the use cases of people share. They take the session and commit nothing."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, NotFound
from civicforum.people.models import Community, Person
from civicforum.rows import get_row


def lock_register(session: Session, community_id: uuid.UUID) -> Community:
    """Lock what is known of a community's people and posts until the commit; return the community.

    One lock for all of it: a forbidden pair of posts, or of relatives, lies in two rows that two people may
    write at once. Rows that merely point at the community are not held up. Raises NotFound.
    """
    community = session.scalar(
        select(Community)
        .where(Community.id == community_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if community is None:
        raise NotFound(community_id)
    return community


def get_own_person(session: Session, person_id: uuid.UUID, community_id: uuid.UUID) -> Person:
    """Return a person of this community. Raises NotFound, also for somebody of another one."""
    return get_row(session, Person, person_id, community_id=community_id)


def check_may_write(actor: Actor | None, community_id: uuid.UUID, *allowed: Role) -> None:
    """Refuse who is of another community or has none of these roles; `actor` None may. Raises NotEligible."""
    if actor is not None and (actor.community_id != community_id or not actor.has(*allowed)):
        raise NotEligible(actor.person_id)
