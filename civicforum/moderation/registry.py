"""How each kind of text is found, hidden, put back and posted: one adapter per kind.

Features call moderation's services, and moderation calls theirs only through this table, which
`civicforum.moderation.adapters` fills.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.moderation.models import HideDecision
from civicforum.moderation.rules import Kind


@dataclass(frozen=True)
class Thing:
    """Something that can be reported or hidden, as moderation needs to know it.

    Attributes:
        title: where it stands, for everybody to read: never its own words, and no name of an author.
        words: the text concerned.
        author_id: who wrote it; None where nobody here did.
        helper_id: who entered it for the author.
        endpoint, arguments, anchor: where it is read.
        is_public: whether everybody reads it while it is not hidden; else only those who moderate do.
    """

    kind: Kind
    id: uuid.UUID
    title: str
    words: str
    author_id: uuid.UUID | None
    helper_id: uuid.UUID | None
    is_hidden: bool
    endpoint: str
    arguments: Mapping[str, Any]
    anchor: str = ""
    is_public: bool = True


class Adapter(Protocol):
    """What a feature offers moderation for one kind of text. Everything in the caller's transaction."""

    def find(
        self, session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID, is_locked: bool = False
    ) -> Thing:
        """Return a text that others can see or saw. Raises NotFound."""

    def hide(
        self, session: Session, thing: Thing, decision: HideDecision, *, actor: Actor, now: datetime
    ) -> None:
        """Hide a locked text; what restoring needs goes into `decision.kept`."""

    def restore(self, session: Session, decision: HideDecision, *, now: datetime) -> None:
        """Put a hidden text back."""

    def post(
        self, session: Session, arguments: Mapping[str, Any], *, actor: Actor, at: datetime, now: datetime
    ) -> uuid.UUID:
        """Post a text that was held since `at`, in its author's name; return its id.

        Raises what the feature's service raises.
        """


ADAPTERS: dict[Kind, Adapter] = {}


def adapter_of(kind: Kind) -> Adapter:
    return ADAPTERS[kind]
