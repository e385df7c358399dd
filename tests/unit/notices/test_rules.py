"""What a notice must not say."""

from __future__ import annotations

import pytest

from civicforum.notices.rules import has_identity_number


@pytest.mark.parametrize(
    "text",
    [
        "低保户张某 11010119900307765X",
        "证件号：110101199003077651。",
        "110101 19900307 7651",
        "110101-19900307-765x",
    ],
)
def test_identity_number_is_found(text: str) -> None:
    assert has_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "联系电话 010-62345678",
        "本季度收入 123456789012345678 分",
        "订单号 11010119900307765123",
        "2026年3月2日至3月17日公布",
        "张秀英、李建国",
    ],
)
def test_other_numbers_and_names_are_not(text: str) -> None:
    assert not has_identity_number(text)
