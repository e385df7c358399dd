"""Founding bodies, giving them posts, and filling these, one function per use case.

`actor` None is the operator at the command line. All of it waits for one lock of the community, because a
seat and a forbidden pair are decided by rows that two people may write at once.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.errors import MustBeElected, NoSeatLeft, PairForbidden
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import (
    ELECTED_BODIES,
    Appointed,
    BodyKind,
    Holding,
    PostKind,
    Role,
    default_until,
    find_conflict,
    most_at_once,
    post_name,
)
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Group, Person
from civicforum.people.queries import kin_of, rules_in
from civicforum.people.services import get_own_person, lock_register
from civicforum.records.services import Subject, record_about
from civicforum.rows import get_row

# Why a term that ran out is closed, as the record of the body names it.
EXPIRED = "任期届满"


def found_body(
    *,
    community_id: uuid.UUID,
    kind: BodyKind,
    name: str,
    duty: str = "",
    founded_on: date,
    group_id: uuid.UUID | None = None,
    actor: Actor | None,
    now: datetime,
) -> uuid.UUID:
    """Found a body without posts. Raises AlreadyDone (name taken), NotFound (no such group)."""
    with transaction() as session:
        _check_may_write(actor, community_id)
        lock_register(session, community_id)
        body = make_body(
            session,
            community_id=community_id,
            kind=kind,
            name=name,
            duty=duty,
            founded_on=founded_on,
            group_id=group_id,
        )
        _record_body(session, "body.found", body, actor, now, {"kind": kind.value})
        return body.id


def add_post(
    *,
    body_id: uuid.UUID,
    kind: PostKind,
    title: str,
    seats: int = 1,
    actor: Actor | None,
    now: datetime,
) -> uuid.UUID:
    """Add a post after the others of its body. Raises NotFound, AlreadyDone (title), Invalid (seats)."""
    with transaction() as session:
        body = _lock_body(session, body_id, actor)
        post = make_post(session, body=body, kind=kind, title=title, seats=seats)
        payload = {"post_id": str(post.id), "post": title, "seats": seats}
        _record_body(session, "body.add_post", body, actor, now, payload)
        return post.id


def appoint(
    *,
    post_id: uuid.UUID,
    person_id: uuid.UUID,
    appointed: Appointed,
    since: date,
    until: date | None = None,
    actor: Actor | None,
    now: datetime,
) -> uuid.UUID:
    """Give a post to a person from `since` to `until`, both included; None means a full term.

    Raises NotFound, Invalid (dates, or a person who has left), AlreadyDone (holds it already), NoSeatLeft,
    MustBeElected and PairForbidden, the last two with their rule and article.
    """
    with transaction() as session:
        post = session.get(Post, post_id)
        if post is None:
            raise NotFound(post_id)
        body = _lock_body(session, post.body_id, actor)
        term = begin_term(
            session, body=body, post=post, person_id=person_id, appointed=appointed, since=since, until=until
        )
        person = session.get_one(Person, person_id)
        payload = {
            "post_id": str(post.id),
            "post": post.title,
            "person_id": str(person.id),
            "name": person.name,
            "appointed": appointed.value,
            "since": term.since.isoformat(),
            "until": term.until.isoformat(),
        }
        _record_body(session, "body.appoint", body, actor, now, payload)
        return term.id


def end_term(*, term_id: uuid.UUID, on: date, reason: str, actor: Actor | None, now: datetime) -> None:
    """End somebody's time in a post; `on` is the last day.

    Raises NotFound, AlreadyDone (ended before), Invalid (no reason, or a day outside the term).
    """
    with transaction() as session:
        found = session.get(Term, term_id)
        if found is None:
            raise NotFound(term_id)
        body = _lock_body(session, session.get_one(Post, found.post_id).body_id, actor)
        term = session.get_one(Term, term_id, with_for_update=True, populate_existing=True)
        close_term(term, on=on, reason=reason)
        person = session.get_one(Person, term.person_id)
        payload = {
            "post_id": str(term.post_id),
            "post": session.get_one(Post, term.post_id).title,
            "person_id": str(person.id),
            "name": person.name,
            "ended_on": on.isoformat(),
        }
        _record_body(session, "body.end_term", body, actor, now, payload, reason=term.end_reason)


def dissolve_body(*, body_id: uuid.UUID, on: date, reason: str, actor: Actor | None, now: datetime) -> None:
    """Dissolve a body and end every term in it; `on` is its last day.

    Raises NotFound, AlreadyDone (dissolved before), Invalid (no reason, or before it was founded).
    """
    with transaction() as session:
        body = _lock_body(session, body_id, actor)
        if not reason.strip():
            raise Invalid("no_reason", "reason")
        if on < body.founded_on:
            raise Invalid("before_founding", "on")
        running = session.scalars(
            select(Term)
            .join(Post, Term.post_id == Post.id)
            .where(Post.body_id == body.id, Term.ended_on.is_(None))
            .with_for_update(of=Term)
        ).all()
        for term in running:
            # A term that was to begin later ends on the day it would have begun.
            term.ended_on = max(term.since, min(on, term.until))
            term.end_reason = reason.strip()
        body.dissolved_on = on
        payload = {"on": on.isoformat(), "terms": len(running)}
        _record_body(session, "body.dissolve", body, actor, now, payload, reason=reason.strip())


# Steps that use cases share. They take the session, expect the register to be locked, and commit nothing.


def make_body(
    session: Session,
    *,
    community_id: uuid.UUID,
    kind: BodyKind,
    name: str,
    duty: str = "",
    founded_on: date,
    group_id: uuid.UUID | None = None,
) -> Body:
    """Add a body without posts.

    Raises NotFound (group of another community), AlreadyDone (name taken, even by a dissolved body).
    """
    if group_id is not None:
        get_row(session, Group, group_id, community_id=community_id)
    if session.scalar(select(Body.id).where(Body.community_id == community_id, Body.name == name)):
        raise AlreadyDone(name)
    body = Body(
        id=uuid.uuid4(),
        community_id=community_id,
        kind=kind,
        name=name,
        duty=duty,
        founded_on=founded_on,
        group_id=group_id,
    )
    session.add(body)
    session.flush()
    return body


def make_post(session: Session, *, body: Body, kind: PostKind, title: str, seats: int = 1) -> Post:
    """Add a post after the body's others. Raises Invalid (no seat), AlreadyDone (title taken in the body)."""
    if seats < 1:
        raise Invalid("no_seats", "seats")
    if session.scalar(select(Post.id).where(Post.body_id == body.id, Post.title == title)):
        raise AlreadyDone(title)
    last = session.scalar(select(func.max(Post.position)).where(Post.body_id == body.id))
    post = Post(
        id=uuid.uuid4(),
        community_id=body.community_id,
        body_id=body.id,
        kind=kind,
        title=title,
        seats=seats,
        position=0 if last is None else last + 1,
    )
    session.add(post)
    session.flush()
    return post


def begin_term(
    session: Session,
    *,
    body: Body,
    post: Post,
    person_id: uuid.UUID,
    appointed: Appointed,
    since: date,
    until: date | None,
) -> Term:
    """Add a term after every check; `appoint` says what it raises."""
    book = rules_in(session, body.community_id)
    person = get_own_person(session, person_id, body.community_id)
    until = until or default_until(body.kind, since, book)
    if until < since:
        raise Invalid("ends_before_it_begins", "until")
    if person.left_on is not None and person.left_on < since:
        raise Invalid("has_left", "person")
    elected_only = book.switch("posts.elected_only")
    if elected_only.on and body.kind in ELECTED_BODIES and appointed is not Appointed.ELECTED:
        raise MustBeElected(
            rulebook.Verdict(False, f"{body.name}{post.title} ≠ {appointed.value}", elected_only)
        )
    _check_seats(session, post, person_id, since, until)
    _check_pairs(session, body, post, person, since, until, book)
    _close_expired(session, post, person_id, since)
    term = Term(
        id=uuid.uuid4(),
        community_id=body.community_id,
        post_id=post.id,
        person_id=person_id,
        appointed=appointed,
        since=since,
        until=until,
    )
    session.add(term)
    session.flush()
    return term


def close_term(term: Term, *, on: date, reason: str) -> None:
    """End a term that is locked; `end_term` says what is raised."""
    if term.ended_on is not None:
        raise AlreadyDone(term.id)
    if not reason.strip():
        raise Invalid("no_reason", "reason")
    if not term.since <= on <= term.until:
        raise Invalid("outside_term", "on")
    term.ended_on, term.end_reason = on, reason.strip()


def _check_seats(session: Session, post: Post, person_id: uuid.UUID, since: date, until: date) -> None:
    last = func.least(Term.until, func.coalesce(Term.ended_on, Term.until))
    terms = session.execute(
        select(Term.person_id, Term.since, last).where(
            Term.post_id == post.id, Term.since <= until, last >= since
        )
    ).all()
    if any(holder == person_id for holder, _since, _last in terms):
        raise AlreadyDone(post.id)
    taken = most_at_once([(first, end) for _holder, first, end in terms], since, until)
    if taken >= post.seats:
        raise NoSeatLeft(post.title, post.seats, taken)


def _check_pairs(
    session: Session,
    body: Body,
    post: Post,
    person: Person,
    since: date,
    until: date,
    book: rulebook.Rulebook,
) -> None:
    kin = kin_of(session, person_id=person.id)
    last = func.least(Term.until, func.coalesce(Term.ended_on, Term.until))
    rows = session.execute(
        select(Term.person_id, Person.name, Body.kind, Post.kind, Body.name, Post.title)
        .join(Person, Term.person_id == Person.id)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Term.person_id.in_([person.id, *kin]),
            Term.since <= until,
            last >= since,
            Body.dissolved_on.is_(None),
        )
        .order_by(Body.name, Post.position, Person.number, Term.id)
    ).all()
    holdings = [
        Holding(holder, name, post_name(body_kind, post_kind), f"{body_name}{title}")
        for holder, name, body_kind, post_kind, body_name, title in rows
    ]
    conflict = find_conflict(
        post_name(body.kind, post.kind), person_id=person.id, holdings=holdings, kin=kin, pairs=book.pairs()
    )
    if conflict is not None:
        arithmetic = f"{body.name}{post.title} × {conflict.holding.label}"
        raise PairForbidden(rulebook.Verdict(False, arithmetic, conflict.rule), conflict)


def _close_expired(session: Session, post: Post, person_id: uuid.UUID, since: date) -> None:
    """Close a term of the same person that ran out unrecorded: a post has one open term of a person."""
    expired = session.scalars(
        select(Term).where(
            Term.post_id == post.id,
            Term.person_id == person_id,
            Term.ended_on.is_(None),
            Term.until < since,
        )
    )
    for term in expired:
        term.ended_on, term.end_reason = term.until, EXPIRED
    session.flush()


def _lock_body(session: Session, body_id: uuid.UUID, actor: Actor | None) -> Body:
    """Return a body that exists today, with its community's register locked."""
    body = session.get(Body, body_id)
    if body is None:
        raise NotFound(body_id)
    if actor is not None and actor.community_id != body.community_id:
        raise NotFound(body_id)
    _check_may_write(actor, body.community_id)
    lock_register(session, body.community_id)
    session.refresh(body)
    if body.dissolved_on is not None:
        raise AlreadyDone(body_id)
    return body


def _check_may_write(actor: Actor | None, community_id: uuid.UUID) -> None:
    if actor is not None and (actor.community_id != community_id or not actor.has(Role.ADMIN)):
        raise NotEligible(actor.person_id)


def _record_body(
    session: Session,
    action: str,
    body: Body,
    actor: Actor | None,
    now: datetime,
    payload: dict[str, Any],
    reason: str = "",
) -> None:
    subject = Subject(body.community_id, "body", body.id, body.name)
    record_about(session, subject, action=action, actor=actor, reason=reason, payload=payload, now=now)
