"""What must be posted, drafts and their review, queries, demands for items, complaints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_notices"
down_revision = "0016_reserve"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('disclosure_item',
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('category', sa.Enum('assembly_decisions', 'money_and_donations', 'facilities', 'service_projects', 'deliberation', 'help_to_government', 'common_concern', name='enum_noticecategory', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('rhythm', sa.Enum('ad_hoc', 'monthly', 'quarterly', 'half_yearly', 'yearly', name='enum_rhythm', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source', sa.Enum('law', 'local', 'demanded', name='enum_itemsource', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('body_id', sa.Uuid(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ended_on IS NULL OR ended_on >= since', name=op.f('ck_disclosure_item_dates')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_disclosure_item_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_disclosure_item_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_item')),
    sa.UniqueConstraint('community_id', 'code', name=op.f('uq_disclosure_item_community_id_code'))
    )
    op.create_index(op.f('ix_disclosure_item_community_id'), 'disclosure_item', ['community_id'], unique=False)
    op.create_table('item_demand',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('category', sa.Enum('assembly_decisions', 'money_and_donations', 'facilities', 'service_projects', 'deliberation', 'help_to_government', 'common_concern', name='enum_noticecategory', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(reached_at IS NULL) = (item_id IS NULL)', name=op.f('ck_item_demand_reached')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_item_demand_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['disclosure_item.id'], name=op.f('fk_item_demand_item_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_item_demand_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_demand'))
    )
    op.create_index(op.f('ix_item_demand_community_id'), 'item_demand', ['community_id'], unique=False)
    op.create_table('disclosure_due',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_until', sa.Date(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notice_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('period_until >= period_from', name=op.f('ck_disclosure_due_period')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_disclosure_due_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['disclosure_item.id'], name=op.f('fk_disclosure_due_item_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_disclosure_due_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_due')),
    sa.UniqueConstraint('item_id', 'period_from', name=op.f('uq_disclosure_due_item_id_period_from'))
    )
    op.create_index(op.f('ix_disclosure_due_community_id'), 'disclosure_due', ['community_id'], unique=False)
    op.create_index('ix_disclosure_due_list', 'disclosure_due', ['community_id', 'due_at'], unique=False)
    op.create_index(op.f('ix_disclosure_due_notice_id'), 'disclosure_due', ['notice_id'], unique=False)
    op.create_index('ix_disclosure_due_open', 'disclosure_due', ['due_at'], unique=False, postgresql_where=sa.text('notice_id IS NULL'))
    op.create_table('item_demand_signature',
    sa.Column('demand_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('as_representative', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'desk', 'paper', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_item_demand_signature_community_id')),
    sa.ForeignKeyConstraint(['demand_id'], ['item_demand.id'], name=op.f('fk_item_demand_signature_demand_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_item_demand_signature_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_item_demand_signature_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_demand_signature')),
    sa.UniqueConstraint('demand_id', 'person_id', name=op.f('uq_item_demand_signature_demand_id_person_id'))
    )
    op.create_index(op.f('ix_item_demand_signature_community_id'), 'item_demand_signature', ['community_id'], unique=False)
    op.create_index(op.f('ix_item_demand_signature_demand_id'), 'item_demand_signature', ['demand_id'], unique=False)
    op.create_table('notice_query',
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'desk', 'paper', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('hidden_by_id', sa.Uuid(), nullable=True),
    sa.Column('hidden_reason', sa.String(length=60), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_notice_query_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_notice_query_community_id')),
    sa.ForeignKeyConstraint(['hidden_by_id'], ['person.id'], name=op.f('fk_notice_query_hidden_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_query_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_query'))
    )
    op.create_index(op.f('ix_notice_query_author_id'), 'notice_query', ['author_id'], unique=False)
    op.create_index(op.f('ix_notice_query_community_id'), 'notice_query', ['community_id'], unique=False)
    op.create_index('ix_notice_query_list', 'notice_query', ['notice_id', 'at', 'id'], unique=False)
    op.create_index('ix_notice_query_waiting', 'notice_query', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('complaint',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('ground', sa.Enum('late', 'false', 'unanswered', name='enum_complaintground', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('notice_id', sa.Uuid(), nullable=True),
    sa.Column('due_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'desk', 'paper', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('package', sa.LargeBinary(), nullable=False),
    sa.Column('package_sha256', sa.String(length=64), nullable=False),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_over_by_id', sa.Uuid(), nullable=True),
    sa.Column('outcome', sa.Enum('ordered', 'explained', 'unfounded', name='enum_complaintoutcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(outcome IS NULL) = (answered_at IS NULL)', name=op.f('ck_complaint_answered')),
    sa.CheckConstraint('notice_id IS NOT NULL OR due_id IS NOT NULL', name=op.f('ck_complaint_about')),
    sa.ForeignKeyConstraint(['answer_entered_by_id'], ['person.id'], name=op.f('fk_complaint_answer_entered_by_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_complaint_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_complaint_community_id')),
    sa.ForeignKeyConstraint(['due_id'], ['disclosure_due.id'], name=op.f('fk_complaint_due_id')),
    sa.ForeignKeyConstraint(['handed_over_by_id'], ['person.id'], name=op.f('fk_complaint_handed_over_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_complaint_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_complaint_community_id_number'))
    )
    op.create_index(op.f('ix_complaint_author_id'), 'complaint', ['author_id'], unique=False)
    op.create_index(op.f('ix_complaint_community_id'), 'complaint', ['community_id'], unique=False)
    op.create_index(op.f('ix_complaint_due_id'), 'complaint', ['due_id'], unique=False)
    op.create_index('ix_complaint_list', 'complaint', ['community_id', 'filed_at'], unique=False)
    op.create_index(op.f('ix_complaint_notice_id'), 'complaint', ['notice_id'], unique=False)
    op.create_table('notice_draft',
    sa.Column('state', sa.Enum('draft', 'in_review', 'objected', 'reviewed', 'met', 'posted', 'dropped', name='enum_draftstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('category', sa.Enum('assembly_decisions', 'money_and_donations', 'facilities', 'service_projects', 'deliberation', 'help_to_government', 'common_concern', name='enum_noticecategory', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_id', sa.Uuid(), nullable=True),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('formed_on', sa.Date(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('repost_of_id', sa.Uuid(), nullable=True),
    sa.Column('drafted_by_id', sa.Uuid(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('review_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reviewed_by_id', sa.Uuid(), nullable=True),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('met_note', sa.String(length=500), nullable=False),
    sa.Column('met_by_id', sa.Uuid(), nullable=True),
    sa.Column('notice_id', sa.Uuid(), nullable=True),
    sa.Column('dropped_because', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'posted') = (notice_id IS NOT NULL)", name=op.f('ck_notice_draft_posted')),
    sa.CheckConstraint("(state IN ('draft', 'dropped')) OR (handed_in_at IS NOT NULL)", name=op.f('ck_notice_draft_handed_in')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_notice_draft_community_id')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['person.id'], name=op.f('fk_notice_draft_drafted_by_id')),
    sa.ForeignKeyConstraint(['due_id'], ['disclosure_due.id'], name=op.f('fk_notice_draft_due_id')),
    sa.ForeignKeyConstraint(['item_id'], ['disclosure_item.id'], name=op.f('fk_notice_draft_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_notice_draft_meeting_id')),
    sa.ForeignKeyConstraint(['met_by_id'], ['person.id'], name=op.f('fk_notice_draft_met_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_draft_notice_id')),
    sa.ForeignKeyConstraint(['repost_of_id'], ['notice.id'], name=op.f('fk_notice_draft_repost_of_id')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['person.id'], name=op.f('fk_notice_draft_reviewed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_draft')),
    sa.UniqueConstraint('notice_id', name=op.f('uq_notice_draft_notice_id'))
    )
    op.create_index(op.f('ix_notice_draft_community_id'), 'notice_draft', ['community_id'], unique=False)
    op.create_index(op.f('ix_notice_draft_drafted_by_id'), 'notice_draft', ['drafted_by_id'], unique=False)
    op.create_index(op.f('ix_notice_draft_due_id'), 'notice_draft', ['due_id'], unique=False)
    op.create_index('ix_notice_draft_list', 'notice_draft', ['community_id', 'state', 'changed_at'], unique=False)
    op.create_table('notice_query_entry',
    sa.Column('query_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('question', 'answer', name='enum_queryentrykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_notice_query_entry_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_query_entry_person_id')),
    sa.ForeignKeyConstraint(['query_id'], ['notice_query.id'], name=op.f('fk_notice_query_entry_query_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_query_entry')),
    sa.UniqueConstraint('query_id', 'position', name=op.f('uq_notice_query_entry_query_id_position'))
    )
    op.create_index(op.f('ix_notice_query_entry_community_id'), 'notice_query_entry', ['community_id'], unique=False)
    op.create_table('draft_objection',
    sa.Column('draft_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('is_taken', sa.Boolean(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_draft_objection_answered')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_draft_objection_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_draft_objection_community_id')),
    sa.ForeignKeyConstraint(['draft_id'], ['notice_draft.id'], name=op.f('fk_draft_objection_draft_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_objection_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_objection'))
    )
    op.create_index(op.f('ix_draft_objection_community_id'), 'draft_objection', ['community_id'], unique=False)
    op.create_index(op.f('ix_draft_objection_draft_id'), 'draft_objection', ['draft_id'], unique=False)
    op.add_column('notice', sa.Column('state', sa.Enum('posted', 'removed', 'expired', name='enum_noticestate', native_enum=False, create_constraint=True, length=40), server_default='posted', nullable=False))
    op.add_column('notice', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('notice', sa.Column('removed_by_id', sa.Uuid(), nullable=True))
    op.add_column('notice', sa.Column('removed_because', sa.String(length=300), server_default='', nullable=False))
    op.add_column('notice', sa.Column('repost_of_id', sa.Uuid(), nullable=True))
    op.add_column('notice', sa.Column('on_board_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('notice', sa.Column('on_board_by_id', sa.Uuid(), nullable=True))
    op.add_column('notice', sa.Column('off_board_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('notice', sa.Column('off_board_by_id', sa.Uuid(), nullable=True))
    op.add_column('notice', sa.Column('tokens', postgresql.ARRAY(sa.String(length=40)), server_default='{}', nullable=False))
    op.create_index('ix_notice_running', 'notice', ['until'], unique=False, postgresql_where=sa.text("state = 'posted'"))
    op.create_index('ix_notice_tokens', 'notice', ['tokens'], unique=False, postgresql_using='gin')
    op.create_unique_constraint(op.f('uq_notice_repost_of_id'), 'notice', ['repost_of_id'])
    op.create_foreign_key(op.f('fk_notice_removed_by_id'), 'notice', 'person', ['removed_by_id'], ['id'])
    op.create_foreign_key(op.f('fk_notice_repost_of_id'), 'notice', 'notice', ['repost_of_id'], ['id'])
    op.create_foreign_key(op.f('fk_notice_off_board_by_id'), 'notice', 'person', ['off_board_by_id'], ['id'])
    op.create_foreign_key(op.f('fk_notice_on_board_by_id'), 'notice', 'person', ['on_board_by_id'], ['id'])
    op.create_check_constraint(op.f('ck_notice_removed'), 'notice', "(state = 'removed') = (removed_at IS NOT NULL)")
    op.create_check_constraint(op.f('ck_notice_removed_because'), 'notice', "(removed_at IS NULL) = (removed_because = '')")
    op.create_check_constraint(op.f('ck_notice_board'), 'notice', "off_board_at IS NULL OR on_board_at IS NOT NULL")
    # Whatever was posted so far and has had its time is past it.
    op.execute("UPDATE notice SET state = 'expired' WHERE until < now()")


def downgrade() -> None:
    op.drop_constraint(op.f('fk_notice_on_board_by_id'), 'notice', type_='foreignkey')
    op.drop_constraint(op.f('fk_notice_off_board_by_id'), 'notice', type_='foreignkey')
    op.drop_constraint(op.f('fk_notice_repost_of_id'), 'notice', type_='foreignkey')
    op.drop_constraint(op.f('fk_notice_removed_by_id'), 'notice', type_='foreignkey')
    op.drop_constraint(op.f('uq_notice_repost_of_id'), 'notice', type_='unique')
    op.drop_index('ix_notice_tokens', table_name='notice', postgresql_using='gin')
    op.drop_index('ix_notice_running', table_name='notice', postgresql_where=sa.text("state = 'posted'"))
    op.drop_column('notice', 'tokens')
    op.drop_column('notice', 'off_board_by_id')
    op.drop_column('notice', 'off_board_at')
    op.drop_column('notice', 'on_board_by_id')
    op.drop_column('notice', 'on_board_at')
    op.drop_column('notice', 'repost_of_id')
    op.drop_column('notice', 'removed_because')
    op.drop_column('notice', 'removed_by_id')
    op.drop_column('notice', 'removed_at')
    op.drop_column('notice', 'state')
    op.drop_index(op.f('ix_draft_objection_draft_id'), table_name='draft_objection')
    op.drop_index(op.f('ix_draft_objection_community_id'), table_name='draft_objection')
    op.drop_table('draft_objection')
    op.drop_index(op.f('ix_notice_query_entry_community_id'), table_name='notice_query_entry')
    op.drop_table('notice_query_entry')
    op.drop_index('ix_notice_draft_list', table_name='notice_draft')
    op.drop_index(op.f('ix_notice_draft_due_id'), table_name='notice_draft')
    op.drop_index(op.f('ix_notice_draft_drafted_by_id'), table_name='notice_draft')
    op.drop_index(op.f('ix_notice_draft_community_id'), table_name='notice_draft')
    op.drop_table('notice_draft')
    op.drop_index(op.f('ix_complaint_notice_id'), table_name='complaint')
    op.drop_index('ix_complaint_list', table_name='complaint')
    op.drop_index(op.f('ix_complaint_due_id'), table_name='complaint')
    op.drop_index(op.f('ix_complaint_community_id'), table_name='complaint')
    op.drop_index(op.f('ix_complaint_author_id'), table_name='complaint')
    op.drop_table('complaint')
    op.drop_index('ix_notice_query_waiting', table_name='notice_query', postgresql_where=sa.text('due_at IS NOT NULL'))
    op.drop_index('ix_notice_query_list', table_name='notice_query')
    op.drop_index(op.f('ix_notice_query_community_id'), table_name='notice_query')
    op.drop_index(op.f('ix_notice_query_author_id'), table_name='notice_query')
    op.drop_table('notice_query')
    op.drop_index(op.f('ix_item_demand_signature_demand_id'), table_name='item_demand_signature')
    op.drop_index(op.f('ix_item_demand_signature_community_id'), table_name='item_demand_signature')
    op.drop_table('item_demand_signature')
    op.drop_index('ix_disclosure_due_open', table_name='disclosure_due', postgresql_where=sa.text('notice_id IS NULL'))
    op.drop_index(op.f('ix_disclosure_due_notice_id'), table_name='disclosure_due')
    op.drop_index('ix_disclosure_due_list', table_name='disclosure_due')
    op.drop_index(op.f('ix_disclosure_due_community_id'), table_name='disclosure_due')
    op.drop_table('disclosure_due')
    op.drop_index(op.f('ix_item_demand_community_id'), table_name='item_demand')
    op.drop_table('item_demand')
    op.drop_index(op.f('ix_disclosure_item_community_id'), table_name='disclosure_item')
    op.drop_table('disclosure_item')
