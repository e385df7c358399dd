"""The page that checks archives speaks of the same numbered checks as the server."""

from __future__ import annotations

import json
import re

from civicforum.config import ROOT
from civicforum.sealed import Check

FRONTEND = ROOT / "frontend" / "src"
WORDS = json.loads((FRONTEND / "verify" / "checks.json").read_text(encoding="utf-8"))


def test_every_check_has_its_title_in_both_languages() -> None:
    assert {int(number): words["en"] for number, words in WORDS.items()} == {
        check.value: check.title for check in Check
    }
    for words in WORDS.values():
        assert re.search("[\u4e00-\u9fff]", words["zh"])


def test_every_check_has_its_number_and_its_type_of_line() -> None:
    source = (FRONTEND / "sealed" / "checks.js").read_text(encoding="utf-8")
    assert dict(re.findall(r"^  ([A-Z_]+): (\d+),$", source, re.MULTILINE)) == {
        check.name: str(check.value) for check in Check
    }
    ranges = re.findall(r'\["(\w+)", (\d+), (\d+)\],', source)
    looked_at = {number: kind for kind, first, last in ranges for number in range(int(first), int(last) + 1)}
    assert looked_at == {check.value: check.lines[0] for check in Check if check.lines not in ((), ("any",))}
