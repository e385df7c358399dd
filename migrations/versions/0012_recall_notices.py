"""Official notices of recalls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_recall_notices"
down_revision = "0011_proxy_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recall_notice',
    sa.Column('recall_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('recall_demand', 'recall_vote', 'recall_result', name='enum_recallnoticekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('issuer', sa.String(length=120), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Uuid(), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_recall_notice_community_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_recall_notice_issued_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_recall_notice_notice_id')),
    sa.ForeignKeyConstraint(['recall_id'], ['recall.id'], name=op.f('fk_recall_notice_recall_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_notice')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_recall_notice_community_id_number'))
    )
    op.create_index(op.f('ix_recall_notice_community_id'), 'recall_notice', ['community_id'], unique=False)
    op.create_index(op.f('ix_recall_notice_recall_id'), 'recall_notice', ['recall_id'], unique=False)


def downgrade() -> None:
    op.drop_table('recall_notice')
