"""Notifications, what each person wants of them, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_outbox"
down_revision = "0017_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('choice',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('topic', sa.Enum('votes', 'assemblies', 'about_me', 'matters', 'questions', 'meetings', 'drafts', 'elections', 'appraisals', 'notices', 'reminders', name='enum_topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('channel', sa.Enum('app', 'email', 'sms', 'wechat', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_choice_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_choice_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_choice')),
    sa.UniqueConstraint('person_id', 'topic', 'channel', name=op.f('uq_choice_person_id_topic_channel'))
    )
    op.create_index(op.f('ix_choice_community_id'), 'choice', ['community_id'], unique=False)
    op.create_table('contact',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('app', 'email', 'sms', 'wechat', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('code_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("channel <> 'app'", name=op.f('ck_contact_outside')),
    sa.CheckConstraint('(code_hash IS NULL) = (code_expires_at IS NULL)', name=op.f('ck_contact_code')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_contact_attempts')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_contact_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('person_id', 'channel', name=op.f('uq_contact_person_id_channel'))
    )
    op.create_index(op.f('ix_contact_community_id'), 'contact', ['community_id'], unique=False)
    op.create_table('notification',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('event', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.Enum('votes', 'assemblies', 'about_me', 'matters', 'questions', 'meetings', 'drafts', 'elections', 'appraisals', 'notices', 'reminders', name='enum_topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('endpoint', sa.String(length=80), nullable=False),
    sa.Column('arguments', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('is_statutory', sa.Boolean(), nullable=False),
    sa.Column('is_shown', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_notification_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notification_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('person_id', 'event', name=op.f('uq_notification_person_id_event'))
    )
    op.create_index(op.f('ix_notification_community_id'), 'notification', ['community_id'], unique=False)
    op.create_index('ix_notification_list', 'notification', ['person_id', 'created_at'], unique=False)
    op.create_index('ix_notification_unread', 'notification', ['person_id'], unique=False, postgresql_where=sa.text('read_at IS NULL AND is_shown'))
    op.create_table('outbox_message',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('app', 'email', 'sms', 'wechat', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_digest', sa.Boolean(), nullable=False),
    sa.Column('is_urgent', sa.Boolean(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'failed', 'dropped', name='enum_messagestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=200), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name=op.f('ck_outbox_message_claimed')),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_outbox_message_sent')),
    sa.CheckConstraint("channel <> 'app'", name=op.f('ck_outbox_message_outside')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_outbox_message_attempts')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_outbox_message_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_outbox_message_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message'))
    )
    op.create_index('ix_outbox_message_claimed', 'outbox_message', ['claimed_at'], unique=False, postgresql_where=sa.text("state = 'sending'"))
    op.create_index(op.f('ix_outbox_message_community_id'), 'outbox_message', ['community_id'], unique=False)
    op.create_index('ix_outbox_message_due', 'outbox_message', ['not_before'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_index('ix_outbox_message_failed', 'outbox_message', ['community_id'], unique=False, postgresql_where=sa.text("state = 'failed'"))
    op.create_index(op.f('ix_outbox_message_person_id'), 'outbox_message', ['person_id'], unique=False)
    op.create_index('uq_outbox_message_digest', 'outbox_message', ['person_id', 'channel', 'not_before'], unique=True, postgresql_where=sa.text("is_digest AND state = 'waiting'"))
    op.create_table('preference',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.Enum('at_once', 'daily', 'weekly', name='enum_digest', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('quiet_from', sa.Integer(), nullable=False),
    sa.Column('quiet_until', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23', name=op.f('ck_preference_hours')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_preference_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_preference_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preference')),
    sa.UniqueConstraint('person_id', name=op.f('uq_preference_person_id'))
    )
    op.create_index(op.f('ix_preference_community_id'), 'preference', ['community_id'], unique=False)
    op.create_table('reminder',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_reminder_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('person_id', 'subject', 'day', name=op.f('uq_reminder_person_id_subject_day'))
    )
    op.create_index(op.f('ix_reminder_community_id'), 'reminder', ['community_id'], unique=False)
    op.create_index(op.f('ix_reminder_day'), 'reminder', ['day'], unique=False)
    op.create_table('outbox_item',
    sa.Column('notification_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('app', 'email', 'sms', 'wechat', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('message_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['outbox_message.id'], name=op.f('fk_outbox_item_message_id')),
    sa.ForeignKeyConstraint(['notification_id'], ['notification.id'], name=op.f('fk_outbox_item_notification_id')),
    sa.PrimaryKeyConstraint('notification_id', 'channel', name=op.f('pk_outbox_item'))
    )
    op.create_index(op.f('ix_outbox_item_message_id'), 'outbox_item', ['message_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_outbox_item_message_id'), table_name='outbox_item')
    op.drop_table('outbox_item')
    op.drop_index(op.f('ix_reminder_day'), table_name='reminder')
    op.drop_index(op.f('ix_reminder_community_id'), table_name='reminder')
    op.drop_table('reminder')
    op.drop_index(op.f('ix_preference_community_id'), table_name='preference')
    op.drop_table('preference')
    op.drop_index('uq_outbox_message_digest', table_name='outbox_message', postgresql_where=sa.text("is_digest AND state = 'waiting'"))
    op.drop_index(op.f('ix_outbox_message_person_id'), table_name='outbox_message')
    op.drop_index('ix_outbox_message_failed', table_name='outbox_message', postgresql_where=sa.text("state = 'failed'"))
    op.drop_index('ix_outbox_message_due', table_name='outbox_message', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f('ix_outbox_message_community_id'), table_name='outbox_message')
    op.drop_index('ix_outbox_message_claimed', table_name='outbox_message', postgresql_where=sa.text("state = 'sending'"))
    op.drop_table('outbox_message')
    op.drop_index('ix_notification_unread', table_name='notification', postgresql_where=sa.text('read_at IS NULL AND is_shown'))
    op.drop_index('ix_notification_list', table_name='notification')
    op.drop_index(op.f('ix_notification_community_id'), table_name='notification')
    op.drop_table('notification')
    op.drop_index(op.f('ix_contact_community_id'), table_name='contact')
    op.drop_table('contact')
    op.drop_index(op.f('ix_choice_community_id'), table_name='choice')
    op.drop_table('choice')
