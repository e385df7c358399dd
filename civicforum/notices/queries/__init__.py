"""Reads of the notice board."""

from civicforum.notices.queries.board import (
    count_by_category,
    get_follower,
    get_notice,
    get_way,
    latest,
    list_notices,
    list_of_subject,
    list_running,
    list_to_join,
    list_year,
    list_years,
    search_words,
)
from civicforum.notices.queries.catalogue import (
    get_due,
    get_item,
    list_ad_hoc,
    list_bodies,
    list_catalogue,
    list_missing,
    list_open,
    list_to_repost,
)
from civicforum.notices.queries.drafts import get_draft, list_drafts, list_meetings_held

__all__ = [
    "count_by_category",
    "get_draft",
    "get_due",
    "get_follower",
    "get_item",
    "get_notice",
    "get_way",
    "latest",
    "list_ad_hoc",
    "list_bodies",
    "list_catalogue",
    "list_drafts",
    "list_meetings_held",
    "list_missing",
    "list_notices",
    "list_of_subject",
    "list_open",
    "list_running",
    "list_to_join",
    "list_to_repost",
    "list_year",
    "list_years",
    "search_words",
]
