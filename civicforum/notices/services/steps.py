"""Steps that the use cases of the notice board share. They take the session and commit nothing.

Rows are locked in one order: draft, what is due, item, notice, and last the journal.
"""

from __future__ import annotations

import uuid
from typing import Any, TypeVar, Unpack

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import CommunityRow
from civicforum.errors import NotFound
from civicforum.notices.models import DisclosureItem, Notice, NoticeDraft
from civicforum.records.services import Entry, Subject, record_about

R = TypeVar("R", bound=CommunityRow)


def lock_own(session: Session, kind: type[R], row_id: uuid.UUID, actor: Actor) -> R:
    """Return a row of the actor's community, locked until the commit. Raises NotFound."""
    row: Any = session.get(kind, row_id, with_for_update=True, populate_existing=True)
    if row is None or row.community_id != actor.community_id:
        raise NotFound(row_id)
    found: R = row
    return found


def record_notice(session: Session, notice: Notice, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "notice.<action>": the last step of a use case."""
    subject = Subject(notice.community_id, "notice", notice.id, notice.title)
    record_about(session, subject, action=f"notice.{action}", **entry)


def record_notice_draft(session: Session, draft: NoticeDraft, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "notice_draft.<action>", without the title: a draft is not public."""
    subject = Subject(draft.community_id, "notice_draft", draft.id, "")
    record_about(session, subject, action=f"notice_draft.{action}", **entry)


def record_disclosure_item(
    session: Session, item: DisclosureItem, *, action: str, **entry: Unpack[Entry]
) -> None:
    """Write the journal entry "disclosure_item.<action>". A standard item is named by its code."""
    subject = Subject(item.community_id, "disclosure_item", item.id, item.name or item.code)
    record_about(session, subject, action=f"disclosure_item.{action}", **entry)
