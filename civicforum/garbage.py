"""How often a process looks for garbage."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Look for garbage after many thousand new objects, not every few hundred.

    What is being loaded stays: looking through all of it again and again was a fifth of the time that a
    process took to start.
    """
    gc.set_threshold(50_000, 20, 50)
