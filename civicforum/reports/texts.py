"""Reports in words: kinds, where they stand, and why something was refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.reports.rules import Kind, Standing

KINDS: dict[Kind, Any] = {
    Kind.BRIBERY: _l("Bribery: money, gifts or favours for votes"),
    Kind.THREAT: _l("Threats or pressure"),
    Kind.VIOLENCE: _l("Violence"),
    Kind.DECEPTION: _l("Deception of voters"),
    Kind.FORGED_PAPERS: _l("Forged ballot papers"),
    Kind.FALSE_COUNT: _l("False counts of votes"),
    Kind.OTHER: _l("Other unlawful means"),
}
STANDINGS: dict[Standing, tuple[Any, str]] = {
    Standing.WAITING: (_l("Waits for an answer"), "yellow"),
    Standing.OVERDUE: (_l("Overdue"), "solid-red"),
    Standing.ANSWERED: (_l("Answered"), "green"),
    Standing.ANSWERED_LATE: (_l("Answered late"), "red"),
}
REFUSALS: dict[str, Any] = {
    "unusable": _l(
        "This is no public key: 64 characters, 0 to 9 and a to f, as the authority read them out."
    ),
    "known": _l("This key stands here already, or stood here before. A new key has to be a new one."),
    "no reason": _l("Say why the key is replaced. Everybody can read it."),
    "replaced": _l(
        "The key of the authority has just changed. Nothing was kept: look at the new one, then send again."
    ),
    "too many today": _l(
        "More reports came today than can be kept. Yours was not: please call the authority."
    ),
    "malformed": _l("What arrived is not a sealed report. Nothing was kept: please send it again."),
    "answer": _l("What arrived is not a sealed answer. Nothing was kept: please send it again."),
}
