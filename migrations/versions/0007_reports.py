"""Reports of vote-buying, sealed for the authority that looks into them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_reports"
down_revision = "0006_recalls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('report_key',
    sa.Column('authority', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('length(public) = 32', name=op.f('ck_report_key_public')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_report_key_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_report_key_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_key')),
    sa.UniqueConstraint('community_id', 'public', name=op.f('uq_report_key_community_id_public'))
    )
    op.create_index(op.f('ix_report_key_community_id'), 'report_key', ['community_id'], unique=False)
    op.create_index('uq_report_key_live', 'report_key', ['community_id'], unique=True, postgresql_where=sa.text('retired_at IS NULL'))
    op.create_table('report',
    sa.Column('key_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=8), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('reply', sa.LargeBinary(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('is_counted', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(answered_on IS NULL) = (answer IS NULL)', name=op.f('ck_report_answered')),
    sa.CheckConstraint('length(reply) = 32 AND length(salt) = 16', name=op.f('ck_report_lengths')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_report_community_id')),
    sa.ForeignKeyConstraint(['key_id'], ['report_key.id'], name=op.f('fk_report_key_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_report_community_id_number'))
    )
    op.create_index(op.f('ix_report_community_id'), 'report', ['community_id'], unique=False)
    op.create_index(op.f('ix_report_key_id'), 'report', ['key_id'], unique=False)
    op.create_index('ix_report_received', 'report', ['community_id', 'received_on'], unique=False)
    op.create_table('report_visit',
    sa.Column('key_id', sa.Uuid(), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_report_visit_community_id')),
    sa.ForeignKeyConstraint(['key_id'], ['report_key.id'], name=op.f('fk_report_visit_key_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_visit'))
    )
    op.create_index(op.f('ix_report_visit_community_id'), 'report_visit', ['community_id'], unique=False)


def downgrade() -> None:
    op.drop_table('report_visit')
    op.drop_table('report')
    op.drop_table('report_key')
