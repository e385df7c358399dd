"""Departments and providers that work here, and opinions on them (DOMAIN.md rows 2-14, 2-15, D7)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible
from civicforum.notices.pii import has_identity_number

REPLY_RULE = "department.reply"
LEAST_RULE = "privacy.least"
LONGEST_OPINION = 1000
# Enough for somebody who waits for replies, too few to flood a box.
MOST_WAITING_EACH = 5
KEPT_BY = (Role.COMMITTEE,)


class DepartmentKind(StrEnum):
    """Who may be appraised by residents: organs of the government, and firms that serve the community."""

    SUBDISTRICT = "subdistrict"
    BRANCH = "branch"
    POLICE = "police"
    # Water, power, gas, cleaning, greening, property management.
    PROVIDER = "provider"


@dataclass(frozen=True, kw_only=True)
class Replies:
    """What became of the opinions on one department.

    Attributes:
        in_time: replied by the end of the last day.
        late: replied after it.
        missing: not replied, and the last day is over.
        waiting: not replied, and there is still time.
        hidden: not shown, and in none of the other numbers: hidden before its reply and its last day.
    """

    in_time: int = 0
    late: int = 0
    missing: int = 0
    waiting: int = 0
    hidden: int = 0

    @property
    def total(self) -> int:
        return self.settled + self.waiting + self.hidden

    @property
    def settled(self) -> int:
        """Return what the rate is a share of: opinions that had their reply, or whose time is over."""
        return self.in_time + self.late + self.missing

    def rate(self, least: int) -> Fraction | None:
        """Return the share replied in time, exact; None under `least` opinions: it would say nothing."""
        return Fraction(self.in_time, self.settled) if self.settled >= max(least, 1) else None


def check_keep(actor: Actor) -> None:
    """Refuse whoever does not keep the register and enter replies. Raises NotEligible."""
    if not actor.holds(*KEPT_BY):
        raise NotEligible(actor.person_id)


def works_here(since: date, until: date | None, day: date) -> bool:
    """Tell whether a department has work here on a day; the first and the last day count."""
    return since <= day and (until is None or day <= until)


def check_dates(since: date, until: date | None) -> None:
    """Raise Invalid where the last day lies before the first."""
    if until is not None and until < since:
        raise Invalid("dates", "until")


def check_opinion(text: str) -> str:
    """Return the words of an opinion. Raises Invalid: empty, too long, or with somebody's number."""
    words = text.strip()
    if not words or len(words) > LONGEST_OPINION:
        raise Invalid("empty or too long", "text")
    if has_identity_number(words):
        raise Invalid("identity_number", "text")
    if has_phone_number(words):
        raise Invalid("phone_number", "text")
    return words


# A mobile number, or a fixed one with its area code; a short hotline such as 12345 names nobody.
_PHONE = re.compile(r"(?<!\d)(?:(?:\+?86)?1[3-9]\d{9}|0\d{2,3}\d{7,8})(?!\d)")


def has_phone_number(text: str) -> bool:
    """Tell whether a text shows somebody's telephone number, however it is spaced."""
    plain = unicodedata.normalize("NFKC", text)
    return _PHONE.search(re.sub(r"(?<=\d)[ \-–—]+(?=\d)", "", plain)) is not None


def is_in_time(due_at: datetime, replied_at: datetime) -> bool:
    """Tell whether a reply came by the last instant of the last day, that one included."""
    return replied_at <= due_at
