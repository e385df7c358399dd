"""Reads of meetings for pages, one module per subject."""

from __future__ import annotations

from civicforum.meetings.queries.items import ItemOfMatter, find_item_of_poll, get_item, list_items_of_matter
from civicforum.meetings.queries.listing import coming, list_coming, list_past
from civicforum.meetings.queries.needs import list_needs
from civicforum.meetings.queries.planning import list_bodies_to_invite, list_chairs, list_matters_for
from civicforum.meetings.queries.showing import (
    DoorLine,
    MeetingPage,
    Room,
    ShownItem,
    get_meeting,
    get_page,
    get_room,
    list_door,
)

__all__ = [
    "DoorLine",
    "ItemOfMatter",
    "MeetingPage",
    "Room",
    "ShownItem",
    "coming",
    "find_item_of_poll",
    "get_item",
    "get_meeting",
    "get_page",
    "get_room",
    "list_bodies_to_invite",
    "list_chairs",
    "list_coming",
    "list_door",
    "list_items_of_matter",
    "list_matters_for",
    "list_needs",
    "list_past",
]
