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
ACTIONS: dict[str, LazyString] = {
    "conversation.plan": _l("planned a conversation"),
    "conversation.change": _l("changed a conversation"),
    "conversation.open": _l("opened the conversation"),
    "conversation.close": _l("closed the conversation"),
    "conversation.add_seed": _l("added a first statement"),
    "conversation.show_statement": _l("let a statement be shown"),
    "conversation.reject_statement": _l("kept a statement out"),
    "matter.start_draft": _l("began a draft"),
    "matter.discard_draft": _l("threw a draft away"),
    "matter.discard": _l("threw a draft away"),
    "matter.publish": _l("raised the matter"),
    "matter.edit": _l("changed the text"),
    "matter.second": _l("seconded"),
    "matter.enter_paper_seconds": _l("entered signatures from paper"),
    "matter.enough_seconds": _l("has enough seconds"),
    "matter.comment": _l("commented"),
    "matter.hide_comment": _l("hid a comment"),
    "matter.withdraw": _l("withdrew the matter"),
    "matter.merge": _l("joined the matter to another"),
    "matter.take_in": _l("took in another matter that asks for the same"),
    "matter.study": _l("recorded the party organisation's study"),
    "matter.accept": _l("accepted the matter for deliberation"),
    "matter.return": _l("returned the matter to its author"),
    "matter.resubmit": _l("handed the matter in again"),
    "matter.decline": _l("declined the matter"),
    "matter.answer_directly": _l("answered the matter directly"),
    "matter.demand": _l("demanded that the assembly decide"),
    "matter.enter_paper_demands": _l("entered demands from paper"),
    "matter.enough_demands": _l("must go to the assembly, as demanded"),
    "matter.plan_meeting": _l("put the matter on the agenda of a meeting"),
    "matter.agree": _l("recorded that the deliberation agreed"),
    "matter.put_to_assembly": _l("put the matter to the assembly"),
    "matter.drop": _l("recorded that the deliberation dropped the matter"),
    "matter.adopt": _l("announced that the assembly adopted it"),
    "matter.reject": _l("announced that the assembly did not adopt it"),
    "matter.add_task": _l("added a task"),
    "matter.report_progress": _l("reported progress"),
    "matter.report_done": _l("reported the matter done"),
    "matter.file_finding": _l("filed a finding"),
    "matter.ask": _l("asked a question"),
    "matter.answer": _l("answered a question"),
    "matter.grade": _l("graded the outcome"),
    "matter.graded_well": _l("was graded well"),
    "matter.graded_poorly": _l("was graded poorly: more work is due"),
    "matter.close": _l("closed the matter"),
    "matter.overdue": _l("became overdue"),
    "matter.task_overdue": _l("has a task that became overdue"),
    "matter.query_overdue": _l("has a question that was not answered in time"),
    "meeting.plan": _l("called the meeting"),
    "meeting.change": _l("changed the plan of the meeting"),
    "meeting.cancel": _l("cancelled the meeting"),
    "meeting.open": _l("opened the meeting"),
    "meeting.check_in": _l("came to the meeting"),
    "meeting.tick_present": _l("ticked off who is present"),
    "meeting.add_guest": _l("welcomed a guest"),
    "meeting.leave": _l("left the meeting"),
    "meeting.write_minutes": _l("wrote the minutes"),
    "meeting.correct_minutes": _l("corrected the minutes"),
    "meeting.sign_minutes": _l("signed the minutes"),
    "meeting.sign_minutes_on_paper": _l("entered a signature of the minutes on paper"),
    "meeting.minutes_overdue": _l("minutes not signed in time"),
    "meeting.add_follow_up": _l("gave a task that a meeting asked for"),
    "meeting.put_on_agenda": _l("noted an item for the next assembly"),
    "meeting.nothing_follows": _l("said why nothing follows from an item"),
    "meeting.drop_follow_up": _l("took back what follows from an item"),
    "meeting.finish_follow_up": _l("reported a task of a meeting done"),
    "meeting.follow_up_overdue": _l("work that a meeting asked for is late"),
    "draft.put_out": _l("put a draft out for comment"),
    "draft.comment": _l("commented on a draft"),
    "draft.enter_comment": _l("entered a comment from paper or by word"),
    "draft.answer": _l("answered comments"),
    "draft.add_opinion": _l("attached an expert's opinion"),
    "draft.deliver": _l("entered households that got the draft"),
    "draft.take_back_delivery": _l("took back a delivery entered by mistake"),
    "draft.close": _l("closed the round with the final text"),
    "draft.withdraw": _l("withdrew the draft"),
    "draft.overdue": _l("comments not answered in time"),
    "meeting.call_item": _l("took an item in hand"),
    "meeting.leave_chair": _l("left the chair to speak for a side"),
    "meeting.take_chair": _l("returned to the chair"),
    "meeting.ask_to_speak": _l("asked to speak"),
    "meeting.withdraw_request": _l("took back a request to speak"),
    "meeting.give_floor": _l("gave the floor"),
    "meeting.end_speech": _l("ended a speech"),
    "meeting.write_gist": _l("wrote down what was said"),
    "meeting.raise_point": _l("raised a point of order"),
    "meeting.rule_on_point": _l("ruled on a point of order"),
    "meeting.move_motion": _l("moved something"),
    "meeting.second_motion": _l("seconded a motion"),
    "meeting.withdraw_motion": _l("withdrew a motion"),
    "meeting.rule_out_motion": _l("ruled a motion out of order"),
    "meeting.adopt_motion": _l("recorded that a motion was taken in"),
    "meeting.defeat_motion": _l("recorded that a motion was not taken in"),
    "meeting.conclude": _l("recorded what an item came to"),
    "meeting.close": _l("closed the meeting"),
    "meeting.invite": _l("invited those concerned"),
    "meeting.withdraw_invitation": _l("took back an invitation"),
    "meeting.answer_invitation": _l("answered an invitation"),
    "meeting.add_paper": _l("added a paper"),
    "meeting.remove_paper": _l("took back a paper"),
    "procedure.adopt": _l("adopted rules of procedure"),
    "turn.add": _l("gave a unit its turn in the chair"),
    "turn.skip": _l("passed over a turn in the chair"),
    "duty.add": _l("added a duty to deliberate"),
    "duty.end": _l("ended a duty to deliberate"),
    "assembly_demand.make": _l("demanded an assembly"),
    "assembly_demand.sign": _l("signed the demand for an assembly"),
    "assembly_demand.enter_paper": _l("entered signatures for an assembly from paper"),
    "assembly_demand.answer": _l("called the assembly that was demanded"),
    "appraisal_demand.make": _l("demanded an appraisal"),
    "appraisal_demand.sign": _l("signed the demand for an appraisal"),
    "appraisal_demand.enter_paper": _l("entered signatures for an appraisal from paper"),
    "appraisal_demand.answer": _l("named the assembly that holds the appraisal demanded"),
    "poll.count_hands": _l("entered the raised hands that were counted"),
    "poll.add_station": _l("added a station of the vote"),
    "poll.change_station": _l("changed a station of the vote"),
    "poll.remove_station": _l("took a station out of the vote"),
    "poll.issue_paper": _l("handed out a ballot paper"),
    "poll.exchange_paper": _l("exchanged a spoiled ballot paper"),
    "poll.enter_list": _l("entered the list of papers handed out at a station"),
    "poll.enter_count": _l("entered the count of a box"),
    "poll.sign_count": _l("signed the count of a box"),
    "poll.draft": _l("began to draft a vote"),
    "poll.edit": _l("changed the draft of a vote"),
    "poll.add_question": _l("put a question on the ballot paper"),
    "poll.edit_question": _l("changed a question of the ballot paper"),
    "poll.remove_question": _l("took a question off the ballot paper"),
    "poll.move_question": _l("moved a question of the ballot paper"),
    "poll.open": _l("opened the vote"),
    "poll.stop": _l("ended the voting"),
    "poll.extend": _l("let the voting last longer"),
    "poll.cast": _l("voted"),
    "poll.make_cards": _l("made the voting cards"),
    "poll.discard_cards": _l("declared all voting cards void, to make them anew"),
    "poll.reissue_card": _l("replaced a voting card"),
    "poll.seal_count": _l("fixed what is counted"),
    "poll.count_paper_alone": _l("decided to count paper alone"),
    "poll.open_box": _l("opened the sealed sums with the platform's key"),
    "poll.count": _l("counted the vote"),
    "poll.engines_disagree": _l("stopped the count: two engines disagree"),
    "poll.merge_write_in": _l("read one spelling of a name as another"),
    "poll.object_to_result": _l("objected to a result"),
    "poll.answer_objection": _l("answered an objection to a result"),
    "poll.destroy": _l("destroyed the keys of a vote and who cast which ballot"),
    "poll.certify": _l("closed the vote and certified its result"),
    "poll.name_trustees": _l("named who keeps the parts of the key"),
    "poll.ceremony_hello": _l("made a slip for the key"),
    "poll.ceremony_heard": _l("heard the same characters as all others"),
    "poll.ceremony_deal": _l("dealt the shares of the key"),
    "poll.ceremony_confirm": _l("confirmed the share of the key"),
    "poll.ceremony_drill": _l("read the slip back in the drill"),
    "poll.complain": _l("ended the key ceremony with a complaint"),
    "poll.found": _l("set up the sealed box under the trustees' key"),
    "poll.shuffle": _l("shuffled the sealed texts"),
    "poll.share": _l("gave the share that helps to open the box"),
    "poll.doubt_head": _l("read another fingerprint than the notice board shows"),
    "poll.void": _l("declared the vote void"),
    "poll.draw_roll": _l("drew the roll of voters"),
    "poll.post_roll": _l("posted the roll of voters"),
    "poll.object_to_roll": _l("objected to the roll of voters"),
    "poll.rule_on_objection": _l("ruled on an objection to the roll"),
    "poll.correct_roll": _l("corrected the roll of voters"),
    "poll.freeze_roll": _l("froze the roll of voters"),
    "poll.add_mandate": _l("entered a proxy"),
    "poll.ask_proxy": _l("asked another voter to be the proxy"),
    "poll.accept_proxy": _l("agreed to vote for another voter as the proxy"),
    "poll.decline_proxy": _l("declined to be a proxy"),
    "poll.take_back_proxy": _l("took back the request to be the proxy"),
    "poll.withdraw_mandate": _l("recorded that a proxy was withdrawn"),
    "appraisal.plan": _l("planned the appraisal"),
    "appraisal.edit_plan": _l("changed the plan of the appraisal"),
    "appraisal.post": _l("posted the plan of the appraisal"),
    "appraisal.void": _l("declared the appraisal void"),
    "appraisal.hear_report": _l("noted down an oral report of the appraisal"),
    "appraisal.report_not_given": _l("noted that an oral report of the appraisal was not given"),
    "appraisal.note_question": _l("noted down a question to a report and its answer"),
    "appraisal.change_question": _l("mended what was noted of a question to a report"),
    "appraisal.prepare_rating": _l("posted who grades in the appraisal"),
    "appraisal.open_rating": _l("gave out the forms of the appraisal"),
    "appraisal.end_rating": _l("ended the grading in the hall"),
    "appraisal.enter_outside": _l("entered the sheet of an organ outside"),
    "appraisal.report": _l("handed in a duty report"),
    "appraisal.enter_report": _l("entered a duty report from paper"),
    "appraisal.accept_report": _l("accepted a duty report"),
    "appraisal.return_report": _l("returned a duty report to be completed"),
    "appraisal.report_overdue": _l("did not hand in a duty report in time"),
    "appraisal.result_overdue": _l("did not post the result of the appraisal in time"),
    "appraisal.count": _l("counted the grades"),
    "appraisal.certify": _l("certified the result of the appraisal"),
    "appraisal.post_result": _l("told and posted the result of the appraisal"),
    "appraisal.object": _l("objected to the result of the appraisal"),
    "appraisal.answer_objection": _l("answered an objection to the result of the appraisal"),
    "appraisal.use_result": _l("handed out a certified result"),
    "appraisal.propose_consequences": _l("proposed what follows from the grades"),
    "appraisal.settle_consequence": _l("recorded what was done after the grades"),
    "appraisal.enter_criticisms": _l("entered criticisms"),
    "appraisal.join_criticism": _l("put a criticism to a corrective action that is under way"),
    "appraisal.dismiss_criticism": _l("said why nothing follows from a criticism"),
    "appraisal.open_support": _l("opened a support plan"),
    "appraisal.link_support": _l("said which appraisal ends a support plan"),
    "appraisal.end_support": _l("ended a support plan"),
    "action.open": _l("opened the corrective action"),
    "action.plan": _l("said what is done about it, and by when"),
    "action.report": _l("reported it done"),
    "action.count_rechecks": _l("counted what residents say"),
    "action.reopen": _l("opened it again: more residents say that it is not mended"),
    "action.send_back": _l("found it not mended, and opened it again"),
    "action.close": _l("closed the corrective action"),
    "action.overdue": _l("was found overdue"),
    "election.plan": _l("planned the election"),
    "election.edit_plan": _l("changed the plan of the election"),
    "election.move_day": _l("moved election day"),
    "election.set_dates": _l("set dates of the election"),
    "election.record_step": _l("recorded a step of the election"),
    "election.add_place": _l("entered somebody chosen to the election committee"),
    "election.remove_place": _l("took somebody off the list for the election committee"),
    "election.form_committee": _l("formed the election committee"),
    "election.record_meeting": _l("recorded who missed a meeting of the election committee"),
    "election.leave_committee": _l("recorded that a member left the election committee"),
    "election.advance": _l("took the election to its next stage"),
    "election.void": _l("declared the election void"),
    "election.issue_notice": _l("issued an official notice of the election"),
    "election.correct_notice": _l("corrected an official notice of the election by a new one"),
    "election.register": _l("stated that they take part in the election"),
    "election.enter_registration": _l("entered that somebody takes part in the election"),
    "election.enter_from_doors": _l("registered those who signed the list at their doors"),
    "election.decide_registration": _l("decided on an application to take part in the election"),
    "election.nominate": _l("nominated somebody jointly with other voters"),
    "election.sign_nomination": _l("signed a nomination"),
    "election.enter_nomination": _l("entered a nomination from paper"),
    "election.enter_signatures": _l("entered signatures under a nomination from paper"),
    "election.consent": _l("recorded that a nominee agrees to stand"),
    "election.withdraw_nomination": _l("withdrew a nomination"),
    "election.accept_nomination": _l("accepted a nomination onto the preliminary list"),
    "election.refuse_nomination": _l("refused a nomination"),
    "election.review_candidate": _l("recorded what the review of a candidate found"),
    "election.withdraw_candidate": _l("recorded that a candidate no longer stands"),
    "election.step_down": _l("recorded that a candidate of the formal list stepped down"),
    "election.post_formal_list": _l("posted the formal list of candidates"),
    "election.edit_candidate": _l("changed what a candidate says"),
    "election.ask_candidate": _l("asked a candidate something"),
    "election.answer_question": _l("answered a question to a candidate"),
    "election.withdraw_registration": _l("withdrew a registration for the election"),
    "election.make_roll": _l("made the roll of the election"),
    "election.post_roll": _l("posted the roll of the election"),
    "election.set_paper": _l("set the ballot paper of the election"),
    "election.take_over": _l("took over the result of a round"),
    "election.next_round": _l("called another round of voting"),
    "election.let_go": _l("recorded that somebody elected does not take the seat"),
    "election.announce": _l("recorded that the result of the election was announced"),
    "election.certify_winner": _l("entered a certificate of election"),
    "election.file_result": _l("recorded the filing of the result"),
    "election.tick_item": _l("recorded that something was handed over"),
    "election.add_item": _l("put something on the list of the handover"),
    "election.begin_terms": _l("began the terms of those elected"),
    "body.file_resignation": _l("handed in a resignation"),
    "body.pass_resignation": _l("recorded that an assembly passed a resignation"),
    "body.refuse_resignation": _l("recorded that an assembly did not pass a resignation"),
    "body.record_end": _l("recorded that a post ended by itself"),
    "body.announce_end": _l("announced that a post has ended"),
    "recall.issue_notice": _l("issued an official notice of the recall"),
    "recall.correct_notice": _l("corrected an official notice of the recall by another"),
    "recall.demand": _l("demanded the recall"),
    "recall.sign": _l("signed the demand for a recall"),
    "recall.enter_signatures": _l("entered signatures under the demand for a recall from paper"),
    "recall.defend": _l("wrote a defence against the recall"),
    "recall.put_to_vote": _l("put the recall to the vote"),
    "recall.decide": _l("took over the result of the vote on the recall"),
    "recall.end": _l("recorded that the recall ended without a vote"),
    "service.add_item": _l("added to what the station does"),
    "service.end_item": _l("took off the list of what the station does"),
    "service.write_card": _l("changed how to reach the station"),
    "service.print_sheet": _l("printed slips for rating at a counter"),
    "service.withdraw_sheet": _l("withdrew slips for rating"),
    "service.count_up": _l("ratings of services came in"),
    "service.publish": _l("ratings of services were published"),
    "service.contact": _l("called somebody about a bad grade"),
    "service.answer": _l("answered a bad grade"),
    "service.call_back": _l("called back after a bad grade"),
    "service.dispute": _l("disputed a bad grade"),
    "service.rule": _l("ruled on a disputed grade"),
    "service.overdue": _l("a bad grade waits longer than it may"),
    "department.add": _l("entered a department or firm"),
    "department.change": _l("changed the entry of a department or firm"),
    "department.end": _l("entered that a department or firm no longer works here"),
    "department.resume": _l("entered that a department or firm works here again"),
    "department.opinion": _l("wrote an opinion on a department or firm"),
    "department.reply": _l("entered the reply of a department or firm"),
    "department.hide": _l("hid an opinion on a department or firm"),
    "department.overdue": _l("did not reply to an opinion in time"),
    "selection.plan": _l("planned a selection for the reserve list"),
    "selection.change": _l("changed the plan of a selection"),
    "selection.post": _l("posted the criteria and weights of a selection"),
    "selection.void": _l("declared a selection void"),
    "selection.recommend": _l("entered a recommendation for the reserve list"),
    "selection.leave": _l("recorded that a candidate leaves the selection"),
    "selection.link_appraisal": _l("said which appraisal is the ballot of a selection"),
    "selection.enter_exam": _l("entered points of the exam"),
    "selection.enter_inspection": _l("entered what an inspection found"),
    "selection.advance": _l("took a selection to its next stage"),
    "selection.decide": _l("chose the best for the reserve list"),
    **NOTICE_ACTIONS,
    "report_key.enter": _l("entered the key of the authority that sealed reports go to"),
    "report_key.replace": _l("replaced the key of the authority that sealed reports go to"),
    "report_key.prove": _l("was shown to hold the key that sealed reports go to"),
    "report_key.count_day": _l("had the sealed reports of one day counted"),
    "body.found": _l("founded the body"),
    "body.add_post": _l("added a post"),
    "body.appoint": _l("filled a post"),
    "body.end_term": _l("ended a term of office"),
    "body.dissolve": _l("dissolved the body"),
    "community.create": _l("set up the community"),
    "community.export": _l("made a file of the whole community"),
    "data.ask": _l("asked for personal data to be deleted"),
    "data.withdraw": _l("took back the request to delete personal data"),
    "data.refuse": _l("refused to delete personal data"),
    "data.delete": _l("deleted personal data"),
    "journal.redact": _l("took a former resident's name out of earlier entries"),
    "community.settle": _l("filled the demonstration with its residents"),
    "grid.add": _l("added a grid"),
    "grid.name_worker": _l("named the worker of a grid"),
    "group.add": _l("added a residents' group"),
    "household.add": _l("added a household"),
    "people.import": _l("imported a list of residents"),
    "person.register": _l("entered a resident in the roll"),
    "person.record_capacity": _l("recorded in what capacity somebody belongs here"),
    "person.end_capacity": _l("recorded that a capacity has ended"),
    "person.record_kinship": _l("recorded that two people are near relatives"),
    "contact.set": _l("entered an address for messages"),
    "contact.confirm": _l("confirmed an address for messages"),
    "contact.remove": _l("removed an address for messages"),
    "account.create": _l("made a login"),
    "account.issue_code": _l("issued a one-time code"),
    "account.change_password": _l("changed the own password"),
    "account.reset_password": _l("set a new password from the command line"),
    "account.disable": _l("closed a login"),
    "account.enable": _l("opened a login again"),
    "assistance.begin": _l("began to help somebody at the counter"),
    "assistance.end": _l("ended the help at the counter"),
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
