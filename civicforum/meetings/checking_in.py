"""How somebody shows to be there: by the code of the room, at a screen, or by own word before the opening."""

from __future__ import annotations

import hmac
import secrets

from civicforum.errors import Invalid
from civicforum.meetings.rules import Held, PresenceChannel

CODE_DIGITS = 6
# Without 0, 1 and 7, which are taken for letters or for each other at the far end of a hall.
DIGITS = "2345689"


def new_code() -> str:
    """Return a code to be shown in the room."""
    return "".join(secrets.choice(DIGITS) for _ in range(CODE_DIGITS))


def channel_of(held: Held, *, expected: str, code: str, at_screen: bool) -> PresenceChannel:
    """Return how somebody who says "I am here" is known to be there.

    Args:
        expected: the code that is shown in the room; "" before the opening, when a word is enough.
        at_screen: that somebody takes part at an own screen, where the session is held on screens too.

    Raises Invalid: "at_screen" where everybody takes part in the room, "code" for a wrong or missing one.
    """
    if held is Held.SCREENS:
        return PresenceChannel.SCREEN
    if at_screen:
        if held is not Held.BOTH:
            raise Invalid("at_screen", "code")
        return PresenceChannel.SCREEN
    if not expected:
        return PresenceChannel.SELF
    typed = "".join(code.split())
    if not hmac.compare_digest(typed.encode(), expected.encode()):
        raise Invalid("code", "code")
    return PresenceChannel.CODE
