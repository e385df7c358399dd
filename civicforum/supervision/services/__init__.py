"""Use cases of the supervision committee's desk: each is one function, one transaction, one journal entry."""

from civicforum.supervision.services.archiving import ask_for_copy, make_copy
from civicforum.supervision.services.asking import Write, answer_question, ask_again, ask_body, may_answer
from civicforum.supervision.services.clocks import SweepResult, sweep_clocks
from civicforum.supervision.services.finding import Found, file_finding
from civicforum.supervision.services.referring import (
    Letter,
    Wanted,
    enter_answer,
    hand_over,
    office_name,
    write_referral,
)
from civicforum.supervision.services.reports import (
    judge,
    open_report,
    post_report,
    put_up,
    sign_report,
    standing,
    take_back,
    write_conclusions,
)
from civicforum.supervision.services.sitting import remark, sit_in, stay_away

__all__ = [
    "Found",
    "Letter",
    "SweepResult",
    "Wanted",
    "Write",
    "answer_question",
    "ask_again",
    "ask_body",
    "ask_for_copy",
    "enter_answer",
    "file_finding",
    "hand_over",
    "judge",
    "make_copy",
    "may_answer",
    "office_name",
    "open_report",
    "post_report",
    "put_up",
    "remark",
    "sign_report",
    "sit_in",
    "standing",
    "stay_away",
    "sweep_clocks",
    "take_back",
    "write_conclusions",
    "write_referral",
]
