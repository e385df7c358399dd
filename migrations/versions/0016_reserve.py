"""Selections for the list of reserve cadres."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_reserve"
down_revision = "0015_ratings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reserve_selection',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('criteria', sa.Text(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('appraisal_weight', sa.String(length=20), nullable=False),
    sa.Column('exam_weight', sa.String(length=20), nullable=False),
    sa.Column('exam_least', sa.String(length=20), nullable=False),
    sa.Column('state', sa.Enum('draft', 'posted', 'decided', 'void', name='enum_selectionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('stage', sa.Enum('recommendation', 'appraisal', 'exam', 'inspection', 'choice', name='enum_stage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cycle_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tie_decision', sa.Enum('all', 'none', name='enum_tiedecision', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('tie_reason', sa.String(length=500), nullable=False),
    sa.Column('void_ground', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name=op.f('ck_reserve_selection_decided')),
    sa.CheckConstraint("(state = 'void') = (void_ground <> '')", name=op.f('ck_reserve_selection_void')),
    sa.CheckConstraint("(tie_decision IS NULL) = (tie_reason = '')", name=op.f('ck_reserve_selection_tie')),
    sa.CheckConstraint('places > 0', name=op.f('ck_reserve_selection_places')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_reserve_selection_community_id')),
    sa.ForeignKeyConstraint(['cycle_id'], ['appraisal_cycle.id'], name=op.f('fk_reserve_selection_cycle_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_reserve_selection_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reserve_selection')),
    sa.UniqueConstraint('cycle_id', name=op.f('uq_reserve_selection_cycle_id'))
    )
    op.create_index(op.f('ix_reserve_selection_community_id'), 'reserve_selection', ['community_id'], unique=False)
    op.create_index('uq_reserve_selection_year', 'reserve_selection', ['community_id', 'year'], unique=True, postgresql_where=sa.text("state <> 'void'"))
    op.create_table('reserve_candidate',
    sa.Column('selection_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('recommended_by', sa.String(length=120), nullable=False),
    sa.Column('recommendation', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('appraisal_points', sa.Text(), nullable=False),
    sa.Column('exam_points', sa.String(length=40), nullable=False),
    sa.Column('bonus', sa.String(length=20), nullable=False),
    sa.Column('bonus_reason', sa.String(length=300), nullable=False),
    sa.Column('inspection', sa.Text(), nullable=False),
    sa.Column('passed_inspection', sa.Boolean(), nullable=True),
    sa.Column('score', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('is_chosen', sa.Boolean(), nullable=False),
    sa.Column('ended_at_stage', sa.Enum('recommendation', 'appraisal', 'exam', 'inspection', 'choice', name='enum_stage', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('end_reason', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(ended_at_stage IS NULL) = (end_reason = '')", name=op.f('ck_reserve_candidate_ended')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_reserve_candidate_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reserve_candidate_person_id')),
    sa.ForeignKeyConstraint(['selection_id'], ['reserve_selection.id'], name=op.f('fk_reserve_candidate_selection_id')),
    sa.ForeignKeyConstraint(['subject_id'], ['appraisal_subject.id'], name=op.f('fk_reserve_candidate_subject_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reserve_candidate')),
    sa.UniqueConstraint('selection_id', 'person_id', name=op.f('uq_reserve_candidate_selection_id_person_id')),
    sa.UniqueConstraint('selection_id', 'position', name=op.f('uq_reserve_candidate_selection_id_position'))
    )
    op.create_index(op.f('ix_reserve_candidate_community_id'), 'reserve_candidate', ['community_id'], unique=False)
    op.create_index(op.f('ix_reserve_candidate_selection_id'), 'reserve_candidate', ['selection_id'], unique=False)


def downgrade() -> None:
    op.drop_table('reserve_candidate')
    op.drop_table('reserve_selection')
