"""What is put to a vote: the text of an item, or a motion on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.meetings.documents_floor import title_of_motion, words_of_motion
from civicforum.meetings.models import AgendaItem, Meeting, Motion
from civicforum.meetings.services.steps import lock_item

ITEM, MOTION = "agenda_item", "motion"


@dataclass(frozen=True)
class Asked:
    """A question to the members of a locked meeting; `motion` None: the item's own text."""

    meeting: Meeting
    item: AgendaItem
    motion: Motion | None

    @property
    def kind(self) -> str:
        return MOTION if self.motion else ITEM

    @property
    def id(self) -> uuid.UUID:
        return self.motion.id if self.motion else self.item.id

    @property
    def poll_id(self) -> uuid.UUID | None:
        return self.motion.poll_id if self.motion else self.item.poll_id

    @property
    def title(self) -> str:
        return title_of_motion(self.item, self.motion) if self.motion else self.item.title

    @property
    def text(self) -> str:
        """Return, word for word, what is voted on."""
        return words_of_motion(self.item, self.motion) if self.motion else self.item.text

    def set_poll(self, poll_id: uuid.UUID | None) -> None:
        """Name the vote that is being taken on it."""
        if self.motion is not None:
            self.motion.poll_id = poll_id
        else:
            self.item.poll_id = poll_id


def lock_asked(session: Session, *, item_id: uuid.UUID, motion_id: uuid.UUID | None, actor: Actor) -> Asked:
    """Return what is put to the vote, with its meeting locked. Raises NotFound."""
    meeting, item = lock_item(session, item_id=item_id, actor=actor)
    if motion_id is None:
        return Asked(meeting, item, None)
    motion = session.get(Motion, motion_id, populate_existing=True)
    if motion is None or motion.item_id != item.id:
        raise NotFound(motion_id)
    return Asked(meeting, item, motion)
