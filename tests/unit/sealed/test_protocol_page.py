"""docs/sealed-protocol.md says what the code does."""

from __future__ import annotations

import re

from civicforum.config import ROOT
from civicforum.sealed import Check
from civicforum.sealed.board import ACCEPTED

PAGE = (ROOT / "docs" / "sealed-protocol.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "civicforum" / "sealed").glob("*.py"))


def test_every_check_is_listed_under_its_number() -> None:
    section = PAGE.split("## 12. ")[1].split("## 13. ")[0]
    listed = re.findall(r"(?m)^\| (\d+) \| (.*?) \| (.*?) \|$", section)
    said = [(str(check.value), check.title, ", ".join(check.lines) or "the archive") for check in Check]
    assert listed == said


def test_every_tag_is_listed() -> None:
    tags = set(re.findall(r'(?:h64|h32|hash_to_scalar|prove)\(\s*"([a-z0-9-]+)"', CODE))
    tags |= set(re.findall(r'Check\.\w+, "([a-z-]+)", ', CODE))
    missing = {tag for tag in tags if f"`{tag}`" not in PAGE and f'"{tag}"' not in PAGE}
    # "k" and "s" only make the keys of the self-test.
    assert missing - {"k", "s"} == set()
    assert len(tags) > 25


def test_every_type_of_line_is_listed_in_its_phases() -> None:
    section = PAGE.split("## 4. ")[1].split("## 5. ")[0]
    rows = re.findall(r"(?m)^\| \d (\w+) \| (.*?) \|", section)
    listed = {phase: set(re.findall(r"`(\w+)`", kinds)) for phase, kinds in rows}
    assert listed == {str(phase): set(kinds) for phase, kinds in ACCEPTED.items()}
