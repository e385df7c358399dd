"""Telling people something, in the transaction in which it happens: the list on the site, and the outbox."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civicforum.inbox.rules_told import STATUTORY, Topic
from civicforum.inbox.services.writing import write
from civicforum.jobs import defer

# More people than this are told by a job, which is queued in the same transaction.
AT_ONCE = 200


@dataclass(frozen=True)
class Telling:
    """What is told, in Chinese, and the page it leads to.

    `event` names what happened: nobody is told the same event twice. Left out, it follows from the other
    fields. `deadline_at`: until when one can act; what the law asks for goes out at night if that is today.
    """

    topic: Topic
    subject_kind: str
    subject_id: uuid.UUID | None
    title: str
    text: str
    endpoint: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    is_statutory: bool = False
    deadline_at: datetime | None = None
    event: str = ""

    @property
    def binds(self) -> bool:
        """Whether nobody can switch it off."""
        return self.is_statutory or self.topic in STATUTORY

    @property
    def key(self) -> str:
        """The event, as the table keeps it."""
        parts = (
            [self.event]
            if self.event
            else [self.topic, self.subject_kind, self.subject_id, self.title, self.text]
        )
        return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def tell(
    session: Session,
    *,
    community_id: uuid.UUID,
    person_ids: Iterable[uuid.UUID],
    telling: Telling,
    now: datetime,
) -> None:
    """Tell people something in the caller's transaction: rolled back, nobody hears of it."""
    ids = sorted(set(person_ids))
    if len(ids) <= AT_ONCE:
        write(session, community_id=community_id, person_ids=ids, telling=telling, now=now)
        return
    for start in range(0, len(ids), AT_ONCE):
        defer(
            session,
            "inbox.tell",
            community_id=str(community_id),
            person_ids=[str(person_id) for person_id in ids[start : start + AT_ONCE]],
            telling=packed(telling),
        )


def packed(telling: Telling) -> dict[str, Any]:
    """Return a telling as plain JSON, for a job."""
    return {
        **asdict(telling),
        "subject_id": str(telling.subject_id) if telling.subject_id else None,
        "arguments": {name: str(value) for name, value in telling.arguments.items()},
        "deadline_at": telling.deadline_at.isoformat() if telling.deadline_at else None,
    }


def unpacked(values: Mapping[str, Any]) -> Telling:
    """Return the telling that `packed` made plain."""
    return Telling(
        **{
            **values,
            "topic": Topic(values["topic"]),
            "subject_id": uuid.UUID(values["subject_id"]) if values["subject_id"] else None,
            "deadline_at": datetime.fromisoformat(values["deadline_at"]) if values["deadline_at"] else None,
        }
    )
