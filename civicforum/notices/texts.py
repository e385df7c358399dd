"""Notices in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.notices.models import DisclosureItem
from civicforum.notices.pii import Kind
from civicforum.notices.rules import DraftState, NoticeCategory, Rhythm

CATEGORIES: dict[NoticeCategory, Any] = {
    NoticeCategory.ASSEMBLY_DECISIONS: _l("Assemblies and their decisions"),
    NoticeCategory.DELIBERATION: _l("Deliberation and what came of it"),
    NoticeCategory.MONEY_AND_DONATIONS: _l("Money, donations and goods"),
    NoticeCategory.FACILITIES: _l("Facilities and premises"),
    NoticeCategory.SERVICE_PROJECTS: _l("Service projects"),
    NoticeCategory.HELP_TO_GOVERNMENT: _l("Help given to government"),
    NoticeCategory.COMMON_CONCERN: _l("Other matters of common concern"),
}
RHYTHMS: dict[Rhythm, LazyString] = {
    Rhythm.AD_HOC: _l("whenever it comes about"),
    Rhythm.MONTHLY: _l("every month"),
    Rhythm.QUARTERLY: _l("every quarter"),
    Rhythm.HALF_YEARLY: _l("every half-year"),
    Rhythm.YEARLY: _l("every year"),
}
# The standard items, by their code.
ITEMS: dict[str, LazyString] = {
    "assembly_decisions": _l("What the assemblies discussed and decided"),
    "carrying_out": _l("How the assemblies' decisions are carried out"),
    "representatives": _l("The electoral roll, and who was chosen as representatives"),
    "roll_rulings": _l("Rulings on objections to the electoral roll"),
    "proxies": _l("Who votes for somebody else by proxy"),
    "accounts": _l("Income and spending of the residents' committee"),
    "government_money": _l("Use of money and goods from the government"),
    "donations": _l("Donations received, and what they were used for"),
    "fund_raising": _l("Accounts of money raised from residents"),
    "facilities": _l("Use and upkeep of the community's premises and facilities"),
    "service_projects": _l("Service projects: what they offer, and how they go on"),
    "deliberation": _l("Results of deliberations"),
    "follow_through": _l("What was done after deliberations"),
    "help_given": _l("Work done to help the government"),
    "low_income": _l("Households with the minimum living allowance, by name"),
    "appraisal_results": _l("Results of democratic appraisals"),
    "audit_results": _l("Results of audits when somebody leaves office"),
    "other": _l("Other matters that concern residents"),
}
STATES: dict[DraftState, LazyString] = {
    DraftState.DRAFT: _l("Being written"),
    DraftState.IN_REVIEW: _l("With the supervision committee"),
    DraftState.OBJECTED: _l("Objection to answer"),
    DraftState.REVIEWED: _l("Reviewed: joint meeting next"),
    DraftState.MET: _l("Ready to be posted"),
    DraftState.POSTED: _l("On the board"),
    DraftState.DROPPED: _l("Given up"),
}
NUMBERS: dict[Kind, LazyString] = {
    Kind.IDENTITY: _l("identity number"),
    Kind.PHONE: _l("telephone number"),
    Kind.CARD: _l("bank card number"),
}
# What is refused, by the reason that rules and services give.
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "personal_data": _l(
        "Somebody's number stands here: see the places above. A notice names people, and nothing more."
    ),
    "done": _l("This has been posted already. Choose something else."),
    "reposted": _l("This notice was posted again already. Choose something else."),
    "rhythm": _l("This falls due by its rhythm. Choose the period it is about."),
    "future": _l("This day is still to come."),
    "before": _l("The draft was handed in after this day. A joint meeting sees what was reviewed."),
    "body": _l("Choose a body of this community."),
    "notice": _l("Choose a notice that was posted since the period began and still stands."),
}
# What the journal says.
ACTIONS: dict[str, LazyString] = {
    "notice.publish": _l("posted the notice"),
    "notice.post": _l("posted the notice, reviewed and met about"),
    "notice.remove": _l("removed the notice before its time"),
    "notice.repost": _l("posted a removed notice again"),
    "notice.join": _l("said that the notice is what was due"),
    "notice.hang_up": _l("hung the notice on the board"),
    "notice.take_down": _l("took the notice off the board"),
    "notice.expire": _l("has been posted long enough"),
    "notice_draft.start": _l("began the draft of a notice"),
    "notice_draft.change": _l("changed the draft of a notice"),
    "notice_draft.hand_in": _l("handed the draft of a notice to the supervision committee"),
    "notice_draft.take_back": _l("took the draft of a notice back"),
    "notice_draft.drop": _l("gave up the draft of a notice"),
    "notice_draft.clear": _l("had no objection to the draft of a notice"),
    "notice_draft.pass": _l("reviewed in silence: no objection in time to the draft of a notice"),
    "notice_draft.object": _l("objected to the draft of a notice"),
    "notice_draft.answer": _l("answered an objection to the draft of a notice"),
    "notice_draft.answer_overdue": _l("did not answer an objection to the draft of a notice in time"),
    "notice_draft.meet": _l("recorded the joint meeting about the draft of a notice"),
    "disclosure_item.add": _l("entered a further item to be posted"),
    "disclosure_item.change": _l("changed how an item is to be posted"),
    "disclosure_item.end": _l("ended an item of the community's own"),
    "disclosure_item.missing": _l("was not posted in time"),
}


def item_name(item: DisclosureItem) -> str:
    """Return what an item is called: by the community, or in the words of the standard."""
    return item.name or str(ITEMS.get(item.code, item.code))
