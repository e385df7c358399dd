"""Personal numbers in a text: identity, telephone and bank card numbers, and where they stand.

A notice shows names and nothing more (个人信息保护法 arts 6, 25 and 28). A number counts however it is
written: in full-width digits, in groups, with blanks that cannot be seen. Where a number alone cannot tell,
such as a fixed line without its area code, only one that is named as such in front of it counts.

The text is read once from left to right, so that a hostile one costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_SEPARATORS = " \t\u00a0\u2007\u2009\u200b\u200c\u200d\u202f\u2060\u3000\ufeff\\-\u2010-\u2015\u2212)"
_RUN = re.compile(rf"[0-9]+[Xx]?(?:[{_SEPARATORS}]{{1,3}}[0-9]+[Xx]?)*")
_GROUP = re.compile(r"[0-9]+[Xx]?")
# One character for one, so that a place in the plain text is the same place in what was written.
_PLAIN = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    ord(wide): narrow for wide, narrow in zip("ＸｘＭ＋－（）：", "XxM+-():", strict=True)
}
_LONGEST = 19
# What a number of so many digits has to begin with to be looked at: most rows of figures end here.
_STARTS = (
    dict.fromkeys((7, 8), "2345678")
    | dict.fromkeys((10, 11, 12), "01")
    | {13: "8", 15: "123456789", 18: "123456789"}
    | dict.fromkeys((16, 17, 19), "234569")
)
_BEFORE = 16

_IDENTITY_WORDS = re.compile(r"身份证|身份号码|证件号|证号|(?i:\bID\b)")
_PHONE_WORDS = re.compile(r"电话|座机|手机|联系方式|致电|号码|(?i:\btel|phone)")
_CARD_WORDS = re.compile(r"卡号|银行卡|储蓄卡|账号|帐号|账户|帐户|(?i:\bcard|account)")

# The first two digits of an identity number: the provinces (GB/T 2260), and residents from outside them.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
# GB 11643-1999: the weight of each of the seventeen digits, and the sign for each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# Area codes: three digits for the largest cities, four elsewhere.
_FIXED = re.compile(r"(?:010|02[0-9])[0-9]{8}|0[3-9][0-9]{2}[0-9]{7,8}")
# How people write a mobile number in groups; other groups of eleven digits are sums or days.
_MOBILE_GROUPS = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (3, 3, 5), (4, 3, 4), (5, 6), (3, 3, 3, 2), (1,) * 11,
}  # fmt: skip
_LOCAL_GROUPS = {(7,), (8,), (3, 4), (4, 4), (4, 3)}
# What bank cards begin with: China UnionPay, and cards of two brands from before it.
_CARD_START = re.compile(r"62|4|5[1-5]|2[2-7]|3[5-7]|60|9")


class Kind(StrEnum):
    """What a number found in a text is."""

    IDENTITY = "identity"
    PHONE = "phone"
    CARD = "card"


@dataclass(frozen=True)
class Found:
    """A number in a text: `text[start:end]`."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """A number as a page shows it to its author: the line, counted from 1, and what stands around it.

    Of the number itself only its two ends are shown.
    """

    kind: Kind
    line: int
    before: str
    shown: str
    after: str


def find(text: str, *, office_phones: Set[str] = frozenset()) -> list[Found]:
    """Return the personal numbers of a text in order; none overlaps another.

    Args:
        office_phones: telephone numbers that are public, as digits alone (`digits_of`). Hotlines such as
            12345, 95598 and 400-… are no person's and are never found.
    """
    plain = text.translate(_PLAIN)
    found: list[Found] = []
    for run in _RUN.finditer(plain):
        groups = [(run.start() + one.start(), one.group()) for one in _GROUP.finditer(run.group())]
        found.extend(_find_in_run(plain, groups, office_phones))
    return found


def has_identity_number(text: str) -> bool:
    """Tell whether a text shows an identity number (个人信息保护法 arts 6 and 28: names are enough)."""
    return any(found.kind is Kind.IDENTITY for found in find(text))


def digits_of(phone: str) -> str:
    """Return the digits of a telephone number, without those of the country."""
    digits = re.sub(r"[^0-9]", "", phone.translate(_PLAIN))
    return digits[2:] if digits.startswith("86") and len(digits) > 11 else digits


def places_of(text: str, found: Sequence[Found]) -> list[Place]:
    """Return where the numbers found in a text stand, in words for its author; none shows another one."""
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found[1:]), len(text)]
    return [_place(text, one, ends[place], starts[place]) for place, one in enumerate(found)]


def _place(text: str, found: Found, earliest: int, latest: int) -> Place:
    first = max(earliest, text.rfind("\n", 0, found.start) + 1, found.start - _BEFORE)
    line_end = text.find("\n", found.end)
    last = min(latest, found.end + _BEFORE, line_end if line_end >= 0 else len(text))
    return Place(
        kind=found.kind,
        line=text.count("\n", 0, found.start) + 1,
        before=text[first : found.start],
        shown=_mask(text[found.start : found.end]),
        after=text[found.end : last],
    )


def _mask(number: str) -> str:
    """Return the first and last characters of a number, with the rest hidden."""
    ends = 4 if len(number) > 12 else 3
    return number[:ends] + "*" * (len(number) - 2 * ends) + number[-ends:]


def _find_in_run(plain: str, groups: list[tuple[int, str]], office_phones: Set[str]) -> Iterator[Found]:
    """Yield the numbers made of whole groups that follow one another, the longest at each place."""
    first = 0
    while first < len(groups):
        taken = 0
        for last in _ends_of(groups, first):
            chosen = groups[first : last + 1]
            start, end = chosen[0][0], chosen[-1][0] + len(chosen[-1][1])
            kind = _kind_of([one for _, one in chosen], plain[max(0, start - _BEFORE) : start])
            if kind is None:
                continue
            taken = last + 1 - first
            if kind is not Kind.PHONE or not _is_office(plain[start:end], office_phones):
                yield Found(kind, start, end)
            break
        first += taken or 1


def _ends_of(groups: list[tuple[int, str]], first: int) -> list[int]:
    """Return the last groups with which a number may end, the longest number first."""
    ends, length = [], 0
    for last in range(first, len(groups)):
        length += len(groups[last][1])
        if length > _LONGEST:
            break
        if groups[first][1][0] in _STARTS.get(length, ""):
            ends.append(last)
    return ends[::-1]


def _is_office(number: str, office_phones: Set[str]) -> bool:
    """Tell whether a number is one of the register's, with its area code or without."""
    digits = digits_of(number)
    return digits in office_phones or any(phone.endswith(digits) for phone in office_phones)


def _kind_of(groups: list[str], before: str) -> Kind | None:
    number = "".join(groups)
    if _is_identity(number, before):
        return Kind.IDENTITY
    if not number.isdigit():
        return None
    if _is_card(groups, number, before):
        return Kind.CARD
    return Kind.PHONE if _is_phone(groups, number, before) else None


def _is_identity(number: str, before: str) -> bool:
    """Tell whether digits are an identity number of eighteen signs, or one of fifteen from before 1999.

    One whose last sign does not fit may be a contract's, which carries a day of this century as well. It
    counts where it can be nothing else: born before, ending in X, or named as one.
    """
    if len(number) not in (15, 18) or not _PROVINCES.match(number) or not number[:17].isdigit():
        return False
    if len(number) == 15:
        return _is_day(f"19{number[6:12]}")
    return _is_day(number[6:14]) and (
        number[17].upper() in ("X", _sign(number))
        or number[6:8] == "19"
        or _IDENTITY_WORDS.search(before) is not None
    )


def _sign(number: str) -> str:
    return _SIGNS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def _is_day(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year in range(1850, 2100)
    except ValueError:
        return False


def _is_card(groups: list[str], number: str, before: str) -> bool:
    """Tell whether 16 to 19 digits are a bank card's: its beginning, and its last digit (ISO/IEC 7812-1).

    Written in groups, digits may as well be a row of figures: then the beginning is China UnionPay's, or
    words in front say what it is.
    """
    if len(number) not in range(16, _LONGEST + 1) or not _CARD_START.match(number) or not _luhn(number):
        return False
    return len(groups) == 1 or number.startswith("62") or _CARD_WORDS.search(before) is not None


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_phone(groups: list[str], number: str, before: str) -> bool:
    """Tell whether digits are a mobile number, a fixed one with its area code, or one named as such."""
    lengths = tuple(len(group) for group in groups)
    if groups[0] == "86" or lengths == (13,):
        return number.startswith("86") and _is_phone_here(number[2:], lengths[1:] or (11,))
    if _is_phone_here(number, lengths):
        return True
    return lengths in _LOCAL_GROUPS and number[0] in "2345678" and _PHONE_WORDS.search(before) is not None


def _is_phone_here(number: str, lengths: tuple[int, ...]) -> bool:
    if _MOBILE.fullmatch(number):
        return lengths in _MOBILE_GROUPS
    is_grouped = lengths[0] in (3, 4) and lengths[1:] in _LOCAL_GROUPS
    return _FIXED.fullmatch(number) is not None and (len(lengths) == 1 or is_grouped)
