"""The items of article 34 with which every community's catalogue begins (DOMAIN.md E1, row 1-18)."""

from __future__ import annotations

from dataclasses import dataclass

from civicforum.bodies.rules import BodyKind
from civicforum.notices.calendar import MONTHS, rhythm_of
from civicforum.notices.rules import NoticeCategory, Rhythm
from civicforum.rulebook import Rulebook

ORDINARY, FINANCE = "disclosure.ordinary", "disclosure.finance"
APPRAISAL, LOW_INCOME = "disclosure.appraisal", "disclosure.low_income"
AD_HOC = "disclosure.ad_hoc"


@dataclass(frozen=True)
class StandardItem:
    """An item of the law.

    Attributes:
        rule: the clock that says how often, or AD_HOC for what is posted whenever it comes about.
        articles: of the Organic Law, that ask for it.
        posted_for: kinds of subject whose notices other features post, which answer the item as well.
    """

    code: str
    category: NoticeCategory
    rule: str
    articles: tuple[int, ...] = (34,)
    body: BodyKind = BodyKind.RESIDENTS_COMMITTEE
    posted_for: tuple[str, ...] = ()

    def slowest(self, book: Rulebook) -> Rhythm:
        """Return the rhythm that the rulebook asks for; a community may choose a quicker one."""
        return Rhythm.AD_HOC if self.rule == AD_HOC else rhythm_of(book.clock(self.rule).months)


_C = NoticeCategory
STANDARD = (
    StandardItem("assembly_decisions", _C.ASSEMBLY_DECISIONS, AD_HOC, posted_for=("meeting",)),
    StandardItem("carrying_out", _C.ASSEMBLY_DECISIONS, ORDINARY),
    StandardItem(
        "representatives", _C.ASSEMBLY_DECISIONS, AD_HOC, (17, 34), BodyKind.ELECTION_COMMITTEE, ("election",)
    ),
    StandardItem("roll_rulings", _C.ASSEMBLY_DECISIONS, AD_HOC, (19, 34), BodyKind.ELECTION_COMMITTEE),
    StandardItem("proxies", _C.ASSEMBLY_DECISIONS, AD_HOC, (19, 34), BodyKind.ELECTION_COMMITTEE),
    StandardItem("accounts", _C.MONEY_AND_DONATIONS, FINANCE),
    StandardItem("government_money", _C.MONEY_AND_DONATIONS, ORDINARY),
    StandardItem("donations", _C.MONEY_AND_DONATIONS, ORDINARY),
    StandardItem("fund_raising", _C.MONEY_AND_DONATIONS, ORDINARY, (34, 42)),
    StandardItem("facilities", _C.FACILITIES, ORDINARY),
    StandardItem("service_projects", _C.SERVICE_PROJECTS, ORDINARY),
    StandardItem("deliberation", _C.DELIBERATION, AD_HOC, posted_for=("matter", "draft")),
    StandardItem("follow_through", _C.DELIBERATION, ORDINARY),
    StandardItem("help_given", _C.HELP_TO_GOVERNMENT, ORDINARY),
    StandardItem("low_income", _C.HELP_TO_GOVERNMENT, LOW_INCOME),
    StandardItem("appraisal_results", _C.COMMON_CONCERN, APPRAISAL, (34, 37), posted_for=("appraisal",)),
    StandardItem("audit_results", _C.COMMON_CONCERN, AD_HOC, (34, 38)),
    StandardItem("other", _C.COMMON_CONCERN, AD_HOC),
)
BY_CODE = {item.code: item for item in STANDARD}


def is_slower(rhythm: Rhythm, than: Rhythm) -> bool:
    """Tell whether a rhythm is rarer than another one. What comes ad hoc has no rhythm to compare."""
    if Rhythm.AD_HOC in (rhythm, than):
        return rhythm is not than
    return MONTHS[rhythm] > MONTHS[than]
