"""How numbers and articles of a law are named: 二十九, 第二十九条 and art 29."""

from collections.abc import Sequence

_DIGITS = "零一二三四五六七八九"
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))


def article_zh(number: int) -> str:
    """Name one article, 1 to 9999, the way Chinese statutes print it."""
    return f"第{numeral(number)}条"


def articles_zh(numbers: Sequence[int]) -> str:
    """Name several articles, as in 第八条、第三十六条; empty for none."""
    return "、".join(article_zh(number) for number in numbers)


def articles_en(numbers: Sequence[int]) -> str:
    """Name several articles, as in "art 29" or "arts 8, 36"; empty for none."""
    if not numbers:
        return ""
    return ("art " if len(numbers) == 1 else "arts ") + ", ".join(str(number) for number in numbers)


def numeral(number: int) -> str:
    """Write a number, 1 to 9999, the way Chinese statutes do. Raises ValueError for any other."""
    if not 1 <= number <= 9999:
        raise ValueError(f"no such article: {number}")
    words, rest, gap = "", number, False
    for size, place in _PLACES:
        digit, rest = divmod(rest, size)
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + place
            gap = False
        else:
            gap = True
    if rest:
        words += ("零" if gap and words else "") + _DIGITS[rest]
    # 11 to 19 are said 十一, not 一十一.
    return words[1:] if 10 <= number <= 19 else words
