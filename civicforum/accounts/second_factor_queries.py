"""Reads of second factors."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account
from civicforum.accounts.opening import HAS_FACTOR
from civicforum.accounts.rules import GUARDED_ROLES
from civicforum.accounts.second_factor_models import AuthenticatorApp, HalfSignIn, Passkey, RecoveryCode
from civicforum.accounts.second_factor_rules import is_fresh
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import role_of_post
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of

if TYPE_CHECKING:
    from civicforum.accounts.current import SignedIn


@dataclass(frozen=True)
class Factors:
    """What an account has enrolled: its app (confirmed or begun), its passkeys, and recovery codes left."""

    app: AuthenticatorApp | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def has_app(self) -> bool:
        return self.app is not None and self.app.confirmed_at is not None

    @property
    def any(self) -> bool:
        return self.has_app or bool(self.passkeys)


def get_factors(session: Session, *, account_id: uuid.UUID) -> Factors:
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return Factors(
        app=session.scalar(select(AuthenticatorApp).where(AuthenticatorApp.account_id == account_id)),
        passkeys=session.scalars(
            select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.made_at, Passkey.id)
        ).all(),
        codes_left=session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0,
    )


def find_half(session: Session, *, half_id: uuid.UUID, now: datetime) -> HalfSignIn | None:
    """Return the sign-in that waits for its second factor, if it still does."""
    found = session.get(HalfSignIn, half_id)
    return found if found is not None and found.expires_at > now else None


def asks_again(session: Session, user: SignedIn, *, now: datetime) -> bool:
    """Tell whether a grave act has to wait for the second factor: there is one, last proven too long ago."""
    if is_fresh(user.factor_at, now):
        return False
    return bool(session.scalar(select(HAS_FACTOR).select_from(Account).where(Account.id == user.account.id)))


@dataclass(frozen=True)
class Officer:
    """Somebody in a post with powers, and whether their account has a second factor."""

    person: Person
    has_factor: bool


def list_officers(session: Session, *, community_id: uuid.UUID, now: datetime) -> list[Officer]:
    """Return everybody who holds a post with powers today, by roll number."""
    rows = session.execute(
        select(Person, func.coalesce(Account.id.is_not(None) & HAS_FACTOR, False), Body.kind, Post.kind)
        .select_from(Term)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .join(Person, Term.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Term.community_id == community_id, is_running(day_of(now)), Body.dissolved_on.is_(None))
        .order_by(Person.number)
    ).all()
    found = {
        person.id: Officer(person, has_factor)
        for person, has_factor, body, post in rows
        if role_of_post(body, post) in GUARDED_ROLES
    }
    return list(found.values())
