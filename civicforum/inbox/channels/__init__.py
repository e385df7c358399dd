"""How messages leave: by e-mail, and by providers of text messages and of WeChat."""

from __future__ import annotations

from civicforum.config import Settings
from civicforum.inbox.channels.base import Outgoing, Refused, Sender, Unreachable
from civicforum.inbox.channels.console import ConsoleSender
from civicforum.inbox.channels.mail import MailSender
from civicforum.inbox.channels.provider import HttpSender, read_providers
from civicforum.inbox.rules_told import Channel

__all__ = [
    "ConsoleSender",
    "HttpSender",
    "MailSender",
    "Outgoing",
    "Refused",
    "Sender",
    "Unreachable",
    "open_senders",
    "sending_channels",
]


def sending_channels(settings: Settings) -> frozenset[Channel]:
    """Return the channels that really send."""
    mail = {Channel.EMAIL} if settings.smtp_url else set()
    provided = read_providers(settings.providers) if settings.providers is not None else {}
    return frozenset(mail | set(provided))


def open_senders(settings: Settings) -> dict[Channel, Sender]:
    """Return a sender for every channel, for one run of a job: a mail connection stays open in it."""
    senders: dict[Channel, Sender] = {
        channel: ConsoleSender(channel) for channel in (Channel.SMS, Channel.WECHAT)
    }
    if settings.providers is not None:
        senders |= {channel: HttpSender(plan) for channel, plan in read_providers(settings.providers).items()}
    if settings.smtp_url:
        senders[Channel.EMAIL] = MailSender(settings.smtp_url, settings.mail_from)
    else:
        senders[Channel.EMAIL] = ConsoleSender(Channel.EMAIL)
    return senders
