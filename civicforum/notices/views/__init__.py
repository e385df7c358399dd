"""Pages of the notice board."""

from civicforum.notices.views import (
    board,
    catalogue,
    complaining,
    demanding,
    drafts,
    paper,
    querying,
    removing,
)
from civicforum.notices.views.blueprint import bp

__all__ = ["board", "bp", "catalogue", "complaining", "demanding", "drafts", "paper", "querying", "removing"]
