"""The picture that people scan in the room to check in."""

from __future__ import annotations

from flask import url_for
from markupsafe import Markup

from civicforum.meetings.models import Meeting
from civicforum.qr import draw_address


def check_in_picture(meeting: Meeting) -> Markup:
    """Draw the address of the check-in page with the room's code in it; nothing where there is no code."""
    if not meeting.check_in_code:
        return Markup()
    address = url_for("meetings.here", meeting_id=meeting.id, code=meeting.check_in_code, _external=True)
    return draw_address(address)
