"""The tables of meetings: what is prepared, what happens on the floor, what follows."""

from .after import FollowUp, MinutesSignature
from .before import (
    AssemblyDemand,
    ChairTurn,
    DemandSignature,
    Duty,
    Invitation,
    Paper,
    Procedure,
    TextVersion,
)
from .floor import HandCount, Motion, PointOfOrder, Presence, Speech
from .meetings import AgendaItem, Attendance, Meeting

__all__ = [
    "AgendaItem",
    "AssemblyDemand",
    "Attendance",
    "ChairTurn",
    "DemandSignature",
    "Duty",
    "FollowUp",
    "HandCount",
    "Invitation",
    "Meeting",
    "MinutesSignature",
    "Motion",
    "Paper",
    "PointOfOrder",
    "Presence",
    "Procedure",
    "Speech",
    "TextVersion",
]
