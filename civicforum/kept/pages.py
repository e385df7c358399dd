"""Which pages are kept, and for whom they are the same.

A page stands here only when it says nothing but what its address, its language, the community's rows and the
posts of who looks make it say. tests/integration/kept/test_pages.py compares each with the page made anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from datetime import UTC, datetime

from flask import request
from sqlalchemy import BindParameter, Connection, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.current import current_needs
from civicforum.kept.viewers import Viewer
from civicforum.matters.models import Comment, Demand, Matter, Query, Second, Task
from civicforum.matters.rules import Stage

# Returns what the page depends on of somebody signed in; None when it has to be made for them.
Dependence = Callable[[Session | Connection, Viewer], Hashable | None]


def by_posts(_database: Session | Connection, viewer: Viewer) -> Hashable | None:
    """The same for all who hold no post, which is nearly everybody; for who holds one, for this sign-in."""
    return ("standing", viewer.standing)


def by_posts_unless_mine(_database: Session | Connection, viewer: Viewer) -> Hashable | None:
    return None if "mine" in request.args else ("standing", viewer.standing)


def by_what_waits(database: Session | Connection, viewer: Viewer) -> Hashable | None:
    """The same for all for whom the same waits and who raised nothing; for a post, for this sign-in."""
    if viewer.posts or viewer.person_id is None:
        return "person", viewer.person_id, viewer.standing
    actor, now = Actor(viewer.person_id, viewer.community_id), datetime.now(UTC)
    with nullcontext(database) if isinstance(database, Session) else Session(database) as session:
        needs = current_needs(session, actor, now)
    return "waits", viewer.person_id if viewer.has_raised else None, tuple(needs)


def for_none(_database: Session | Connection, _viewer: Viewer) -> Hashable | None:
    """Personal for whoever is signed in."""
    return None


def of_stranger(database: Session | Connection, viewer: Viewer) -> Hashable | None:
    """The same for all without a post who have no part in the matter yet."""
    values = {"matter": (request.view_args or {})["matter_id"], "person": viewer.person_id}
    return ("standing", viewer.standing) if database.scalar(_IS_STRANGER, values) else None


_MATTER: BindParameter[uuid.UUID] = bindparam("matter")
_PERSON: BindParameter[uuid.UUID] = bindparam("person")
_HAS_PART = or_(
    *(
        exists().where(kind.matter_id == _MATTER, column == _PERSON)
        for kind, column in (
            (Comment, Comment.author_id),
            (Second, Second.person_id),
            (Demand, Demand.person_id),
            (Query, Query.author_id),
            (Task, Task.owner_id),
        )
    )
)
# Grading asks for a full age, which two strangers do not share.
_IS_STRANGER = select(~_HAS_PART).where(
    exists().where(Matter.id == _MATTER, Matter.author_id != _PERSON, Matter.stage != Stage.DONE)
)

KEPT: dict[str, Dependence] = {
    "appraisals.index": by_posts,
    "bodies.index": by_posts,
    "departments.index": by_posts,
    "elections.index": by_posts,
    "inbox.about": by_posts,
    "inbox.home": by_what_waits,
    "matters.index": by_posts_unless_mine,
    "matters.overdue": by_posts,
    "matters.show": of_stranger,
    "meetings.index": by_posts,
    "moderation.log": by_posts,
    "notices.archive": by_posts,
    "notices.index": by_posts,
    "notices.show": for_none,
    "polls.index": for_none,
    "records.register": by_posts,
    "rules.index": by_posts,
    "rules.show": by_posts,
    "statements.index": by_posts,
    "supervision.findings": by_posts,
}
