"""Tables of the inbox: what somebody is told, how they want it, and what goes out."""

from civicforum.inbox.models.notifications import Notification, Reminder
from civicforum.inbox.models.outbox import OutboxItem, OutboxMessage
from civicforum.inbox.models.paper import Letter, LetterPart, LetterRun
from civicforum.inbox.models.wishes import Choice, Contact, Preference

__all__ = [
    "Choice",
    "Contact",
    "Letter",
    "LetterPart",
    "LetterRun",
    "Notification",
    "OutboxItem",
    "OutboxMessage",
    "Preference",
    "Reminder",
]
