"""Regular expressions meet texts of strangers: none may take longer than its text grows (ReDoS)."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from civicforum.config import ROOT

# The first is enough for what doubles with each sign, the second for cubes, the third for squares.
LENGTHS = (24, 400, 8_000)
# What is linear costs a hundredth of this.
MOST_SECONDS = 0.15
FUNCTIONS = {
    f"re.{name}"
    for name in ("compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub")
}
IN_CATEGORY = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "x",
    codes.CATEGORY_NOT_SPACE: "x",
    codes.CATEGORY_NOT_WORD: "-",
}
Pattern = re.Pattern[Any]
# An expression, and by which of its methods it is asked.
Use = tuple[Pattern, set[str]]


def expressions() -> dict[str, Use]:
    """Return every expression that is written in the code, by file and line."""
    found = {}
    for path in sorted((ROOT / "civicforum").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            id(one.value): ast.unparse(one.targets[0])
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in FUNCTIONS and node.args:
                own, function = names.get(id(node), ""), ast.unparse(node.func).removeprefix("re.")
                if isinstance(node.args[0], ast.Constant):
                    pattern = re.compile(node.args[0].value)
                elif hasattr(import_module(name), own):
                    # One put together from pieces is taken from the module.
                    pattern = getattr(import_module(name), own)
                else:
                    # Made of what somebody looks for, escaped.
                    continue
                asked = {function} if function != "compile" else methods_of(tree, own)
                found[f"{name}:{node.lineno}"] = (pattern, asked)
    return found


def methods_of(tree: ast.AST, name: str) -> set[str]:
    """Return by which methods a module asks an expression; every one where that is not seen."""
    asked = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if ast.unparse(node.func.value) == name and f"re.{node.func.attr}" in FUNCTIONS
    }
    return asked or {"search"}


def signs_of(parsed: Any) -> Iterator[str]:
    """Yield a sign for each part of an expression that takes one."""
    for code, value in parsed:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value) if code is codes.LITERAL else "x"
        elif code is codes.ANY:
            yield "x"
        elif code is codes.CATEGORY:
            yield IN_CATEGORY.get(value, "x")
        elif code is codes.RANGE:
            yield chr(value[0])
        elif code is codes.IN:
            yield from list(signs_of(one for one in value if one[0] is not codes.NEGATE))[:3]
        else:
            yield from (sign for inner in inner_of(value) for sign in signs_of(inner))


def inner_of(value: Any) -> Iterator[Any]:
    """Yield the expressions within a part, such as what is repeated, or the branches of a choice."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from inner_of(one)


def hostile(pattern: Pattern) -> Iterator[Callable[[int], str]]:
    """Yield texts by length: what the expression takes again and again, and at the end what it does not."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    signs = [*list(dict.fromkeys(signs_of(parser.parse(text))))[:5], "0", " "]
    units = dict.fromkeys("".join(pair) for pair in product(signs, repeat=2))
    for unit in units:
        # One sign again and again may need another to begin with.
        for before in ["", *(sign for sign in signs if sign not in unit)] if unit[0] == unit[1] else [""]:
            yield lambda length, text=(before, unit): text[0] + (text[1] * length)[:length] + "\x01"  # type: ignore[misc]


def seconds(pattern: Pattern, asked: set[str], text: str) -> float:
    given: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    began = time.thread_time()
    if asked & {"match"}:
        pattern.match(given)
    if asked & {"fullmatch"}:
        pattern.fullmatch(given)
    if asked - {"match", "fullmatch"}:
        # All others look for it from every place on.
        pattern.findall(given)
    return time.thread_time() - began


@pytest.mark.parametrize("where", expressions())
def test_no_expression_takes_longer_than_its_text_grows(where: str) -> None:
    pattern, asked = expressions_by_place[where]
    for text_of in hostile(pattern):
        for length in LENGTHS:
            spent = seconds(pattern, asked, text_of(length))
            assert spent < MOST_SECONDS, f"{text_of(8)!r} of {length} signs: {spent:.2f} s"


def test_an_expression_that_explodes_is_noticed() -> None:
    slow = re.compile(r"(\d+,?)+x")
    assert any(seconds(slow, {"search"}, text_of(20)) > MOST_SECONDS for text_of in hostile(slow))


expressions_by_place = expressions()
