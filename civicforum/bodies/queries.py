"""Reads of bodies, posts and terms."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import BodyKind, Role, role_of_post
from civicforum.people.models import Person


def is_running(day: date) -> ColumnElement[bool]:
    """Return the condition that a term runs on `day`; its last day counts."""
    return and_(Term.since <= day, Term.until >= day, or_(Term.ended_on.is_(None), Term.ended_on >= day))


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
    rows = session.execute(
        select(Body.name, Post.title)
        .select_from(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(Term.person_id == person_id, is_running(day), Body.dissolved_on.is_(None))
        .order_by(Body.name, Post.position)
    ).all()
    return "、".join(f"{body}{title}" for body, title in rows)[:200]


def list_members(
    session: Session, *, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], day: date
) -> list[Person]:
    """Return everybody who holds a post in a body of these kinds on `day`, each once, by roll number."""
    holders = (
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
    return list(session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.number)))


def count_members(
    session: Session, *, community_id: uuid.UUID, kinds: tuple[BodyKind, ...], day: date
) -> int:
    """Return how many people hold a post in a body of these kinds on `day`, each counted once."""
    return (
        session.scalar(
            select(func.count(func.distinct(Term.person_id)))
            .join(Post, Term.post_id == Post.id)
            .join(Body, Post.body_id == Body.id)
            .where(
                Body.community_id == community_id,
                Body.kind.in_(kinds),
                is_running(day),
                Body.dissolved_on.is_(None),
            )
        )
        or 0
    )


def list_bodies_held(session: Session, *, person_id: uuid.UUID, day: date) -> frozenset[uuid.UUID]:
    """Return the bodies in which the person holds a post on `day`."""
    return frozenset(
        session.scalars(
            select(Body.id)
            .join(Post, Post.body_id == Body.id)
            .join(Term, Term.post_id == Post.id)
            .where(Term.person_id == person_id, is_running(day), Body.dissolved_on.is_(None))
        )
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
