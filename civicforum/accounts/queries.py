"""Reads of the own account and of the help desk."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from civicforum.accounts.models import Account, SignInSession
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.people.models import Capacity
from civicforum.records.services import ZONE


def list_posts_held(session: Session, *, person_id: uuid.UUID, now: datetime) -> Sequence[Term]:
    """Return the terms running today with post and body, in the bodies' order."""
    return session.scalars(
        select(Term)
        .join(Term.post)
        .join(Post.body)
        .options(contains_eager(Term.post).contains_eager(Post.body))
        .where(Term.person_id == person_id, is_running(now.astimezone(ZONE).date()))
        .order_by(Post.position)
    ).all()


def list_capacities(session: Session, *, person_id: uuid.UUID, now: datetime) -> Sequence[Capacity]:
    """Return the capacities that hold today."""
    today = now.astimezone(ZONE).date()
    return session.scalars(
        select(Capacity)
        .where(
            Capacity.person_id == person_id,
            Capacity.since <= today,
            or_(Capacity.until.is_(None), Capacity.until >= today),
        )
        .order_by(Capacity.since)
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
        .order_by(SignInSession.seen_at.desc())
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
