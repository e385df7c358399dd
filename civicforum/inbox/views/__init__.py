"""Pages of the inbox."""

from civicforum.inbox.views import home, outbox, paper, told, wishes  # noqa: F401
from civicforum.inbox.views.blueprint import bp

__all__ = ["bp"]
