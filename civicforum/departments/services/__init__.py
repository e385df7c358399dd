"""Use cases of departments: each is one function, one transaction, one journal entry."""

from civicforum.departments.services.clocks import SweepResult, sweep_clocks
from civicforum.departments.services.opinions import hide_opinion, reply_to_opinion, send_opinion
from civicforum.departments.services.register import Given, add_department, change_department

__all__ = [
    "Given",
    "SweepResult",
    "add_department",
    "change_department",
    "hide_opinion",
    "reply_to_opinion",
    "send_opinion",
    "sweep_clocks",
]
