"""What the buttons of the floor have in common: done, or in words why not, and back to the page."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.meetings.errors import VoteIsOpen
from civicforum.meetings.floor import FloorRefused
from civicforum.meetings.texts_floor import VOTE_IS_OPEN, fault_text

FLOOR = "floor"


def act(do: Callable[[], object], meeting_id: uuid.UUID, *, done: str = "") -> ResponseReturnValue:
    """Do something on the floor of a session, with words where it is not in order, and return to the page.

    Of two who press at once the second one reads that somebody was quicker.
    """
    try:
        do()
    except FloorRefused as refusal:
        flash(fault_text(refusal), "error")
    except VoteIsOpen:
        flash(str(VOTE_IS_OPEN), "error")
    except (AlreadyDone, TransitionNotAllowed):
        flash(_("That was done already; somebody else was quicker. The page shows how things stand."), "info")
    except Invalid as refusal:
        flash(invalid_text(refusal), "error")
    else:
        if done:
            flash(done, "success")
    return back(meeting_id)


def back(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Return to the page that the button was on: that of who leads the session, or the session's own."""
    if request.form.get("back") == FLOOR:
        return redirect(url_for(".floor", meeting_id=meeting_id), code=303)
    return redirect(url_for(".show", meeting_id=meeting_id, _anchor="now"), code=303)


def chosen_part() -> uuid.UUID | None:
    """Return for whom the clerk presses the button; None: for oneself."""
    return request.form.get("attendance", type=uuid.UUID)


def invalid_text(refusal: Invalid) -> str:
    """Return what is missing, for forms of one line whose page has no place beside the field."""
    words = {
        "text": _("Write in a sentence which rule is broken: at most 500 characters."),
        "ruling": _("Say why the point of order is not upheld: at most 500 characters."),
        "reason": _("Give the reason: at most 500 characters."),
        "long": _("That is too long."),
    }
    return str(words.get(refusal.reason, _("Something is missing.")))
