"""Reads for the notices of an election: where it stands, drafts filled from the data, lists, the archive."""

from .archive import Archive, ArchiveItem, get_archive
from .drafts import Draft, corrected, draft_notice
from .lists import NoticeLine, get_election, get_notice, latest_of, list_issued, list_lines
from .standing import get_standing

__all__ = [
    "Archive",
    "ArchiveItem",
    "Draft",
    "NoticeLine",
    "corrected",
    "draft_notice",
    "get_archive",
    "get_election",
    "get_notice",
    "get_standing",
    "latest_of",
    "list_issued",
    "list_lines",
]
