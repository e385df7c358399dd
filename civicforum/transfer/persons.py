"""Where a person is in the tables, and what becomes of each place when they ask to be forgotten.

A row stays where the law or somebody else's right needs it, but tied to a person without a name. In this one
place stand the tables whose rows go, the copies of a name that are replaced, and the texts that their author
may take back. Everything else that names a person does so by the row in `person`, which loses name and data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from civicforum.database import Base

# What pages show in the place of the name; the name of nobody.
MARK = "已删除用户"
TEXT_MARK = "（作者要求删除，内容已删除）"

# Columns that make a row somebody's own, rather than a part of their work for others.
OWN_COLUMNS = ("person_id", "author_id", "filed_by_id", "made_by_id", "actor_id", "uploaded_by_id")
# Tables whose rows are work of an office, though a column of them is called so.
OFFICIAL = frozenset({"procedure", "text_version", "result_use", "appraisal_cycle", "reserve_selection"})
# What shows nothing of a person, and would help who holds the file: hashes of secrets, and search terms.
NEVER_SHOWN = frozenset({"password_hash", "identity_hash", "code_hash", "tokens"})

# Rows that serve the person alone.
REMOVED: dict[str, tuple[str, ...]] = {
    "letter": ("person_id",),
    "outbox_message": ("person_id",),
    "notification": ("person_id",),
    "reminder": ("person_id",),
    "choice": ("person_id",),
    "preference": ("person_id",),
    "contact": ("person_id",),
    "kinship": ("person_id", "relative_id"),
    "capacity": ("person_id",),
    "assistance": ("person_id", "clerk_id"),
    "account": ("person_id",),
}


@dataclass(frozen=True)
class Replaced:
    """Columns of rows that `by` ties to the person, and what stands there afterwards.

    `only` leaves out rows with other values, such as answers given in an office.
    """

    table: str
    by: str
    values: dict[str, Any]
    only: Mapping[str, Any] = field(default_factory=dict)


# Copies of a name or of an address, and remarks beside a grade: no law asks for them.
BLANKED = (
    Replaced("roll_entry", "person_id", {"name": MARK}),
    Replaced("trustee", "person_id", {"name": MARK}),
    Replaced("invitation", "person_id", {"name": MARK}),
    Replaced("election_registration", "person_id", {"hukou_place": ""}),
    Replaced("election_candidate", "person_id", {"photo_id": None}),
    Replaced("grade", "person_id", {"comment": ""}),
    Replaced("action_recheck", "person_id", {"comment": ""}),
    Replaced("held_text", "author_id", {"title": "", "words": "", "matched": [], "arguments": {}}),
    Replaced("hide_decision", "author_id", {"title": "", "words": "", "kept": {}}),
    Replaced("content_report", "person_id", {"note": ""}),
)
# What they wrote for all: it stays without their name, or goes, as they choose.
TEXTS = (
    Replaced("comment", "author_id", {"text": TEXT_MARK}),
    Replaced("department_opinion", "author_id", {"text": TEXT_MARK}),
    Replaced("deputy_opinion", "author_id", {"text": TEXT_MARK}),
    Replaced("draft_comment", "author_id", {"text": TEXT_MARK}),
    Replaced("notice_query_entry", "person_id", {"text": TEXT_MARK}, only={"kind": "question"}),
    Replaced("query", "author_id", {"text": TEXT_MARK}),
    Replaced("statement", "author_id", {"text": TEXT_MARK}),
)


def own_places() -> list[tuple[str, str]]:
    """Return every table with the column that makes its rows somebody's own, in the order of their keys."""
    return [
        (table.name, name)
        for table in Base.metadata.sorted_tables
        for name in OWN_COLUMNS
        if table.name not in OFFICIAL
        and name in table.c
        and any(key.target_fullname == "person.id" for key in table.c[name].foreign_keys)
    ]
