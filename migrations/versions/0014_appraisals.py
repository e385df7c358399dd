"""Cycles of appraisal, their results, which stay, and what follows from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_appraisals"
down_revision = "0013_departments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('poll', sa.Column('least_together', sa.Integer(), nullable=False, server_default=sa.text('1')))
    op.add_column('poll', sa.Column('barred', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")))
    op.alter_column('poll', 'least_together', server_default=None)
    op.alter_column('poll', 'barred', server_default=None)
    op.create_check_constraint(op.f('ck_poll_least_together'), 'poll', 'least_together >= 1')
    op.create_table('appraisal_cycle',
    sa.Column('kind', sa.Enum('duty_reports', 'members', 'station', 'departments', 'providers', 'reserve', 'support', name='enum_cyclekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_until', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'posted', 'rating', 'counted', 'certified', 'void', name='enum_cyclestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('counts_for_37', sa.Boolean(), nullable=False),
    sa.Column('keeps_distance', sa.Boolean(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('rank_least', sa.Integer(), nullable=False),
    sa.Column('lower_on_tie', sa.Boolean(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('reports_due_on', sa.Date(), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('profile_version', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('demanded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('demand_text', sa.Text(), nullable=False),
    sa.Column('demand', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('chaired_by_id', sa.Uuid(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('quorum', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('result_hash', sa.String(length=64), nullable=False),
    sa.Column('certified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('certified_by_id', sa.Uuid(), nullable=True),
    sa.Column('result_posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_ground', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(certified_at IS NULL) = (result_hash = '')", name=op.f('ck_appraisal_cycle_certified')),
    sa.CheckConstraint("(state = 'void') = (void_ground <> '')", name=op.f('ck_appraisal_cycle_void')),
    sa.CheckConstraint("state IN ('draft', 'void') OR posted_at IS NOT NULL", name=op.f('ck_appraisal_cycle_posted')),
    sa.CheckConstraint('least >= 1 AND rank_least >= 1', name=op.f('ck_appraisal_cycle_least')),
    sa.CheckConstraint('period_until >= period_from', name=op.f('ck_appraisal_cycle_period')),
    sa.ForeignKeyConstraint(['certified_by_id'], ['person.id'], name=op.f('fk_appraisal_cycle_certified_by_id')),
    sa.ForeignKeyConstraint(['chaired_by_id'], ['person.id'], name=op.f('fk_appraisal_cycle_chaired_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_appraisal_cycle_community_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_appraisal_cycle_made_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_appraisal_cycle_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_cycle'))
    )
    op.create_index(op.f('ix_appraisal_cycle_community_id'), 'appraisal_cycle', ['community_id'], unique=False)
    op.create_index('ix_appraisal_cycle_list', 'appraisal_cycle', ['community_id', 'held_on'], unique=False)
    op.create_index(op.f('ix_appraisal_cycle_meeting_id'), 'appraisal_cycle', ['meeting_id'], unique=False)
    op.create_table('appraisal_scale',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('levels', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('points', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('poor_from', sa.Integer(), nullable=False),
    sa.Column('ends_with_unfit', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_appraisal_scale_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_appraisal_scale_cycle_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_scale')),
    sa.UniqueConstraint('cycle_id', 'position', name=op.f('uq_appraisal_scale_cycle_id_position'))
    )
    op.create_index(op.f('ix_appraisal_scale_community_id'), 'appraisal_scale', ['community_id'], unique=False)
    op.create_table('rater_group',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('basis', sa.Enum('present', 'roll', 'outside', name='enum_raterbasis', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('weight_numerator', sa.Integer(), nullable=False),
    sa.Column('weight_denominator', sa.Integer(), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('is_panel', sa.Boolean(), nullable=False),
    sa.Column('panel_size', sa.Integer(), nullable=True),
    sa.Column('panel_ordinary', sa.Integer(), nullable=True),
    sa.Column('draw', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('poll_id', sa.Uuid(), nullable=True),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('0 < weight_numerator AND weight_numerator <= weight_denominator', name=op.f('ck_rater_group_weight')),
    sa.CheckConstraint('least >= 1', name=op.f('ck_rater_group_least')),
    sa.CheckConstraint('(NOT is_panel OR panel_size IS NOT NULL) AND panel_ordinary <= panel_size', name=op.f('ck_rater_group_panel')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_rater_group_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_rater_group_cycle_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_rater_group_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rater_group')),
    sa.UniqueConstraint('cycle_id', 'name', name=op.f('uq_rater_group_cycle_id_name')),
    sa.UniqueConstraint('cycle_id', 'position', name=op.f('uq_rater_group_cycle_id_position')),
    sa.UniqueConstraint('poll_id', name=op.f('uq_rater_group_poll_id'))
    )
    op.create_index(op.f('ix_rater_group_community_id'), 'rater_group', ['community_id'], unique=False)
    op.create_table('appraisal_subject',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('scale_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('person', 'body', 'department', 'provider', name='enum_subjectkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('term_id', sa.Uuid(), nullable=True),
    sa.Column('body_id', sa.Uuid(), nullable=True),
    sa.Column('department_id', sa.Uuid(), nullable=True),
    sa.Column('needs_report', sa.Boolean(), nullable=False),
    sa.Column('is_elected_member', sa.Boolean(), nullable=False),
    sa.Column('plan_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heard_text', sa.Text(), nullable=False),
    sa.Column('unheard_reason', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("heard_at IS NULL OR unheard_reason = ''", name=op.f('ck_appraisal_subject_heard')),
    sa.CheckConstraint("(kind = 'person') = (person_id IS NOT NULL)", name=op.f('ck_appraisal_subject_person')),
    sa.CheckConstraint("kind <> 'body' OR body_id IS NOT NULL", name=op.f('ck_appraisal_subject_body')),
    sa.CheckConstraint("kind NOT IN ('department', 'provider') OR department_id IS NOT NULL", name=op.f('ck_appraisal_subject_outside')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_appraisal_subject_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_appraisal_subject_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_appraisal_subject_cycle_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_appraisal_subject_department_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appraisal_subject_person_id')),
    sa.ForeignKeyConstraint(['scale_id'], ['appraisal_scale.id'], name=op.f('fk_appraisal_subject_scale_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_appraisal_subject_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_subject')),
    sa.UniqueConstraint('cycle_id', 'name', name=op.f('uq_appraisal_subject_cycle_id_name')),
    sa.UniqueConstraint('cycle_id', 'position', name=op.f('uq_appraisal_subject_cycle_id_position'))
    )
    op.create_index(op.f('ix_appraisal_subject_body_id'), 'appraisal_subject', ['body_id'], unique=False)
    op.create_index(op.f('ix_appraisal_subject_community_id'), 'appraisal_subject', ['community_id'], unique=False)
    op.create_index(op.f('ix_appraisal_subject_department_id'), 'appraisal_subject', ['department_id'], unique=False)
    op.create_index(op.f('ix_appraisal_subject_person_id'), 'appraisal_subject', ['person_id'], unique=False)
    op.create_index(op.f('ix_appraisal_subject_term_id'), 'appraisal_subject', ['term_id'], unique=False)
    op.create_table('outside_count',
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('hand', sa.Integer(), nullable=False),
    sa.Column('forms', sa.Integer(), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('hand IN (1, 2)', name=op.f('ck_outside_count_hand')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_outside_count_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_outside_count_entered_by_id')),
    sa.ForeignKeyConstraint(['group_id'], ['rater_group.id'], name=op.f('fk_outside_count_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_count')),
    sa.UniqueConstraint('group_id', 'entered_by_id', name=op.f('uq_outside_count_group_id_entered_by_id')),
    sa.UniqueConstraint('group_id', 'hand', name=op.f('uq_outside_count_group_id_hand'))
    )
    op.create_index(op.f('ix_outside_count_community_id'), 'outside_count', ['community_id'], unique=False)
    op.create_table('appraisal_consequence',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('two_strikes', 'offer_resignation', 'warning_talk', name='enum_consequencekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rule', sa.String(length=80), nullable=False),
    sa.Column('arithmetic', sa.String(length=300), nullable=False),
    sa.Column('grounds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settlement', sa.Text(), nullable=False),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('talked_by', sa.String(length=80), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(settled_at IS NULL) = (settlement = '') AND (settled_at IS NULL) = (settled_on IS NULL)", name=op.f('ck_appraisal_consequence_settled')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_appraisal_consequence_community_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_appraisal_consequence_settled_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_appraisal_consequence_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_consequence')),
    sa.UniqueConstraint('subject_id', 'kind', name=op.f('uq_appraisal_consequence_subject_id_kind'))
    )
    op.create_index(op.f('ix_appraisal_consequence_community_id'), 'appraisal_consequence', ['community_id'], unique=False)
    op.create_table('appraisal_objection',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('is_upheld', sa.Boolean(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_appraisal_objection_answered')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_appraisal_objection_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_appraisal_objection_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_appraisal_objection_cycle_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_appraisal_objection_filed_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_appraisal_objection_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_objection'))
    )
    op.create_index(op.f('ix_appraisal_objection_community_id'), 'appraisal_objection', ['community_id'], unique=False)
    op.create_index('ix_appraisal_objection_cycle', 'appraisal_objection', ['cycle_id', 'filed_at'], unique=False)
    op.create_table('corrective_action',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('cycle_id', sa.Uuid(), nullable=True),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.Enum('grade', 'criticism', 'service_rating', name='enum_actionsource', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('owner_person_id', sa.Uuid(), nullable=True),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('open', 'planned', 'reported', 'closed', name='enum_actionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proof', sa.Text(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('recheck_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted_round', sa.Integer(), nullable=False),
    sa.Column('times_reopened', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Uuid(), nullable=True),
    sa.Column('closing_note', sa.Text(), nullable=False),
    sa.Column('is_seen_on_spot', sa.Boolean(), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_corrective_action_closed')),
    sa.CheckConstraint("(state = 'closed') = (closing_note <> '')", name=op.f('ck_corrective_action_closing')),
    sa.CheckConstraint("state <> 'reported' OR (proof <> '' AND recheck_until IS NOT NULL)", name=op.f('ck_corrective_action_reported')),
    sa.CheckConstraint("state = 'open' OR measure <> ''", name=op.f('ck_corrective_action_planned')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_corrective_action_closed_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_corrective_action_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_corrective_action_cycle_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['body.id'], name=op.f('fk_corrective_action_owner_id')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_corrective_action_owner_person_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_corrective_action_photo_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_corrective_action_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_corrective_action')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_corrective_action_community_id_number'))
    )
    op.create_index(op.f('ix_corrective_action_community_id'), 'corrective_action', ['community_id'], unique=False)
    op.create_index(op.f('ix_corrective_action_cycle_id'), 'corrective_action', ['cycle_id'], unique=False)
    op.create_index('ix_corrective_action_live', 'corrective_action', ['community_id', 'due_on'], unique=False, postgresql_where=sa.text("state <> 'closed'"))
    op.create_index(op.f('ix_corrective_action_owner_person_id'), 'corrective_action', ['owner_person_id'], unique=False)
    op.create_index('ix_corrective_action_source', 'corrective_action', ['source', 'source_id'], unique=False)
    op.create_index(op.f('ix_corrective_action_subject_id'), 'corrective_action', ['subject_id'], unique=False)
    op.create_table('duty_report',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('first_submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('check_result', sa.Enum('accepted', 'returned', name='enum_reportcheck', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('check_note', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checked_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(content IS NULL) = (media_type = '')", name=op.f('ck_duty_report_file')),
    sa.CheckConstraint('(checked_at IS NULL) = (check_result IS NULL)', name=op.f('ck_duty_report_checked')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person.id'], name=op.f('fk_duty_report_checked_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_duty_report_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_duty_report_entered_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_duty_report_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_report')),
    sa.UniqueConstraint('subject_id', name=op.f('uq_duty_report_subject_id'))
    )
    op.create_index(op.f('ix_duty_report_community_id'), 'duty_report', ['community_id'], unique=False)
    op.create_table('hearing_question',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_hearing_question_community_id')),
    sa.ForeignKeyConstraint(['noted_by_id'], ['person.id'], name=op.f('fk_hearing_question_noted_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_hearing_question_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hearing_question')),
    sa.UniqueConstraint('subject_id', 'position', name=op.f('uq_hearing_question_subject_id_position'))
    )
    op.create_index(op.f('ix_hearing_question_community_id'), 'hearing_question', ['community_id'], unique=False)
    op.create_table('result_use',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.Enum('assessment', 'appointment', 'pay', 'award', 'training', name='enum_usepurpose', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('organ', sa.String(length=120), nullable=False),
    sa.Column('document', sa.String(length=200), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('sheet_hash', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_result_use_community_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_result_use_made_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_result_use_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_use'))
    )
    op.create_index(op.f('ix_result_use_community_id'), 'result_use', ['community_id'], unique=False)
    op.create_index(op.f('ix_result_use_subject_id'), 'result_use', ['subject_id'], unique=False)
    op.create_table('subject_result',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('raters', sa.Integer(), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=False),
    sa.Column('is_poor', sa.Boolean(), nullable=False),
    sa.Column('is_unfit', sa.Boolean(), nullable=False),
    sa.Column('score', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_subject_result_community_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_subject_result_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_result')),
    sa.UniqueConstraint('subject_id', name=op.f('uq_subject_result_subject_id'))
    )
    op.create_index(op.f('ix_subject_result_community_id'), 'subject_result', ['community_id'], unique=False)
    op.create_table('support_plan',
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('helper_id', sa.Uuid(), nullable=False),
    sa.Column('trigger', sa.String(length=300), nullable=False),
    sa.Column('measures', sa.Text(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Uuid(), nullable=False),
    sa.Column('again_id', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.Enum('improved', 'not_improved', 'left_post', name='enum_planoutcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(closed_at IS NULL) = (outcome IS NULL)', name=op.f('ck_support_plan_closed')),
    sa.CheckConstraint('helper_id <> person_id', name=op.f('ck_support_plan_two_people')),
    sa.ForeignKeyConstraint(['again_id'], ['appraisal_subject.id'], name=op.f('fk_support_plan_again_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_support_plan_community_id')),
    sa.ForeignKeyConstraint(['helper_id'], ['person.id'], name=op.f('fk_support_plan_helper_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_support_plan_opened_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_support_plan_person_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_support_plan_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_plan')),
    sa.UniqueConstraint('subject_id', name=op.f('uq_support_plan_subject_id'))
    )
    op.create_index(op.f('ix_support_plan_community_id'), 'support_plan', ['community_id'], unique=False)
    op.create_index(op.f('ix_support_plan_helper_id'), 'support_plan', ['helper_id'], unique=False)
    op.create_index(op.f('ix_support_plan_person_id'), 'support_plan', ['person_id'], unique=False)
    op.create_table('action_recheck',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('verdict', sa.Enum('mended', 'partly', 'not_mended', name='enum_recheck', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('comment', sa.String(length=500), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['corrective_action.id'], name=op.f('fk_action_recheck_action_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_action_recheck_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_action_recheck_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_recheck')),
    sa.UniqueConstraint('action_id', 'round', 'person_id', name=op.f('uq_action_recheck_action_id_round_person_id'))
    )
    op.create_index(op.f('ix_action_recheck_community_id'), 'action_recheck', ['community_id'], unique=False)
    op.create_table('criticism',
    sa.Column('cycle_id', sa.Uuid(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source', sa.Enum('spoken', 'on_a_form', 'opinion', 'service_rating', name='enum_criticismsource', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('entered_on', sa.Date(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=True),
    sa.Column('dismissal', sa.String(length=500), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("action_id IS NULL OR dismissal = ''", name=op.f('ck_criticism_one_answer')),
    sa.ForeignKeyConstraint(['action_id'], ['corrective_action.id'], name=op.f('fk_criticism_action_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_criticism_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_criticism_cycle_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_criticism_entered_by_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_criticism_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_criticism'))
    )
    op.create_index(op.f('ix_criticism_community_id'), 'criticism', ['community_id'], unique=False)
    op.create_index(op.f('ix_criticism_cycle_id'), 'criticism', ['cycle_id'], unique=False)
    op.create_index(op.f('ix_criticism_subject_id'), 'criticism', ['subject_id'], unique=False)
    op.execute(
        """
        CREATE FUNCTION certified_result_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.certified_at IS NOT NULL AND (TG_OP = 'DELETE' OR ROW(
                NEW.state, NEW.result, NEW.result_hash, NEW.certified_at, NEW.counted_at, NEW.quorum
            ) IS DISTINCT FROM ROW(
                OLD.state, OLD.result, OLD.result_hash, OLD.certified_at, OLD.counted_at, OLD.quorum
            )) THEN
                RAISE EXCEPTION 'a certified result is never changed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER certified_result_stays BEFORE UPDATE OR DELETE ON appraisal_cycle
        FOR EACH ROW EXECUTE FUNCTION certified_result_stays()
        """
    )
    op.execute(
        """
        CREATE FUNCTION certified_grades_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM appraisal_subject JOIN appraisal_cycle ON appraisal_cycle.id = cycle_id
                WHERE appraisal_subject.id = COALESCE(OLD.subject_id, NEW.subject_id)
                AND certified_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'a certified result is never changed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER certified_grades_stay BEFORE INSERT OR UPDATE OR DELETE ON subject_result
        FOR EACH ROW EXECUTE FUNCTION certified_grades_stay()
        """
    )
    # A subject moved to another cycle would take its grades out of the certified one.
    op.execute(
        """
        CREATE FUNCTION certified_subject_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.cycle_id <> OLD.cycle_id AND EXISTS (
                SELECT FROM appraisal_cycle WHERE id = OLD.cycle_id AND certified_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'a certified result is never changed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER certified_subject_stays BEFORE UPDATE OF cycle_id ON appraisal_subject
        FOR EACH ROW EXECUTE FUNCTION certified_subject_stays()
        """
    )
    op.execute(
        """
        CREATE FUNCTION certified_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM appraisal_cycle WHERE certified_at IS NOT NULL) THEN
                RAISE EXCEPTION 'a certified result is never changed' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table in ("appraisal_cycle", "subject_result"):
        op.execute(
            f"""
            CREATE TRIGGER certified_rows_stay BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION certified_rows_stay()
            """
        )


def downgrade() -> None:
    op.drop_constraint(op.f('ck_poll_least_together'), 'poll', type_='check')
    op.drop_column('poll', 'barred')
    op.drop_column('poll', 'least_together')
    op.drop_table('criticism')
    op.drop_table('action_recheck')
    op.drop_table('support_plan')
    op.drop_table('subject_result')
    op.drop_table('result_use')
    op.drop_table('hearing_question')
    op.drop_table('duty_report')
    op.drop_table('corrective_action')
    op.drop_table('appraisal_objection')
    op.drop_table('appraisal_consequence')
    op.drop_table('outside_count')
    op.drop_table('appraisal_subject')
    op.drop_table('rater_group')
    op.drop_table('appraisal_scale')
    op.drop_table('appraisal_cycle')
    op.execute("DROP FUNCTION certified_result_stays()")
    op.execute("DROP FUNCTION certified_grades_stay()")
    op.execute("DROP FUNCTION certified_subject_stays()")
    op.execute("DROP FUNCTION certified_rows_stay()")
