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


class NoticeState(StrEnum):
    """Where a notice is: on the board, taken down before its time, or past its posting period."""

    POSTED = "posted"
    REMOVED = "removed"
    EXPIRED = "expired"


class DraftState(StrEnum):
    """Where a draft is on its way to the board (DOMAIN.md E4)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    OBJECTED = "objected"
    REVIEWED = "reviewed"
    MET = "met"
    POSTED = "posted"
    DROPPED = "dropped"


class Rhythm(StrEnum):
    """How often an item of the catalogue is due (DOMAIN.md E3)."""

    AD_HOC = "ad_hoc"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class ItemSource(StrEnum):
    """Why an item is in the catalogue: the law says so, the community does, or it was demanded."""

    LAW = "law"
    LOCAL = "local"
    DEMANDED = "demanded"


class QueryEntryKind(StrEnum):
    """What an entry in the thread of a query is."""

    QUESTION = "question"
    ANSWER = "answer"


class ComplaintGround(StrEnum):
    """What a complaint is about (art 35: late, or not true), or a query without an answer."""

    LATE = "late"
    FALSE = "false"
    UNANSWERED = "unanswered"


class ComplaintOutcome(StrEnum):
    """What the subdistrict office found."""

    ORDERED = "ordered"
    EXPLAINED = "explained"
    UNFOUNDED = "unfounded"


# Eighteen digits, the last of which may be an X, with a date of birth in their middle.
_IDENTITY_NUMBER = re.compile(
    r"(?<!\d)\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)


def has_identity_number(text: str) -> bool:
    """Tell whether a text shows an identity number (个人信息保护法 arts 6 and 28: names are enough)."""
    return _IDENTITY_NUMBER.search(re.sub(r"(?<=\d)[ \-](?=[\dXx])", "", text)) is not None
