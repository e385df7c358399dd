"""What people do with drafts, one function per use case."""

from civicforum.drafts.services.answering import answer_comments
from civicforum.drafts.services.clocks import sweep_clocks
from civicforum.drafts.services.commenting import comment_on_draft, enter_comment
from civicforum.drafts.services.delivering import record_deliveries, take_back_delivery
from civicforum.drafts.services.putting_out import add_opinion, close_draft, put_out_draft, withdraw_draft

__all__ = [
    "add_opinion",
    "answer_comments",
    "close_draft",
    "comment_on_draft",
    "enter_comment",
    "put_out_draft",
    "record_deliveries",
    "sweep_clocks",
    "take_back_delivery",
    "withdraw_draft",
]
