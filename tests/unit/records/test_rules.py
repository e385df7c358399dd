import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from civicforum.records.rules import Break, entry_hash, first_break

COMMUNITY = uuid.UUID("11111111-1111-4111-8111-111111111111")


def chain(length: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    previous = ""
    for sequence in range(1, length + 1):
        entry: dict[str, Any] = {
            "community_id": COMMUNITY,
            "sequence": sequence,
            "at": datetime(2026, 3, sequence, 9, 30, tzinfo=UTC),
            "actor_id": None,
            "post": "",
            "assisted_by_id": None,
            "action": "matter.publish",
            "subject_kind": "matter",
            "subject_id": COMMUNITY,
            "subject_title": "路灯",
            "reason": "",
            "payload": {"from": "draft", "to": "raised"},
            "is_public": True,
            "previous_hash": previous,
        }
        entry["hash"] = previous = entry_hash(entry)
        entries.append(entry)
    return entries


def breaks(entries: list[dict[str, Any]], length: int, head: str) -> Break | None:
    return first_break(entries, head_sequence=length, head_hash=head)


def test_an_untouched_chain_holds() -> None:
    entries = chain(4)
    assert breaks(entries, 4, entries[-1]["hash"]) is None


def test_an_empty_journal_holds() -> None:
    assert breaks([], 0, "") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reason", "other"),
        ("subject_title", "x"),
        ("payload", {"from": "draft", "to": "closed"}),
        ("post", "主任"),
    ],
)
def test_a_changed_entry_is_found_and_named(field: str, value: object) -> None:
    entries = chain(4)
    entries[1][field] = value
    assert breaks(entries, 4, entries[-1]["hash"]) == Break(2, "changed")


def test_a_changed_entry_with_a_new_hash_breaks_at_the_next() -> None:
    entries = chain(4)
    entries[1]["reason"] = "other"
    entries[1]["hash"] = entry_hash(entries[1])
    assert breaks(entries, 4, entries[-1]["hash"]) == Break(3, "does not follow the entry before")


def test_a_removed_entry_is_named_by_its_number() -> None:
    entries = chain(4)
    head = entries[-1]["hash"]
    del entries[2]
    assert breaks(entries, 4, head) == Break(3, "missing")


def test_entries_cut_off_at_the_end_are_missed() -> None:
    entries = chain(4)
    assert breaks(entries[:3], 4, entries[-1]["hash"]) == Break(4, "missing at the end")


def test_the_hash_does_not_depend_on_the_time_zone_an_instant_is_given_in() -> None:
    from zoneinfo import ZoneInfo

    entry = chain(1)[0]
    moved = entry | {"at": entry["at"].astimezone(ZoneInfo("Asia/Shanghai"))}
    assert entry_hash(moved) == entry["hash"]
