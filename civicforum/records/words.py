"""The journal in words: what each action says on a page, and where its subject is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.elections.rules import Stage as ElectionStage
from civicforum.elections.texts import STAGES as ELECTION_STAGES
from civicforum.inbox.words_paper import ACTIONS as LETTER_ACTIONS
from civicforum.matters.rules import HideReason, Stage
from civicforum.matters.texts import HIDE_REASONS, STAGES
from civicforum.moderation.texts import ACTIONS as MODERATION_ACTIONS
from civicforum.moderation.texts import NOBODY_HERE as MODERATION_NOBODY
from civicforum.moderation.texts import SUBJECT as MODERATION_SUBJECT
from civicforum.notices.texts import ACTIONS as NOTICE_ACTIONS
from civicforum.notices.texts import ITEMS as DISCLOSURE_ITEMS
from civicforum.notices.texts_asking import ACTIONS as ASKING_ACTIONS
from civicforum.polls.cards import CardReason
from civicforum.polls.texts_cards import REASONS as CARD_REASONS
from civicforum.records.models import JournalEntry
from civicforum.records.words_acts import ACTIONS as OWN_ACTIONS
from civicforum.registers.texts import ACTIONS as REGISTER_ACTIONS
from civicforum.registers.texts_deputies import ACTIONS as DEPUTY_ACTIONS
from civicforum.supervision.texts import ACTIONS as SUPERVISION_ACTIONS

SUBJECTS: dict[str, LazyString] = {
    "matter": _l("Matters"),
    "meeting": _l("Meetings"),
    "poll": _l("Votes"),
    "election": _l("Elections"),
    "recall": _l("Recalls"),
    "appraisal": _l("Appraisals"),
    "corrective_action": _l("Corrective actions"),
    "service": _l("Service ratings"),
    "department": _l("Departments and providers"),
    "selection": _l("The reserve list"),
    "conversation": _l("Conversations"),
    "draft": _l("Drafts out for comment"),
    "notice": _l("Notices"),
    "item_demand": _l("Demands for further items"),
    "complaint": _l("Complaints to the subdistrict office"),
    "owners_decision": _l("What owners decided"),
    "residence_report": _l("Reporting in at the place of residence"),
    "deputy": _l("Deputies' liaison point"),
    "notice_draft": _l("Drafts of notices"),
    "disclosure_item": _l("What must be posted"),
    "report_key": _l("Sealed reports"),
    "supervision_question": _l("Questions of the supervision committee"),
    "supervision_referral": _l("Referrals upwards"),
    "supervision_report": _l("Half-yearly reports"),
    "hide_decision": MODERATION_SUBJECT,
    "body": _l("Bodies and posts"),
    "community": _l("The community"),
}
# The kinds of subject that the register shows together; a kind that is not here stands alone.
KINDS: dict[str, tuple[str, ...]] = {
    "matter": ("matter", "second", "demand", "comment"),
    "community": ("community", "grid", "group"),
    "supervision_report": ("supervision_report", "supervision_copy"),
    "hide_decision": ("hide_decision", "report_case", "held_text", "word_list"),
}
# Where a subject of this kind has a page: endpoint and the name of its argument.
PAGES = {
    "matter": ("matters.show", "matter_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "poll": ("polls.show", "poll_id"),
    "election": ("elections.show", "election_id"),
    "appraisal": ("appraisals.show", "cycle_id"),
    "corrective_action": ("appraisals.action", "action_id"),
    "recall": ("elections.recall", "recall_id"),
    "department": ("departments.show", "department_id"),
    "selection": ("reserve.show", "selection_id"),
    "conversation": ("statements.show", "conversation_id"),
    "draft": ("drafts.show", "draft_id"),
    "notice": ("notices.show", "notice_id"),
    "item_demand": ("notices.demand", "demand_id"),
    "complaint": ("notices.complaint", "complaint_id"),
    "owners_decision": ("registers.decision", "decision_id"),
    "deputy": ("registers.deputy", "deputy_id"),
    "report_key": ("reports.key", "key_id"),
    "supervision_question": ("supervision.question", "question_id"),
    "supervision_referral": ("supervision.referral", "referral_id"),
    "supervision_report": ("supervision.report", "report_id"),
    "hide_decision": ("moderation.decision", "decision_id"),
    "body": ("bodies.show", "body_id"),
}
# Each act of the journal, as its page says it.
ACTIONS: dict[str, LazyString] = {
    **OWN_ACTIONS,
    **NOTICE_ACTIONS,
    **ASKING_ACTIONS,
    **REGISTER_ACTIONS,
    **DEPUTY_ACTIONS,
    **SUPERVISION_ACTIONS,
    **MODERATION_ACTIONS,
    **LETTER_ACTIONS,
}
# Who did what nobody of the community does.
NOBODY_HERE: dict[str, LazyString] = {
    "report_key.prove": _l("the holder of the private key"),
    "department.opinion": _l("a resident, not named"),
    "complaint.file": _l("a resident, not named"),
    "residence_report.report": _l("a resident, not named"),
    "deputy.opinion": _l("a resident, not named"),
    **MODERATION_NOBODY,
}


@dataclass(frozen=True)
class Told:
    """An entry as components/timeline.html shows it."""

    at: datetime
    what: str
    who: str
    post: str
    assisted_by: str
    why: str
    url: str
    number: int


def told(entry: JournalEntry, *, cover: str | None = None) -> Told:
    """Put an entry into the words of the page's language; `actor` and `assisted_by` are loaded.

    `cover` stands for the title of a subject whose words are hidden: the entry itself is never changed.
    """
    # A standard item of the catalogue is kept by its code.
    is_item = entry.subject_kind == "disclosure_item"
    title = cover or (DISCLOSURE_ITEMS.get(entry.subject_title) if is_item else None)
    parts = [str(title or entry.subject_title), str(ACTIONS.get(entry.action, entry.action))]
    what = " · ".join(part for part in parts if part)
    return Told(
        at=entry.at,
        what=what + _stage_reached(entry),
        who=entry.actor.name if entry.actor else str(NOBODY_HERE.get(entry.action, _l("by the clock"))),
        post=entry.post,
        assisted_by=entry.assisted_by.name if entry.assisted_by else "",
        why=_reason(entry),
        url=subject_url(entry),
        number=entry.sequence,
    )


def subject_url(entry: JournalEntry) -> str:
    """Return the address of the page about the entry's subject, or "" when it has none."""
    kind, subject_id = entry.subject_kind, str(entry.subject_id)
    if kind in KINDS["matter"]:
        # A comment or a second has no page of its own: it stands on that of its matter.
        kind, subject_id = "matter", str(entry.payload.get("matter_id", subject_id))
    if kind not in PAGES:
        return ""
    if kind == "supervision_report" and entry.action != "supervision.post_report":
        # Until it is posted, its authors alone may read it.
        return ""
    endpoint, argument = PAGES[kind]
    arguments: dict[str, Any] = {argument: subject_id}
    return url_for(endpoint, **arguments)


def _stage_reached(entry: JournalEntry) -> str:
    """Return the stage that a step took its matter or election to, as in " → In review"."""
    reached = entry.payload.get("to")
    if entry.action == "election.advance":
        return f" → {ELECTION_STAGES[ElectionStage(str(reached))]}"
    if entry.subject_kind != "matter" or reached is None or reached == entry.payload.get("from"):
        return ""
    return f" → {STAGES[Stage(str(reached))]}"


def _reason(entry: JournalEntry) -> str:
    """Return the reason as it was written; that of hiding a comment or replacing a card is one of a list."""
    if entry.action == "matter.hide_comment":
        return str(HIDE_REASONS[HideReason(entry.reason)])
    if entry.action == "poll.reissue_card":
        return str(CARD_REASONS[CardReason(entry.reason)])
    return entry.reason
