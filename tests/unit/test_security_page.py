"""docs/security.md says what stands against whom, and which test shows it: each of them there is."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from civicforum.config import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = re.findall(r"`(tests/[a-z0-9_/]+\.py)::(test_\w+)`", PAGE)
FILES = set(re.findall(r"`((?:civicforum|tests|tools)/[a-z0-9_./]+)`", PAGE))


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_every_test_that_the_page_names_there_is(path: str, name: str) -> None:
    assert name in named_in(path)


def test_every_place_that_the_page_names_there_is() -> None:
    assert len(TESTS) > 50
    assert sorted(name for name in FILES if not (ROOT / name).exists()) == []


def test_every_threat_in_a_table_has_its_test() -> None:
    threats = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count(" | ") == 3]
    named = [line for line in threats if not line.startswith("| Attack |")]
    assert len(named) > 35
    assert [line for line in named if "::test_" not in line] == []
