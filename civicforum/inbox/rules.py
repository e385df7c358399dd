"""What waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class NeedKind(StrEnum):
    """Why something is on somebody's home page."""

    VOTE = "vote"
    GRADE = "grade"
    STUDY = "study"
    REVIEW = "review"
    REVISE = "revise"
    FINISH_DRAFT = "finish_draft"
    ANSWER = "answer"
    PLAN_MEETING = "plan_meeting"
    RUN_MEETING = "run_meeting"
    ATTEND = "attend"
    INVITED = "invited"
    HOLD_SESSION = "hold_session"
    CALL_ASSEMBLY = "call_assembly"
    HOLD_APPRAISAL = "hold_appraisal"
    PLAN_REPORTS = "plan_reports"
    PLAN_APPRAISAL = "plan_appraisal"
    HAND_IN_REPORT = "hand_in_report"
    BE_GRADED = "be_graded"
    CHECK_REPORTS = "check_reports"
    POST_RATERS = "post_raters"
    OPEN_APPRAISAL = "open_appraisal"
    COUNT_APPRAISAL = "count_appraisal"
    POST_RESULT = "post_result"
    CERTIFY_APPRAISAL = "certify_appraisal"
    READ_GRADE = "read_grade"
    ANSWER_OBJECTION = "answer_objection"
    SIGN_MINUTES = "sign_minutes"
    FINISH_TASK = "finish_task"
    PUT_ON_AGENDA = "put_on_agenda"
    COMMENT = "comment"
    ANSWER_COMMENTS = "answer_comments"
    PLAN_TASKS = "plan_tasks"
    REPORT = "report"
    CLOSE = "close"
    WATCH = "watch"
    READ_ANSWER = "read_answer"
    CLEAR_POLL = "clear_poll"
    RUN_POLL = "run_poll"
    MAKE_KEY = "make_key"
    OPEN_BOX = "open_box"
    BE_PROXY = "be_proxy"
    REGISTER = "register"
    RUN_ELECTION = "run_election"
    ANSWER_STATEMENTS = "answer_statements"
    MODERATE = "moderate"
    CALL_RATER = "call_rater"
    HANDLE_GRADE = "handle_grade"
    PASS_ON_OPINIONS = "pass_on_opinions"  # noqa: S105
    PLAN_ACTION = "plan_action"
    REPORT_ACTION = "report_action"
    CLOSE_ACTION = "close_action"
    FOLLOW_UP_GRADES = "follow_up_grades"
    ANSWER_SUPERVISION = "answer_supervision"
    WRITE_SUPERVISION_REPORT = "write_supervision_report"
    LOOK_AT_HELD = "look_at_held"
    SETTLE_REPORTS = "settle_reports"
    CONFIRM_HIDING = "confirm_hiding"
    RULE_ON_APPEAL = "rule_on_appeal"
    DRAFT_NOTICE = "draft_notice"
    FINISH_NOTICE = "finish_notice"
    ANSWER_REVIEW = "answer_review"
    POST_NOTICE = "post_notice"
    REPOST_NOTICE = "repost_notice"
    REVIEW_NOTICE = "review_notice"
    NOTICE_MISSING = "notice_missing"
    POST_DEMANDED = "post_demanded"
    CORRECT_NOTICE = "correct_notice"
    FOLLOW_COMPLAINT = "follow_complaint"
    REMARK_DECISION = "remark_decision"
    CONFIRM_REPORTS = "confirm_reports"
    FORWARD_OPINIONS = "forward_opinions"
    DECIDE_DELETION = "decide_deletion"
    SEE_FAILED = "see_failed"


@dataclass(frozen=True)
class Need:
    """One thing that waits: what it is about, where it is done, and until when (None: no deadline)."""

    kind: NeedKind
    title: str
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict, hash=False)
    due_at: datetime | None = None


def in_order(needs: Iterable[Need]) -> list[Need]:
    """Return what is due first, first; what has no deadline comes last."""
    return sorted(
        needs,
        key=lambda need: (need.due_at is None, need.due_at.timestamp() if need.due_at else 0, need.title),
    )
