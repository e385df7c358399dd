"""Requests of voters who will be away to another voter to be their proxy."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_proxy_requests"
down_revision = "0010_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mandate_request',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('principal_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('away_from', sa.Date(), nullable=False),
    sa.Column('away_until', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Enum('accepted', 'declined', 'taken_back', 'settled', name='enum_mandateanswer', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mandate_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f('ck_mandate_request_answered')),
    sa.CheckConstraint("away_until >= away_from", name=op.f('ck_mandate_request_away')),
    sa.CheckConstraint("mandate_id IS NULL OR answer = 'accepted'", name=op.f('ck_mandate_request_accepted')),
    sa.CheckConstraint("principal_id <> holder_id", name=op.f('ck_mandate_request_two_people')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_mandate_request_community_id')),
    sa.ForeignKeyConstraint(['holder_id'], ['roll_entry.id'], name=op.f('fk_mandate_request_holder_id')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_mandate_request_mandate_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_mandate_request_poll_id')),
    sa.ForeignKeyConstraint(['principal_id'], ['roll_entry.id'], name=op.f('fk_mandate_request_principal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate_request'))
    )
    op.create_index(op.f('ix_mandate_request_community_id'), 'mandate_request', ['community_id'], unique=False)
    op.create_index(op.f('ix_mandate_request_holder_id'), 'mandate_request', ['holder_id'], unique=False)
    op.create_index(op.f('ix_mandate_request_poll_id'), 'mandate_request', ['poll_id'], unique=False)
    op.create_index('uq_mandate_request_open', 'mandate_request', ['principal_id'], unique=True, postgresql_where=sa.text("answer IS NULL"))


def downgrade() -> None:
    op.drop_table('mandate_request')
