"""The channel for trying things out: it sends nothing, and says in the log that it would have."""

from __future__ import annotations

import logging

from civicforum.inbox.channels.base import Outgoing
from civicforum.inbox.rules_told import Channel

logger = logging.getLogger(__name__)


class ConsoleSender:
    is_real = False

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def send(self, message: Outgoing) -> None:
        """Log that a message would go out: neither to whom nor what it says."""
        logger.info("message %s would be sent by %s, which is not set up", message.id, self.channel.value)

    def close(self) -> None:
        """Nothing is open."""
