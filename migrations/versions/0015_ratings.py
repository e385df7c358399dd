"""Ratings of services, by slips that open one each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015_ratings"
down_revision = "0014_appraisals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('service_item',
    sa.Column('service_class', sa.Enum('management', 'public_service', 'social_security', name='enum_serviceclass', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('unit', sa.String(length=80), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_service_item_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_item')),
    sa.UniqueConstraint('community_id', 'name', name=op.f('uq_service_item_community_id_name'))
    )
    op.create_index(op.f('ix_service_item_community_id'), 'service_item', ['community_id'], unique=False)
    op.create_table('slip_sheet',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('counter', sa.String(length=80), nullable=False),
    sa.Column('term_id', sa.Uuid(), nullable=False),
    sa.Column('slips', sa.Integer(), nullable=False),
    sa.Column('printed_on', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('printed_by_id', sa.Uuid(), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('slips > 0', name=op.f('ck_slip_sheet_slips')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_slip_sheet_community_id')),
    sa.ForeignKeyConstraint(['printed_by_id'], ['person.id'], name=op.f('fk_slip_sheet_printed_by_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_slip_sheet_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slip_sheet')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_slip_sheet_community_id_number'))
    )
    op.create_index(op.f('ix_slip_sheet_community_id'), 'slip_sheet', ['community_id'], unique=False)
    op.create_index(op.f('ix_slip_sheet_term_id'), 'slip_sheet', ['term_id'], unique=False)
    op.create_table('service_rating',
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('term_id', sa.Uuid(), nullable=False),
    sa.Column('counter', sa.String(length=80), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('level', sa.Enum('very_satisfied', 'satisfied', 'fairly_satisfied', 'dissatisfied', 'very_dissatisfied', name='enum_ratinglevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('is_counted', sa.Boolean(), nullable=False),
    sa.Column('published_in', sa.Date(), nullable=True),
    sa.Column('removed_in', sa.Date(), nullable=True),
    sa.Column('is_named_bad', sa.Boolean(), nullable=False),
    sa.Column('clock_from', sa.Date(), nullable=True),
    sa.Column('contact_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contacted_by_id', sa.Uuid(), nullable=True),
    sa.Column('contact_note', sa.Text(), nullable=False),
    sa.Column('answer_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('about', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('called_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_content', sa.Boolean(), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disputed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dispute', sa.String(length=500), nullable=False),
    sa.Column('ruling', sa.Enum('stands', 'set_aside', name='enum_reviewruling', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ruling_text', sa.String(length=500), nullable=False),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ruled_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("answered_at IS NULL OR answer <> ''", name=op.f('ck_service_rating_answered')),
    sa.CheckConstraint('(contact_due_at IS NOT NULL) = is_named_bad', name=op.f('ck_service_rating_contact')),
    sa.CheckConstraint("is_named_bad OR (name = '' AND phone = '')", name=op.f('ck_service_rating_named')),
    sa.CheckConstraint("removed_in IS NULL OR ruling = 'set_aside'", name=op.f('ck_service_rating_removed')),
    sa.CheckConstraint('(ruling IS NULL) = (ruled_at IS NULL)', name=op.f('ck_service_rating_ruled')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_service_rating_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_service_rating_community_id')),
    sa.ForeignKeyConstraint(['contacted_by_id'], ['person.id'], name=op.f('fk_service_rating_contacted_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['service_item.id'], name=op.f('fk_service_rating_item_id')),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['person.id'], name=op.f('fk_service_rating_ruled_by_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_service_rating_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_rating')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_service_rating_community_id_number'))
    )
    op.create_index(op.f('ix_service_rating_community_id'), 'service_rating', ['community_id'], unique=False)
    op.create_index(op.f('ix_service_rating_item_id'), 'service_rating', ['item_id'], unique=False)
    op.create_index('ix_service_rating_list', 'service_rating', ['community_id', 'month'], unique=False)
    op.create_index(op.f('ix_service_rating_term_id'), 'service_rating', ['term_id'], unique=False)
    op.create_table('service_slip',
    sa.Column('sheet_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('is_used', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('length(code_hash) = 32', name=op.f('ck_service_slip_hash')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_service_slip_community_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['slip_sheet.id'], name=op.f('fk_service_slip_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_slip')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_service_slip_code_hash'))
    )
    op.create_index(op.f('ix_service_slip_community_id'), 'service_slip', ['community_id'], unique=False)
    op.create_index(op.f('ix_service_slip_sheet_id'), 'service_slip', ['sheet_id'], unique=False)
    op.create_table('rating_publication',
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.Column('figures', postgresql.JSONB(), nullable=False),
    sa.Column('hidden', postgresql.JSONB(), nullable=False),
    sa.Column('stands', sa.Integer(), nullable=False),
    sa.Column('set_aside', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_rating_publication_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rating_publication')),
    sa.UniqueConstraint('community_id', 'published_on', name=op.f('uq_rating_publication_community_id_published_on'))
    )
    op.create_index(op.f('ix_rating_publication_community_id'), 'rating_publication', ['community_id'], unique=False)
    op.create_table('station_card',
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('hours', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('complaints_phone', sa.String(length=60), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_station_card_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station_card')),
    sa.UniqueConstraint('community_id', name=op.f('uq_station_card_community_id'))
    )
    op.create_index(op.f('ix_station_card_community_id'), 'station_card', ['community_id'], unique=False)


def downgrade() -> None:
    op.drop_table('station_card')
    op.drop_table('rating_publication')
    op.drop_table('service_slip')
    op.drop_table('service_rating')
    op.drop_table('slip_sheet')
    op.drop_table('service_item')
