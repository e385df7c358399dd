"""Reports of content, what was hidden or held, appeals, and the words that hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_moderation"
down_revision = "0018_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('held_text',
    sa.Column('kind', sa.Enum('matter', 'comment', 'statement', 'draft_comment', 'notice_query', name='enum_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('arguments', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('matched', postgresql.ARRAY(sa.String(length=60)), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('held', 'released', 'refused', 'taken_back', 'lapsed', name='enum_heldstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('by_clock', sa.Boolean(), nullable=False),
    sa.Column('made_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'held') = (settled_at IS NULL)", name=op.f('ck_held_text_settled')),
    sa.CheckConstraint("NOT by_clock OR state IN ('released', 'lapsed')", name=op.f('ck_held_text_by_clock')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_held_text_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_held_text_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_held_text_entered_by_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_held_text_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_text'))
    )
    op.create_index(op.f('ix_held_text_author_id'), 'held_text', ['author_id'], unique=False)
    op.create_index(op.f('ix_held_text_community_id'), 'held_text', ['community_id'], unique=False)
    op.create_index('ix_held_text_due', 'held_text', ['due_at'], unique=False, postgresql_where=sa.text("state = 'held'"))
    op.create_index('ix_held_text_list', 'held_text', ['community_id', 'state', 'due_at'], unique=False)
    op.create_table('report_case',
    sa.Column('kind', sa.Enum('matter', 'comment', 'statement', 'draft_comment', 'notice_query', name='enum_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('open', 'hidden', 'kept', name='enum_casestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f('ck_report_case_settled')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_report_case_community_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['person.id'], name=op.f('fk_report_case_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_case')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_report_case_kind_subject_id'))
    )
    op.create_index(op.f('ix_report_case_community_id'), 'report_case', ['community_id'], unique=False)
    op.create_index('ix_report_case_list', 'report_case', ['community_id', 'state', 'opened_at'], unique=False)
    op.create_table('sensitive_word',
    sa.Column('word', sa.String(length=60), nullable=False),
    sa.Column('plain', sa.String(length=200), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_by_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_by_id IS NULL)', name=op.f('ck_sensitive_word_ended')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_sensitive_word_added_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_sensitive_word_community_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_sensitive_word_ended_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sensitive_word'))
    )
    op.create_index(op.f('ix_sensitive_word_community_id'), 'sensitive_word', ['community_id'], unique=False)
    op.create_index('uq_sensitive_word_plain', 'sensitive_word', ['community_id', 'plain'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('content_report',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Enum('personal_attack', 'personal_data', 'advertising', 'unlawful', 'repeated', 'off_topic', 'several_ideas', name='enum_reason', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_content_report_case_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_content_report_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_content_report_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_content_report_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_content_report')),
    sa.UniqueConstraint('case_id', 'person_id', name=op.f('uq_content_report_case_id_person_id'))
    )
    op.create_index(op.f('ix_content_report_community_id'), 'content_report', ['community_id'], unique=False)
    op.create_index(op.f('ix_content_report_person_id'), 'content_report', ['person_id'], unique=False)
    op.create_table('hide_decision',
    sa.Column('kind', sa.Enum('matter', 'comment', 'statement', 'draft_comment', 'notice_query', name='enum_kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('held_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('kept', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Enum('personal_attack', 'personal_data', 'advertising', 'unlawful', 'repeated', 'off_topic', 'several_ideas', name='enum_reason', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'in_force', 'dropped', 'restored', name='enum_decisionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('confirmed_post', sa.String(length=200), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state IN ('dropped', 'restored')) = (ended_at IS NOT NULL)", name=op.f('ck_hide_decision_ended')),
    sa.CheckConstraint("state NOT IN ('in_force', 'restored') OR since IS NOT NULL", name=op.f('ck_hide_decision_since')),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_by_id IS NULL)', name=op.f('ck_hide_decision_confirmed')),
    sa.CheckConstraint('subject_id IS NOT NULL OR held_id IS NOT NULL', name=op.f('ck_hide_decision_subject')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_hide_decision_author_id')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_hide_decision_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['report_case.id'], name=op.f('fk_hide_decision_case_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_hide_decision_community_id')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_hide_decision_confirmed_by_id')),
    sa.ForeignKeyConstraint(['held_id'], ['held_text.id'], name=op.f('fk_hide_decision_held_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hide_decision'))
    )
    op.create_index(op.f('ix_hide_decision_author_id'), 'hide_decision', ['author_id'], unique=False)
    op.create_index(op.f('ix_hide_decision_case_id'), 'hide_decision', ['case_id'], unique=False)
    op.create_index(op.f('ix_hide_decision_community_id'), 'hide_decision', ['community_id'], unique=False)
    op.create_index('ix_hide_decision_held', 'hide_decision', ['held_id'], unique=True)
    op.create_index('ix_hide_decision_list', 'hide_decision', ['community_id', 'state', 'at'], unique=False)
    op.create_index('uq_hide_decision_live', 'hide_decision', ['kind', 'subject_id'], unique=True, postgresql_where=sa.text("state IN ('proposed', 'in_force')"))
    op.create_table('hide_appeal',
    sa.Column('decision_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Enum('upheld', 'overturned', name='enum_outcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ruling', sa.Text(), nullable=False),
    sa.Column('ruled_by_id', sa.Uuid(), nullable=True),
    sa.Column('ruled_post', sa.String(length=200), nullable=False),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(outcome IS NULL) = (ruling = '')", name=op.f('ck_hide_appeal_reasons')),
    sa.CheckConstraint('(outcome IS NULL) = (ruled_at IS NULL)', name=op.f('ck_hide_appeal_ruled')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_hide_appeal_community_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['hide_decision.id'], name=op.f('fk_hide_appeal_decision_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_hide_appeal_entered_by_id')),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['person.id'], name=op.f('fk_hide_appeal_ruled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hide_appeal')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_hide_appeal_decision_id'))
    )
    op.create_index(op.f('ix_hide_appeal_community_id'), 'hide_appeal', ['community_id'], unique=False)
    op.create_index('ix_hide_appeal_due', 'hide_appeal', ['due_at'], unique=False, postgresql_where=sa.text('outcome IS NULL'))


def downgrade() -> None:
    op.drop_index('ix_hide_appeal_due', table_name='hide_appeal', postgresql_where=sa.text('outcome IS NULL'))
    op.drop_index(op.f('ix_hide_appeal_community_id'), table_name='hide_appeal')
    op.drop_table('hide_appeal')
    op.drop_index('uq_hide_decision_live', table_name='hide_decision', postgresql_where=sa.text("state IN ('proposed', 'in_force')"))
    op.drop_index('ix_hide_decision_list', table_name='hide_decision')
    op.drop_index('ix_hide_decision_held', table_name='hide_decision')
    op.drop_index(op.f('ix_hide_decision_community_id'), table_name='hide_decision')
    op.drop_index(op.f('ix_hide_decision_case_id'), table_name='hide_decision')
    op.drop_index(op.f('ix_hide_decision_author_id'), table_name='hide_decision')
    op.drop_table('hide_decision')
    op.drop_index(op.f('ix_content_report_person_id'), table_name='content_report')
    op.drop_index(op.f('ix_content_report_community_id'), table_name='content_report')
    op.drop_table('content_report')
    op.drop_index('uq_sensitive_word_plain', table_name='sensitive_word', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_sensitive_word_community_id'), table_name='sensitive_word')
    op.drop_table('sensitive_word')
    op.drop_index('ix_report_case_list', table_name='report_case')
    op.drop_index(op.f('ix_report_case_community_id'), table_name='report_case')
    op.drop_table('report_case')
    op.drop_index('ix_held_text_list', table_name='held_text')
    op.drop_index('ix_held_text_due', table_name='held_text', postgresql_where=sa.text("state = 'held'"))
    op.drop_index(op.f('ix_held_text_community_id'), table_name='held_text')
    op.drop_index(op.f('ix_held_text_author_id'), table_name='held_text')
    op.drop_table('held_text')
