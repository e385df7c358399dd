"""Pages as PDF, printed by a Chromium of the machine.

The browser gets one page that carries all it needs. It runs in a folder of its own that is thrown away,
reaches no network and no file, and runs no script: whatever somebody wrote, printing it does nothing else.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from pypdf.errors import PyPdfError

from civicforum.config import ROOT, chromium
from civicforum.errors import CivicForumError
from civicforum.keeping import keep_once
from civicforum.pdf_words import as_written

CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# At once in one process, and how long one waits for its turn: a browser takes 150 MB and half a second. A
# visitor waits less, for whoever waits keeps one of the web server's few threads.
MOST_AT_ONCE = 2
LONGEST_WAIT = 20.0
VISITORS_WAIT = 4.0
LARGEST_PAGE = 32 * 1024 * 1024
# Nothing is fetched and nothing is run; what a page shows, it carries.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'"
_BEGINNING = re.compile(r"\A\s*<!doctype html>\s*<html[^>]*>\s*<head>", re.IGNORECASE)
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    # No name resolves, and every address, this machine's among them, lies behind a proxy that is not there.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


class NoPrinter(CivicForumError):
    """No Chromium is installed here; the visitor's own browser prints the page."""


class PrintFailed(CivicForumError):
    """Chromium made no PDF, or too many wait for it."""


class PrintTooLong(PrintFailed):
    """The page is too large, or takes longer to print than it is given: it would be so the next time, too."""


def find_chromium() -> Path | None:
    """Return the browser that prints, or None; CIVICFORUM_CHROMIUM names another, or none by a wrong name."""
    chosen = chromium()
    names = (chosen,) if chosen else CHROMIUMS
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else None


@cache
def styles() -> str:
    """Return the styles of the site, to be put into a page that is printed."""
    return (ROOT / "civicforum" / "static" / "dist" / "app.css").read_text(encoding="utf-8")


def print_pdf(html: str, *, timeout: float = 60.0, wait: float = LONGEST_WAIT) -> bytes:
    """Return an HTML page as PDF; sizes, margins and page numbers are those of its own `@page` rules.

    `html` begins with its doctype, <html> and <head>, and carries its styles and pictures (data: addresses).
    `timeout` is in seconds, and so is `wait`, for which a turn is waited for before it begins.

    Raises NoPrinter, PrintFailed, PrintTooLong; ValueError for a page that begins otherwise.
    """
    page = _locked_in(html)
    browser = find_chromium()
    if browser is None:
        raise NoPrinter
    if len(page) > LARGEST_PAGE:
        raise PrintTooLong(f"the page has {len(page)} bytes")
    if not _turns.acquire(timeout=wait):
        raise PrintFailed("too many pages are being printed")
    try:
        with tempfile.TemporaryDirectory(prefix="civicforum-print-", ignore_cleanup_errors=True) as folder:
            return _print(browser, page, folder=Path(folder), timeout=timeout)
    finally:
        _turns.release()


def print_once(make_html: Callable[[], str], *, key: str, folder: Path, timeout: float = 30.0) -> bytes:
    """Return a page as PDF, printed the first time and kept in `folder` from then on.

    `key` names the content: a hash of what the page says, so that another text is another key.
    Raises what `print_pdf` raises.
    """
    return keep_once(
        lambda: print_pdf(make_html(), timeout=timeout, wait=VISITORS_WAIT),
        key=key,
        folder=folder,
        suffix=".pdf",
    )


def _locked_in(html: str) -> bytes:
    """Return the page with its policy as the first thing in its head, before anything it could say itself."""
    beginning = _BEGINNING.match(html)
    if beginning is None:
        raise ValueError("a page to print begins with doctype, html and head")
    meta = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return (html[: beginning.end()] + meta + html[beginning.end() :]).encode()


def _print(browser: Path, page: bytes, *, folder: Path, timeout: float) -> bytes:
    source, target, said = folder / "page.html", folder / "page.pdf", folder / "said"
    source.write_bytes(page)
    # As root, as in a container, Chromium starts only without its sandbox.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [str(browser), *_FLAGS, *sandbox, f"--user-data-dir={folder / 'profile'}"]
    with said.open("wb") as words:
        process = subprocess.Popen(  # noqa: S603 -- the program is the operator's, the arguments are ours
            [*command, f"--print-to-pdf={target}", source.as_uri()],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise PrintTooLong(f"no PDF within {timeout:g} seconds") from error
        finally:
            _end(process)
    content = target.read_bytes() if target.exists() else b""
    try:
        return as_written(content)
    except PyPdfError as error:
        raise PrintFailed(said.read_text(errors="replace")[-500:]) from error


def _environment(folder: Path) -> dict[str, str]:
    """Return what the browser is told of this machine: none of our secrets, and a home for this page."""
    path = os.environ.get("PATH", os.defpath)
    return {
        "PATH": path,
        "LANG": "C.UTF-8",
        "TZ": "Asia/Shanghai",
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser and the processes it started, which share its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
