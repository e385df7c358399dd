"""What a notice is about."""

from __future__ import annotations

from enum import StrEnum


class NoticeCategory(StrEnum):
    """The seven categories of article 34."""

    ASSEMBLY_DECISIONS = "assembly_decisions"
    MONEY_AND_DONATIONS = "money_and_donations"
    FACILITIES = "facilities"
    SERVICE_PROJECTS = "service_projects"
    DELIBERATION = "deliberation"
    HELP_TO_GOVERNMENT = "help_to_government"
    COMMON_CONCERN = "common_concern"
