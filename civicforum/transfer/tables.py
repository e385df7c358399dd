"""Which tables a community takes along when it leaves, and which it leaves behind.

Every table of the application stands in one of the two lists; a test names what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Column, ForeignKey, Table

import civicforum.models  # noqa: F401
from civicforum.database import Base

# Above the community: the city, the district and the subdistrict are merged by their names, not replaced.
REGIONS = "region"
COMMUNITY = "community"
# Rows of the whole server: a community that leaves takes none of them along, nor away.
OF_SERVER = frozenset({REGIONS, "backup"})
_INCLUDED = """
    region community deliberation_duty department grid journal_head matter_number rating_publication
    residents_group service_item station_card body household disclosure_item person post account capacity
    chair_turn deletion_request department_opinion election item_demand journal_entry kinship matter
    notice photo poll procedure report_key term board board_line comment credential demand departure
    disclosure_due election_committee_place election_handover_item election_notice election_registration
    election_round election_seat election_step grade_round hand_count item_demand_signature key_ceremony
    matter_photo meeting notice_query poll_question query recall report report_visit result_objection
    result_sheet review roll_entry second service_rating slip_sheet station task tested_ballot agenda_item
    appraisal_cycle assembly_demand attendance box_count complaint conversation credential_link
    election_candidate election_nomination election_winner finding grade mandate minutes_signature
    notice_draft notice_query_entry open_ballot recall_notice recall_signer roll_correction roll_objection
    service_slip task_report trustee appraisal_scale demand_signature draft draft_objection
    election_candidate_question election_nomination_signer follow_up invitation mandate_request motion
    paper paper_issue point_of_order presence rater_group reserve_selection statement statement_grouping
    appraisal_subject draft_answer draft_delivery draft_opinion outside_count speech statement_vote
    text_version appraisal_consequence appraisal_objection corrective_action draft_comment duty_report
    hearing_question reserve_candidate result_use subject_result support_plan action_recheck criticism
    contact choice preference notification reminder held_text report_case sensitive_word content_report
    hide_decision hide_appeal supervision_archive_copy supervision_finding supervision_finding_photo
    supervision_question supervision_question_entry supervision_referral supervision_referral_basis
    supervision_report supervision_report_signature supervision_sitting supervision_sitting_remark
    owners_decision residence_report deputy liaison_day deputy_opinion
"""
INCLUDED = frozenset(_INCLUDED.split())
LEFT_OUT: dict[str, str] = {
    "backup": "the backups of this server, of no community",
    "sign_in_failure": "counts attempts against this server, of no community",
    "sign_in_session": "devices that are signed in here; at the new place people sign in again",
    "one_time_code": "secrets that are valid for a day, made by the desk here",
    "half_sign_in": "waits for a second factor on a device here",
    "authenticator_app": "secrets of second factors; at the new place people enrol again",
    "passkey": "bound to the address of this server; at the new place people enrol again",
    "recovery_code": "secrets of second factors; at the new place people enrol again",
    "assistance": "ties a clerk's act to a signed-in device; the journal keeps who acted for whom",
    "resident_import": "lists waiting to be confirmed; whoever brought them in does so again",
    "outbox_message": "on their way from here, so that nobody has them twice; notifications travel",
    "outbox_item": "on their way from here, so that nobody has them twice; notifications travel",
    "letter_run": "letters printed here, with codes that sign in on this server",
    "letter": "letters printed here, with codes that sign in on this server",
    "letter_part": "letters printed here, with codes that sign in on this server",
    "community_export": "the files of earlier exports, of which this is one",
    "export_part": "the files of earlier exports, of which this is one",
}


def travelling_tables() -> list[Table]:
    """Return the tables a community takes along, each after the tables it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name in INCLUDED]


def order_columns(table: Table) -> Sequence[Column[object]]:
    """Return what rows are put in order by: the primary key, which says nothing of when they were written."""
    return cast("Sequence[Column[object]]", list(table.primary_key.columns))


def late_keys(table: Table) -> list[ForeignKey]:
    """Return the references of a table to tables that come after it: written once those are there."""
    places = {each.name: place for place, each in enumerate(Base.metadata.sorted_tables)}
    return [key for key in table.foreign_keys if places[key.column.table.name] > places[table.name]]
