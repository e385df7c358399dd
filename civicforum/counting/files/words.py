"""The words of our own csv, and the Chinese words that mean the same."""

from __future__ import annotations

_SAME = {
    "类型": "kind",
    "标题": "title",
    "席位": "seats",
    "等级": "scale",
    "退出": "withdrawn",
    "票数": "count",
    "选票": "ballot",
    "排序": "ranking",
    "认可": "approval",
    "表决": "choices",
    "评议": "grades",
    "赞成": "for",
    "反对": "against",
    "弃权": "abstain",
    "废票": "spoiled",
    "是": "yes",
    "否": "no",
    **dict.fromkeys(("x", "1", "√", "✓", "✔", "○"), "yes"),
    "0": "no",
}


def word(cell: str) -> str:
    """Return the English word in small letters for a cell of a heading or a mark."""
    lowered = cell.lower()
    return _SAME.get(lowered, lowered)
