"""Reads of drafts for pages, one module per subject."""

from civicforum.drafts.queries.comments import CommentLine, list_comments, list_own
from civicforum.drafts.queries.deliveries import GridProgress, HouseholdLine, list_households, list_progress
from civicforum.drafts.queries.drafts import DraftPage, get_draft, get_page, list_drafts, list_of_subject
from civicforum.drafts.queries.needs import list_needs, list_to_answer, may_need_answer, parts_of

__all__ = [
    "CommentLine",
    "DraftPage",
    "GridProgress",
    "HouseholdLine",
    "get_draft",
    "get_page",
    "list_comments",
    "list_drafts",
    "list_households",
    "list_needs",
    "list_of_subject",
    "list_own",
    "list_progress",
    "list_to_answer",
    "may_need_answer",
    "parts_of",
]
