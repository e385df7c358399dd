"""Who asks, as far as a kept answer depends on it, and where the journal stands: one statement."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Date, String, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.current import UNREAD
from civicforum.accounts.models import Account, Assistance, SignInSession
from civicforum.accounts.rules import SEEN_EVERY
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.matters.models import Matter
from civicforum.matters.rules import PUBLIC
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalHead
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Viewer:
    """A visitor, or somebody signed in: then with the bodies and posts held today, and what stands unread.

    `has_raised` tells whether the home page lists matters of their own.
    """

    community_id: uuid.UUID
    head: int
    person_id: uuid.UUID | None = None
    name: str = ""
    posts: frozenset[str] = frozenset()
    unread: int = 0
    has_raised: bool = False
    session_id: uuid.UUID | None = None

    @property
    def standing(self) -> Hashable:
        """Return by what pages are shared: who holds a post shares none, as rights may hang on a sign-in."""
        return (self.posts, self.session_id) if self.posts else None


_TODAY = bindparam("today", type_=Date)
_POST = cast(Body.id, String) + " " + cast(Body.kind, String) + " " + cast(Post.kind, String)
_POSTS = (
    select(func.array_agg(_POST))
    .select_from(Term)
    .join(Post, Term.post_id == Post.id)
    .join(Body, Post.body_id == Body.id)
    .where(
        Term.person_id == Person.id,
        is_running(_TODAY),
        Body.dissolved_on.is_(None),
    )
    .correlate(Person)
    .scalar_subquery()
)
_IS_HELPING = exists().where(
    Assistance.sign_in_session_id == SignInSession.id,
    Assistance.ended_at.is_(None),
    Assistance.expires_at > bindparam("now"),
)
_HAS_RAISED = exists().where(Matter.author_id == Person.id, Matter.stage.in_(PUBLIC)).correlate(Person)
# Built once, for every request asks it. Nothing comes of a session that is over, of one that a clerk acts
# through for somebody, and of one that is to be noted as seen: those are answered without what is kept.
_SIGNED_IN = (
    select(Person.community_id, JournalHead.sequence, Person.id, Person.name, _POSTS, UNREAD, _HAS_RAISED)
    .select_from(SignInSession)
    .join(Account, Account.id == SignInSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .join(JournalHead, JournalHead.community_id == Person.community_id)
    .join(Community, Community.id == Person.community_id)
    .where(
        SignInSession.id == bindparam("key"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        SignInSession.seen_at >= bindparam("seen"),
        Account.disabled_at.is_(None),
        ~_IS_HELPING,
        # Posts that wait for a second factor lend nothing here; only who holds one is looked up for it.
        or_(~Community.needs_second_factor, SignInSession.factor_at.is_not(None), _POSTS.is_(None)),
    )
)
_OF_COMMUNITIES = (
    select(Community.id, JournalHead.sequence)
    .join(JournalHead, JournalHead.community_id == Community.id)
    .limit(2)
)
_OF_CHOSEN = _OF_COMMUNITIES.where(Community.id == bindparam("chosen"))


def find_viewer(database: Session | Connection, cookie: Mapping[str, Any], *, now: datetime) -> Viewer | None:
    """Return who the cookie's session says is asking; None when the usual way has to find out."""
    if "_user_id" in cookie:
        return _signed_in(database, _uuid(cookie["_user_id"]), now)
    if "community" in cookie:
        rows = database.execute(_OF_CHOSEN, {"chosen": _uuid(cookie["community"])}).all()
    else:
        rows = database.execute(_OF_COMMUNITIES).all()
    return Viewer(*rows[0]) if len(rows) == 1 else None


def _signed_in(database: Session | Connection, key: uuid.UUID | None, now: datetime) -> Viewer | None:
    values = {"key": key, "now": now, "seen": now - SEEN_EVERY, "today": day_of(now)}
    row = database.execute(_SIGNED_IN, values).one_or_none()
    if row is None:
        return None
    community_id, head, person_id, name, posts, unread, has_raised = row
    return Viewer(community_id, head, person_id, name, frozenset(posts or ()), unread, has_raised, key)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
