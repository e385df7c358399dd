"""Departments and providers that work in the community, and opinions on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_departments"
down_revision = "0012_recall_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('department',
    sa.Column('kind', sa.Enum('subdistrict', 'branch', 'police', 'provider', name='enum_departmentkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('duty', sa.String(length=300), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_department_dates')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_department_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department')),
    sa.UniqueConstraint('community_id', 'name', name=op.f('uq_department_community_id_name'))
    )
    op.create_index(op.f('ix_department_community_id'), 'department', ['community_id'], unique=False)
    op.create_table('department_opinion',
    sa.Column('department_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('replied_by', sa.String(length=120), nullable=False),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_because', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(hidden_at IS NULL) = (hidden_because = '')", name=op.f('ck_department_opinion_hidden')),
    sa.CheckConstraint("(replied_at IS NULL) = (reply = '')", name=op.f('ck_department_opinion_replied')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_department_opinion_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_department_opinion_community_id')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_department_opinion_department_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_department_opinion_entered_by_id')),
    sa.ForeignKeyConstraint(['reply_entered_by_id'], ['person.id'], name=op.f('fk_department_opinion_reply_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_department_opinion')),
    sa.UniqueConstraint('department_id', 'number', name=op.f('uq_department_opinion_department_id_number'))
    )
    op.create_index(op.f('ix_department_opinion_author_id'), 'department_opinion', ['author_id'], unique=False)
    op.create_index(op.f('ix_department_opinion_community_id'), 'department_opinion', ['community_id'], unique=False)
    op.create_index('ix_department_opinion_waiting', 'department_opinion', ['community_id', 'due_at'], unique=False, postgresql_where=sa.text('replied_at IS NULL'))


def downgrade() -> None:
    op.drop_table('department_opinion')
    op.drop_table('department')
