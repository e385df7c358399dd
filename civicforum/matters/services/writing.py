"""Writing a matter before it is raised, or while it is returned: the draft, its words, its photos."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.matters.models import Matter, MatterPhoto
from civicforum.matters.rules import Act, Category, Stage, check
from civicforum.matters.services.people import channel_of, get_resident
from civicforum.matters.services.steps import lock_matter, record_matter
from civicforum.matters.text import tokens
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import Kind
from civicforum.moderation.services import hold, take_back_of
from civicforum.moderation.services.hiding import is_hidden
from civicforum.people.models import Grid
from civicforum.people.queries import rules_in
from civicforum.records.models import Photo
from civicforum.records.photos import store_photo
from civicforum.records.rules import hash_of_text
from civicforum.records.services import record

MOST_PHOTOS = 6
MOST_DRAFTS = 20


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
        matter = lock_own(session, matter_id, actor)
        check(Act.DISCARD, matter.stage, actor.roles, is_author=True)
        take_back_of(session, kind=Kind.MATTER, argument="matter_id", value=matter.id, now=now)
        photos = session.scalars(
            delete(MatterPhoto).where(MatterPhoto.matter_id == matter.id).returning(MatterPhoto.photo_id)
        ).all()
        session.execute(delete(Photo).where(Photo.id.in_(photos)))
        session.delete(matter)
        _record_draft(session, matter, actor, "matter.discard_draft", now)


def lock_own(session: Session, matter_id: uuid.UUID, actor: Actor) -> Matter:
    """Lock a matter for its author; of a public matter the rules refuse anybody else."""
    matter = lock_matter(
        session, matter_id=matter_id, community_id=actor.community_id, author_id=actor.person_id
    )
    if matter.author_id != actor.person_id:
        check(Act.EDIT, matter.stage, actor.roles, is_author=False)
    return matter


def _lock_to_edit(session: Session, matter_id: uuid.UUID, actor: Actor) -> Matter:
    matter = lock_own(session, matter_id, actor)
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


def fingerprint(matter: Matter) -> dict[str, str]:
    """Return the hash of the words published, so that a later change of them can be shown."""
    text = f"{matter.title}\n{matter.place}\n{matter.body}"
    return {"text_sha256": hash_of_text(text)}


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
            payload={**step, **fingerprint(matter)},
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
