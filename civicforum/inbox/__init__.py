"""What needs somebody, and word that reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Have the journal heard. Raises BadMailSettings, BadProvider where channels cannot be set up as said."""
    from civicforum.inbox.channels import open_senders
    from civicforum.inbox.hearing import listen

    for sender in open_senders(app.config["CIVICFORUM"]).values():
        sender.close()
    listen()
