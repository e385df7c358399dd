"""Raising a matter (民主提事): the draft, its photos, publishing it, and what the author may do later."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.matters.models import Matter, MatterNumber, MatterPhoto
from civicforum.matters.rules import LIVE, Act, Category, Stage, check
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.matters.services.steps import advance, lock_matter, record_matter, rules_in
from civicforum.matters.text import tokens
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold, take_back_of
from civicforum.moderation.services.hiding import is_hidden
from civicforum.moderation.services.holding import count_held_matters
from civicforum.people.models import Grid
from civicforum.records.models import Photo
from civicforum.records.photos import store_photo
from civicforum.records.services import record
from civicforum.rulebook import SHANGHAI

MOST_PHOTOS = 6
MOST_DRAFTS = 20
QUOTA_RULE = "matter.open_quota"


def start_draft(*, actor: Actor, title: str, now: datetime) -> uuid.UUID:
    """Begin a draft that only its author sees. Raises NotEligible, or Invalid when too many are unfinished.

    A draft is written in the journal without its words, and not publicly: it is nobody else's business.
    """
    with transaction() as session:
        get_resident(session, actor=actor, now=now)
        unfinished = session.scalar(
            select(func.count()).where(Matter.author_id == actor.person_id, Matter.stage == Stage.DRAFT)
        )
        if (unfinished or 0) >= MOST_DRAFTS:
            raise Invalid("too many drafts", "title")
        book = rules_in(session, actor.community_id)
        matter = Matter(
            community_id=actor.community_id,
            title=title.strip(),
            tokens=tokens(title),
            author_id=actor.person_id,
            channel=channel_of(actor),
            profile=book.name,
            profile_version=book.version,
            created_at=now,
            stage_since=now,
        )
        session.add(matter)
        session.flush()
        _record_draft(session, matter, actor, "matter.start_draft", now)
        return matter.id


def edit_title(*, matter_id: uuid.UUID, actor: Actor, title: str, now: datetime) -> None:
    """Change the title of a draft or of a returned matter. Raises NotEligible, TransitionNotAllowed, Held."""
    with transaction() as session:
        matter = _lock_to_edit(session, matter_id, actor)
        held = _change(session, matter, {"title": title.strip()}, actor, now)
    if held is not None:
        raise Held(held)


def edit_details(
    *,
    matter_id: uuid.UUID,
    actor: Actor,
    body: str,
    category: Category,
    place: str,
    grid_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Change text, category and place.

    Raises NotEligible, TransitionNotAllowed, Invalid (no such grid), Held.
    """
    with transaction() as session:
        matter = _lock_to_edit(session, matter_id, actor)
        grid = session.get(Grid, grid_id) if grid_id else None
        if grid_id and (grid is None or grid.community_id != actor.community_id):
            raise Invalid("no such grid", "grid_id")
        changes = {
            "body": body.strip(),
            "category": category.value,
            "place": place.strip(),
            "grid_id": str(grid_id) if grid_id else None,
        }
        held = _change(session, matter, changes, actor, now)
    if held is not None:
        raise Held(held)


def add_photo(
    *, matter_id: uuid.UUID, actor: Actor, data: bytes, description: str, now: datetime
) -> uuid.UUID:
    """Attach a photo. Raises PhotoRefused, Invalid (already six), NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        matter = _lock_to_edit(session, matter_id, actor)
        count, last = session.execute(
            select(func.count(), func.coalesce(func.max(MatterPhoto.position), 0)).where(
                MatterPhoto.matter_id == matter.id
            )
        ).one()
        if count >= MOST_PHOTOS:
            raise Invalid("too many photos", "photos")
        photo = store_photo(
            session,
            community_id=matter.community_id,
            data=data,
            description=description,
            uploaded_by=actor.person_id,
            now=now,
        )
        session.add(
            MatterPhoto(
                community_id=matter.community_id, matter_id=matter.id, photo_id=photo.id, position=last + 1
            )
        )
        _note_edit(session, matter, actor, now)
        return photo.id


def describe_photos(
    *, matter_id: uuid.UUID, actor: Actor, descriptions: Mapping[uuid.UUID, str], now: datetime
) -> None:
    """Say what each photo shows, for those who cannot see it; photos of other matters are passed over."""
    with transaction() as session:
        matter = _lock_to_edit(session, matter_id, actor)
        photos = session.scalars(
            select(Photo).join(MatterPhoto).where(MatterPhoto.matter_id == matter.id).with_for_update()
        )
        for photo in photos:
            photo.description = descriptions.get(photo.id, photo.description).strip()[:200]
        _note_edit(session, matter, actor, now)


def remove_photo(*, matter_id: uuid.UUID, actor: Actor, photo_id: uuid.UUID, now: datetime) -> None:
    """Take a photo off and delete it. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        matter = _lock_to_edit(session, matter_id, actor)
        link = session.scalar(
            select(MatterPhoto).where(MatterPhoto.matter_id == matter.id, MatterPhoto.photo_id == photo_id)
        )
        if link is None:
            raise NotFound(photo_id)
        session.delete(link)
        session.flush()
        session.execute(delete(Photo).where(Photo.id == photo_id))
        _note_edit(session, matter, actor, now)


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
            arguments={"matter_id": str(matter_id), **_fingerprint(matter)},
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
    if _fingerprint(matter)["text_sha256"] != text_sha256:
        raise TransitionNotAllowed(matter.stage, "changed")
    _publish(session, matter, actor, now)
    return matter.id


def post_edit(
    session: Session, *, matter_id: uuid.UUID, changes: Mapping[str, str | None], actor: Actor, now: datetime
) -> uuid.UUID:
    """Change a returned matter as it was held, in the caller's transaction.

    Raises NotFound, NotEligible, TransitionNotAllowed (handed in again meanwhile, or hidden).
    """
    matter = _lock_to_edit(session, matter_id, actor)
    _write_changes(matter, changes)
    _note_edit(session, matter, actor, now)
    return matter.id


def discard_draft(*, matter_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Delete a draft and its photos for good. Raises NotFound, TransitionNotAllowed (no draft any more)."""
    with transaction() as session:
        matter = _lock_own(session, matter_id, actor)
        check(Act.DISCARD, matter.stage, actor.roles, is_author=True)
        take_back_of(session, kind=Kind.MATTER, argument="matter_id", value=matter.id, now=now)
        photos = session.scalars(
            delete(MatterPhoto).where(MatterPhoto.matter_id == matter.id).returning(MatterPhoto.photo_id)
        ).all()
        session.execute(delete(Photo).where(Photo.id.in_(photos)))
        session.delete(matter)
        _record_draft(session, matter, actor, "matter.discard_draft", now)


def withdraw_matter(*, matter_id: uuid.UUID, actor: Actor, reason: str, now: datetime) -> None:
    """Take a matter back before its review; it stays readable. Raises NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        matter = _lock_own(session, matter_id, actor)
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
        matter = _lock_own(session, matter_id, actor)
        check(Act.RESUBMIT, matter.stage, actor.roles, is_author=True)
        _check_complete(matter)
        step = advance(session, matter=matter, act=Act.RESUBMIT, now=now)
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.resubmit",
            payload={**step, **_fingerprint(matter)},
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


def _lock_own(session: Session, matter_id: uuid.UUID, actor: Actor) -> Matter:
    """Lock a matter for its author; of a public matter the rules refuse anybody else."""
    matter = lock_matter(
        session, matter_id=matter_id, community_id=actor.community_id, author_id=actor.person_id
    )
    if matter.author_id != actor.person_id:
        check(Act.EDIT, matter.stage, actor.roles, is_author=False)
    return matter


def _lock_to_edit(session: Session, matter_id: uuid.UUID, actor: Actor) -> Matter:
    matter = _lock_own(session, matter_id, actor)
    check(Act.EDIT, matter.stage, actor.roles, is_author=True)
    if matter.stage is not Stage.DRAFT and is_hidden(session, kind=Kind.MATTER, subject_id=matter.id):
        raise TransitionNotAllowed(matter.stage, Act.EDIT)
    return matter


def _change(
    session: Session, matter: Matter, changes: dict[str, str | None], actor: Actor, now: datetime
) -> uuid.UUID | None:
    """Change a matter, or keep the change back where everybody would read a word on the list at once.

    Returns the held text's id. A draft is only looked at when it is published.
    """
    if matter.stage is not Stage.DRAFT:
        held = hold(
            session,
            kind=Kind.MATTER,
            texts=[changes[name] or "" for name in ("title", "place", "body") if name in changes],
            title=matter.number or "",
            arguments={"matter_id": str(matter.id), "changes": changes},
            actor=actor,
            now=now,
        )
        if held is not None:
            return held
        # What was held before this would overwrite it later.
        take_back_of(session, kind=Kind.MATTER, argument="matter_id", value=matter.id, now=now)
    _write_changes(matter, changes)
    _note_edit(session, matter, actor, now)
    return None


def _write_changes(matter: Matter, changes: Mapping[str, str | None]) -> None:
    for name in ("title", "body", "place"):
        if name in changes:
            setattr(matter, name, changes[name] or "")
    if category := changes.get("category"):
        matter.category = Category(category)
    if "grid_id" in changes:
        grid_id = changes["grid_id"]
        matter.grid_id = uuid.UUID(grid_id) if grid_id else None


def _lock_to_publish(session: Session, matter_id: uuid.UUID, actor: Actor, now: datetime) -> Matter:
    matter = _lock_own(session, matter_id, actor)
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
        payload={**step, "number": number, "needed": needed, **_fingerprint(matter)},
        now=now,
    )
    return number


def _check_complete(matter: Matter) -> None:
    if not matter.title:
        raise Invalid("no title", "title")
    if not matter.body:
        raise Invalid("no text", "body")


def _fingerprint(matter: Matter) -> dict[str, str]:
    """Return the hash of the words published, so that a later change of them can be shown."""
    text = f"{matter.title}\n{matter.place}\n{matter.body}"
    return {"text_sha256": hashlib.sha256(text.encode()).hexdigest()}


def _note_edit(session: Session, matter: Matter, actor: Actor, now: datetime) -> None:
    """Keep the words for searching up to date; a change of a public matter goes into the journal.

    A draft that is held is taken back by changing it: what is posted is what somebody looked at.
    """
    matter.tokens = tokens(matter.title, matter.place, matter.body)
    if matter.stage is Stage.DRAFT:
        take_back_of(session, kind=Kind.MATTER, argument="matter_id", value=matter.id, now=now)
    if matter.stage is not Stage.DRAFT:
        step = {"act": Act.EDIT.value, "from": matter.stage.value, "to": matter.stage.value}
        record_matter(
            session,
            matter,
            actor=actor,
            action="matter.edit",
            payload={**step, **_fingerprint(matter)},
            now=now,
        )


def _record_draft(session: Session, matter: Matter, actor: Actor, action: str, now: datetime) -> None:
    record(
        session,
        community_id=actor.community_id,
        actor=actor,
        action=action,
        subject_kind="matter",
        subject_id=matter.id,
        now=now,
        is_public=False,
    )
