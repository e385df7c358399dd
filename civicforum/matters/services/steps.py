"""Steps that the use cases of matters, and of meetings, share. They take the session and commit nothing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.errors import NotFound
from civicforum.matters.models import Matter
from civicforum.matters.rules import CLOCK_OF_STAGE, Act, Stage, follow
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rows import lock_row


def lock_matter(
    session: Session, *, matter_id: uuid.UUID, community_id: uuid.UUID, author_id: uuid.UUID | None = None
) -> Matter:
    """Return the matter, locked until the commit.

    Raises NotFound, also for another community's matter, and for a draft of anybody but `author_id`.
    """
    matter = lock_row(session, Matter, matter_id, community_id=community_id)
    if matter.stage is Stage.DRAFT and matter.author_id != author_id:
        raise NotFound(matter_id)
    return matter


def advance(session: Session, *, matter: Matter, act: Act, now: datetime) -> dict[str, str]:
    """Move a locked matter along `act` and start the clock of its new stage.

    Returns the journal's payload, {"act", "from", "to"}. Raises TransitionNotAllowed. Whether the actor may
    is asked before, with rules.check.
    """
    before = matter.stage
    after = follow(act, before)
    if after is not before:
        enter_stage(session, matter=matter, stage=after, now=now)
    return {"act": act.value, "from": before.value, "to": after.value}


def enter_stage(session: Session, *, matter: Matter, stage: Stage, now: datetime) -> None:
    """Set the stage, since when, and until when by the rulebook; without a clock it has no deadline."""
    before, matter.stage = matter.stage, stage
    matter.stage_since = now
    matter.overdue_at = None
    clock = CLOCK_OF_STAGE.get(stage)
    # The review clock runs from the seconding, however long the study took; after a return it starts anew.
    is_first_review = before is Stage.SECONDED and stage is Stage.IN_REVIEW
    since = matter.seconded_at if is_first_review and matter.seconded_at else now
    matter.due_at = rules_of(matter).clock(clock).deadline(since) if clock else None


def rules_of(matter: Matter) -> rulebook.Rulebook:
    """Return the rules the matter began under."""
    return rulebook.load(matter.profile)


def record_matter(session: Session, matter: Matter, *, action: str, **entry: Unpack[Entry]) -> None:
    """Append a journal entry about a matter, last in the transaction; `actor` None is a clock."""
    subject = Subject(matter.community_id, "matter", matter.id, matter.title)
    record_about(session, subject, action=action, **entry)
