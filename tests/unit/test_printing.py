"""Printing by a real Chromium where there is one, and by stand-ins that are slow, mute or absent."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from civicforum import keeping, printing
from civicforum.printing import NoPrinter, PrintFailed, PrintTooLong, find_chromium, print_once, print_pdf

HOSTILE = """<!DOCTYPE html>
<html lang="zh-Hans"><head><title>决议档案</title>
<style>@page { size: A4; @bottom-center { content: counter(page) "/" counter(pages); } }
.next { break-before: page; }</style></head>
<body><h1>居民代表大会决议</h1><p id="p"></p><img src="file://%s" alt="">
<script>document.getElementById("p").textContent = "SCRIPTRAN";</script>
<p class="next">第二页，长者、车、门、户、人、日、月、民</p></body></html>"""
PLAIN = "<!doctype html><html><head></head><body>x</body></html>"

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")


def stand_in(folder: Path, script: str) -> str:
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


@needs_chromium
def test_chinese_pages_are_printed_with_their_numbers_and_nothing_is_run_or_read(tmp_path: Path) -> None:
    picture = tmp_path / "secret.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50"><text y="20">SECRETFILE</text></svg>'
    )
    reader = PdfReader(io.BytesIO(print_pdf(HOSTILE % picture)))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 2
    assert "居民代表大会决议" in texts[0]
    assert "1/2" in texts[0]
    # Fonts have one glyph for these and for the radicals that look like them, which nobody searches for.
    assert "第二页，长者、车、门、户、人、日、月、民" in texts[1]
    assert not any("SCRIPTRAN" in text or "SECRETFILE" in text for text in texts)
    assert reader.metadata is not None
    assert reader.metadata.title == "决议档案"


def test_without_a_browser_nothing_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", str(tmp_path / "absent"))
    assert find_chromium() is None
    with pytest.raises(NoPrinter):
        print_pdf(PLAIN)


def test_a_browser_that_hangs_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", stand_in(tmp_path, f"sleep 60 & echo $! > {child}; sleep 60"))
    with pytest.raises(PrintTooLong, match="within"):
        print_pdf(PLAIN, timeout=0.5)
    assert is_gone(int(child.read_text()))


def test_a_browser_that_makes_no_pdf_has_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", stand_in(tmp_path, "echo broken"))
    with pytest.raises(PrintFailed, match="broken"):
        print_pdf(PLAIN)


def test_the_browser_is_told_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICFORUM_SECRET_KEY", "oursecret")
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", stand_in(tmp_path, "env"))
    with pytest.raises(PrintFailed) as refusal:
        print_pdf(PLAIN)
    assert "HOME=" in str(refusal.value)
    assert "oursecret" not in str(refusal.value)


def test_no_more_browsers_than_turns_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "find_chromium", lambda: Path("/nowhere"))
    for _ in range(printing.MOST_AT_ONCE):
        assert printing._turns.acquire(blocking=False)
    try:
        with pytest.raises(PrintFailed, match="too many"):
            print_pdf(PLAIN, wait=0.01)
    finally:
        for _ in range(printing.MOST_AT_ONCE):
            printing._turns.release()


def test_a_page_that_would_come_before_the_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="begins"):
        print_pdf("<script>1</script>" + PLAIN)


def test_the_same_content_is_printed_once_and_old_ones_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed: list[str] = []

    def note(html: str, *, timeout: float, wait: float) -> bytes:
        printed.append(html)
        return b"%PDF-" + html.encode()

    monkeypatch.setattr(printing, "print_pdf", note)
    monkeypatch.setattr(keeping, "MOST_BYTES", 2 * len(b"%PDF-a"))
    for key in ("a", "b", "a", "c", "a"):
        assert print_once(lambda key=key: key, key=key, folder=tmp_path) == b"%PDF-" + key.encode()  # type: ignore[misc]
        time.sleep(0.01)
    assert printed == ["a", "b", "c"]
    assert len(list(tmp_path.iterdir())) == 2


def is_gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{process}/stat")
        if status.exists() and status.read_text().split()[2] == "Z":
            return True
        time.sleep(0.02)
    return False
