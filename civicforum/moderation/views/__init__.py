"""URLs and pages of moderation: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

import civicforum.moderation.adapters  # noqa: F401 - fills the table of kinds
from civicforum.moderation.views import appealing, deciding, holding, showing, wordlist  # noqa: F401
from civicforum.moderation.views.blueprint import bp

__all__ = ["bp"]
