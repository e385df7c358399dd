"""Who acts, and the limits of signing in and of acting for somebody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from civicforum.bodies.rules import Role

ASSISTANCE_LASTS = timedelta(minutes=30)
CODE_LASTS = timedelta(hours=24)
CODE_ATTEMPTS = 5
# Failed attempts by one login or one address within the window before both must wait.
FAILURES_ALLOWED = 8
FAILURE_WINDOW = timedelta(minutes=15)
PASSWORD_LEAST = 8


@dataclass(frozen=True)
class Actor:
    """The person an act is done by: in whose name, under which posts, and with whose help.

    While a clerk acts for somebody, `person_id` is the person helped, `roles` are only a resident's, and
    `assisted_by` is the clerk.
    """

    person_id: uuid.UUID
    community_id: uuid.UUID
    roles: frozenset[Role] = frozenset({Role.RESIDENT})
    assisted_by: uuid.UUID | None = None
    assistance_id: uuid.UUID | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)
