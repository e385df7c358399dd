"""Use cases of leaving and of being forgotten."""

from civicforum.transfer.services.deleting import (
    ask_deletion,
    carry_out_deletion,
    refuse_deletion,
    withdraw_deletion,
)
from civicforum.transfer.services.exports import ask_export, begin_export, forget_exports, make_export

__all__ = [
    "ask_deletion",
    "ask_export",
    "begin_export",
    "carry_out_deletion",
    "forget_exports",
    "make_export",
    "refuse_deletion",
    "withdraw_deletion",
]
