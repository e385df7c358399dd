"""What a session has beside its agenda: rules of procedure, invitations, presence, speeches, motions, signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008_sessions'
down_revision = '0007_reports'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('deliberation_duty',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('form', sa.Enum('council', 'hearing', 'open_talk', 'coordination', 'appraisal', 'joint', 'residents_assembly', 'representative_assembly', name='enum_meetingform', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('category', sa.Enum('safety', 'environment', 'facilities', 'property', 'parking', 'elderly', 'children', 'culture', 'neighbours', 'covenant', 'services', 'other', name='enum_category', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ground', sa.String(length=300), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_deliberation_duty_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliberation_duty')),
    sa.UniqueConstraint('community_id', 'title', name=op.f('uq_deliberation_duty_community_id_title'))
    )
    op.create_index(op.f('ix_deliberation_duty_community_id'), 'deliberation_duty', ['community_id'], unique=False)
    op.create_table('chair_turn',
    sa.Column('body_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('skipped_because', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('until_on >= from_on', name=op.f('ck_chair_turn_dates')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_chair_turn_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_chair_turn_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_chair_turn_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chair_turn')),
    sa.UniqueConstraint('body_id', 'position', name=op.f('uq_chair_turn_body_id_position'))
    )
    op.create_index(op.f('ix_chair_turn_body_id'), 'chair_turn', ['body_id'], unique=False)
    op.create_index(op.f('ix_chair_turn_community_id'), 'chair_turn', ['community_id'], unique=False)
    op.create_table('procedure',
    sa.Column('body_id', sa.Uuid(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=False),
    sa.Column('adopted_by', sa.String(length=200), nullable=False),
    sa.Column('speech_seconds', sa.Integer(), nullable=False),
    sa.Column('speeches_each', sa.Integer(), nullable=False),
    sa.Column('first_speakers_first', sa.Boolean(), nullable=False),
    sa.Column('sides_alternate', sa.Boolean(), nullable=False),
    sa.Column('motion_first', sa.Boolean(), nullable=False),
    sa.Column('needs_seconder', sa.Boolean(), nullable=False),
    sa.Column('observers_speak', sa.Boolean(), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('speech_seconds > 0 AND speeches_each > 0', name=op.f('ck_procedure_limits')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_procedure_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_procedure_community_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_procedure_made_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_procedure')),
    sa.UniqueConstraint('community_id', 'body_id', 'number', name=op.f('uq_procedure_community_id_body_id_number'), postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('ix_procedure_community_id'), 'procedure', ['community_id'], unique=False)
    op.create_table('hand_count',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('in_favour', sa.Integer(), nullable=False),
    sa.Column('against', sa.Integer(), nullable=False),
    sa.Column('abstained', sa.Integer(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=False),
    sa.Column('checked_by', sa.String(length=80), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(counted_at IS NULL) = (checked_by = '')", name=op.f('ck_hand_count_counted')),
    sa.CheckConstraint('in_favour + against + abstained <= present', name=op.f('ck_hand_count_no_more_than_present')),
    sa.CheckConstraint('in_favour >= 0 AND against >= 0 AND abstained >= 0', name=op.f('ck_hand_count_numbers')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_hand_count_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_hand_count_entered_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_hand_count_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_count')),
    sa.UniqueConstraint('poll_id', name=op.f('uq_hand_count_poll_id'))
    )
    op.create_index(op.f('ix_hand_count_community_id'), 'hand_count', ['community_id'], unique=False)
    op.create_table('invitation',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('participant_class', sa.Enum('resident', 'representative', 'party', 'committee', 'station', 'owners', 'property_firm', 'stationed_unit', 'social_organisation', 'government', 'expert', 'supervision', name='enum_participantclass', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('seat', sa.Enum('member', 'participant', 'observer', name='enum_seat', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('stake', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.Enum('coming', 'not_coming', name='enum_answer', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("person_id IS NOT NULL OR name <> ''", name=op.f('ck_invitation_who')),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_invitation_answered')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_invitation_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_invitation_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_invitation_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_invitation_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invitation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_invitation_meeting_id_person_id'))
    )
    op.create_index(op.f('ix_invitation_community_id'), 'invitation', ['community_id'], unique=False)
    op.create_index(op.f('ix_invitation_item_id'), 'invitation', ['item_id'], unique=False)
    op.create_index(op.f('ix_invitation_meeting_id'), 'invitation', ['meeting_id'], unique=False)
    op.create_index(op.f('ix_invitation_person_id'), 'invitation', ['person_id'], unique=False)
    op.create_table('minutes_signature',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('signer', sa.Enum('chair', 'clerk', name='enum_signer', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('text_hash', sa.String(length=64), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paper_file', sa.String(length=60), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(paper_file = '') = (entered_by_id IS NULL)", name=op.f('ck_minutes_signature_paper')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_minutes_signature_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_minutes_signature_entered_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_signature_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_minutes_signature_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_signature')),
    sa.UniqueConstraint('meeting_id', 'signer', name=op.f('uq_minutes_signature_meeting_id_signer'))
    )
    op.create_index(op.f('ix_minutes_signature_community_id'), 'minutes_signature', ['community_id'], unique=False)
    op.create_index(op.f('ix_minutes_signature_meeting_id'), 'minutes_signature', ['meeting_id'], unique=False)
    op.create_table('follow_up',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('task', 'agenda', name='enum_followupkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_item_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("done_at IS NULL OR kind <> 'agenda' OR done_item_id IS NOT NULL", name=op.f('ck_follow_up_taken_up')),
    sa.CheckConstraint("kind <> 'task' OR (owner_id IS NOT NULL AND due_on IS NOT NULL)", name=op.f('ck_follow_up_task')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_follow_up_community_id')),
    sa.ForeignKeyConstraint(['done_item_id'], ['agenda_item.id'], name=op.f('fk_follow_up_done_item_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_follow_up_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_follow_up_meeting_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['body.id'], name=op.f('fk_follow_up_owner_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_follow_up_photo_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    op.create_index(op.f('ix_follow_up_community_id'), 'follow_up', ['community_id'], unique=False)
    op.create_index(op.f('ix_follow_up_item_id'), 'follow_up', ['item_id'], unique=False)
    op.create_index(op.f('ix_follow_up_meeting_id'), 'follow_up', ['meeting_id'], unique=False)
    op.create_index('ix_follow_up_open', 'follow_up', ['community_id', 'due_on'], unique=False, postgresql_where=sa.text('done_at IS NULL'))
    op.create_table('motion',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('main', 'amendment', 'end_debate', 'postpone', name='enum_motionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('moved', 'open', 'voting', 'adopted', 'defeated', 'withdrawn', 'ruled_out', name='enum_motionstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('mover_id', sa.Uuid(), nullable=False),
    sa.Column('seconder_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('way', sa.Enum('hands', 'named', 'sealed', name='enum_voteway', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('poll_id', sa.Uuid(), nullable=True),
    sa.Column('ruling', sa.String(length=500), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(settled_at IS NULL) = (state IN ('moved', 'open', 'voting'))", name=op.f('ck_motion_settled')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_motion_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_motion_entered_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_motion_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_motion_meeting_id')),
    sa.ForeignKeyConstraint(['mover_id'], ['attendance.id'], name=op.f('fk_motion_mover_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['motion.id'], name=op.f('fk_motion_parent_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_motion_poll_id')),
    sa.ForeignKeyConstraint(['seconder_id'], ['attendance.id'], name=op.f('fk_motion_seconder_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_motion')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_motion_meeting_id_number')),
    sa.UniqueConstraint('poll_id', name=op.f('uq_motion_poll_id'))
    )
    op.create_index(op.f('ix_motion_community_id'), 'motion', ['community_id'], unique=False)
    op.create_index(op.f('ix_motion_item_id'), 'motion', ['item_id'], unique=False)
    op.create_index(op.f('ix_motion_meeting_id'), 'motion', ['meeting_id'], unique=False)
    op.create_table('paper',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('is_expert_opinion', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('added_by_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(content IS NULL) = (media_type = '')", name=op.f('ck_paper_file_or_text')),
    sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_paper_added_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_paper_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_paper_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper'))
    )
    op.create_index(op.f('ix_paper_community_id'), 'paper', ['community_id'], unique=False)
    op.create_index(op.f('ix_paper_item_id'), 'paper', ['item_id'], unique=False)
    op.create_table('point_of_order',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=True),
    sa.Column('attendance_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_upheld', sa.Boolean(), nullable=True),
    sa.Column('ruling', sa.String(length=500), nullable=False),
    sa.Column('ruled_by_id', sa.Uuid(), nullable=True),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(is_upheld IS NULL) = (ruled_at IS NULL)', name=op.f('ck_point_of_order_ruled')),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_point_of_order_attendance_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_point_of_order_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_point_of_order_entered_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_point_of_order_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_point_of_order_meeting_id')),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['person.id'], name=op.f('fk_point_of_order_ruled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_of_order'))
    )
    op.create_index(op.f('ix_point_of_order_community_id'), 'point_of_order', ['community_id'], unique=False)
    op.create_index(op.f('ix_point_of_order_meeting_id'), 'point_of_order', ['meeting_id'], unique=False)
    op.create_table('presence',
    sa.Column('attendance_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('self', 'code', 'screen', 'clerk', name='enum_presencechannel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('left_at >= came_at', name=op.f('ck_presence_order')),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_presence_attendance_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_presence_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_presence_entered_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presence'))
    )
    op.create_index(op.f('ix_presence_attendance_id'), 'presence', ['attendance_id'], unique=False)
    op.create_index(op.f('ix_presence_community_id'), 'presence', ['community_id'], unique=False)
    op.create_index('uq_presence_attendance_id_open', 'presence', ['attendance_id'], unique=True, postgresql_where=sa.text('left_at IS NULL'))
    op.create_table('speech',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('motion_id', sa.Uuid(), nullable=True),
    sa.Column('attendance_id', sa.Uuid(), nullable=False),
    sa.Column('stance', sa.Enum('for', 'against', 'neutral', name='enum_stance', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'speaking', 'done', 'withdrawn', name='enum_speechstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('allowed_seconds', sa.Integer(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('gist', sa.Text(), nullable=False),
    sa.Column('given_because', sa.String(length=300), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(ended_at IS NULL) = (state IN ('waiting', 'speaking'))", name=op.f('ck_speech_ended')),
    sa.CheckConstraint("(started_at IS NULL) = (state IN ('waiting', 'withdrawn'))", name=op.f('ck_speech_started')),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_speech_attendance_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_speech_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_speech_entered_by_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_speech_item_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_speech_meeting_id')),
    sa.ForeignKeyConstraint(['motion_id'], ['motion.id'], name=op.f('fk_speech_motion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speech'))
    )
    op.create_index(op.f('ix_speech_attendance_id'), 'speech', ['attendance_id'], unique=False)
    op.create_index(op.f('ix_speech_community_id'), 'speech', ['community_id'], unique=False)
    op.create_index(op.f('ix_speech_item_id'), 'speech', ['item_id'], unique=False)
    op.create_index(op.f('ix_speech_meeting_id'), 'speech', ['meeting_id'], unique=False)
    op.create_index('uq_speech_speaking', 'speech', ['meeting_id'], unique=True, postgresql_where=sa.text("state = 'speaking'"))
    op.create_table('text_version',
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('motion_id', sa.Uuid(), nullable=True),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_text_version_community_id')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_text_version_item_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_text_version_made_by_id')),
    sa.ForeignKeyConstraint(['motion_id'], ['motion.id'], name=op.f('fk_text_version_motion_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_version')),
    sa.UniqueConstraint('item_id', 'number', name=op.f('uq_text_version_item_id_number'))
    )
    op.create_index(op.f('ix_text_version_community_id'), 'text_version', ['community_id'], unique=False)
    op.create_index(op.f('ix_text_version_item_id'), 'text_version', ['item_id'], unique=False)
    op.create_table('assembly_demand',
    sa.Column('form', sa.Enum('council', 'hearing', 'open_talk', 'coordination', 'appraisal', 'joint', 'residents_assembly', 'representative_assembly', name='enum_meetingform', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(reached_at IS NULL) = (due_at IS NULL)', name=op.f('ck_assembly_demand_reached')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_assembly_demand_community_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_assembly_demand_made_by_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_assembly_demand_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assembly_demand'))
    )
    op.create_index(op.f('ix_assembly_demand_community_id'), 'assembly_demand', ['community_id'], unique=False)
    op.create_table('demand_signature',
    sa.Column('demand_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('for_household', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'desk', 'paper', name='enum_channel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_demand_signature_community_id')),
    sa.ForeignKeyConstraint(['demand_id'], ['assembly_demand.id'], name=op.f('fk_demand_signature_demand_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_demand_signature_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_demand_signature_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demand_signature')),
    sa.UniqueConstraint('demand_id', 'person_id', name=op.f('uq_demand_signature_demand_id_person_id'))
    )
    op.create_index(op.f('ix_demand_signature_community_id'), 'demand_signature', ['community_id'], unique=False)
    op.create_index(op.f('ix_demand_signature_demand_id'), 'demand_signature', ['demand_id'], unique=False)
    op.add_column('agenda_item', sa.Column('studied_on', sa.Date(), nullable=True))
    op.add_column('agenda_item', sa.Column('study_text', sa.Text(), server_default='', nullable=False))
    op.alter_column('agenda_item', 'study_text', server_default=None)
    op.create_check_constraint(op.f('ck_agenda_item_studied'), 'agenda_item', "(studied_on IS NULL) = (study_text = '')")
    op.add_column('agenda_item', sa.Column('called_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('meeting', sa.Column('held', sa.Enum('room', 'screens', 'both', name='enum_held', native_enum=False, create_constraint=True, length=40), server_default='room', nullable=False))
    op.add_column('meeting', sa.Column('acting_chair_id', sa.Uuid(), nullable=True))
    op.add_column('meeting', sa.Column('clerk_id', sa.Uuid(), nullable=True))
    op.add_column('meeting', sa.Column('check_in_code', sa.String(length=8), server_default='', nullable=False))
    op.add_column('meeting', sa.Column('procedure_id', sa.Uuid(), nullable=True))
    op.add_column('meeting', sa.Column('floor_rules', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('agenda_item', sa.Column('nothing_because', sa.String(length=300), server_default='', nullable=False))
    op.add_column('meeting', sa.Column('minutes_draft', sa.Text(), server_default='', nullable=False))
    op.add_column('meeting', sa.Column('minutes_overdue_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('meeting', sa.Column('minutes_posted_at', sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f('fk_meeting_clerk_id'), 'meeting', 'person', ['clerk_id'], ['id'])
    op.create_foreign_key(op.f('fk_meeting_acting_chair_id'), 'meeting', 'person', ['acting_chair_id'], ['id'])
    op.create_foreign_key(op.f('fk_meeting_procedure_id'), 'meeting', 'procedure', ['procedure_id'], ['id'])
    op.alter_column('meeting', 'held', server_default=None)
    op.alter_column('meeting', 'check_in_code', server_default=None)
    op.alter_column('agenda_item', 'nothing_because', server_default=None)
    op.alter_column('meeting', 'minutes_draft', server_default=None)
    # Minutes of meetings closed before minutes were signed were fixed, and are on their pages.
    op.execute("UPDATE meeting SET minutes_draft = minutes, minutes_posted_at = closed_at WHERE state = 'closed'")
    _allow_forms("'council', 'hearing', 'open_talk', 'coordination', 'appraisal', 'joint', 'residents_assembly', 'representative_assembly'")
    # Everybody who came before stays were kept has one stay, and every text its first version.
    op.execute("""
        INSERT INTO presence (id, community_id, attendance_id, channel, came_at, left_at)
        SELECT gen_random_uuid(), community_id, id, 'self', arrived_at, left_at FROM attendance
    """)
    op.execute("""
        INSERT INTO text_version (id, community_id, item_id, number, text, note, made_at)
        SELECT gen_random_uuid(), item.community_id, item.id, 1, item.text, '', meeting.noticed_at
        FROM agenda_item AS item JOIN meeting ON meeting.id = item.meeting_id WHERE item.text <> ''
    """)


def downgrade() -> None:
    _allow_forms("'council', 'hearing', 'open_talk', 'coordination', 'residents_assembly', 'representative_assembly'")
    op.drop_constraint(op.f('fk_meeting_procedure_id'), 'meeting', type_='foreignkey')
    op.drop_constraint(op.f('fk_meeting_acting_chair_id'), 'meeting', type_='foreignkey')
    op.drop_constraint(op.f('fk_meeting_clerk_id'), 'meeting', type_='foreignkey')
    op.drop_column('meeting', 'minutes_posted_at')
    op.drop_column('meeting', 'minutes_overdue_at')
    op.drop_column('meeting', 'minutes_draft')
    op.drop_column('agenda_item', 'nothing_because')
    op.drop_column('meeting', 'floor_rules')
    op.drop_column('meeting', 'procedure_id')
    op.drop_column('meeting', 'check_in_code')
    op.drop_column('meeting', 'clerk_id')
    op.drop_column('meeting', 'acting_chair_id')
    op.drop_column('meeting', 'held')
    op.drop_column('agenda_item', 'called_at')
    op.drop_constraint(op.f('ck_agenda_item_studied'), 'agenda_item')
    op.drop_column('agenda_item', 'study_text')
    op.drop_column('agenda_item', 'studied_on')
    op.drop_table('demand_signature')
    op.drop_table('assembly_demand')
    op.drop_table('text_version')
    op.drop_table('speech')
    op.drop_table('presence')
    op.drop_table('point_of_order')
    op.drop_table('paper')
    op.drop_table('motion')
    op.drop_table('follow_up')
    op.drop_table('minutes_signature')
    op.drop_table('invitation')
    op.drop_table('hand_count')
    op.drop_table('procedure')
    op.drop_table('chair_turn')
    op.drop_table('deliberation_duty')


def _allow_forms(forms: str) -> None:
    op.drop_constraint(op.f('ck_meeting_enum_meetingform'), 'meeting')
    op.create_check_constraint(op.f('ck_meeting_enum_meetingform'), 'meeting', f'form IN ({forms})')
