"""Statements that people agree or disagree with, and the opinion groups computed from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_statements"
down_revision = "0008_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('conversation',
    sa.Column('topic', sa.String(length=200), nullable=False),
    sa.Column('background', sa.Text(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('matter_id', sa.Uuid(), nullable=True),
    sa.Column('audience', sa.Enum('everybody', 'body', 'meeting', name='enum_audience', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('body_id', sa.Uuid(), nullable=True),
    sa.Column('is_moderated', sa.Boolean(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('planned', 'open', 'closed', name='enum_conversationstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(audience = 'body') = (body_id IS NOT NULL)", name=op.f('ck_conversation_audience_body')),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_conversation_closed')),
    sa.CheckConstraint("audience <> 'meeting' OR meeting_id IS NOT NULL", name=op.f('ck_conversation_audience_meeting')),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_conversation_times')),
    sa.CheckConstraint('meeting_id IS NULL OR matter_id IS NULL', name=op.f('ck_conversation_one_subject')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_conversation_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_conversation_community_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_conversation_created_by_id')),
    sa.ForeignKeyConstraint(['matter_id'], ['matter.id'], name=op.f('fk_conversation_matter_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_conversation_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation'))
    )
    op.create_index(op.f('ix_conversation_community_id'), 'conversation', ['community_id'], unique=False)
    op.create_index('ix_conversation_due', 'conversation', ['state', 'opens_at', 'closes_at'], unique=False)
    op.create_index('ix_conversation_list', 'conversation', ['community_id', 'closes_at'], unique=False)
    op.create_index(op.f('ix_conversation_matter_id'), 'conversation', ['matter_id'], unique=False)
    op.create_index(op.f('ix_conversation_meeting_id'), 'conversation', ['meeting_id'], unique=False)
    op.create_table('statement',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=140), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('is_seed', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'shown', 'rejected', name='enum_statementstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Enum('several_ideas', 'off_topic', 'repeated', 'personal_attack', 'personal_data', 'advertising', 'unlawful', name='enum_rejectreason', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name=op.f('ck_statement_reason')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_statement_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_statement_community_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_statement_conversation_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_statement_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('conversation_id', 'number', name=op.f('uq_statement_conversation_id_number')),
    sa.UniqueConstraint('conversation_id', 'text', name=op.f('uq_statement_conversation_id_text'))
    )
    op.create_index('ix_statement_author', 'statement', ['author_id', 'conversation_id'], unique=False)
    op.create_index(op.f('ix_statement_community_id'), 'statement', ['community_id'], unique=False)
    op.create_table('statement_grouping',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_final', sa.Boolean(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('placed', sa.Integer(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('silhouette', sa.Double(), nullable=True),
    sa.Column('shown', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('memory', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_statement_grouping_community_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_statement_grouping_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_grouping')),
    sa.UniqueConstraint('conversation_id', 'version', name=op.f('uq_statement_grouping_conversation_id_version'))
    )
    op.create_index(op.f('ix_statement_grouping_community_id'), 'statement_grouping', ['community_id'], unique=False)
    op.create_table('statement_vote',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('value', sa.SmallInteger(), nullable=False),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('value IN (-1, 0, 1)', name=op.f('ck_statement_vote_value')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_statement_vote_community_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_statement_vote_conversation_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_statement_vote_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_statement_vote_person_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_vote_statement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_vote'))
    )
    op.create_index('ix_statement_vote_cast', 'statement_vote', ['conversation_id', 'cast_at'], unique=False)
    op.create_index(op.f('ix_statement_vote_community_id'), 'statement_vote', ['community_id'], unique=False)
    op.create_index('ix_statement_vote_person', 'statement_vote', ['conversation_id', 'person_id'], unique=False)
    op.create_index(op.f('ix_statement_vote_statement_id'), 'statement_vote', ['statement_id'], unique=False)
    op.create_index('uq_statement_vote_current', 'statement_vote', ['statement_id', 'person_id'], unique=True, postgresql_where=sa.text('superseded_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_statement_vote_current', table_name='statement_vote', postgresql_where=sa.text('superseded_at IS NULL'))
    op.drop_index(op.f('ix_statement_vote_statement_id'), table_name='statement_vote')
    op.drop_index('ix_statement_vote_person', table_name='statement_vote')
    op.drop_index(op.f('ix_statement_vote_community_id'), table_name='statement_vote')
    op.drop_index('ix_statement_vote_cast', table_name='statement_vote')
    op.drop_table('statement_vote')
    op.drop_index(op.f('ix_statement_grouping_community_id'), table_name='statement_grouping')
    op.drop_table('statement_grouping')
    op.drop_index(op.f('ix_statement_community_id'), table_name='statement')
    op.drop_index('ix_statement_author', table_name='statement')
    op.drop_table('statement')
    op.drop_index(op.f('ix_conversation_meeting_id'), table_name='conversation')
    op.drop_index(op.f('ix_conversation_matter_id'), table_name='conversation')
    op.drop_index('ix_conversation_list', table_name='conversation')
    op.drop_index('ix_conversation_due', table_name='conversation')
    op.drop_index(op.f('ix_conversation_community_id'), table_name='conversation')
    op.drop_table('conversation')
