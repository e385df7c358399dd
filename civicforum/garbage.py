"""How often a process looks for garbage."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Look for garbage after many thousand new objects, not every few hundred.

    What is being loaded stays, and so do the rows of a page until it is sent. To look through all of them
    again and again was a seventh of the time until the first page, and three quarters of that of a roll of
    60,000 names.
    """
    gc.set_threshold(50_000, 20, 50)
