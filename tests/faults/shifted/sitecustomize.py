"""Put into PYTHONPATH, this has `civicforum` read a clock that is wrong by as much as a file says.

The file is named by CIVICFORUM_FAULT_CLOCK and holds seconds. It is read at each look at the clock, so that
it can jump while a process runs. What waits (time.monotonic) and what PostgreSQL says stay right, as on a
machine whose clock is wrong beside one whose clock is not.
"""

from __future__ import annotations

import datetime as real
import importlib.abc
import importlib.machinery
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

RIGHT = time.time
RightDatetime = real.datetime


def shift() -> float:
    try:
        return float(Path(os.environ["CIVICFORUM_FAULT_CLOCK"]).read_text() or 0)
    except (OSError, KeyError, ValueError):
        return 0.0


class _Meta(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, RightDatetime)

    def __getattr__(cls, name: str) -> Any:
        return getattr(RightDatetime, name)

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return RightDatetime(*args, **named)


class WrongDatetime(metaclass=_Meta):
    """The class datetime, but for `now`."""

    @staticmethod
    def now(tz: real.tzinfo | None = None) -> RightDatetime:
        return RightDatetime.now(tz) + real.timedelta(seconds=shift())


class _Finder(importlib.abc.MetaPathFinder):
    """Gives the modules of civicforum the wrong clock once they are loaded; their types stay as they were."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != "civicforum":
            return None
        others = [finder for finder in sys.meta_path if finder is not self]
        found = next((spec for one in others if (spec := one.find_spec(name, path, target))), None)
        if found is not None and found.loader is not None and hasattr(found.loader, "exec_module"):
            _put_right_after(found.loader)
        return found


def _put_right_after(loader: Any) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        execute(module)
        if module.__dict__.get("datetime") is RightDatetime:
            module.__dict__["datetime"] = WrongDatetime

    loader.exec_module = exec_module


if "CIVICFORUM_FAULT_CLOCK" in os.environ:
    sys.meta_path.insert(0, _Finder())
    time.time = lambda: RIGHT() + shift()
