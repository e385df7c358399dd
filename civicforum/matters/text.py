"""The words of a matter, for searching and for finding matters that are alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from fractions import Fraction

import rjieba

TOKEN_LENGTH = 40
MOST_TOKENS = 400
# Alike enough to be shown to somebody who raises a matter.
ALIKE = Fraction(1, 6)

_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['’-][^\W_\u3400-\u9fff]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_STOP_WORDS = """
    我们 你们 他们 她们 它们 大家 咱们 自己 这个 那个 这些 那些 这里 那里 这样 那样 什么 怎么 怎样 为什么
    一个 一些 一下 一直 一定 一样 没有 不是 不能 不会 不要 可以 可能 应该 需要 希望 建议 请求 要求 问题 情况
    现在 目前 已经 还是 或者 以及 并且 而且 但是 因为 所以 如果 由于 对于 关于 进行 其他 有些 许多 很多 非常
    比较 时候 之后 之前 以后 以前 能够 能否 是否 就是 也是 都是 还有 只有 作为 通过 根据 社区 小区 居民 居委会
    the and for with that this from are was were has have had not but our your their its into than then there
    which who what when where will would should could can may about some any all more most other such only
    very de la el los las un una que en por para con del es se no
"""
_STOP = frozenset(_STOP_WORDS.split())


def tokens(*texts: str) -> list[str]:
    """Return the words of the texts, each once, in order: Chinese by a dictionary, the rest in lower case.

    Of a Chinese run every dictionary word in it is taken, also where they overlap: so 路灯 is found in
    东门路灯, and what is searched for gives no word that the text it stands in did not give. Single
    characters and words that say nothing of the subject are left out.
    """
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUNS.findall(text):
            words = rjieba.cut_all(run) if _CHINESE.match(run) else [run.lower()]
            found.update(
                dict.fromkeys(word[:TOKEN_LENGTH] for word in words if len(word) > 1 and word not in _STOP)
            )
    return list(found)[:MOST_TOKENS]


def weight(frequency: int, total: int) -> int:
    """Return how much a word counts that is in `frequency` of `total` matters: 1 for one that is in all.

    The whole part of the binary logarithm of its rarity, plus one, so that sums are exact.
    """
    return ((total + 1) // (min(frequency, total) + 1)).bit_length()


def similarity(first: Iterable[str], second: Iterable[str], weights: Mapping[str, int]) -> Fraction:
    """Return the weighted Jaccard index of two sets of words, 0 to 1; a word without a weight counts 1."""
    one, other = set(first), set(second)
    whole = _weigh(one | other, weights)
    return Fraction(_weigh(one & other, weights), whole) if whole else Fraction(0)


def _weigh(words: Set[str], weights: Mapping[str, int]) -> int:
    return sum(weights.get(word, 1) for word in words)
