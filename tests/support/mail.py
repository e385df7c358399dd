"""A real mail server on a port of this machine, which a test can stop for a while."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller


class MailServer:
    """Keeps what it takes; refuses addresses whose name is `refused`, and puts off those of `later`."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self._controller: Controller | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=default)))
        self.recipients.extend(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server(server: MailServer | None = None) -> Iterator[MailServer]:
    """Run a mail server while the block runs."""
    server = server or MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
