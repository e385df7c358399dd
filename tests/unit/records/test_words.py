"""The journal's words: every action that any service writes can be said, and nothing else is."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from civicforum.config import ROOT
from civicforum.matters.rules import Act
from civicforum.records.words import ACTIONS, PAGES, SUBJECTS

FILES = sorted((ROOT / "civicforum").rglob("*.py"))


def test_every_action_that_is_written_has_words() -> None:
    assert written_actions() - set(ACTIONS) == set()


def test_no_words_are_kept_for_actions_that_nothing_writes() -> None:
    assert set(ACTIONS) - written_actions() == set()


def test_what_services_write_is_found_through_helpers_and_choices() -> None:
    assert {"matter.publish", "matter.second", "matter.agree", "matter.take_in"} <= written_actions()
    assert {"meeting.check_in", "poll.cast", "account.disable", "body.appoint"} <= written_actions()


def test_every_kind_of_subject_with_a_page_can_be_chosen_in_the_register() -> None:
    assert set(PAGES) <= set(SUBJECTS)


@cache
def written_actions() -> frozenset[str]:
    """Return what the source passes to record() as `action`, directly or through helpers."""
    found: set[str] = set()
    for path in FILES:
        for call in _calls(path, "record"):
            found.update(_texts(_argument(call, "action", []), path))
    return frozenset(found)


def _texts(node: ast.expr | None, path: Path) -> Iterator[str]:
    """Yield every text that an expression in this file can stand for."""
    match node:
        case None:
            return
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, path)
            yield from _texts(other, path)
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue(value=rest)]):
            yield from (prefix + text for text in _texts(rest, path))
        case ast.Subscript(slice=ast.Constant(value="act")):
            # The step of a matter: whatever act the rules know.
            yield from (act.value for act in Act)
        case ast.Name(id=name):
            yield from _given(name, node.lineno, path)
        case _:
            raise AssertionError(f"{path.name}, line {node.lineno}: what action is {ast.unparse(node)}?")


def _given(name: str, line: int, path: Path) -> Iterator[str]:
    """Yield what the function around `line` assigns to a name, or is called with for that parameter."""
    (helper,) = (
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)
    )
    for node in ast.walk(helper):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield from _texts(value, path)
    positional = [argument.arg for argument in helper.args.args + helper.args.kwonlyargs]
    if name not in positional:
        return
    for caller in [path] if helper.name.startswith("_") else FILES:
        for call in _calls(caller, helper.name):
            yield from _texts(_argument(call, name, positional), caller)


def _argument(call: ast.Call, name: str, positional: list[str]) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    place = positional.index(name) if name in positional else len(call.args)
    return call.args[place] if place < len(call.args) else None


def _calls(path: Path, name: str) -> list[ast.Call]:
    return _calls_by_name(path)[name]


@cache
def _calls_by_name(path: Path) -> defaultdict[str, list[ast.Call]]:
    found: defaultdict[str, list[ast.Call]] = defaultdict(list)
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found[node.func.id].append(node)
    return found


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
