"""The home page in words: what waits, and the five steps of a matter."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.inbox.rules import NeedKind
from civicforum.matters.rules import StageGroup

NEEDS: dict[NeedKind, LazyString] = {
    NeedKind.VOTE: _l("Cast your vote"),
    NeedKind.GRADE: _l("Grade how it turned out"),
    NeedKind.STUDY: _l("Study it in the party organisation"),
    NeedKind.REVIEW: _l("Decide whether it is accepted"),
    NeedKind.REVISE: _l("Revise it and hand it in again"),
    NeedKind.FINISH_DRAFT: _l("Finish your draft and publish it"),
    NeedKind.ANSWER: _l("Answer a resident's question"),
    NeedKind.PLAN_MEETING: _l("Call a meeting about it"),
    NeedKind.RUN_MEETING: _l("Run this meeting"),
    NeedKind.ATTEND: _l("Come to this meeting"),
    NeedKind.INVITED: _l("You are invited: say whether you come"),
    NeedKind.HOLD_SESSION: _l("A session is due: plan it"),
    NeedKind.CALL_ASSEMBLY: _l("An assembly was demanded: call it"),
    NeedKind.HOLD_APPRAISAL: _l("An appraisal was demanded: plan it"),
    NeedKind.PLAN_REPORTS: _l("Their half-yearly reports are due: plan the appraisal"),
    NeedKind.PLAN_APPRAISAL: _l("A year without an appraisal: plan it"),
    NeedKind.HAND_IN_REPORT: _l("Hand in your duty report"),
    NeedKind.BE_GRADED: _l("You are graded: read the posted plan"),
    NeedKind.CHECK_REPORTS: _l("Check the duty reports that came in"),
    NeedKind.POST_RATERS: _l("Post who grades, while there is time for objections"),
    NeedKind.OPEN_APPRAISAL: _l("Open this appraisal and give out the forms"),
    NeedKind.COUNT_APPRAISAL: _l("Take in the forms and have them counted"),
    NeedKind.POST_RESULT: _l("Tell and post the result of this appraisal"),
    NeedKind.CERTIFY_APPRAISAL: _l("Certify the result of this appraisal"),
    NeedKind.READ_GRADE: _l("Your result is posted: read it"),
    NeedKind.ANSWER_OBJECTION: _l("Answer objections to the result of this appraisal"),
    NeedKind.SIGN_MINUTES: _l("Check and sign the minutes"),
    NeedKind.FINISH_TASK: _l("Do what a meeting asked for"),
    NeedKind.PUT_ON_AGENDA: _l("Put it on the next assembly's agenda"),
    NeedKind.COMMENT: _l("Say what you think of a draft"),
    NeedKind.ANSWER_COMMENTS: _l("Answer the comments on a draft"),
    NeedKind.PLAN_TASKS: _l("Say who does what, and by when"),
    NeedKind.REPORT: _l("Report how far it is"),
    NeedKind.CLOSE: _l("Close it and sum it up"),
    NeedKind.WATCH: _l("Look into it: work is late"),
    NeedKind.READ_ANSWER: _l("Read the answer to your question"),
    NeedKind.CLEAR_POLL: _l("Clear what stands against opening this vote"),
    NeedKind.RUN_POLL: _l("Take this vote to its next step"),
    NeedKind.REGISTER: _l("Say that you take part in this election"),
    NeedKind.RUN_ELECTION: _l("Run this election"),
    NeedKind.ANSWER_STATEMENTS: _l("Say what you think of these statements"),
    NeedKind.MODERATE: _l("Look at new statements"),
    NeedKind.CALL_RATER: _l("Call somebody who was not satisfied"),
    NeedKind.HANDLE_GRADE: _l("See to a bad grade of a service"),
    NeedKind.PASS_ON_OPINIONS: _l("Have this department reply to opinions"),
    NeedKind.MAKE_KEY: _l("Make the key of this vote with the other trustees"),
    NeedKind.BE_PROXY: _l("Somebody asks you to vote for them: accept or decline"),
    NeedKind.PLAN_ACTION: _l("Say how it is mended, and by when"),
    NeedKind.REPORT_ACTION: _l("Report the corrective action done, with proof"),
    NeedKind.CLOSE_ACTION: _l("Close the corrective action, or say why not"),
    NeedKind.FOLLOW_UP_GRADES: _l("See to what follows from the grades"),
    NeedKind.DRAFT_NOTICE: _l("This has to be posted: write the notice"),
    NeedKind.FINISH_NOTICE: _l("Finish the draft of this notice and hand it in"),
    NeedKind.ANSWER_REVIEW: _l("Answer the supervision committee's objection to this notice"),
    NeedKind.POST_NOTICE: _l("Meet about this notice and post it"),
    NeedKind.REPOST_NOTICE: _l("Post this removed notice again"),
    NeedKind.REVIEW_NOTICE: _l("Review the draft of this notice"),
    NeedKind.NOTICE_MISSING: _l("This was not posted in time"),
    NeedKind.POST_DEMANDED: _l("Post what residents demanded"),
    NeedKind.CORRECT_NOTICE: _l("Do what the subdistrict office ordered after a complaint"),
    NeedKind.FOLLOW_COMPLAINT: _l("See a complaint through: hand it over, enter the answer"),
    NeedKind.REMARK_DECISION: _l("Look at what owners decided, and remark on it if need be"),
    NeedKind.CONFIRM_REPORTS: _l("Confirm who reported in at the place of residence"),
    NeedKind.FORWARD_OPINIONS: _l("Forward opinions to this deputy"),
    NeedKind.DECIDE_DELETION: _l("Decide what residents ask to have deleted"),
    NeedKind.LOOK_AT_HELD: _l("Look at texts that a word held back"),
    NeedKind.SETTLE_REPORTS: _l("Look at texts that residents reported"),
    NeedKind.CONFIRM_HIDING: _l("Say whether you agree to hide a text"),
    NeedKind.RULE_ON_APPEAL: _l("Rule on an appeal against hiding"),
    NeedKind.ANSWER_SUPERVISION: _l("Answer the supervision committee"),
    NeedKind.WRITE_SUPERVISION_REPORT: _l("Write, sign and post this report"),
    NeedKind.SEE_FAILED: _l("Messages did not arrive: see to whom, and tell them in another way"),
    NeedKind.OPEN_BOX: _l("Open the ballot box with your slip"),
}


@dataclass(frozen=True)
class Step:
    """One of the five steps: the stages it stands for, and the drawing of components/icon.html beside it."""

    group: StageGroup
    icon: str
    title: LazyString
    text: LazyString


STEPS = (
    Step(
        StageGroup.GATHERING,
        "matters",
        _l("Raise"),
        _l("A resident raises what is on their mind, neighbours second it"),
    ),
    Step(
        StageGroup.REVIEW,
        "watch",
        _l("Review"),
        _l("The party organisation studies it, the residents' committee decides whether to accept it"),
    ),
    Step(
        StageGroup.DELIBERATION,
        "meetings",
        _l("Decide"),
        _l("Those concerned talk it over, the representatives vote"),
    ),
    Step(
        StageGroup.CARRYING_OUT,
        "work",
        _l("Carry out"),
        _l("A named body does it by a set day, and the supervision committee watches"),
    ),
    Step(
        StageGroup.APPRAISAL,
        "star",
        _l("Appraise"),
        _l("Residents grade how it turned out; what is graded poorly is done again"),
    ),
)
