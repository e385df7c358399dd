"""Screens that follow a meeting: who looks at what, and how a change reaches them (docs/adr/0013)."""

from __future__ import annotations

from .frames import Frame, Kind, Screen
from .hub import Hub, Place, Timings

__all__ = ["Frame", "Hub", "Kind", "Place", "Screen", "Timings"]
