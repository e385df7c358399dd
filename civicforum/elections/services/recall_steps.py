"""What every step of a recall begins and ends with: the row locked, the right to act, the journal entry."""

from __future__ import annotations

import uuid
from typing import Unpack

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.elections.models import Recall
from civicforum.elections.rules import may_preside
from civicforum.errors import NotEligible, NotFound
from civicforum.records.services import Entry, Subject, record_about
from civicforum.rulebook import Rulebook


def lock_recall(session: Session, recall_id: uuid.UUID, actor: Actor) -> Recall:
    row = session.get(Recall, recall_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.community_id != actor.community_id:
        raise NotFound(recall_id)
    return row


def presides_over(actor: Actor, row: Recall) -> bool:
    """Tell whether the actor runs this recall: an election officer, and never over their own."""
    return may_preside(actor) and actor.person_id != row.term.person_id


def check_presides(actor: Actor, row: Recall) -> None:
    """Refuse whoever may not run this recall, in step with presides_over. Raises NotEligible."""
    if not presides_over(actor, row):
        raise NotEligible(actor.person_id)


def rules_of(row: Recall) -> Rulebook:
    """Return the rules that the demand began under."""
    return rulebook.load(row.profile)


def record_recall(session: Session, row: Recall, *, action: str, **entry: Unpack[Entry]) -> None:
    """Write the journal entry "recall.<action>", with how many have signed: the last step of a use case."""
    subject = Subject(row.community_id, "recall", row.id, row.title)
    entry["payload"] = {"signed": row.signed, "on_roll": row.on_roll, **(entry.get("payload") or {})}
    record_about(session, subject, action=f"recall.{action}", **entry)
