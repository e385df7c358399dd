"""What every channel is given, and the two ways in which sending fails."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves. `id` is that of its row: whoever is sent it twice can tell by it."""

    id: uuid.UUID
    address: str
    sender_name: str
    subject: str
    text: str
    html: str = ""
    link: str = ""
    unsubscribe_url: str = ""


class Unreachable(Exception):
    """Nothing was sent now; later it may be. `whole`: the channel is down, not this message alone.

    The reason goes into the database and the log: a kind of failure and a code, never an address.
    """

    def __init__(self, reason: str, *, whole: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.whole = whole


class Refused(Exception):
    """This message will never be taken, such as one to an address that does not exist."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Sender(Protocol):
    """A channel. `is_real` False: it sends nothing, and messages count as dropped."""

    is_real: bool

    def send(self, message: Outgoing) -> None:
        """Send one message. Raises Unreachable or Refused."""

    def close(self) -> None:
        """End what is open."""
