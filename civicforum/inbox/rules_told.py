"""Word that reaches people: topics, channels, what each person wants, and when a message may go out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from civicforum.errors import Invalid
from civicforum.rulebook.days import SHANGHAI, day_of

# Digests are sent at this hour of the day in the community's zone; a weekly one on Mondays.
DIGEST_HOUR = 8
QUIET_FROM, QUIET_UNTIL = 21, 8
LONGEST_ADDRESS = 254
CODE_DIGITS = 6
CODE_LASTS = timedelta(hours=2)
CODE_ATTEMPTS = 5
# After each failed attempt; about a day and a half in all, then a person has to look.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=24),
)
# A claim older than this belongs to a worker that is gone: far longer than one batch can take.
CLAIM_LASTS = timedelta(minutes=30)
REMIND_BEFORE = timedelta(days=2)
# Late things are recalled every day for so long, then once a week: who is written to daily reads nothing.
REMIND_DAILY_AFTER = 3
REMIND_EVERY = 7
REMIND_HOURS = range(8, 21)

# One address, as people have them: no display name, no quotes, no comments (a subset of RFC 5321).
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_MOBILE = re.compile(r"\+?[0-9]{6,15}")
# Not "@all", which is everybody in the company, nor several names with bars between them.
_WECHAT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")


class Topic(StrEnum):
    """What a notification is about, as people choose it."""

    VOTES = "votes"
    ASSEMBLIES = "assemblies"
    ABOUT_ME = "about_me"
    MATTERS = "matters"
    QUESTIONS = "questions"
    MEETINGS = "meetings"
    DRAFTS = "drafts"
    ELECTIONS = "elections"
    APPRAISALS = "appraisals"
    NOTICES = "notices"
    REMINDERS = "reminders"


class Channel(StrEnum):
    """How a notification reaches somebody. APP is the list on the site itself."""

    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"


class Digest(StrEnum):
    """How often what is not urgent is sent."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class MessageState(StrEnum):
    """Where a message is. SENDING: a worker has claimed it, and committed the claim before it sends."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


# Nobody can switch these off; the rule of the rulebook says why.
STATUTORY: dict[Topic, str] = {
    Topic.VOTES: "roll.posting",
    Topic.ASSEMBLIES: "assembly.residents.notice",
    Topic.ABOUT_ME: "matter.review",
}
OUTSIDE = (Channel.EMAIL, Channel.SMS, Channel.WECHAT)
# A text message costs the community money: besides what the law asks for, only who wants it gets it.
OFF_UNLESS_CHOSEN = frozenset({Channel.SMS})


@dataclass(frozen=True)
class Wish:
    """When somebody wants to be told: how often, and the hours (0 to 23, local) of quiet; equal: none."""

    digest: Digest = Digest.AT_ONCE
    quiet_from: int = QUIET_FROM
    quiet_until: int = QUIET_UNTIL


def is_wanted(topic: Topic, channel: Channel, chosen: bool | None, *, is_statutory: bool) -> bool:
    """Tell whether somebody is told by a channel they have. `chosen` None: they have not said."""
    if is_statutory or topic in STATUTORY:
        return True
    return channel not in OFF_UNLESS_CHOSEN if chosen is None else chosen


def is_quiet(at: datetime, wish: Wish) -> bool:
    """Tell whether an instant lies in the hours of quiet, which may run over midnight."""
    hour = at.astimezone(SHANGHAI).hour
    if wish.quiet_from <= wish.quiet_until:
        return wish.quiet_from <= hour < wish.quiet_until
    return hour >= wish.quiet_from or hour < wish.quiet_until


def after_quiet(at: datetime, wish: Wish) -> datetime:
    """Return the instant itself, or the end of the hours of quiet that it lies in."""
    if not is_quiet(at, wish):
        return at
    local = at.astimezone(SHANGHAI)
    ends_on = local.date() + timedelta(days=int(local.hour >= wish.quiet_until))
    return _local(ends_on, wish.quiet_until)


def next_digest(now: datetime, digest: Digest) -> datetime:
    """Return the next hour of digests after now: of the day, or of the next Monday."""
    day = day_of(now)
    while _local(day, DIGEST_HOUR) <= now or (digest is Digest.WEEKLY and day.weekday() != 0):
        day += timedelta(days=1)
    return _local(day, DIGEST_HOUR)


def is_urgent(now: datetime, *, is_statutory: bool, deadline_at: datetime | None) -> bool:
    """Tell whether not even the hours of quiet hold it back: the law asks for it, the deadline is today."""
    return is_statutory and deadline_at is not None and day_of(deadline_at) == day_of(now)


def send_at(
    now: datetime, wish: Wish, *, is_statutory: bool, deadline_at: datetime | None = None
) -> datetime:
    """Return when a message may go out. What the law asks for is collected in no digest."""
    if is_urgent(now, is_statutory=is_statutory, deadline_at=deadline_at):
        return now
    if is_statutory or wish.digest is Digest.AT_ONCE:
        return after_quiet(now, wish)
    return after_quiet(next_digest(now, wish.digest), wish)


def retry_at(now: datetime, *, attempts: int) -> datetime | None:
    """Return when to try again after so many failed attempts (1 or more); None: no more."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def is_reminder_due(due_at: datetime, now: datetime) -> bool:
    """Tell whether today is a day to recall something: from two days before it is due, then more seldom."""
    if due_at - now > REMIND_BEFORE:
        return False
    late = (day_of(now) - day_of(due_at)).days
    return late <= REMIND_DAILY_AFTER or late % REMIND_EVERY == 0


def clean_address(channel: Channel, typed: str) -> str:
    """Return an address as it is kept. Raises Invalid "address": not one address of this channel."""
    address = typed.strip()
    pattern = {Channel.EMAIL: _EMAIL, Channel.SMS: _MOBILE, Channel.WECHAT: _WECHAT}[channel]
    if channel is Channel.SMS:
        address = re.sub(r"[ -]", "", address)
    if len(address) > LONGEST_ADDRESS or not pattern.fullmatch(address):
        raise Invalid("address", "address")
    return address


def masked(address: str) -> str:
    """Return an address of which nobody learns more than that it is the one they know."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{address[:3]}****{address[-2:]}" if len(address) > 6 else "****"


def one_line(text: str, most: int) -> str:
    """Return a text on one line: a subject with a line break would begin another header."""
    return " ".join(text.split())[:most]


def _local(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
