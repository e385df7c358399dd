"""Tables of the notice board: what must be posted, drafts and their review, notices, queries, complaints."""

from civicforum.notices.models.asking import (
    Complaint,
    ItemDemand,
    ItemDemandSignature,
    NoticeQuery,
    NoticeQueryEntry,
)
from civicforum.notices.models.notices import (
    DisclosureDue,
    DisclosureItem,
    DraftObjection,
    Notice,
    NoticeDraft,
)

__all__ = [
    "Complaint",
    "DisclosureDue",
    "DisclosureItem",
    "DraftObjection",
    "ItemDemand",
    "ItemDemandSignature",
    "Notice",
    "NoticeDraft",
    "NoticeQuery",
    "NoticeQueryEntry",
]
