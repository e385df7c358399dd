"""What a notice is about, and what it must not say."""

from __future__ import annotations

import re
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


# Eighteen digits, the last of which may be an X, with a date of birth in their middle.
_IDENTITY_NUMBER = re.compile(
    r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)


def has_identity_number(text: str) -> bool:
    """Tell whether a text shows an identity number (个人信息保护法 arts 6 and 28: names are enough)."""
    return _IDENTITY_NUMBER.search(re.sub(r"(?<=\d)[ \-](?=[\dXx])", "", text)) is not None
