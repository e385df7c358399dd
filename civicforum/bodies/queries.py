"""Reads of bodies, posts and terms."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import BodyKind, Role, role_of_post
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.people.rules import Sex
from civicforum.rows import get_row


def is_running(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that a term runs on `day`; its last day counts."""
    return and_(Term.since <= day, Term.until >= day, or_(Term.ended_on.is_(None), Term.ended_on >= day))


# Built once: each entry of the journal asks it.
_NAMES_OF_POSTS = (
    select(Body.name, Post.title)
    .select_from(Term)
    .join(Post, Term.post_id == Post.id)
    .join(Body, Post.body_id == Body.id)
    .where(
        Term.person_id == bindparam("person"),
        is_running(bindparam("day", type_=Date)),
        Body.dissolved_on.is_(None),
    )
    .order_by(Body.name, Post.position)
)


def roles_held(session: Session, *, person_id: uuid.UUID, day: date) -> frozenset[Role]:
    """Return the roles of every post that the person holds on `day`."""
    rows = session.execute(
        select(Body.kind, Post.kind)
        .select_from(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(Term.person_id == person_id, is_running(day), Body.dissolved_on.is_(None))
    ).all()
    return frozenset(role_of_post(body, post) for body, post in rows)


def post_text(session: Session, *, person_id: uuid.UUID, day: date) -> str:
    """Return the posts held on `day` as the journal names them, "body post" joined by commas; "" for none."""
    rows = session.execute(_NAMES_OF_POSTS, {"person": person_id, "day": day}).all()
    return "、".join(f"{body}{title}" for body, title in rows)[:200]


def list_members(
    session: Session, *, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], day: date
) -> list[Person]:
    """Return everybody who holds a post in a body of these kinds on `day`, each once, by roll number."""
    holders = _holders(community_id, kinds, day)
    return list(session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.number)))


def list_bodies_held(session: Session, *, person_id: uuid.UUID, day: date) -> frozenset[uuid.UUID]:
    """Return the bodies in which the person holds a post on `day`."""
    return frozenset(session.scalars(select_bodies_held(person_id, day)))


def select_bodies_held(
    person_id: uuid.UUID | ColumnElement[uuid.UUID], day: date | ColumnElement[date]
) -> Select[uuid.UUID]:
    """Select the bodies in which the person holds a post on `day`."""
    return (
        select_bodies_of_posts(person_id, day)
        .join(Body, Body.id == Post.body_id)
        .where(Body.dissolved_on.is_(None))
    )


def select_bodies_of_posts(
    person_id: uuid.UUID | ColumnElement[uuid.UUID], day: date | ColumnElement[date]
) -> Select[uuid.UUID]:
    """Select the bodies of the posts that the person holds on `day`, dissolved ones too."""
    return (
        select(Post.body_id)
        .join(Term, Term.post_id == Post.id)
        .where(Term.person_id == person_id, is_running(day))
    )


def list_holders(
    session: Session, *, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], day: date
) -> list[tuple[Body, Post | None, Person | None]]:
    """Return these bodies by name, each with its posts and holders on `day`; None where vacant."""
    running = select(Term).where(is_running(day)).subquery()
    rows = session.execute(
        select(Body, Post, Person)
        .outerjoin(Post, Post.body_id == Body.id)
        .outerjoin(running, running.c.post_id == Post.id)
        .outerjoin(Person, Person.id == running.c.person_id)
        .where(Body.community_id == community_id, Body.kind.in_(kinds), Body.dissolved_on.is_(None))
        .order_by(Body.name, Post.position, Person.number)
    ).all()
    return [(body, post, person) for body, post, person in rows]


def list_kinds_of_members(
    session: Session,
    *,
    community_id: uuid.UUID,
    kinds: tuple[BodyKind, ...] = (),
    body_id: uuid.UUID | None = None,
    day: date,
) -> list[tuple[Person, frozenset[BodyKind]]]:
    """Return the members on `day` of one body, or of all bodies of these kinds, each once and by number.

    With each come the kinds of every body in which that person holds a post.
    """
    which = Body.id == body_id if body_id is not None else Body.kind.in_(kinds)
    held = (
        select(Term.person_id.label("person_id"), Body.kind.label("kind"))
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(Body.community_id == community_id, is_running(day), Body.dissolved_on.is_(None))
    )
    all_held = held.subquery()
    rows = session.execute(
        select(Person, func.array_agg(func.distinct(all_held.c.kind)))
        .join(all_held, all_held.c.person_id == Person.id)
        .where(Person.id.in_(select(held.where(which).subquery().c.person_id)))
        .group_by(Person.id)
        .order_by(Person.number)
    ).all()
    return [(person, frozenset(BodyKind(kind) for kind in found)) for person, found in rows]


@dataclass(frozen=True)
class PostLine:
    """A post with the terms that run now."""

    post: Post
    terms: list[Term]

    @property
    def open_seats(self) -> int:
        """How many more may be appointed; 0 where more hold the post than it has seats."""
        return max(0, self.post.seats - len(self.terms))


@dataclass(frozen=True)
class BodyLine:
    """A body with its posts in order."""

    body: Body
    posts: list[PostLine]

    @property
    def holders(self) -> dict[uuid.UUID, Person]:
        """Everybody in it, each once."""
        return {term.person_id: term.person for line in self.posts for term in line.terms}

    @property
    def seats(self) -> int:
        """Seats of all posts, taken or not."""
        return sum(line.post.seats for line in self.posts)

    @property
    def taken(self) -> int:
        """Terms that run now: who holds two posts in the body is counted twice."""
        return sum(len(line.terms) for line in self.posts)

    @property
    def women(self) -> int:
        """Women among the holders, each counted once."""
        return sum(person.sex is Sex.FEMALE for person in self.holders.values())


def list_bodies(session: Session, *, community_id: uuid.UUID, day: date) -> list[BodyLine]:
    """Return the bodies that exist now with posts and holders on `day`, in three statements."""
    bodies = session.scalars(
        select(Body)
        .where(Body.community_id == community_id, Body.dissolved_on.is_(None))
        .order_by(Body.founded_on, Body.name)
    ).all()
    return with_posts(session, bodies, day)


def get_body(session: Session, *, body_id: uuid.UUID, community_id: uuid.UUID, day: date) -> BodyLine:
    """Return a body with posts and holders on `day`. Raises NotFound."""
    body = get_row(session, Body, body_id, community_id=community_id)
    return with_posts(session, [body], day)[0]


def get_post(session: Session, *, post_id: uuid.UUID, community_id: uuid.UUID) -> Post:
    """Return a post with its body. Raises NotFound."""
    post = session.scalar(
        select(Post)
        .where(Post.id == post_id, Post.community_id == community_id)
        .options(joinedload(Post.body))
    )
    if post is None:
        raise NotFound(post_id)
    return post


def get_term(session: Session, *, term_id: uuid.UUID, community_id: uuid.UUID) -> Term:
    """Return a term with its person, post and body. Raises NotFound."""
    term = session.scalar(
        select(Term).where(Term.id == term_id, Term.community_id == community_id).options(*_whole_term())
    )
    if term is None:
        raise NotFound(term_id)
    return term


def list_other_terms(session: Session, *, body_id: uuid.UUID, day: date, number: int) -> Page[Term]:
    """Return a page of the terms in a body that are over or have not begun, latest first."""
    statement = (
        select(Term)
        .join(Post, Term.post_id == Post.id)
        .where(Post.body_id == body_id, not_(is_running(day)))
        .options(*_whole_term())
        .order_by(Term.since.desc(), Post.position, Term.id)
    )
    return paginate(session, statement, number=number)


def list_terms_of(session: Session, *, person_id: uuid.UUID) -> Sequence[Term]:
    """Return every term of a person, latest first."""
    return session.scalars(
        select(Term)
        .where(Term.person_id == person_id)
        .options(*_whole_term())
        .order_by(Term.since.desc(), Term.id)
    ).all()


def with_posts(session: Session, bodies: Sequence[Body], day: date) -> list[BodyLine]:
    """Return these bodies with their posts and who holds them on `day`, in two statements."""
    ids = [body.id for body in bodies]
    posts = session.scalars(select(Post).where(Post.body_id.in_(ids)).order_by(Post.position)).all()
    terms = session.scalars(
        select(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Person, Term.person_id == Person.id)
        .where(Post.body_id.in_(ids), is_running(day))
        .options(contains_eager(Term.person))
        .order_by(Person.number)
    ).all()
    of_post: dict[uuid.UUID, list[Term]] = defaultdict(list)
    for term in terms:
        of_post[term.post_id].append(term)
    of_body: dict[uuid.UUID, list[PostLine]] = defaultdict(list)
    for post in posts:
        of_body[post.body_id].append(PostLine(post, of_post[post.id]))
    return [BodyLine(body, of_body[body.id]) for body in bodies]


def _holders(community_id: uuid.UUID, kinds: tuple[BodyKind, ...], day: date) -> Select[uuid.UUID]:
    return (
        select(Term.person_id)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Body.community_id == community_id,
            Body.kind.in_(kinds),
            is_running(day),
            Body.dissolved_on.is_(None),
        )
    )


def _whole_term() -> tuple[ExecutableOption, ...]:
    return (joinedload(Term.person), joinedload(Term.post).joinedload(Post.body))
