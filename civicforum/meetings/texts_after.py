"""What follows a meeting in words: signers of the minutes, and kinds of follow-ups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.meetings.rules import FollowUpKind, Signer

SIGNERS: dict[Signer, LazyString] = {Signer.CHAIR: _l("Chair"), Signer.CLERK: _l("Clerk of the minutes")}
FOLLOW_UPS: dict[FollowUpKind, LazyString] = {
    FollowUpKind.TASK: _l("Task"),
    FollowUpKind.AGENDA: _l("For the next assembly"),
}
# What the rules of follow-ups refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "has_matter": _l("This item belongs to a matter, which has tasks of its own. Add them there."),
    "text": _l("Say what has to be done."),
    "due_past": _l("This day has passed. Choose today or later."),
    "body": _l("This body no longer exists. Choose again."),
    "because": _l("Say why nothing more has to be done."),
    "note": _l("Say what was done."),
}
