"""Drafts put out for comment, and what became of each comment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_comments"
down_revision = "0009_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('draft',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('matter_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.Enum('out', 'closed', 'withdrawn', name='enum_draftstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('put_out_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('put_out_by_id', sa.Uuid(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('final_text', sa.Text(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (final_text <> '')", name=op.f('ck_draft_closed')),
    sa.CheckConstraint("(state = 'out') = (ended_at IS NULL)", name=op.f('ck_draft_ended')),
    sa.CheckConstraint('until > put_out_at', name=op.f('ck_draft_order')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_draft_item_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_draft_matter_id')),
    sa.ForeignKeyConstraint(['put_out_by_id'], ['person.id'], name=op.f('fk_draft_put_out_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    op.create_index(op.f('ix_draft_community_id'), 'draft', ['community_id'], unique=False)
    op.create_index(op.f('ix_draft_item_id'), 'draft', ['item_id'], unique=False)
    op.create_index('ix_draft_list', 'draft', ['community_id', 'put_out_at'], unique=False)
    op.create_index(op.f('ix_draft_matter_id'), 'draft', ['matter_id'], unique=False)
    op.create_table('draft_answer',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('handling', sa.Enum('taken', 'partly', 'not_taken', name='enum_handling', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Uuid(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_draft_answer_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_answer_community_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_answer_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_answer'))
    )
    op.create_index(op.f('ix_draft_answer_community_id'), 'draft_answer', ['community_id'], unique=False)
    op.create_index(op.f('ix_draft_answer_draft_id'), 'draft_answer', ['draft_id'], unique=False)
    op.create_table('draft_delivery',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('delivered_by_id', sa.Uuid(), nullable=False),
    sa.Column('delivered_on', sa.Date(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_delivery_community_id')),
    sa.ForeignKeyConstraint(['delivered_by_id'], ['person.id'], name=op.f('fk_draft_delivery_delivered_by_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_delivery_draft_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_draft_delivery_entered_by_id')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_draft_delivery_household_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_delivery')),
    sa.UniqueConstraint('draft_id', 'household_id', name=op.f('uq_draft_delivery_draft_id_household_id'))
    )
    op.create_index(op.f('ix_draft_delivery_community_id'), 'draft_delivery', ['community_id'], unique=False)
    op.create_index(op.f('ix_draft_delivery_household_id'), 'draft_delivery', ['household_id'], unique=False)
    op.create_table('draft_opinion',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('author', sa.String(length=80), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('added_by_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_draft_opinion_added_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_opinion_community_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_opinion_draft_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_opinion'))
    )
    op.create_index(op.f('ix_draft_opinion_community_id'), 'draft_opinion', ['community_id'], unique=False)
    op.create_index(op.f('ix_draft_opinion_draft_id'), 'draft_opinion', ['draft_id'], unique=False)
    op.create_table('draft_comment',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('author_name', sa.String(length=80), nullable=False),
    sa.Column('shows_name', sa.Boolean(), nullable=False),
    sa.Column('passage', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('channel', sa.Enum('self', 'paper', 'word', name='enum_commentchannel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(channel = 'self') = (entered_by_id IS NULL)", name=op.f('ck_draft_comment_entered')),
    sa.CheckConstraint("author_id IS NULL OR author_name = ''", name=op.f('ck_draft_comment_one_author')),
    sa.CheckConstraint("channel <> 'self' OR author_id IS NOT NULL", name=op.f('ck_draft_comment_author')),
    sa.ForeignKeyConstraint(['answer_id'], ['draft_answer.id'], name=op.f('fk_draft_comment_answer_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_draft_comment_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_comment_community_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_comment_draft_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_draft_comment_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_comment')),
    sa.UniqueConstraint('draft_id', 'number', name=op.f('uq_draft_comment_draft_id_number'))
    )
    op.create_index(op.f('ix_draft_comment_answer_id'), 'draft_comment', ['answer_id'], unique=False)
    op.create_index(op.f('ix_draft_comment_author_id'), 'draft_comment', ['author_id'], unique=False)
    op.create_index(op.f('ix_draft_comment_community_id'), 'draft_comment', ['community_id'], unique=False)
    op.create_index('ix_draft_comment_waiting', 'draft_comment', ['draft_id', 'answer_id', 'number'], unique=False)


def downgrade() -> None:
    op.drop_table('draft_comment')
    op.drop_table('draft_delivery')
    op.drop_table('draft_opinion')
    op.drop_table('draft_answer')
    op.drop_table('draft')
