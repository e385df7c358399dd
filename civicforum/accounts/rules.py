"""Who acts, and the limits of signing in and of acting for somebody."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from civicforum.bodies.rules import Role

ASSISTANCE_LASTS = timedelta(minutes=30)
CODE_LASTS = timedelta(hours=24)
CODE_DIGITS = 8
CODE_ATTEMPTS = 5
# A working day at a shared computer; longer only where somebody asks to stay signed in on an own device.
SESSION_LASTS = timedelta(hours=12)
KEPT_SESSION_LASTS = timedelta(days=30)
# How old "last seen" may grow before it is written again: not one write for each page.
SEEN_EVERY = timedelta(minutes=5)
# An address may be a whole office or housing block behind one router, hence the larger number.
FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_LOGIN = 8
FAILURES_PER_ADDRESS = 40
PASSWORD_LEAST = 8
PASSWORD_MOST = 128
LOGIN_MOST = 80
# Roles whose holder could do harm in another's name: a clerk issues no code for them, an administrator does.
GUARDED_ROLES = frozenset(Role) - {Role.RESIDENT, Role.REPRESENTATIVE}

_COMMON = """
00000000 11111111 12121212 12345678 123456789 1234567890 87654321 88888888 66666666 99999999 123123123
11223344 112233445566 123456123456 password password1 passw0rd p@ssw0rd qwertyui qwerty123 qwertyuiop
1q2w3e4r 1qaz2wsx qazwsxedc abcd1234 abc12345 a1234567 a12345678 aa123456 asdfghjk asdf1234 iloveyou
woaini1314 woaini520 5201314520 13145200 wang1234 admin123 administrator letmein1 welcome1 sunshine
"""
COMMON_PASSWORDS = frozenset(_COMMON.split())


@dataclass(frozen=True)
class Actor:
    """The person an act is done by: in whose name, under which posts, and with whose help.

    While a clerk acts for somebody, `person_id` is the person helped, `roles` are only a resident's, and
    `assisted_by` is the clerk.
    """

    person_id: uuid.UUID
    community_id: uuid.UUID
    roles: frozenset[Role] = frozenset({Role.RESIDENT})
    assisted_by: uuid.UUID | None = None
    assistance_id: uuid.UUID | None = None

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def holds(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of these roles in person: a clerk who helps somebody does not."""
        return self.assisted_by is None and self.has(*roles)


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    IS_LOGIN = "is_login"
    COMMON = "common"


def clean_login(text: str) -> str:
    """Return a login as it is stored and compared: lower case, no full-width or invisible signs."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in narrow if sign.isprintable() and not sign.isspace())[:LOGIN_MOST]


def clean_password(text: str) -> str:
    """Return a password in the one form in which it is hashed, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text)


def clean_code(text: str) -> str:
    """Return the digits of a one-time code; spaces and hyphens are how people read them aloud."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign in "0123456789")


def password_fault(password: str, *, login: str) -> PasswordFault | None:
    """Return why a new password is refused, or None when it may be used."""
    plain = clean_password(password)
    if len(plain) < PASSWORD_LEAST:
        return PasswordFault.TOO_SHORT
    if len(plain) > PASSWORD_MOST:
        return PasswordFault.TOO_LONG
    if clean_login(plain) == clean_login(login):
        return PasswordFault.IS_LOGIN
    if plain.casefold() in COMMON_PASSWORDS:
        return PasswordFault.COMMON
    return None


def code_hash(code: str, *, account_id: uuid.UUID, key: str) -> str:
    """Return the keyed hash (hex) of a one-time code: without the key, eight digits are soon tried out."""
    return hmac.new(
        key.encode(), b"one-time-code:" + account_id.bytes + code.encode(), hashlib.sha256
    ).hexdigest()


def wait_until(failed_at: Sequence[datetime], *, allowed: int, now: datetime) -> datetime | None:
    """Return when the next attempt is allowed after failures at `failed_at`, or None for at once.

    With `allowed` failures within the window, the oldest of the last `allowed` has to leave it first.
    """
    recent = sorted(at for at in failed_at if at > now - FAILURE_WINDOW)
    return recent[-allowed] + FAILURE_WINDOW if len(recent) >= allowed else None


def session_ends(now: datetime, *, kept: bool) -> datetime:
    """Return the instant from which a sign-in at `now` counts no more; a kept one lasts longer."""
    return now + (KEPT_SESSION_LASTS if kept else SESSION_LASTS)


def device_name(user_agent: str) -> str:
    """Return browser and system in a few words, such as "WeChat · Android"; "" when neither is known."""
    browser = _first(user_agent, BROWSERS)
    system = _first(user_agent, SYSTEMS)
    return " · ".join(part for part in (browser, system) if part)


# In order: each browser also claims to be those after it.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in text), "")
