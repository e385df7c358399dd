"""Several people who press a button at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from civicforum.errors import CivicForumError


def ends_in_order(app: Flask, acts: Sequence[Callable[[], object]]) -> list[str]:
    """Run the acts in threads that start together; return "done" or the name of the refusal of each."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        with app.app_context():
            start.wait()
            try:
                act()
            except CivicForumError as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[str]:
    """Run the acts in threads that start together; return how they ended, sorted: nobody is the first."""
    return sorted(ends_in_order(app, acts))


def numbered(number: int, act: Callable[[int], object]) -> list[Callable[[], object]]:
    """Return an act so many times, each with its own number from 0."""
    return [lambda index=index: act(index) for index in range(number)]  # type: ignore[misc]
