"""Pages of the notice board."""

from civicforum.notices.views import board, querying
from civicforum.notices.views.blueprint import bp

__all__ = ["board", "bp", "querying"]
