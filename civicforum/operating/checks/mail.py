"""Mail and providers: whether messages can leave."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from civicforum.inbox.channels import MailSender, Unreachable
from civicforum.inbox.channels.mail import BadMailSettings
from civicforum.inbox.channels.provider import BadProvider, read_providers
from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status


@check("mail.settings")
def settings(around: Surroundings) -> Finding:
    url = around.settings.smtp_url
    if not url:
        return good("mail.settings", _l("No mail server is set: people are told on the site only."))
    try:
        MailSender(url, around.settings.mail_from)
    except BadMailSettings as error:
        return found(
            "mail.settings",
            Status.BAD,
            _l("The settings of mail cannot be used: %(why)s."),
            _l("Mend CIVICFORUM_SMTP_URL and CIVICFORUM_MAIL_FROM as docs/operate/mail.md shows."),
            why=str(error),
        )
    if urlsplit(url).scheme == "smtp+plain" and not _is_here(urlsplit(url).hostname or ""):
        return found(
            "mail.settings",
            Status.BAD,
            _l("Mail goes over the network without encryption."),
            _l("Use smtp:// or smtps://; smtp+plain:// is for a server on this machine."),
        )
    return good("mail.settings", _l("A mail server is set."))


@check("mail.server", calls=True)
def server(around: Surroundings) -> Finding:
    if not around.settings.smtp_url:
        return Finding("mail.server", Status.NOT_ASKED, _l("No mail server is set, so none was called."))
    try:
        sender = MailSender(around.settings.smtp_url, around.settings.mail_from)
    except BadMailSettings:
        return Finding("mail.server", Status.NOT_ASKED, _l("The mail server was not called."))
    try:
        sender.connect()
    except Unreachable as error:
        return found(
            "mail.server",
            Status.BAD,
            _l("The mail server takes nothing from us: %(why)s."),
            _l("Look at its address, its certificate, and user and password in CIVICFORUM_SMTP_URL."),
            why=error.reason,
        )
    finally:
        sender.close()
    return good("mail.server", _l("The mail server takes our mail."))


@check("mail.providers")
def providers(around: Surroundings) -> Finding:
    if around.settings.providers is None:
        return good("mail.providers", _l("No provider of text messages or WeChat is set."))
    try:
        read_providers(around.settings.providers)
    except BadProvider as error:
        return found(
            "mail.providers",
            Status.BAD,
            _l("The file of providers cannot be used: %(why)s."),
            _l("Mend the file that CIVICFORUM_PROVIDERS names, as docs/operate/mail.md shows."),
            why=str(error),
        )
    return good("mail.providers", _l("The file of providers can be used."))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
