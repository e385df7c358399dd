"""Raising a matter (民主提事): publishing it, and what the author may do with it later."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, RuleRefused, TransitionNotAllowed
from civicforum.matters.models import Matter, MatterNumber
from civicforum.matters.rules import LIVE, Act, check
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.matters.services.steps import advance, record_matter
from civicforum.matters.services.writing import fingerprint, lock_own
from civicforum.matters.text import tokens
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold
from civicforum.moderation.services.holding import count_held_matters
from civicforum.people.queries import rules_in
from civicforum.rulebook import SHANGHAI

QUOTA_RULE = "matter.open_quota"


def publish_matter(*, matter_id: uuid.UUID, actor: Actor, now: datetime) -> str:
    """Raise the matter: it gets its number, becomes public, and seconding begins. Returns the number.

    Raises NotEligible (not the author), TransitionNotAllowed (no draft any more), Invalid (not complete),
    RuleRefused (as many open as one person may have), Held.
    """
    with transaction() as session:
        matter = _lock_to_publish(session, matter_id, actor, now)
        _check_quota(session, matter, actor)
        waiting = hold(
            session,
            kind=Kind.MATTER,
            texts=[matter.title, matter.place, matter.body],
            title="",
            arguments={"matter_id": str(matter_id), **fingerprint(matter)},
            actor=actor,
            now=now,
        )
        if waiting is None:
            return _publish(session, matter, actor, now)
    raise Held(waiting)


def post_matter(
    session: Session, *, matter_id: uuid.UUID, text_sha256: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Publish a draft that was held, in the caller's transaction. Its quota was asked when it was held.

    Raises NotFound, NotEligible, TransitionNotAllowed (published, or changed since it was held), Invalid.
    """
    matter = _lock_to_publish(session, matter_id, actor, now)
    if fingerprint(matter)["text_sha256"] != text_sha256:
        raise TransitionNotAllowed(matter.stage, "changed")
    _publish(session, matter, actor, now)
    return matter.id


def withdraw_matter(*, matter_id: uuid.UUID, actor: Actor, reason: str, now: datetime) -> None:
    """Take a matter back before its review; it stays readable. Raises NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        matter = lock_own(session, matter_id, actor)
        check(Act.WITHDRAW, matter.stage, actor.roles, is_author=True)
        step = advance(session, matter=matter, act=Act.WITHDRAW, now=now)
        matter.closed_at = now
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.withdraw",
            payload=step,
            reason=reason.strip(),
            now=now,
        )


def resubmit_matter(*, matter_id: uuid.UUID, actor: Actor, text: str, now: datetime) -> None:
    """Send a returned matter back to the review; `text` says what was changed.

    Raises NotEligible, TransitionNotAllowed, Invalid (something is missing).
    """
    with transaction() as session:
        matter = lock_own(session, matter_id, actor)
        check(Act.RESUBMIT, matter.stage, actor.roles, is_author=True)
        _check_complete(matter)
        step = advance(session, matter=matter, act=Act.RESUBMIT, now=now)
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.resubmit",
            payload={**step, **fingerprint(matter)},
            reason=text.strip(),
            now=now,
        )


def next_number(session: Session, *, community_id: uuid.UUID, now: datetime) -> str:
    """Return the next number of the year in Shanghai, as in 2026-0007, without gap or repetition.

    The counter's row stays locked until the commit; a publishing that fails gives its number back.
    """
    year = now.astimezone(SHANGHAI).year
    session.execute(
        insert(MatterNumber)
        .values(id=uuid.uuid4(), community_id=community_id, year=year, last=0)
        .on_conflict_do_nothing(index_elements=["community_id", "year"])
    )
    counter = session.scalars(
        select(MatterNumber)
        .where(MatterNumber.community_id == community_id, MatterNumber.year == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    counter.last += 1
    return f"{year}-{counter.last:04d}"


def _lock_to_publish(session: Session, matter_id: uuid.UUID, actor: Actor, now: datetime) -> Matter:
    matter = lock_own(session, matter_id, actor)
    check(Act.PUBLISH, matter.stage, actor.roles, is_author=True)
    get_resident(session, actor=actor, now=now)
    _check_complete(matter)
    return matter


def _check_quota(session: Session, matter: Matter, actor: Actor) -> None:
    """Raise RuleRefused where one more would be too many open ones: live matters, and those held."""
    # Of two drafts published at once the second counts the first.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(actor.person_id), 3))))
    live = session.scalar(
        select(func.count()).where(Matter.author_id == actor.person_id, Matter.stage.in_(LIVE))
    )
    held = count_held_matters(session, author_id=actor.person_id, but=matter.id)
    verdict = rules_in(session, matter.community_id).count(QUOTA_RULE).judge((live or 0) + held + 1)
    if not verdict.holds:
        raise RuleRefused(verdict)


def _publish(session: Session, matter: Matter, actor: Actor, now: datetime) -> str:
    book = rules_in(session, matter.community_id)
    matter.profile, matter.profile_version = book.name, book.version
    matter.number = number = next_number(session, community_id=matter.community_id, now=now)
    matter.raised_at = now
    matter.channel = channel_of(actor)
    matter.tokens = tokens(matter.title, matter.place, matter.body)
    step = advance(session, matter=matter, act=Act.PUBLISH, now=now)
    needed = book.count("matter.seconds").least or 0
    record_matter(
        session,
        matter,
        actor=actor,
        action="matter.publish",
        payload={**step, "number": number, "needed": needed, **fingerprint(matter)},
        now=now,
    )
    return number


def _check_complete(matter: Matter) -> None:
    if not matter.title:
        raise Invalid("no title", "title")
    if not matter.body:
        raise Invalid("no text", "body")
