"""Use cases of leaving and of being forgotten."""

from civicforum.transfer.services.exports import ask_export, begin_export, forget_exports, make_export

__all__ = ["ask_export", "begin_export", "forget_exports", "make_export"]
