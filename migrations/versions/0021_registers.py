"""Owners' decisions, reports at the place of residence, deputies; what demands and complaints about notices lack."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_registers"
down_revision = "0020_supervision"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('item_demand', sa.Column('rhythm', sa.Enum('ad_hoc', 'monthly', 'quarterly', 'half_yearly', 'yearly', name='enum_rhythm', native_enum=False, create_constraint=True, length=40), server_default='ad_hoc', nullable=False))
    op.add_column('complaint', sa.Column('query_id', sa.Uuid(), nullable=True))
    op.add_column('complaint', sa.Column('remedy', sa.Text(), server_default='', nullable=False))
    op.add_column('complaint', sa.Column('remedied_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('complaint', sa.Column('remedied_by_id', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_complaint_query_id'), 'complaint', ['query_id'], unique=False)
    op.create_foreign_key(op.f('fk_complaint_query_id'), 'complaint', 'notice_query', ['query_id'], ['id'])
    op.create_foreign_key(op.f('fk_complaint_remedied_by_id'), 'complaint', 'person', ['remedied_by_id'], ['id'])
    op.create_check_constraint(op.f('ck_complaint_remedied'), 'complaint', "(remedied_at IS NULL) = (remedy = '')")
    op.create_check_constraint(op.f('ck_complaint_query'), 'complaint', "query_id IS NULL OR ground = 'unanswered'")
    op.create_table('owners_decision',
    sa.Column('owners', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('notified_by_id', sa.Uuid(), nullable=False),
    sa.Column('notified_post', sa.String(length=200), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('remarked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remarked_by_id', sa.Uuid(), nullable=True),
    sa.Column('remarked_post', sa.String(length=200), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("remarked_at IS NOT NULL OR remark = ''", name=op.f('ck_owners_decision_remark')),
    sa.CheckConstraint('(remarked_at IS NULL) = (remarked_by_id IS NULL)', name=op.f('ck_owners_decision_remarked')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_owners_decision_community_id')),
    sa.ForeignKeyConstraint(['notified_by_id'], ['person.id'], name=op.f('fk_owners_decision_notified_by_id')),
    sa.ForeignKeyConstraint(['remarked_by_id'], ['person.id'], name=op.f('fk_owners_decision_remarked_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_owners_decision'))
    )
    op.create_index(op.f('ix_owners_decision_community_id'), 'owners_decision', ['community_id'], unique=False)
    op.create_index('ix_owners_decision_list', 'owners_decision', ['community_id', 'decided_on'], unique=False)
    op.create_index('ix_owners_decision_waiting', 'owners_decision', ['community_id', 'notified_at'], unique=False, postgresql_where=sa.text('remarked_at IS NULL'))
    op.create_table('residence_report',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('term_from', sa.Date(), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'desk', 'paper', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_by_id IS NULL)', name=op.f('ck_residence_report_confirmed')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_residence_report_community_id')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_residence_report_confirmed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_residence_report_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_residence_report')),
    sa.UniqueConstraint('person_id', 'term_from', name=op.f('uq_residence_report_person_id_term_from'))
    )
    op.create_index(op.f('ix_residence_report_community_id'), 'residence_report', ['community_id'], unique=False)
    op.create_index('ix_residence_report_list', 'residence_report', ['community_id', 'term_from'], unique=False)
    op.create_table('deputy',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('congress', 'consultative', name='enum_deputykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('level', sa.Enum('township', 'district', 'city', 'province', 'national', name='enum_deputylevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('until IS NULL OR until >= since', name=op.f('ck_deputy_dates')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_deputy_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputy')),
    sa.UniqueConstraint('community_id', 'kind', 'level', 'name', name=op.f('uq_deputy_community_id_kind_level_name'))
    )
    op.create_index(op.f('ix_deputy_community_id'), 'deputy', ['community_id'], unique=False)
    op.create_table('liaison_day',
    sa.Column('deputy_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('begins', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('ends > begins', name=op.f('ck_liaison_day_hours')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_liaison_day_community_id')),
    sa.ForeignKeyConstraint(['deputy_id'], ['deputy.id'], name=op.f('fk_liaison_day_deputy_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_liaison_day')),
    sa.UniqueConstraint('deputy_id', 'day', 'begins', name=op.f('uq_liaison_day_deputy_id_day_begins'))
    )
    op.create_index(op.f('ix_liaison_day_community_id'), 'liaison_day', ['community_id'], unique=False)
    op.create_table('deputy_opinion',
    sa.Column('deputy_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('forwarded_on', sa.Date(), nullable=True),
    sa.Column('forwarded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('forwarded_by_id', sa.Uuid(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.String(length=120), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_deputy_opinion_answered')),
    sa.CheckConstraint('(answered_at IS NULL) = (answer_entered_by_id IS NULL)', name=op.f('ck_deputy_opinion_answer_entered')),
    sa.CheckConstraint('(forwarded_at IS NULL) = (forwarded_by_id IS NULL)', name=op.f('ck_deputy_opinion_forwarded_by')),
    sa.CheckConstraint('(forwarded_on IS NULL) = (forwarded_at IS NULL)', name=op.f('ck_deputy_opinion_forwarded')),
    sa.CheckConstraint('answered_at IS NULL OR forwarded_at IS NOT NULL', name=op.f('ck_deputy_opinion_order')),
    sa.CheckConstraint('author_id IS NOT NULL OR entered_by_id IS NOT NULL', name=op.f('ck_deputy_opinion_origin')),
    sa.ForeignKeyConstraint(['answer_entered_by_id'], ['person.id'], name=op.f('fk_deputy_opinion_answer_entered_by_id')),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_deputy_opinion_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_deputy_opinion_community_id')),
    sa.ForeignKeyConstraint(['deputy_id'], ['deputy.id'], name=op.f('fk_deputy_opinion_deputy_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_deputy_opinion_entered_by_id')),
    sa.ForeignKeyConstraint(['forwarded_by_id'], ['person.id'], name=op.f('fk_deputy_opinion_forwarded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputy_opinion')),
    sa.UniqueConstraint('deputy_id', 'number', name=op.f('uq_deputy_opinion_deputy_id_number'))
    )
    op.create_index(op.f('ix_deputy_opinion_author_id'), 'deputy_opinion', ['author_id'], unique=False)
    op.create_index(op.f('ix_deputy_opinion_community_id'), 'deputy_opinion', ['community_id'], unique=False)
    op.create_index('ix_deputy_opinion_waiting', 'deputy_opinion', ['community_id', 'due_at'], unique=False, postgresql_where=sa.text('forwarded_at IS NULL'))


def downgrade() -> None:
    op.drop_table('deputy_opinion')
    op.drop_table('liaison_day')
    op.drop_table('deputy')
    op.drop_table('residence_report')
    op.drop_table('owners_decision')
    op.drop_constraint(op.f('ck_complaint_query'), 'complaint', type_='check')
    op.drop_constraint(op.f('ck_complaint_remedied'), 'complaint', type_='check')
    op.drop_constraint(op.f('fk_complaint_remedied_by_id'), 'complaint', type_='foreignkey')
    op.drop_constraint(op.f('fk_complaint_query_id'), 'complaint', type_='foreignkey')
    op.drop_index(op.f('ix_complaint_query_id'), table_name='complaint')
    op.drop_column('complaint', 'remedied_by_id')
    op.drop_column('complaint', 'remedied_at')
    op.drop_column('complaint', 'remedy')
    op.drop_column('complaint', 'query_id')
    op.drop_column('item_demand', 'rhythm')
