"""Reads of the own account and of the help desk."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from civicforum.accounts.models import Account, Assistance, OneTimeCode, SignInSession
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Role, role_of_post
from civicforum.people.models import Capacity, Person
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class PostHeld:
    """A post somebody holds, until when, and the role it carries here."""

    body: str
    title: str
    until: date
    role: Role


def list_posts_held(session: Session, *, person_id: uuid.UUID, now: datetime) -> list[PostHeld]:
    """Return the posts that somebody holds today."""
    terms = session.scalars(
        select(Term)
        .join(Term.post)
        .join(Post.body)
        .options(contains_eager(Term.post).contains_eager(Post.body))
        .where(Term.person_id == person_id, is_running(day_of(now)), Body.dissolved_on.is_(None))
        .order_by(Body.name, Post.position)
    ).all()
    return [
        PostHeld(
            body=term.post.body.name,
            title=term.post.title,
            until=term.until,
            role=role_of_post(term.post.body.kind, term.post.kind),
        )
        for term in terms
    ]


def list_capacities(session: Session, *, person_id: uuid.UUID, now: datetime) -> Sequence[Capacity]:
    """Return the capacities that hold today."""
    today = day_of(now)
    return session.scalars(
        select(Capacity)
        .where(
            Capacity.person_id == person_id,
            Capacity.since <= today,
            or_(Capacity.until.is_(None), Capacity.until >= today),
        )
        .order_by(Capacity.since, Capacity.kind)
    ).all()


def list_sessions(session: Session, *, account_id: uuid.UUID, now: datetime) -> Sequence[SignInSession]:
    """Return the sessions that run now, the one seen last first; at most 50."""
    return session.scalars(
        select(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
        )
        .order_by(SignInSession.seen_at.desc(), SignInSession.started_at.desc(), SignInSession.id)
        .limit(50)
    ).all()


def may_skip_password(session: Session, *, session_id: uuid.UUID) -> bool:
    """Tell whether a session may set a password without the present one: opened by code, or there is none."""
    return bool(
        session.scalar(
            select(or_(SignInSession.with_code, Account.password_hash.is_(None)))
            .join(Account, SignInSession.account_id == Account.id)
            .where(SignInSession.id == session_id)
        )
    )


@dataclass(frozen=True)
class Help:
    """What somebody at the desk did for a person: acted, with a reason, or printed a code (`reason` None)."""

    at: datetime
    by: str
    reason: str | None


def list_help(session: Session, *, account: Account, limit: int = 10) -> list[Help]:
    """Return what the desk did in a person's name or for the account, the latest first."""
    acts = session.execute(
        select(Assistance.started_at, Person.name, Assistance.reason)
        .join(Person, Assistance.clerk_id == Person.id)
        .where(Assistance.person_id == account.person_id)
        .order_by(Assistance.started_at.desc(), Assistance.id)
        .limit(limit)
    )
    codes = session.execute(
        select(OneTimeCode.issued_at, Person.name)
        .join(Person, OneTimeCode.issued_by_id == Person.id)
        .where(OneTimeCode.account_id == account.id)
        .order_by(OneTimeCode.issued_at.desc(), OneTimeCode.id)
        .limit(limit)
    )
    found = [Help(at, by, reason) for at, by, reason in acts] + [Help(at, by, None) for at, by in codes]
    return sorted(found, key=lambda help: help.at, reverse=True)[:limit]
