"""Every kind of open data there is, in the order of the document."""

from __future__ import annotations

from typing import Any

from civicforum.api.kinds.appraisals import APPRAISAL, APPRAISALS
from civicforum.api.kinds.disclosure import DUES, ITEMS, NOTICE_QUERIES
from civicforum.api.kinds.elections import ELECTION, ELECTIONS
from civicforum.api.kinds.journal import JOURNAL
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.kinds.matter import MATTER
from civicforum.api.kinds.matters import COMMENTS, FINDINGS, MATTERS, QUERIES, TASKS
from civicforum.api.kinds.meetings import MEETING, MEETINGS
from civicforum.api.kinds.notices import NOTICE, NOTICES
from civicforum.api.kinds.places import BODIES, DEPARTMENTS, RATINGS
from civicforum.api.kinds.plain import HEAD, RULES, Plain, write_communities
from civicforum.api.kinds.poll import POLL
from civicforum.api.kinds.polls import POLLS

KINDS: tuple[Kind[Any, Any], ...] = (
    MATTERS,
    COMMENTS,
    TASKS,
    FINDINGS,
    QUERIES,
    MEETINGS,
    POLLS,
    ELECTIONS,
    APPRAISALS,
    NOTICES,
    NOTICE_QUERIES,
    ITEMS,
    DUES,
    BODIES,
    DEPARTMENTS,
    RATINGS,
    JOURNAL,
)
ONES: tuple[One[Any], ...] = (MATTER, MEETING, POLL, ELECTION, APPRAISAL, NOTICE)
PLAIN: tuple[Plain[Any], ...] = (RULES, HEAD)

__all__ = ["KINDS", "ONES", "PLAIN", "Kind", "One", "Plain", "Scope", "write_communities"]
