"""Who is signed in now, and in which community the visitor is: read once per request."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import g, session
from flask_login import UserMixin, current_user
from sqlalchemy import Date, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import contains_eager

from civicforum.accounts.models import Account, Assistance, SignInSession
from civicforum.accounts.rules import Actor
from civicforum.accounts.second_factor_rules import withheld_roles
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind, PostKind, Role, role_of_post
from civicforum.database import db
from civicforum.errors import NoCommunityChosen
from civicforum.inbox.models import Notification
from civicforum.people.models import Community, Person
from civicforum.rulebook.days import day_of


class SignedIn(UserMixin):
    """Flask-Login's user: one sign-in session of one account."""

    def __init__(self, row: SignInSession) -> None:
        self.session_id = row.id
        self.seen_at = row.seen_at
        self.factor_at = row.factor_at
        self.account: Account = row.account

    def get_id(self) -> str:
        return str(self.session_id)

    @property
    def person(self) -> Person:
        return self.account.person


def load_signed_in(session_id: str) -> SignedIn | None:
    """Return the session that the cookie names, unless it is over or its account disabled."""
    try:
        key = uuid.UUID(session_id)
    except ValueError:
        return None
    now = datetime.now(UTC)
    values = {"key": key, "now": now, "today": day_of(now)}
    found = db.session.execute(_SIGNED_IN, values).one_or_none()
    # Held here, the community is found without asking again.
    row, g.assistance, g.unread, g.own_community, g.posts_held = found or (None, None, 0, None, None)
    if row is None or row.ended_at is not None or row.expires_at <= now:
        return None
    if row.account.disabled_at is not None:
        return None
    return SignedIn(row)


# How many messages on the site the signed-in person has not read.
UNREAD = (
    select(func.count())
    .select_from(Notification)
    .join(Account, Account.person_id == Notification.person_id)
    .where(
        Account.id == SignInSession.account_id,
        Notification.read_at.is_(None),
        Notification.is_shown,
    )
    .correlate(SignInSession)
    .scalar_subquery()
)
# The kinds of body and post of each post held today, as "body post".
_POSTS_HELD = (
    select(func.array_agg(cast(Body.kind, String) + " " + cast(Post.kind, String)))
    .select_from(Term)
    .join(Post, Term.post_id == Post.id)
    .join(Body, Post.body_id == Body.id)
    .where(
        Term.person_id == Account.person_id,
        is_running(bindparam("today", type_=Date)),
        Body.dissolved_on.is_(None),
    )
    .correlate(Account)
    .scalar_subquery()
)
# Built once, for every request asks it: the session with its person and community, the running act of the
# help desk on it, and the posts held.
_SIGNED_IN = (
    select(SignInSession, Assistance, UNREAD, Community, _POSTS_HELD)
    .join(Account, Account.id == SignInSession.account_id)
    .join(Person, Person.id == Account.person_id)
    .join(Community, Community.id == Person.community_id)
    .outerjoin(
        Assistance,
        and_(
            Assistance.sign_in_session_id == SignInSession.id,
            Assistance.ended_at.is_(None),
            Assistance.expires_at > bindparam("now"),
        ),
    )
    .options(contains_eager(SignInSession.account).contains_eager(Account.person))
    .where(SignInSession.id == bindparam("key"))
)


def current_assistance() -> Assistance | None:
    """Return the running act of the help desk on this session, if the half hour is not over."""
    # Who signs in by this very request helps nobody yet.
    found: Assistance | None = g.get("assistance") if current_user.is_authenticated else None
    return found


def current_unread() -> int:
    """Return how many messages the person signed in has not read; 0 while a clerk acts for somebody."""
    if not current_user.is_authenticated or current_assistance() is not None:
        return 0
    unread: int = g.get("unread", 0)
    return unread


def current_actor() -> Actor | None:
    """Return in whose name the request acts, with the roles of the posts held today; None for visitors."""
    if "actor" not in g:
        g.actor = _actor() if current_user.is_authenticated else None
    actor: Actor | None = g.actor
    return actor


def acting_resident() -> Actor:
    """Return in whose name the request acts, without posts: for what every resident may do, asked often.

    Only for views behind @signed_in.
    """
    person: Person = current_user.person
    assistance = current_assistance()
    if assistance is not None:
        return _helped(assistance, person)
    return Actor(person_id=person.id, community_id=person.community_id)


def current_person() -> Person | None:
    """Return the person the request acts as: the one helped while a clerk acts for somebody."""
    assistance = current_assistance()
    if assistance is not None:
        return assistance.person
    return current_user.person if current_user.is_authenticated else None


def _actor() -> Actor:
    person: Person = current_user.person
    assistance = current_assistance()
    if assistance is not None:
        return _helped(assistance, person)
    held = (post.split(" ") for post in g.get("posts_held") or ())
    roles = frozenset(role_of_post(BodyKind(body), PostKind(post)) for body, post in held)
    community = current_community()
    withheld = withheld_roles(
        roles,
        is_needed=community is not None and community.needs_second_factor,
        is_proven=current_user.factor_at is not None,
    )
    g.withheld_roles = withheld
    return Actor(
        person_id=person.id, community_id=person.community_id, roles=(roles - withheld) | {Role.RESIDENT}
    )


def holds_post() -> bool:
    """Tell whether whoever is signed in holds a post today, also one that waits for the second factor."""
    return bool(g.get("posts_held")) if current_user.is_authenticated else False


def current_withheld_roles() -> frozenset[Role]:
    """Return the roles of posts held today that wait for the second factor to be proven in this session."""
    actor = current_actor()
    found: frozenset[Role] = g.get("withheld_roles", frozenset()) if actor else frozenset()
    return found


def _helped(assistance: Assistance, clerk: Person) -> Actor:
    return Actor(
        person_id=assistance.person_id,
        community_id=assistance.community_id,
        assisted_by=clerk.id,
        assistance_id=assistance.id,
    )


def current_community() -> Community | None:
    """Return the visitor's community: that of the account, else the one chosen, else the only one."""
    if "community" not in g:
        g.community = _community()
    community: Community | None = g.community
    return community


def require_community() -> Community:
    """Return the visitor's community. Raises NoCommunityChosen, which leads to where one is chosen."""
    community = current_community()
    if community is None:
        raise NoCommunityChosen
    return community


def _community() -> Community | None:
    if current_user.is_authenticated:
        return db.session.get(Community, current_user.person.community_id)
    chosen = session.get("community")
    if chosen is not None:
        found = db.session.get(Community, uuid.UUID(chosen))
        if found is not None:
            return found
    first_two = db.session.scalars(select(Community).order_by(Community.created_at).limit(2)).all()
    return first_two[0] if len(first_two) == 1 else None
