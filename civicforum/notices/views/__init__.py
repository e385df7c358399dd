"""Pages of the notice board."""

from civicforum.notices.views import board, demanding, querying
from civicforum.notices.views.blueprint import bp

__all__ = ["board", "bp", "demanding", "querying"]
