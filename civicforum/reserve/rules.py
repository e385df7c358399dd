"""Selecting reserve cadres in stages, once a year (DOMAIN.md rows 1-26 and 1-27)."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """组织推荐, 民主测评, 公开考试, 严格考察, in this order, and then the choice."""

    RECOMMENDATION = "recommendation"
    APPRAISAL = "appraisal"
    EXAM = "exam"
    INSPECTION = "inspection"
    CHOICE = "choice"


class SelectionState(StrEnum):
    DRAFT = "draft"
    POSTED = "posted"
    DECIDED = "decided"
    VOID = "void"
