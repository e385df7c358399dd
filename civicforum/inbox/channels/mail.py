"""E-mail over SMTP (RFC 5321), with a plain text, the same as HTML, and a way out in one click (RFC 8058)."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import SplitResult, unquote, urlsplit

from civicforum.inbox.channels.base import Outgoing, Refused, Unreachable

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
TIMEOUT_SECONDS = 20


class BadMailSettings(ValueError):
    """CIVICFORUM_SMTP_URL or CIVICFORUM_MAIL_FROM cannot be used."""


class MailSender:
    """A mail server: `smtp://` with STARTTLS, `smtps://` with TLS, `smtp+plain://` without either."""

    is_real = True

    def __init__(self, url: str, mail_from: str) -> None:
        self._server = _checked(url)
        name, _, domain = mail_from.rpartition("@")
        if not name or not domain or not mail_from.isascii() or any(sign.isspace() for sign in mail_from):
            raise BadMailSettings("CIVICFORUM_MAIL_FROM has to be an e-mail address")
        self._from = mail_from
        self._domain = domain
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Outgoing) -> None:
        """Send one message. Raises Unreachable, Refused."""
        try:
            mail = compose(message, mail_from=self._from, domain=self._domain)
        except (ValueError, UnicodeError) as error:
            # The library refuses a line break in a header: it would begin another one.
            raise Refused("header") from error
        connection = self._connected()
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _answer("recipient", min(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPDataError as error:
            raise _answer("data", error.smtp_code) from None
        except smtplib.SMTPSenderRefused as error:
            raise Unreachable(f"sender {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(type(error).__name__) from None

    def connect(self) -> None:
        """Connect, encrypt and sign in without sending anything. Raises Unreachable."""
        self._connected()

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection = None

    def _connected(self) -> smtplib.SMTP:
        """Return a connection that answers. Raises Unreachable."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._connection.noop()[0] == 250:
                    return self._connection
            self.close()
        try:
            self._connection = _connect(self._server)
        except (OSError, smtplib.SMTPException) as error:
            code = getattr(error, "smtp_code", "")
            raise Unreachable(f"{type(error).__name__} {code}".strip()) from None
        return self._connection


def compose(message: Outgoing, *, mail_from: str, domain: str) -> EmailMessage:
    """Return the mail. Its Message-ID is that of the row, so that a second delivery can be told as one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(message.sender_name, addr_spec=mail_from)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = message.subject
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="base64")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="base64")
    return mail


def _checked(url: str) -> SplitResult:
    try:
        server = urlsplit(url)
        is_address = server.scheme in PORTS and bool(server.hostname) and server.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise BadMailSettings("CIVICFORUM_SMTP_URL begins with smtp://, smtps:// or smtp+plain:// and a host")
    if server.username and server.scheme == "smtp+plain":
        raise BadMailSettings("a password is not sent without encryption: use smtp:// or smtps://")
    return server


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if server.scheme == "smtp":
            connection.starttls(context=context)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _answer(where: str, code: int) -> Unreachable | Refused:
    """Return what a reply means: 4 says later, 5 says never (RFC 5321, 4.2.1)."""
    words = f"{where} {code}"
    return Refused(words) if code >= 500 else Unreachable(words, whole=False)
