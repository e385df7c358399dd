"""When a message may go out, what may be switched off, and what an address is; worked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from civicforum.errors import Invalid
from civicforum.inbox.rules_told import (
    STATUTORY,
    WAITS,
    Channel,
    Digest,
    Topic,
    Wish,
    after_quiet,
    clean_address,
    is_quiet,
    is_reminder_due,
    is_wanted,
    masked,
    next_digest,
    one_line,
    retry_at,
    send_at,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in March 2026 in Shanghai; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (7, True), (8, False), (12, False)]
)
def test_quiet_is_from_nine_at_night_to_eight(hour: int, quiet: bool) -> None:
    assert is_quiet(local(2, hour), Wish()) is quiet


def test_hours_of_quiet_within_a_day_and_none_at_all() -> None:
    noon = Wish(quiet_from=12, quiet_until=14)
    assert [is_quiet(local(2, hour), noon) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    never = Wish(quiet_from=9, quiet_until=9)
    assert not any(is_quiet(local(2, hour), never) for hour in range(24))


def test_what_falls_into_quiet_goes_out_at_its_end() -> None:
    assert after_quiet(local(2, 22, 30), Wish()) == local(3, 8)
    assert after_quiet(local(3, 1), Wish()) == local(3, 8)
    assert after_quiet(local(3, 8), Wish()) == local(3, 8)
    assert after_quiet(local(2, 13), Wish(quiet_from=12, quiet_until=14)) == local(2, 14)


def test_digests_are_at_eight_the_weekly_one_on_mondays() -> None:
    assert next_digest(local(2, 7, 59), Digest.DAILY) == local(2, 8)
    assert next_digest(local(2, 8), Digest.DAILY) == local(3, 8)
    assert next_digest(local(2, 8), Digest.WEEKLY) == local(9, 8)
    assert next_digest(local(8, 23), Digest.WEEKLY) == local(9, 8)


def test_what_the_law_asks_for_waits_for_no_digest_and_not_at_night_if_due_today() -> None:
    weekly = Wish(Digest.WEEKLY)
    assert send_at(local(3, 10), weekly, is_statutory=True) == local(3, 10)
    assert send_at(local(3, 10), weekly, is_statutory=False) == local(9, 8)
    tonight, tomorrow = local(3, 23), local(4, 23)
    assert send_at(local(3, 22), weekly, is_statutory=True, deadline_at=tonight) == local(3, 22)
    assert send_at(local(3, 22), weekly, is_statutory=True, deadline_at=tomorrow) == local(4, 8)
    assert send_at(local(3, 22), Wish(), is_statutory=False, deadline_at=tonight) == local(4, 8)


def test_a_digest_falls_into_no_quiet_hour() -> None:
    late = Wish(Digest.DAILY, quiet_from=22, quiet_until=10)
    assert send_at(local(2, 12), late, is_statutory=False) == local(3, 10)


@pytest.mark.parametrize("topic", Topic)
def test_what_the_law_asks_for_is_wanted_whatever_was_chosen(topic: Topic) -> None:
    for channel in Channel:
        assert is_wanted(topic, channel, False, is_statutory=False) is (topic in STATUTORY)
        assert is_wanted(topic, channel, False, is_statutory=True)
        assert is_wanted(topic, channel, True, is_statutory=False)


def test_text_messages_are_off_until_chosen() -> None:
    assert not is_wanted(Topic.MATTERS, Channel.SMS, None, is_statutory=False)
    assert is_wanted(Topic.MATTERS, Channel.EMAIL, None, is_statutory=False)
    assert is_wanted(Topic.VOTES, Channel.SMS, None, is_statutory=False)


def test_waits_grow_to_a_day_and_then_end() -> None:
    now = local(2, 10)
    assert list(WAITS) == sorted(WAITS)
    assert WAITS[-1] == timedelta(days=1)
    assert retry_at(now, attempts=1) == now + timedelta(minutes=1)
    assert retry_at(now, attempts=len(WAITS)) == now + timedelta(days=1)
    assert retry_at(now, attempts=len(WAITS) + 1) is None


def test_late_things_are_recalled_daily_at_first_and_weekly_then() -> None:
    due_at = local(10, 18)
    days = [day for day in range(1, 32) if is_reminder_due(due_at, local(day, 18))]
    # Two days before to three days after; then a week, two and three weeks after the 10th.
    assert days == [8, 9, 10, 11, 12, 13, 17, 24, 31]
    assert not is_reminder_due(due_at, local(8, 17, 59))


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        (Channel.EMAIL, " li.fang+1@mail.example.cn ", "li.fang+1@mail.example.cn"),
        (Channel.SMS, "138 0000-0000", "13800000000"),
        (Channel.SMS, "+8613800000000", "+8613800000000"),
        (Channel.WECHAT, "LiFang_01", "LiFang_01"),
    ],
)
def test_an_address_is_kept_as_it_is_used(channel: Channel, typed: str, kept: str) -> None:
    assert clean_address(channel, typed) == kept


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        (Channel.EMAIL, "a@example.cn\nBcc: b@example.cn"),
        (Channel.EMAIL, "a@example.cn, b@example.cn"),
        (Channel.EMAIL, "Li <a@example.cn>"),
        (Channel.EMAIL, "a@localhost"),
        (Channel.EMAIL, "a" * 250 + "@example.cn"),
        (Channel.SMS, "13800000000|13900000000"),
        (Channel.WECHAT, "one|@all"),
        (Channel.WECHAT, "@all"),
        (Channel.WECHAT, ""),
    ],
)
def test_what_is_not_one_address_is_refused(channel: Channel, typed: str) -> None:
    with pytest.raises(Invalid, match="address"):
        clean_address(channel, typed)


def test_an_address_is_shown_only_to_whoever_knows_it() -> None:
    assert masked("li.fang@example.cn") == "l***@example.cn"
    assert masked("13812345678") == "138****78"
    assert masked("lifang") == "****"


def test_a_subject_has_one_line() -> None:
    assert one_line("一\r\n二\t三", 200) == "一 二 三"
    assert one_line("很长" * 200, 10) == "很长" * 5


def test_days_are_those_of_shanghai() -> None:
    # Sunday evening in London is Monday morning in Shanghai: the weekly digest is a week away.
    now = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    assert next_digest(now, Digest.DAILY).date() == date(2026, 3, 2)
    assert next_digest(now, Digest.WEEKLY).astimezone(SHANGHAI) == local(2, 8)
    assert next_digest(now + timedelta(hours=1), Digest.WEEKLY).astimezone(SHANGHAI) == local(9, 8)
