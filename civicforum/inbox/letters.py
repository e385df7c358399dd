"""The words of a message: the same in plain text and HTML, in Chinese, with links to where things are."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, ngettext
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.routing import BuildError

from civicforum.config import Settings
from civicforum.inbox.channels.base import Outgoing
from civicforum.inbox.models import Contact, Notification, OutboxMessage
from civicforum.inbox.rules_told import Channel

logger = logging.getLogger(__name__)
SALT = "inbox-unsubscribe"


@dataclass(frozen=True)
class Entry:
    """A notification as a letter shows it; `url` "" where the site does not know its own address."""

    title: str
    text: str
    url: str


def outgoing(
    message: OutboxMessage,
    contact: Contact,
    notifications: Sequence[Notification],
    *,
    community_name: str,
) -> Outgoing:
    """Put a message into words."""
    entries = [Entry(one.title, one.text, address_of(one.endpoint, one.arguments)) for one in notifications]
    with force_locale("zh_Hans"):
        subject = message.subject or _subject(entries)
        if contact.channel is not Channel.EMAIL:
            text, html, way_out = _short(message, entries), "", ""
        else:
            way_out = unsubscribe_address(contact)
            values = {
                "name": contact.person.name,
                "community": community_name,
                "words": message.text,
                "entries": entries,
                "settings_url": address_of("inbox.settings", {}) if entries else "",
                "unsubscribe_url": way_out if entries else "",
            }
            text, html = _rendered("inbox/mail.txt", values), _rendered("inbox/mail.html", values)
    return Outgoing(
        id=message.id,
        address=contact.address,
        sender_name=community_name,
        subject=subject,
        text=text,
        html=html,
        link=entries[0].url if len(entries) == 1 else address_of("inbox.notifications", {}),
        unsubscribe_url=way_out if entries else "",
    )


def address_of(endpoint: str, arguments: Mapping[str, object]) -> str:
    """Return the whole address of a page, or "" where the site does not know its own address."""
    settings: Settings = current_app.config["CIVICFORUM"]
    if not settings.site_url:
        return ""
    try:
        path = current_app.url_map.bind("").build(endpoint, dict(arguments))
    except BuildError:
        logger.warning("a notification leads to %s, which is no page", endpoint)
        path = "/"
    return settings.site_url + path


def unsubscribe_address(contact: Contact) -> str:
    """Return the address that ends everything but what the law asks for; signed, so that it works unasked."""
    return address_of("inbox.unsubscribe", {"token": _signer().dumps(contact.id.hex)})


def read_token(token: str) -> str | None:
    """Return the id (hex) of the contact that an address to unsubscribe names; None: not signed by us."""
    try:
        return str(_signer().loads(token))
    except BadData:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def _rendered(template: str, values: Mapping[str, object]) -> str:
    # Not render_template: what pages show around their content asks who is signed in, and nobody is.
    return current_app.jinja_env.get_template(template).render(**values)


def _subject(entries: Sequence[Entry]) -> str:
    if len(entries) == 1:
        return entries[0].title
    return str(ngettext("%(num)s message for you", "%(num)s messages for you", len(entries)))


def _short(message: OutboxMessage, entries: Sequence[Entry]) -> str:
    """Return the words for a telephone: titles, and where there is only one, its page."""
    if not entries:
        return message.text
    titles = "；".join(entry.title for entry in entries)
    return f"{titles} {entries[0].url}".strip() if len(entries) == 1 else titles
