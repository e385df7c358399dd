"""The desk of the supervision committee in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.supervision.rules import (
    CopyState,
    OfficeLevel,
    ReferralGround,
    ReferralOutcome,
    ReportState,
    SubjectKind,
)

REPORT_DUE = _l("Half-yearly report of the supervision committee")

SUBJECTS: dict[SubjectKind, LazyString] = {
    SubjectKind.NOTICE: _l("Notice on the board"),
    SubjectKind.DISCLOSURE_DUE: _l("Item to be disclosed"),
    SubjectKind.POLL: _l("Vote"),
    SubjectKind.MEETING: _l("Meeting"),
    SubjectKind.ELECTION: _l("Election"),
    SubjectKind.APPRAISAL: _l("Appraisal"),
}
GROUNDS: dict[ReferralGround, LazyString] = {
    ReferralGround.DISCLOSURE_LATE: _l("Affairs are not disclosed in time"),
    ReferralGround.DISCLOSURE_FALSE: _l("What was disclosed is not true"),
    ReferralGround.UNANSWERED: _l("A question was not answered in time"),
    ReferralGround.DECISION_NOT_CARRIED_OUT: _l("A decision of an assembly is not carried out"),
    ReferralGround.MONEY: _l("Income and spending"),
    ReferralGround.PROCEDURE: _l("The prescribed procedure is not kept"),
    ReferralGround.DUTY: _l("Members of the residents' committee do not do their duty"),
}
LEVELS: dict[OfficeLevel, LazyString] = {
    OfficeLevel.SUBDISTRICT: _l("The subdistrict office"),
    OfficeLevel.DISTRICT: _l("The district government"),
}
OUTCOMES: dict[ReferralOutcome, LazyString] = {
    ReferralOutcome.ORDERED: _l("It ordered that this is put right"),
    ReferralOutcome.EXPLAINED: _l("It explained the matter"),
    ReferralOutcome.PASSED_ON: _l("It passed it on to another office"),
    ReferralOutcome.UNFOUNDED: _l("It found nothing wrong"),
}
REPORT_STATES: dict[ReportState, LazyString] = {
    ReportState.DRAFT: _l("Being written"),
    ReportState.SIGNING: _l("Up for signature"),
    ReportState.POSTED: _l("Posted as a notice"),
}
COPY_STATES: dict[CopyState, LazyString] = {
    CopyState.WAITING: _l("Waits for its turn"),
    CopyState.MAKING: _l("Is being made"),
    CopyState.READY: _l("Ready"),
    CopyState.FAILED: _l("Could not be made yet; it is tried again"),
}
# The rows of the half-yearly report, each a name of Figures and its words.
FIGURES: tuple[tuple[str, LazyString], ...] = (
    ("sessions", _l("Sessions held that can be sat in on")),
    ("sat_in", _l("Sessions sat in on")),
    ("in_order", _l("Findings: in order")),
    ("remarks", _l("Findings: remark")),
    ("problems", _l("Findings: problem")),
    ("asked", _l("Questions to bodies")),
    ("answered_in_time", _l("Questions answered in time")),
    ("answered_late", _l("Questions answered late")),
    ("unanswered", _l("Questions without an answer, time over")),
    ("waiting", _l("Questions still within their time")),
    ("due", _l("Disclosures due")),
    ("posted_in_time", _l("Disclosures posted in time")),
    ("posted_late", _l("Disclosures posted late")),
    ("missing", _l("Disclosures missing")),
    ("drafts", _l("Drafts of notices reviewed")),
    ("objections", _l("Objections to drafts")),
    ("overdue_matters", _l("Matters with a task overdue")),
    ("appraisals", _l("Appraisals led")),
    ("referrals", _l("Referrals upwards")),
    ("referrals_answered", _l("Referrals answered")),
)
# The rows of the desk: what waits.
WAITING: dict[str, LazyString] = {
    "drafts": _l("Drafts of notices to review"),
    "objections": _l("Objections to drafts that wait for their answer"),
    "missing": _l("Disclosures that are missing"),
    "queries": _l("Residents' queries about notices"),
    "questions": _l("Questions to bodies without an answer"),
    "referrals": _l("Referrals without an answer"),
    "reports": _l("Half-yearly reports to be posted"),
    "matters": _l("Matters with a task overdue"),
    "sessions": _l("Sessions to come that can be sat in on"),
}
# The kinds of record in a copy of the archive, and how one differs.
SECTIONS: dict[str, LazyString] = {
    "notices": _l("Notice on the board"),
    "resolutions": _l("Resolution or result"),
    "minutes": _l("Minutes"),
    "appraisals": _l("Appraisal"),
    "findings": _l("Finding"),
    "questions": _l("Question to a body"),
    "referrals": _l("Referral"),
    "reports": _l("Half-yearly report"),
}
DIFFERENCES: dict[str, LazyString] = {
    "changed": _l("changed since"),
    "gone": _l("gone since"),
    "new": _l("not in the copy"),
}
# What the rules refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "missing": _l("This may not stay empty."),
    "long": _l("This is too long."),
    "concerned": _l("This concerns yourself: another member of the committee has to look at it."),
    "corrects": _l("The finding that is corrected is about something else."),
    "photos": _l("There are too many photos."),
    "own": _l("You belong to this body, or it is the supervision committee itself: another one is asked."),
    "basis": _l("Choose what the referral rests on: at least one finding or question, thirty at most."),
    "future": _l("This day has not come yet."),
    "order": _l("The last day lies before the first."),
    "personal_data": _l(
        "There is an identity, telephone or bank card number in the text. "
        "Leave it out: everybody can read it."
    ),
    "no_copy": _l("This file is no copy of an archive, or it is damaged."),
    "elsewhere": _l("This copy is of another community."),
    "form": _l("Members sit in on sessions of the residents' committee and of the assemblies."),
    "off": _l("The rules of this community do not let members sit in."),
}
ACTIONS: dict[str, LazyString] = {
    "supervision.find": _l("the supervision committee filed a finding"),
    "supervision.sit_in": _l("said that they sit in on the session"),
    "supervision.stay_away": _l("said that they do not sit in after all"),
    "supervision.remark": _l("left a remark on the session they sat in on"),
    "supervision.ask": _l("asked a body in writing"),
    "supervision.ask_again": _l("asked a body once more"),
    "supervision.answer": _l("answered the supervision committee"),
    "supervision.late_answer": _l("the time for the answer is over"),
    "supervision.refer": _l("referred it upwards"),
    "supervision.hand_over": _l("handed the referral over"),
    "supervision.enter_answer": _l("entered the office's answer"),
    "supervision.late_referral": _l("the time for the office's answer is over"),
    "supervision.open_report": _l("the half-yearly report fell due"),
    "supervision.write_report": _l("wrote the conclusions of the report"),
    "supervision.put_up": _l("put the report up for signature"),
    "supervision.take_back": _l("took the report back to change it"),
    "supervision.sign_report": _l("signed the report"),
    "supervision.post_report": _l("posted the report"),
    "supervision.late_report": _l("the time for the report is over"),
    "supervision.ask_copy": _l("asked for the committee's own copy of the archive"),
    "supervision.make_copy": _l("made the committee's own copy of the archive"),
}
