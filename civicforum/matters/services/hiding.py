"""Taking words and photos of a matter out of its row while it is hidden, so that no page shows them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicforum.errors import NotFound
from civicforum.matters.models import Matter, MatterPhoto
from civicforum.matters.rules import Stage
from civicforum.matters.text import tokens
from civicforum.moderation.registry import Thing
from civicforum.moderation.rules import HIDDEN_WORDS, Kind
from civicforum.moderation.services.hiding import is_hidden


def find_thing(
    session: Session, *, matter_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
) -> tuple[Matter, Thing]:
    """Return a public matter, and what moderation knows of it. Raises NotFound."""
    matter = session.get(Matter, matter_id, with_for_update=is_locked, populate_existing=is_locked)
    if matter is None or matter.community_id != community_id or matter.stage is Stage.DRAFT:
        raise NotFound(matter_id)
    thing = Thing(
        kind=Kind.MATTER,
        id=matter.id,
        title=matter.number or "",
        words=words_of(matter),
        author_id=matter.author_id,
        helper_id=None,
        is_hidden=is_hidden(session, kind=Kind.MATTER, subject_id=matter.id),
        endpoint="matters.show",
        arguments={"matter_id": matter.id},
    )
    return matter, thing


def words_of(matter: Matter) -> str:
    """Return what a matter says: title, place and text, each a paragraph."""
    return "\n\n".join(part for part in (matter.title, matter.place, matter.body) if part)


def take_out(session: Session, matter: Matter) -> dict[str, Any]:
    """Take words and photos out of a locked matter; return what `put_back` needs, as plain JSON."""
    links = session.scalars(select(MatterPhoto).where(MatterPhoto.matter_id == matter.id)).all()
    kept = {
        "title": matter.title,
        "place": matter.place,
        "body": matter.body,
        "photos": [[str(link.photo_id), link.position] for link in links],
    }
    session.execute(delete(MatterPhoto).where(MatterPhoto.matter_id == matter.id))
    matter.title, matter.place, matter.body, matter.tokens = HIDDEN_WORDS, "", "", []
    return kept


def put_back(session: Session, matter: Matter, kept: dict[str, Any]) -> None:
    """Give a locked matter its words and photos back."""
    # Nothing is kept of an author who was erased meanwhile.
    if not kept:
        return
    matter.title, matter.place, matter.body = kept["title"], kept["place"], kept["body"]
    matter.tokens = tokens(matter.title, matter.place, matter.body)
    session.add_all(
        MatterPhoto(
            community_id=matter.community_id,
            matter_id=matter.id,
            photo_id=uuid.UUID(photo_id),
            position=position,
        )
        for photo_id, position in kept["photos"]
    )
