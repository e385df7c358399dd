"""The terminal a command runs in."""

from __future__ import annotations

import os


def terminal_language() -> str:
    """Return "zh_Hans" where the terminal speaks Chinese, else "en"."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh_Hans" if spoken.startswith("zh") else "en"
