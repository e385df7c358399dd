"""Reads of the notice board."""

from civicforum.notices.queries.board import (
    count_by_category,
    get_notice,
    latest,
    list_notices,
    list_of_subject,
)

__all__ = ["count_by_category", "get_notice", "latest", "list_notices", "list_of_subject"]
