"""Every kind of open data there is, in the order of the document."""

from __future__ import annotations

from typing import Any

from civicforum.api.kinds.journal import JOURNAL
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.kinds.matter import MATTER
from civicforum.api.kinds.matters import COMMENTS, FINDINGS, MATTERS, QUERIES, TASKS
from civicforum.api.kinds.notices import NOTICE, NOTICES

KINDS: tuple[Kind[Any, Any], ...] = (MATTERS, COMMENTS, TASKS, FINDINGS, QUERIES, NOTICES, JOURNAL)
ONES: tuple[One[Any], ...] = (MATTER, NOTICE)

__all__ = ["KINDS", "ONES", "Kind", "One", "Scope"]
