"""Who reaches which endpoint: one table, in which every endpoint stands."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import CellType, FunctionType
from typing import cast

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from civicforum import blueprints, create_app, error_pages, rulebook
from civicforum.access import ACCESS, AccessNotStated
from civicforum.accounts.desk_services import begin_assistance
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from tests.factories import (
    POST_OF_ROLE,
    actor_of,
    make_account,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    make_term,
    sign_in,
)

# A new endpoint is added by hand: "public", "signed_in", "oneself" (not while acting for somebody), or roles.
WHO_MAY = {
    "accounts.change_password": "oneself",
    "accounts.end_other_sessions": "oneself",
    "accounts.end_session": "oneself",
    "accounts.me": "oneself",
    "accounts.sign_in": "public",
    "accounts.sign_in_code": "public",
    "accounts.sign_in_demonstration": "public",
    "accounts.sign_out": "public",
    "api.calendar": "public",
    "api.export": "public",
    "api.feed": "public",
    "api.list_appraisals": "public",
    "api.list_bodies": "public",
    "api.list_comments": "public",
    "api.list_communities": "public",
    "api.list_departments": "public",
    "api.list_disclosure_dues": "public",
    "api.list_disclosure_items": "public",
    "api.list_elections": "public",
    "api.list_findings": "public",
    "api.list_journal": "public",
    "api.list_matters": "public",
    "api.list_meetings": "public",
    "api.list_notice_queries": "public",
    "api.list_notices": "public",
    "api.list_polls": "public",
    "api.list_queries": "public",
    "api.list_service_ratings": "public",
    "api.list_tasks": "public",
    "api.openapi": "public",
    "api.show_appraisal": "public",
    "api.show_election": "public",
    "api.show_journal_head": "public",
    "api.show_matter": "public",
    "api.show_meeting": "public",
    "api.show_notice": "public",
    "api.show_poll": "public",
    "api.show_rules": "public",
    "appraisals.outside_compare": "clerk supervisor",
    "appraisals.outside_sheet": "clerk supervisor",
    "appraisals.rating": "public",
    "appraisals.rating_absence": "clerk supervisor",
    "appraisals.rating_end": "supervisor",
    "appraisals.rating_open": "supervisor",
    "appraisals.rating_prepare": "supervisor",
    "appraisals.rating_question": "clerk supervisor",
    "appraisals.rating_question_change": "clerk supervisor",
    "appraisals.rating_report": "clerk supervisor",
    "appraisals.action": "public",
    "appraisals.actions": "public",
    "appraisals.answer_criticism": "supervisor",
    "appraisals.answer_objection": "supervisor",
    "appraisals.certify_results": "supervisor",
    "appraisals.close_action": "supervisor",
    "appraisals.count_results": "supervisor",
    "appraisals.enter_criticisms": "clerk supervisor",
    "appraisals.follow": "public",
    "appraisals.history": "public",
    "appraisals.index": "public",
    "appraisals.link_support": "party supervisor",
    "appraisals.object_to_result": "signed_in",
    "appraisals.objections": "public",
    "appraisals.open_action": "supervisor",
    "appraisals.open_support": "party supervisor",
    "appraisals.plan_action": "signed_in",
    "appraisals.plan_check": "supervisor",
    "appraisals.plan_days": "supervisor",
    "appraisals.plan_draw": "supervisor",
    "appraisals.plan_groups": "supervisor",
    "appraisals.plan_new": "supervisor",
    "appraisals.plan_scales": "supervisor",
    "appraisals.plan_subjects": "supervisor",
    "appraisals.plan_void": "supervisor",
    "appraisals.post_results": "supervisor",
    "appraisals.recheck_action": "signed_in",
    "appraisals.report_action": "signed_in",
    "appraisals.report_check": "supervisor",
    "appraisals.report_enter": "clerk",
    "appraisals.report_file": "public",
    "appraisals.report_submit": "signed_in",
    "appraisals.reports": "public",
    "appraisals.result_sheet": "public",
    "appraisals.results": "public",
    "appraisals.settle_consequence": "supervisor",
    "appraisals.show": "public",
    "appraisals.support_plan": "signed_in",
    "appraisals.support_plans": "public",
    "appraisals.unanswered": "public",
    "appraisals.use_json": "signed_in",
    "appraisals.use_new": "clerk committee party supervisor",
    "appraisals.use_sheet": "signed_in",
    "appraisals.uses": "public",
    "bodies.add_post": "admin",
    "bodies.appoint": "admin",
    "bodies.dissolve": "admin",
    "bodies.end_term": "admin",
    "bodies.found": "admin",
    "bodies.index": "public",
    "bodies.show": "public",
    "departments.add": "committee",
    "departments.change": "committee",
    "departments.hide": "committee",
    "departments.index": "public",
    "departments.reply": "committee",
    "departments.send": "signed_in",
    "departments.show": "public",
    "desk.begin": "clerk",
    "desk.close_account": "admin",
    "desk.index": "admin clerk",
    "desk.issue_code": "admin clerk",
    "desk.open_account": "admin clerk",
    "desk.person": "admin clerk",
    "desk.reopen_account": "admin",
    "desk.slip": "admin clerk",
    "desk.take_second_factor": "admin",
    "drafts.add_opinion": "committee",
    "drafts.answer": "committee",
    "drafts.close": "committee",
    "drafts.comment": "signed_in",
    "drafts.comments": "public",
    "drafts.deliver": "signed_in",
    "drafts.deliveries": "signed_in",
    "drafts.delivery_print": "signed_in",
    "drafts.enter": "clerk committee",
    "dossiers.package": "public",
    "dossiers.pdf": "public",
    "dossiers.show": "public",
    "drafts.index": "public",
    "drafts.put_out": "committee",
    "drafts.show": "public",
    "drafts.take_back_delivery": "signed_in",
    "drafts.withdraw": "committee",
    "desk.stop": "signed_in",
    "elections.add_item": "election_officer",
    "elections.add_place": "committee election_officer",
    "elections.advance": "committee election_officer",
    "elections.am_i_on": "signed_in",
    "elections.announce": "election_officer",
    "elections.announce_resignation": "committee election_officer",
    "elections.answer_question": "signed_in",
    "elections.archive": "committee election_officer supervisor",
    "elections.ask_candidate": "signed_in",
    "elections.begin_terms": "election_officer",
    "elections.board": "public",
    "elections.candidate": "public",
    "elections.candidates": "public",
    "elections.certify_winner": "election_officer",
    "elections.committee": "committee election_officer supervisor",
    "elections.consent_nomination": "signed_in",
    "elections.decide_nomination": "election_officer supervisor",
    "elections.decide_recall": "election_officer",
    "elections.decide_registration": "election_officer",
    "elections.decide_resignation": "committee election_officer",
    "elections.defend": "signed_in",
    "elections.door_list": "election_officer",
    "elections.edit_candidate": "signed_in",
    "elections.edit_plan": "committee election_officer",
    "elections.enter_nomination": "election_officer",
    "elections.enter_recall_signatures": "election_officer",
    "elections.enter_registration": "election_officer",
    "elections.enter_signatures": "election_officer",
    "elections.file_result": "election_officer",
    "elections.form_committee": "committee election_officer",
    "elections.formal_list": "election_officer",
    "elections.handover": "committee election_officer supervisor",
    "elections.index": "public",
    "elections.issue_notice": "committee election_officer",
    "elections.let_go": "election_officer",
    "elections.make_roll": "election_officer",
    "elections.manage": "committee election_officer supervisor",
    "elections.move_day": "committee election_officer",
    "elections.new": "committee election_officer",
    "elections.new_recall": "signed_in",
    "elections.next_round": "election_officer",
    "elections.nominate": "signed_in",
    "elections.nominations": "election_officer supervisor",
    "elections.notice": "public",
    "elections.notices": "public",
    "elections.post_roll": "election_officer",
    "elections.put_recall_to_vote": "election_officer",
    "elections.recall": "public",
    "elections.recall_notice": "public",
    "elections.issue_recall_notice": "election_officer",
    "elections.recalls": "public",
    "elections.record_meeting": "committee election_officer",
    "elections.record_step": "committee election_officer",
    "elections.record_term_end": "committee election_officer",
    "elections.register": "signed_in",
    "elections.registrations": "election_officer supervisor",
    "elections.remove_place": "committee election_officer",
    "elections.resign": "committee election_officer",
    "elections.resign_post": "signed_in",
    "elections.resignations": "committee election_officer supervisor",
    "elections.result": "public",
    "elections.review": "election_officer supervisor",
    "elections.review_candidate": "election_officer",
    "elections.rounds": "committee election_officer supervisor",
    "elections.set_dates": "committee election_officer",
    "elections.set_paper": "election_officer",
    "elections.show": "public",
    "elections.sign_nomination": "signed_in",
    "elections.sign_recall": "signed_in",
    "elections.take_over": "election_officer",
    "elections.tick_item": "election_officer",
    "elections.void": "committee election_officer",
    "elections.winners": "committee election_officer supervisor",
    "elections.withdraw_candidate": "signed_in",
    "elections.withdraw_nomination": "signed_in",
    "elections.withdraw_registration": "signed_in",
    "inbox.about": "public",
    "inbox.confirm_address": "oneself",
    "inbox.home": "public",
    "inbox.notifications": "oneself",
    "inbox.open_notification": "oneself",
    "inbox.delete_letters": "admin clerk",
    "inbox.letter_run": "admin clerk",
    "inbox.letters": "admin clerk",
    "inbox.letters_file": "admin clerk",
    "inbox.outbox": "admin",
    "inbox.read_notifications": "oneself",
    "inbox.remove_address": "oneself",
    "inbox.retry": "admin",
    "inbox.retry_all": "admin",
    "inbox.save_settings": "oneself",
    "inbox.set_address": "oneself",
    "inbox.settings": "oneself",
    "inbox.unsubscribe": "public",
    "inbox.unsubscribe_now": "public",
    "matters.add_task": "committee",
    "matters.answer": "committee party station_head",
    "matters.ask": "signed_in",
    "matters.check": "signed_in",
    "matters.close": "committee",
    "matters.comment": "signed_in",
    "matters.decide": "committee",
    "matters.demand": "signed_in",
    "matters.details": "signed_in",
    "matters.discard": "signed_in",
    "matters.file_finding": "supervisor",
    "matters.find_comment": "public",
    "matters.grade": "signed_in",
    "matters.hide_comment": "clerk committee",
    "matters.index": "public",
    "matters.merge": "clerk committee",
    "matters.new": "signed_in",
    "matters.overdue": "public",
    "matters.paper_demands": "clerk",
    "matters.paper_seconds": "clerk",
    "matters.photos": "signed_in",
    "matters.publish": "signed_in",
    "matters.queries": "public",
    "matters.queue": "committee party",
    "matters.receipt": "signed_in",
    "matters.reply": "signed_in",
    "matters.report_done": "committee",
    "matters.report_progress": "signed_in",
    "matters.resubmit": "signed_in",
    "matters.review": "committee party",
    "matters.second": "signed_in",
    "matters.show": "public",
    "matters.similar": "signed_in",
    "matters.study": "party",
    "matters.supervision": "supervisor",
    "matters.what": "signed_in",
    "matters.withdraw": "signed_in",
    "meetings.add_duty": "committee",
    "meetings.add_follow_up": "signed_in",
    "meetings.add_paper": "signed_in",
    "meetings.add_turns": "committee",
    "meetings.adopt_rules": "committee",
    "meetings.answer": "signed_in",
    "meetings.answer_demand": "committee supervisor",
    "meetings.attendance": "signed_in",
    "meetings.agree_on_motion": "signed_in",
    "meetings.ask_to_speak": "signed_in",
    "meetings.call_item": "signed_in",
    "meetings.count_hands": "signed_in",
    "meetings.count_papers": "signed_in",
    "meetings.end_speech": "signed_in",
    "meetings.floor": "signed_in",
    "meetings.give_floor": "signed_in",
    "meetings.here": "signed_in",
    "meetings.leave_chair": "signed_in",
    "meetings.move_motion": "signed_in",
    "meetings.put_to_vote": "signed_in",
    "meetings.raise_point": "signed_in",
    "meetings.rule_on_point": "signed_in",
    "meetings.rule_out_motion": "signed_in",
    "meetings.second_motion": "signed_in",
    "meetings.take_chair_again": "signed_in",
    "meetings.withdraw_motion": "signed_in",
    "meetings.withdraw_request": "signed_in",
    "meetings.write_gist": "signed_in",
    "meetings.cancel": "committee",
    "meetings.change": "committee",
    "meetings.check_in": "signed_in",
    "meetings.close": "signed_in",
    "meetings.close_vote": "signed_in",
    "meetings.coordinated": "public",
    "meetings.council": "public",
    "meetings.councils": "public",
    "meetings.demand": "public",
    "meetings.demands": "public",
    "meetings.drop_follow_up": "signed_in",
    "meetings.duties": "public",
    "meetings.edit_minutes": "signed_in",
    "meetings.end_duty": "committee",
    "meetings.enter_answer": "signed_in",
    "meetings.enter_signatures": "clerk",
    "meetings.finish_follow_up": "signed_in",
    "meetings.follow_ups": "public",
    "meetings.guest": "signed_in",
    "meetings.hands": "signed_in",
    "meetings.index": "public",
    "meetings.invitations": "signed_in",
    "meetings.invite": "signed_in",
    "meetings.leave": "signed_in",
    "meetings.left": "signed_in",
    "meetings.letters": "signed_in",
    "meetings.live": "public",
    "meetings.live_now": "public",
    "meetings.make_demand": "signed_in",
    "meetings.minutes": "public",
    "meetings.open_now": "signed_in",
    "meetings.open_vote": "signed_in",
    "meetings.outcome": "signed_in",
    "meetings.paper": "public",
    "meetings.paper_file": "public",
    "meetings.paper_signature": "signed_in",
    "meetings.plan": "committee",
    "meetings.plan_form": "committee",
    "meetings.prepare": "public",
    "meetings.procedure": "public",
    "meetings.procedures": "public",
    "meetings.remove_paper": "signed_in",
    "meetings.show": "public",
    "meetings.sign_demand": "signed_in",
    "meetings.sign_minutes": "signed_in",
    "meetings.skip_turn": "committee",
    "meetings.start_duties": "committee",
    "meetings.stop_vote": "signed_in",
    "meetings.tick": "signed_in",
    "meetings.versions": "public",
    "meetings.wall": "public",
    "meetings.what_follows": "signed_in",
    "meetings.withdraw_invitation": "signed_in",
    "moderation.appeal": "signed_in",
    "moderation.case": "clerk committee party supervisor",
    "moderation.confirm": "clerk committee party",
    "moderation.decision": "public",
    "moderation.drop": "clerk committee party",
    "moderation.end_word": "admin committee",
    "moderation.held": "signed_in",
    "moderation.hide": "clerk committee",
    "moderation.keep": "clerk committee",
    "moderation.log": "public",
    "moderation.mine": "signed_in",
    "moderation.queue": "clerk committee party supervisor",
    "moderation.refuse": "clerk committee",
    "moderation.release": "clerk committee",
    "moderation.report": "signed_in",
    "moderation.rule_on": "supervisor",
    "moderation.take_back": "signed_in",
    "moderation.words": "admin committee supervisor",
    "notices.add_item": "committee",
    "notices.answer": "committee",
    "notices.answer_objection": "clerk committee",
    "notices.archive": "public",
    "notices.ask": "signed_in",
    "notices.ask_on": "signed_in",
    "notices.change_draft": "clerk committee",
    "notices.change_item": "committee",
    "notices.complain": "signed_in",
    "notices.complaint": "public",
    "notices.complaint_letter": "signed_in",
    "notices.complaint_package": "signed_in",
    "notices.complaints": "public",
    "notices.demand": "public",
    "notices.demands": "public",
    "notices.draft": "clerk committee party supervisor",
    "notices.drafts": "clerk committee party supervisor",
    "notices.drop_draft": "clerk committee",
    "notices.due": "public",
    "notices.end_item": "committee",
    "notices.enter_outcome": "supervisor",
    "notices.enter_remedy": "committee",
    "notices.enter_signatures": "clerk",
    "notices.hand_in": "clerk committee",
    "notices.hand_over": "clerk supervisor",
    "notices.hang_up": "clerk committee",
    "notices.index": "public",
    "notices.join": "committee",
    "notices.make_demand": "signed_in",
    "notices.new_draft": "clerk committee",
    "notices.post_again": "committee",
    "notices.post_draft": "committee",
    "notices.publish": "clerk committee",
    "notices.queries": "public",
    "notices.record_meeting": "committee",
    "notices.remove": "committee",
    "notices.review_draft": "supervisor",
    "notices.screen": "public",
    "notices.sheet": "public",
    "notices.sheet_pdf": "public",
    "notices.show": "public",
    "notices.sign_demand": "signed_in",
    "notices.take_back": "clerk committee",
    "notices.take_down": "clerk committee",
    "notices.withdraw_demand": "signed_in",
    "operating.index": "admin",
    "operating.metrics": "public",
    "operating.ready": "public",
    "operating.retry_job": "admin",
    "people.add_grid": "admin",
    "people.add_group": "admin",
    "people.add_household": "admin clerk",
    "open_data.index": "public",
    "people.admin": "admin",
    "people.confirm_import": "admin",
    "people.discard_import": "admin",
    "people.end_capacity": "admin clerk",
    "people.grids": "public",
    "people.import_residents": "admin",
    "people.import_template": "admin",
    "people.index": "admin clerk",
    "people.name_grid_worker": "admin",
    "people.record_capacity": "admin clerk",
    "people.record_kin": "admin clerk",
    "people.register": "admin clerk",
    "people.show": "admin clerk",
    "people.show_import": "admin",
    "polls.add_mandate": "clerk committee election_officer",
    "polls.add_question": "committee election_officer",
    "polls.answer_objection": "committee election_officer supervisor",
    "polls.archive": "public",
    "polls.ballot": "signed_in",
    "polls.ballot_done": "signed_in",
    "polls.board_lines": "oneself",
    "polls.box_count": "clerk committee election_officer supervisor",
    "polls.card_entries": "committee election_officer",
    "polls.cards": "committee election_officer supervisor",
    "polls.cast": "signed_in",
    "polls.cast_named": "signed_in",
    "polls.cast_plain": "signed_in",
    "polls.ceremony": "committee election_officer supervisor",
    "polls.ceremony_state": "signed_in",
    "polls.certify": "committee election_officer supervisor",
    "polls.checking": "public",
    "polls.complain": "oneself",
    "polls.correct_roll": "committee election_officer supervisor",
    "polls.count": "committee election_officer supervisor",
    "polls.count_paper_alone": "committee election_officer supervisor",
    "polls.desk": "clerk committee election_officer supervisor",
    "polls.differences": "clerk committee election_officer supervisor",
    "polls.digests": "public",
    "polls.discard_cards": "committee election_officer",
    "polls.done": "signed_in",
    "polls.draw_roll": "committee election_officer supervisor",
    "polls.edit": "committee election_officer",
    "polls.edit_question": "committee election_officer",
    "polls.exchange_paper": "clerk committee election_officer supervisor",
    "polls.extend": "committee election_officer supervisor",
    "polls.found": "committee election_officer",
    "polls.freeze_roll": "committee election_officer supervisor",
    "polls.heads": "public",
    "polls.index": "public",
    "polls.hall": "public",
    "polls.issue_paper": "clerk committee election_officer supervisor",
    "polls.issue_sheet": "clerk committee election_officer supervisor",
    "polls.manage": "clerk committee election_officer supervisor",
    "polls.proxy": "signed_in",
    "polls.proxy_form": "signed_in",
    "polls.answer_proxy": "signed_in",
    "polls.take_back_proxy": "signed_in",
    "polls.mandates": "public",
    "polls.merge_write_in": "committee election_officer supervisor",
    "polls.move_question": "committee election_officer",
    "polls.new": "committee election_officer",
    "polls.object_to_result": "signed_in",
    "polls.object_to_roll": "signed_in",
    "polls.observe": "public",
    "polls.offline_list": "clerk committee election_officer supervisor",
    "polls.open": "committee election_officer supervisor",
    "polls.open_up": "oneself",
    "polls.opening": "committee election_officer supervisor",
    "polls.opening_state": "oneself",
    "polls.opening_trustee": "oneself",
    "polls.paper_account": "clerk committee election_officer supervisor",
    "polls.post_roll": "committee election_officer supervisor",
    "polls.preview": "public",
    "polls.promises": "public",
    "polls.questions": "committee election_officer",
    "polls.receipt": "signed_in",
    "polls.register_cards": "committee election_officer",
    "polls.reissue_card": "committee election_officer",
    "polls.remove_question": "committee election_officer",
    "polls.remove_station": "committee election_officer supervisor",
    "polls.result": "public",
    "polls.result_csv": "public",
    "polls.result_objections": "public",
    "polls.roll": "public",
    "polls.roll_objections": "public",
    "polls.roll_sheet": "public",
    "polls.rule": "committee election_officer supervisor",
    "polls.say": "oneself",
    "polls.seal_count": "committee election_officer supervisor",
    "polls.send_reissued_card": "committee election_officer",
    "polls.show": "public",
    "polls.sign_station": "clerk committee election_officer supervisor",
    "polls.standing": "signed_in",
    "polls.station": "committee election_officer supervisor",
    "polls.stations": "clerk committee election_officer supervisor",
    "polls.stop": "committee election_officer supervisor",
    "polls.terms": "committee election_officer",
    "polls.test_ballot": "signed_in",
    "polls.tracker": "public",
    "polls.trustee": "oneself",
    "polls.verifier": "public",
    "polls.void": "committee election_officer supervisor",
    "polls.vote": "signed_in",
    "polls.votes": "public",
    "polls.withdraw_mandate": "clerk committee election_officer",
    "preferences.communities": "public",
    "preferences.community": "public",
    "preferences.elder": "public",
    "preferences.health": "public",
    "preferences.language": "public",
    "ratings.action": "station_head supervisor",
    "ratings.answer": "station_head supervisor",
    "ratings.call_back": "station_head supervisor",
    "ratings.card": "clerk station_head",
    "ratings.code": "public",
    "ratings.contact": "station_head supervisor",
    "ratings.dispute": "station_head",
    "ratings.end_item": "clerk station_head",
    "ratings.grade": "station_head supervisor",
    "ratings.grades": "station_head supervisor",
    "ratings.items": "clerk station_head",
    "ratings.mine": "public",
    "ratings.rate": "public",
    "ratings.rule": "supervisor",
    "ratings.slips": "clerk station_head",
    "ratings.station": "public",
    "ratings.withdraw": "clerk station_head",
    "records.photo": "public",
    "records.register": "public",
    "registers.add_deputy": "clerk committee",
    "registers.add_liaison_day": "clerk committee",
    "registers.answer_opinion": "clerk committee",
    "registers.change_deputy": "clerk committee",
    "registers.change_liaison_day": "clerk committee",
    "registers.confirm": "party",
    "registers.decision": "public",
    "registers.decisions": "public",
    "registers.deputies": "public",
    "registers.deputy": "public",
    "registers.enter_opinion": "clerk",
    "registers.forward_opinion": "clerk committee",
    "registers.notify": "signed_in",
    "registers.remark": "committee",
    "registers.report": "signed_in",
    "registers.reports": "party",
    "registers.residence": "public",
    "registers.send_opinion": "signed_in",
    "reports.all_sealed": "public",
    "reports.answer": "public",
    "reports.enter_key": "admin",
    "reports.file_sealed": "public",
    "reports.inbox": "public",
    "reports.index": "public",
    "reports.key": "public",
    "reports.leave": "public",
    "reports.make_key": "public",
    "reports.new": "public",
    "reports.opened": "public",
    "reports.prove": "public",
    "reports.sealed": "public",
    "reports.sealed_answer": "public",
    "reserve.begin_appraisal": "party",
    "reserve.change": "party",
    "reserve.decide": "party",
    "reserve.exam": "party",
    "reserve.finish_exam": "party",
    "reserve.finish_inspection": "party",
    "reserve.index": "public",
    "reserve.inspect": "party",
    "reserve.leave": "party",
    "reserve.link_appraisal": "party",
    "reserve.plan": "party",
    "reserve.post": "party",
    "reserve.recommend": "party",
    "reserve.show": "public",
    "reserve.take_appraisal": "party",
    "reserve.void": "party",
    "rules.index": "public",
    "rules.show": "public",
    "second_factor.add_passkey": "oneself",
    "second_factor.app": "oneself",
    "second_factor.begin_app": "oneself",
    "second_factor.confirm_app": "oneself",
    "second_factor.enter": "public",
    "second_factor.enter_options": "public",
    "second_factor.enter_with_passkey": "public",
    "second_factor.officers": "admin",
    "second_factor.own": "oneself",
    "second_factor.passkey_options": "oneself",
    "second_factor.prove": "oneself",
    "second_factor.prove_options": "oneself",
    "second_factor.prove_with_passkey": "oneself",
    "second_factor.remove_app": "oneself",
    "second_factor.remove_passkey": "oneself",
    "second_factor.renew_codes": "oneself",
    "second_factor.stop": "public",
    "second_factor.switch": "admin",
    "statements.add": "signed_in",
    "statements.answer": "signed_in",
    "statements.change": "signed_in",
    "statements.change_plan": "signed_in",
    "statements.close": "signed_in",
    "statements.index": "public",
    "statements.mine": "signed_in",
    "statements.moderate": "signed_in",
    "statements.open_now": "signed_in",
    "statements.plan": "signed_in",
    "statements.reject": "signed_in",
    "statements.results": "public",
    "statements.show": "public",
    "statements.show_statement": "signed_in",
    "statements.vote": "signed_in",
    "supervision.answer": "signed_in",
    "supervision.archive": "supervisor",
    "supervision.ask": "supervisor",
    "supervision.ask_again": "supervisor",
    "supervision.compare": "supervisor",
    "supervision.compare_copy": "supervisor",
    "supervision.conclusions": "supervisor",
    "supervision.download_copy": "supervisor",
    "supervision.enter_answer": "supervisor",
    "supervision.file_finding": "supervisor",
    "supervision.finding": "public",
    "supervision.findings": "public",
    "supervision.hand_over": "supervisor",
    "supervision.index": "supervisor",
    "supervision.letter": "supervisor",
    "supervision.package": "supervisor",
    "supervision.post": "supervisor",
    "supervision.put_up": "supervisor",
    "supervision.question": "public",
    "supervision.questions": "public",
    "supervision.refer": "supervisor",
    "supervision.referral": "public",
    "supervision.referrals": "public",
    "supervision.remark": "supervisor",
    "supervision.report": "public",
    "supervision.reports": "public",
    "supervision.sessions": "public",
    "supervision.sign": "supervisor",
    "supervision.sit_in": "supervisor",
    "supervision.stay_away": "supervisor",
    "supervision.take_back": "supervisor",
    "transfer.ask": "signed_in",
    "transfer.carry_out": "admin clerk",
    "transfer.community": "admin",
    "transfer.copy": "signed_in",
    "transfer.file": "admin",
    "transfer.mine": "signed_in",
    "transfer.refuse": "admin clerk",
    "transfer.request": "admin clerk",
    "transfer.requests": "admin clerk",
    "transfer.withdraw": "signed_in",
}
# Arguments of addresses that are a choice and no id.
CHOICES = {"code": "en", "choice": "off", "kind": "csv", "screen": "wall"}
ACTING = "clerk acting for a resident"
VISITORS = ["visitor", *Role, ACTING]


def expected(stated: str, visitor: str) -> str:
    if stated == "public":
        return "reached"
    if visitor == "visitor":
        return "to sign-in"
    if visitor == ACTING:
        return "reached" if stated == "signed_in" else "refused"
    return "reached" if stated in ("signed_in", "oneself") or visitor in stated.split() else "refused"


@pytest.fixture
def clients(app: Flask, database: None) -> dict[str, FlaskClient]:
    """One client for each kind of visitor."""
    made = {visitor: app.test_client() for visitor in VISITORS}
    with app.app_context():
        community = make_community()
        for role in Role:
            make_officer(community, role, login=role.value)
        actor = actor_of(make_officer(community, Role.CLERK, login="acting"), Role.CLERK)
        resident_id = make_person(community).id
    for role in Role:
        sign_in(made[role], role.value)
    session_id = sign_in(made[ACTING], "acting")
    with app.app_context():
        begin_assistance(
            person_id=resident_id,
            reason="没有智能手机",
            session_id=session_id,
            actor=actor,
            now=datetime.now(UTC),
        )
    return made


def test_every_endpoint_stands_in_the_table(app: Flask) -> None:
    stated = {
        name: getattr(view, ACCESS).removeprefix("roles:").replace(",", " ")
        for name, view in app.view_functions.items()
        if name != "static"
    }
    assert stated == WHO_MAY


def test_who_reaches_what(
    app: Flask, clients: dict[str, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A thousand refusals need no page around each.
    monkeypatch.setattr(error_pages, "render_template", lambda *_given, **_named: "refused")
    wrong = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        with only_the_guard(cast(FunctionType, app.view_functions[rule.endpoint])) as is_guarded:
            if not is_guarded:
                assert WHO_MAY[rule.endpoint] == "public", rule.endpoint
                continue
            for visitor, client in clients.items():
                found = outcome(client, rule)
                if found != expected(WHO_MAY[rule.endpoint], visitor):
                    wrong.append((rule.endpoint, visitor, found))
    assert wrong == []


def test_an_endpoint_that_states_no_access_stops_the_start(
    settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Blueprint("silent", __name__)
    silent.add_url_rule("/silent", "page", lambda: "")
    known = blueprints.blueprints()
    monkeypatch.setattr(blueprints, "blueprints", lambda: [*known, silent])
    with pytest.raises(AccessNotStated, match=r"silent\.page"):
        create_app(replace(settings, database_url=app.config["SQLALCHEMY_DATABASE_URI"]))


def outcome(client: FlaskClient, rule: Rule) -> str:
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    response = client.open(path_of(rule), method=method)
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in"):
        return "to sign-in"
    if response.text == "reached":
        return "reached"
    return "refused" if response.status_code == 403 else str(response.status_code)


@contextmanager
def only_the_guard(view: FunctionType | None) -> Iterator[bool]:
    """Let the guard of an endpoint answer for its view while the block runs; False when there is no guard."""
    while view is not None and view.__code__.co_qualname != "_guard.<locals>.guarded":
        view = getattr(view, "__wrapped__", None)
    if view is None:
        yield False
        return
    cell: CellType = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))["view"]
    guarded = cell.cell_contents
    cell.cell_contents = lambda **_arguments: "reached"
    try:
        yield True
    finally:
        cell.cell_contents = guarded


def path_of(rule: Rule, **known: object) -> str:
    """Return an address of the rule; what is not known is an id that nothing has."""
    given = {name: known.get(name) or CHOICES.get(name) or uuid.uuid4() for name in rule.arguments}
    built = rule.build(given, append_unknown=False)
    assert built is not None
    return built[1]


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|<[^>]+\s(?:on[a-z]+|style)\s*=|javascript:|<style", re.IGNORECASE
)


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_no_page_carries_script_or_style_of_its_own(
    app: Flask, client: FlaskClient, is_signed_in: bool
) -> None:
    with app.app_context():
        community = make_community()
        person = make_person(community, name="居民<script>alert(1)</script>")
        for body_kind, post_kind in POST_OF_ROLE.values():
            body = make_body(community, body_kind)
            make_term(person, make_post(body, post_kind))
        make_account(person, login="everything")
        known = {
            "person_id": make_person(community).id,
            "body_id": body.id,
            "community_id": community.id,
            "rule_id": rulebook.load(community.profile).rules()[0].id,
        }
    if is_signed_in:
        sign_in(client, "everything")
    pages = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in (rule.methods or ()):
            continue
        response = client.get(path_of(rule, **known))
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, rule.endpoint
        assert "unsafe" not in policy, rule.endpoint
        # No worker runs here, which `ready` says by its status.
        assert response.status_code < 500 or rule.endpoint == "operating.ready", rule.endpoint
        # The page that checks archives is saved, not shown: it brings a policy of its own.
        is_saved = response.headers.get("Content-Disposition", "").startswith("attachment")
        if response.mimetype == "text/html" and not is_saved:
            pages += 1
            assert not INLINE.search(response.text), (rule.endpoint, INLINE.search(response.text))
    assert pages > 10
