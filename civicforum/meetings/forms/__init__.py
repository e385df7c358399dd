"""Forms of meetings, one module per subject."""

from __future__ import annotations

from civicforum.meetings.forms.deciding import OutcomeForm
from civicforum.meetings.forms.planning import ChangeForm, ItemForm, PlanForm, ReasonForm, is_filled
from civicforum.meetings.forms.running import GuestForm

__all__ = [
    "ChangeForm",
    "GuestForm",
    "ItemForm",
    "OutcomeForm",
    "PlanForm",
    "ReasonForm",
    "is_filled",
]
