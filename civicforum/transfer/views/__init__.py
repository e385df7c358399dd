"""URLs and pages of leaving and of being forgotten: each module adds its endpoints to `bp`."""

from __future__ import annotations

from civicforum.transfer.views import exports, own, requests  # noqa: F401
from civicforum.transfer.views.blueprint import bp

__all__ = ["bp"]
