"""What holds for every template: the content policy's terms, and no macro imported for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)|javascript:|hx-on|hx-vals=.js:")
POLICY_OF_A_FILE = "default-src 'none'; style-src 'unsafe-inline'"
# Printed by the server, which gives the page its policy; a browser gets it with the style sheet as a file.
PRINTED = {"notices/sheet.html"}
IMPORT = re.compile(r"{%-?\s*from\s+\S+\s+import\s+(.*?)-?%}", re.DOTALL)

every_template = pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)


@every_template
def test_scripts_and_styles_are_files_of_ours(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    # A file that people keep for itself has one style sheet inside, and a policy that lets no script run.
    is_whole = POLICY_OF_A_FILE in source or template.relative_to(TEMPLATES).as_posix() in PRINTED
    allowed = ["<style"] if is_whole else []
    assert INLINE.findall(source) == allowed


@every_template
def test_every_imported_macro_is_used(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    imported = [name for names in IMPORT.findall(source) for name in re.split(r"\s*,\s*", names.strip())]
    rest = IMPORT.sub("", source)
    used = [name.split(" as ")[-1].removesuffix(" with context").strip() for name in imported]
    assert [name for name in used if not re.search(rf"\b{re.escape(name)}\b", rest)] == []
