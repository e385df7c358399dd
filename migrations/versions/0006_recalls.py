"""Recalls of holders of elected posts with their signers, and resignations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006_recalls'
down_revision = '0005_elections'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recall',
    sa.Column('term_id', sa.Uuid(), nullable=False),
    sa.Column('way', sa.Enum('voters', 'households', 'representatives', name='enum_way', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('demanded', 'complete', 'voting', 'carried', 'failed', 'ended', name='enum_recallstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('profile_version', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=False),
    sa.Column('new_facts', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('signed', sa.Integer(), nullable=False),
    sa.Column('on_roll', sa.Integer(), nullable=False),
    sa.Column('complete_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('defence', sa.Text(), nullable=False),
    sa.Column('defended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hearing', sa.String(length=200), nullable=False),
    sa.Column('poll_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(defence = '') = (defended_at IS NULL)", name=op.f('ck_recall_defended')),
    sa.CheckConstraint("(state IN ('carried', 'failed', 'ended')) = (decided_at IS NOT NULL)", name=op.f('ck_recall_decided')),
    sa.CheckConstraint("state IN ('demanded', 'ended') OR complete_at IS NOT NULL", name=op.f('ck_recall_complete')),
    sa.CheckConstraint("state NOT IN ('voting', 'carried', 'failed') OR poll_id IS NOT NULL", name=op.f('ck_recall_voted')),
    sa.CheckConstraint('signed BETWEEN 0 AND on_roll', name=op.f('ck_recall_counts')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_recall_community_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_recall_filed_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_recall_poll_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_recall_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall'))
    )
    op.create_index(op.f('ix_recall_community_id'), 'recall', ['community_id'], unique=False)
    op.create_index(op.f('ix_recall_term_id'), 'recall', ['term_id'], unique=False)
    op.create_index('uq_recall_live', 'recall', ['term_id'], unique=True, postgresql_where=sa.text("state IN ('demanded', 'complete', 'voting')"))
    op.create_table('recall_signer',
    sa.Column('recall_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_recall_signer_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_recall_signer_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recall_signer_person_id')),
    sa.ForeignKeyConstraint(['recall_id'], ['recall.id'], name=op.f('fk_recall_signer_recall_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_signer')),
    sa.UniqueConstraint('recall_id', 'person_id', name=op.f('uq_recall_signer_recall_id_person_id'))
    )
    op.create_index(op.f('ix_recall_signer_community_id'), 'recall_signer', ['community_id'], unique=False)
    op.create_index(op.f('ix_recall_signer_person_id'), 'recall_signer', ['person_id'], unique=False)
    op.create_table('departure',
    sa.Column('term_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('recalled', 'resigned', 'incapable', 'sentenced', 'two_strikes', name='enum_endground', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('filed', 'passed', 'refused', 'lapsed', name='enum_departurestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('assembly', sa.Enum('party_committee', 'residents_committee', 'representative_assembly', 'residents_assembly', 'supervision_committee', 'election_committee', 'service_station', 'deliberation_council', 'mediation_committee', 'subcommittee', 'residents_group', 'owners_committee', 'economic_cooperative', 'platform_office', name='enum_bodykind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('paper', sa.String(length=120), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name=op.f('ck_departure_decided')),
    sa.CheckConstraint("(state = 'passed') = (ended_on IS NOT NULL)", name=op.f('ck_departure_ended')),
    sa.CheckConstraint("announced_at IS NULL OR state = 'passed'", name=op.f('ck_departure_announced')),
    sa.CheckConstraint("state <> 'passed' OR paper <> ''", name=op.f('ck_departure_paper')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_departure_community_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_departure_filed_by_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_departure_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure'))
    )
    op.create_index(op.f('ix_departure_community_id'), 'departure', ['community_id'], unique=False)
    op.create_index(op.f('ix_departure_term_id'), 'departure', ['term_id'], unique=False)
    op.create_index('uq_departure_filed', 'departure', ['term_id'], unique=True, postgresql_where=sa.text("state = 'filed'"))


def downgrade() -> None:
    op.drop_table('departure')
    op.drop_table('recall_signer')
    op.drop_table('recall')
