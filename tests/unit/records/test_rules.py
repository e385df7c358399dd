import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from civicforum.records.rules import (
    REDACT,
    Break,
    Redaction,
    entry_hash,
    first_break,
    hash_of_text,
    redactions,
)

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


def announced(entries: list[dict[str, Any]], sequence: int, **removed: object) -> dict[int, Redaction]:
    """Take words out of an entry, append the entry that says so, and return what is read from it."""
    entry = entries[sequence - 1]
    entry.update(removed)
    told = {"sequence": sequence, "hash": entry["hash"], "stands": entry_hash(entry), "fields": [*removed]}
    added = chain(len(entries) + 1)[-1] | {"action": REDACT, "payload": {"entries": [told]}}
    added["previous_hash"] = entries[-1]["hash"]
    added["hash"] = entry_hash(added)
    entries.append(added)
    return redactions([(added["sequence"], added["payload"])])


def redacted_breaks(entries: list[dict[str, Any]], redacted: dict[int, Redaction]) -> Break | None:
    last = entries[-1]
    return first_break(entries, head_sequence=last["sequence"], head_hash=last["hash"], redacted=redacted)


def test_a_chain_with_announced_redactions_holds() -> None:
    entries = chain(4)
    assert redacted_breaks(entries, announced(entries, 2, subject_title="〔已删除〕")) is None


def test_a_change_after_the_redaction_is_found() -> None:
    entries = chain(4)
    redacted = announced(entries, 2, subject_title="〔已删除〕")
    entries[1]["subject_title"] = "Anderes"
    assert redacted_breaks(entries, redacted) == Break(2, "changed")


def test_a_changed_announcement_is_found_itself() -> None:
    entries = chain(4)
    announced(entries, 2, subject_title="〔已删除〕")
    entries[2]["reason"] = "other"
    forged = entries[-1]["payload"]["entries"]
    forged.append({"sequence": 3, "hash": entries[2]["hash"], "stands": entry_hash(entries[2])})
    redacted = redactions([(5, entries[-1]["payload"])])
    assert redacted_breaks(entries, redacted) == Break(5, "changed")


def test_an_announcement_covers_no_later_entry_and_no_announcement() -> None:
    assert redactions([(3, {"entries": [{"sequence": 3, "hash": "a", "stands": "b"}]})]) == {}
    entries = chain(4)
    redacted = announced(entries, 2, subject_title="〔已删除〕")
    entries[-1]["reason"] = "other"
    own = {5: Redaction(6, entries[-1]["hash"], entry_hash(entries[-1]))}
    assert redacted_breaks(entries, redacted | own) == Break(5, "changed")


def test_hash_is_that_of_the_text_in_utf8() -> None:
    # printf 民议 | sha256sum
    assert hash_of_text("民议") == "9bc7801378160a569db515011bb4c5986eccb9ed63f66a97e4ef48d6d384bfbe"
    assert hash_of_text("民议 ") != hash_of_text("民议")
