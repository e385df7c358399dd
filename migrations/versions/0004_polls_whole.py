"""Rolls, ballot papers, boards of sealed ballots, paper and results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004_polls_whole'
down_revision = '0003_findings_stay'
branch_labels = None
depends_on = None


CHANNELS = ("screen", "hands", "hall", "roving", "proxy")
POLL_CHECKS = {
    "subject": "(subject_kind = '') = (subject_id IS NULL)",
    "times": "closes_at > opens_at",
    "channels": "by_screen OR by_paper",
    "named": "preset <> 'open' OR NOT (by_paper OR by_proxy)",
    "trustees": "threshold BETWEEN 1 AND trustees AND trustees <= 20",
    "terms": "least >= 1 AND objection_days >= 0 AND keep_days >= 0",
}
# Rows that are there get these values; what comes later is told by the code.
DEFAULTED = (
    ("open_ballot", "answers"),
    ("poll", "is_statutory"),
    ("poll", "draw"),
    ("poll", "by_screen"),
    ("poll", "by_paper"),
    ("poll", "by_proxy"),
    ("poll", "revote"),
    ("poll", "least"),
    ("poll", "threshold"),
    ("poll", "trustees"),
    ("poll", "objection_days"),
    ("poll", "keep_days"),
    ("result_sheet", "questions"),
    ("roll_entry", "name"),
    ("roll_entry", "group_name"),
)


def upgrade() -> None:
    op.create_table('board',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('phase', sa.Enum('ceremony', 'roll', 'manifest', 'casting', 'stopped', 'closed', 'opened', name='enum_phase', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_board_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_board_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', name=op.f('pk_board'))
    )
    op.create_index(op.f('ix_board_community_id'), 'board', ['community_id'], unique=False)
    op.create_table('board_line',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.Column('tracker', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_board_line_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_board_line_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', 'number', name=op.f('pk_board_line'))
    )
    op.create_index('uq_board_line_tracker', 'board_line', ['poll_id', 'tracker'], unique=True, postgresql_where=sa.text('tracker IS NOT NULL'))
    op.create_table('credential',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('void', sa.Enum('paper', 'reissued', 'struck off', name='enum_why', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('is_replaced', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_credential_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_credential_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', 'public', name=op.f('pk_credential'))
    )
    op.create_table('key_ceremony',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('sealed_id', sa.LargeBinary(), nullable=False),
    sa.Column('threshold', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drill', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('drilled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('complaint', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("finished_at IS NULL OR complaint = ''", name=op.f('ck_key_ceremony_ended')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_key_ceremony_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_key_ceremony_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_ceremony'))
    )
    op.create_index(op.f('ix_key_ceremony_community_id'), 'key_ceremony', ['community_id'], unique=False)
    op.create_index(op.f('ix_key_ceremony_poll_id'), 'key_ceremony', ['poll_id'], unique=False)
    op.create_index('uq_key_ceremony_current', 'key_ceremony', ['poll_id'], unique=True, postgresql_where=sa.text("complaint = ''"))
    op.create_table('poll_question',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('motion', 'selection', 'grade', 'ranking', name='enum_questionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('marking', sa.Enum('each', 'ticks', name='enum_marking', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('least', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('write_ins', sa.Integer(), nullable=False),
    sa.Column('levels', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('depth', sa.Integer(), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('majority_rule', sa.String(length=80), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_poll_question_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_question_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poll_question')),
    sa.UniqueConstraint('poll_id', 'position', name=op.f('uq_poll_question_poll_id_position'))
    )
    op.create_index(op.f('ix_poll_question_community_id'), 'poll_question', ['community_id'], unique=False)
    op.create_index(op.f('ix_poll_question_poll_id'), 'poll_question', ['poll_id'], unique=False)
    op.create_table('result_objection',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_result_objection_answered')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_result_objection_answered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_result_objection_community_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_result_objection_filed_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_result_objection_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_objection'))
    )
    op.create_index(op.f('ix_result_objection_community_id'), 'result_objection', ['community_id'], unique=False)
    op.create_index(op.f('ix_result_objection_filed_by_id'), 'result_objection', ['filed_by_id'], unique=False)
    op.create_index(op.f('ix_result_objection_poll_id'), 'result_objection', ['poll_id'], unique=False)
    op.create_table('station',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.Enum('hall', 'roving', name='enum_stationkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('supervisors', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('scribe', sa.String(length=80), nullable=False),
    sa.Column('is_offline', sa.Boolean(), nullable=False),
    sa.Column('list_entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('exchanged', sa.Integer(), nullable=False),
    sa.Column('first_signer_id', sa.Uuid(), nullable=True),
    sa.Column('second_signer_id', sa.Uuid(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(signed_at IS NULL) = (first_signer_id IS NULL)', name=op.f('ck_station_first_signer')),
    sa.CheckConstraint('(signed_at IS NULL) = (second_signer_id IS NULL)', name=op.f('ck_station_second_signer')),
    sa.CheckConstraint('first_signer_id <> second_signer_id', name=op.f('ck_station_two_signers')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_station_community_id')),
    sa.ForeignKeyConstraint(['first_signer_id'], ['person.id'], name=op.f('fk_station_first_signer_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_station_poll_id')),
    sa.ForeignKeyConstraint(['second_signer_id'], ['person.id'], name=op.f('fk_station_second_signer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_station')),
    sa.UniqueConstraint('poll_id', 'name', name=op.f('uq_station_poll_id_name'))
    )
    op.create_index(op.f('ix_station_community_id'), 'station', ['community_id'], unique=False)
    op.create_index(op.f('ix_station_poll_id'), 'station', ['poll_id'], unique=False)
    op.create_table('tested_ballot',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('tracker', sa.LargeBinary(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_tested_ballot_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_tested_ballot_poll_id')),
    sa.PrimaryKeyConstraint('poll_id', 'tracker', name=op.f('pk_tested_ballot'))
    )
    op.create_table('box_count',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('station_id', sa.Uuid(), nullable=False),
    sa.Column('hand', sa.Integer(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('invalid', sa.Integer(), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('texts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('grounds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('0 <= invalid AND invalid <= found', name=op.f('ck_box_count_found')),
    sa.CheckConstraint('hand IN (1, 2)', name=op.f('ck_box_count_hand')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_box_count_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_box_count_entered_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_box_count_poll_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_box_count_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_box_count')),
    sa.UniqueConstraint('station_id', 'entered_by_id', name=op.f('uq_box_count_station_id_entered_by_id')),
    sa.UniqueConstraint('station_id', 'hand', name=op.f('uq_box_count_station_id_hand'))
    )
    op.create_index(op.f('ix_box_count_community_id'), 'box_count', ['community_id'], unique=False)
    op.create_index(op.f('ix_box_count_poll_id'), 'box_count', ['poll_id'], unique=False)
    op.create_table('credential_link',
    sa.Column('roll_entry_id', sa.Uuid(), nullable=False),
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_credential_link_community_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_credential_link_poll_id')),
    sa.ForeignKeyConstraint(['roll_entry_id'], ['roll_entry.id'], name=op.f('fk_credential_link_roll_entry_id')),
    sa.PrimaryKeyConstraint('roll_entry_id', name=op.f('pk_credential_link')),
    sa.UniqueConstraint('poll_id', 'public', name=op.f('uq_credential_link_poll_id_public'))
    )
    op.create_table('mandate',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('principal_id', sa.Uuid(), nullable=False),
    sa.Column('holder_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('written_on', sa.Date(), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawal', sa.String(length=200), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawal = '')", name=op.f('ck_mandate_withdrawn')),
    sa.CheckConstraint('principal_id <> holder_id', name=op.f('ck_mandate_two_people')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_mandate_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_mandate_entered_by_id')),
    sa.ForeignKeyConstraint(['holder_id'], ['roll_entry.id'], name=op.f('fk_mandate_holder_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_mandate_poll_id')),
    sa.ForeignKeyConstraint(['principal_id'], ['roll_entry.id'], name=op.f('fk_mandate_principal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate'))
    )
    op.create_index(op.f('ix_mandate_community_id'), 'mandate', ['community_id'], unique=False)
    op.create_index(op.f('ix_mandate_holder_id'), 'mandate', ['holder_id'], unique=False)
    op.create_index(op.f('ix_mandate_poll_id'), 'mandate', ['poll_id'], unique=False)
    op.create_index(op.f('ix_mandate_principal_id'), 'mandate', ['principal_id'], unique=False)
    op.create_index('uq_mandate_principal', 'mandate', ['principal_id'], unique=True, postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.create_table('roll_correction',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('roll_entry_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('added', 'struck_off', 'changed', name='enum_correctionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('decision', sa.String(length=80), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_roll_correction_community_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_roll_correction_made_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_roll_correction_poll_id')),
    sa.ForeignKeyConstraint(['roll_entry_id'], ['roll_entry.id'], name=op.f('fk_roll_correction_roll_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_correction'))
    )
    op.create_index(op.f('ix_roll_correction_community_id'), 'roll_correction', ['community_id'], unique=False)
    op.create_index(op.f('ix_roll_correction_poll_id'), 'roll_correction', ['poll_id'], unique=False)
    op.create_table('roll_objection',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('omitted', 'wrongly_listed', 'wrong_details', name='enum_objectionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('roll_entry_id', sa.Uuid(), nullable=True),
    sa.Column('about', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ruling', sa.Enum('upheld', 'rejected', name='enum_ruling', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('ruling_text', sa.Text(), nullable=False),
    sa.Column('ruled_by_id', sa.Uuid(), nullable=True),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("ruling IS NULL OR ruling_text <> ''", name=op.f('ck_roll_objection_reasoned')),
    sa.CheckConstraint('(ruling IS NULL) = (ruled_at IS NULL)', name=op.f('ck_roll_objection_ruled')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_roll_objection_community_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_roll_objection_filed_by_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_roll_objection_poll_id')),
    sa.ForeignKeyConstraint(['roll_entry_id'], ['roll_entry.id'], name=op.f('fk_roll_objection_roll_entry_id')),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['person.id'], name=op.f('fk_roll_objection_ruled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roll_objection'))
    )
    op.create_index(op.f('ix_roll_objection_community_id'), 'roll_objection', ['community_id'], unique=False)
    op.create_index(op.f('ix_roll_objection_filed_by_id'), 'roll_objection', ['filed_by_id'], unique=False)
    op.create_index(op.f('ix_roll_objection_poll_id'), 'roll_objection', ['poll_id'], unique=False)
    op.create_table('trustee',
    sa.Column('ceremony_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('hello', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('has_heard', sa.Boolean(), nullable=False),
    sa.Column('deal', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('confirm', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['ceremony_id'], ['key_ceremony.id'], name=op.f('fk_trustee_ceremony_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_trustee_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_trustee_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trustee')),
    sa.UniqueConstraint('ceremony_id', 'number', name=op.f('uq_trustee_ceremony_id_number')),
    sa.UniqueConstraint('ceremony_id', 'person_id', name=op.f('uq_trustee_ceremony_id_person_id'))
    )
    op.create_index(op.f('ix_trustee_ceremony_id'), 'trustee', ['ceremony_id'], unique=False)
    op.create_index(op.f('ix_trustee_community_id'), 'trustee', ['community_id'], unique=False)
    op.create_index(op.f('ix_trustee_person_id'), 'trustee', ['person_id'], unique=False)
    op.create_table('paper_issue',
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('roll_entry_id', sa.Uuid(), nullable=False),
    sa.Column('station_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Enum('screen', 'hands', 'hall', 'roving', 'proxy', name='enum_votechannel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('mandate_id', sa.Uuid(), nullable=True),
    sa.Column('issued_by_id', sa.Uuid(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_paper_issue_community_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_paper_issue_issued_by_id')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_paper_issue_mandate_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_paper_issue_poll_id')),
    sa.ForeignKeyConstraint(['roll_entry_id'], ['roll_entry.id'], name=op.f('fk_paper_issue_roll_entry_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_paper_issue_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_issue')),
    sa.UniqueConstraint('roll_entry_id', name=op.f('uq_paper_issue_roll_entry_id'))
    )
    op.create_index(op.f('ix_paper_issue_community_id'), 'paper_issue', ['community_id'], unique=False)
    op.create_index(op.f('ix_paper_issue_poll_id'), 'paper_issue', ['poll_id'], unique=False)
    op.create_index(op.f('ix_paper_issue_station_id'), 'paper_issue', ['station_id'], unique=False)
    op.add_column('open_ballot', sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")))
    op.execute(
        """
        UPDATE open_ballot SET answers = CASE choice
            WHEN 'for' THEN '[{"chosen": [0]}]'::jsonb
            WHEN 'against' THEN '[{"chosen": [1]}]'::jsonb
            ELSE '[{}]'::jsonb
        END
        """
    )
    op.drop_column('open_ballot', 'choice')
    _replace_channels(CHANNELS)
    op.add_column('poll', sa.Column('is_statutory', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column('poll', sa.Column('draw', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('poll', sa.Column('by_screen', sa.Boolean(), nullable=False, server_default=sa.text('true')))
    op.add_column('poll', sa.Column('by_paper', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column('poll', sa.Column('by_proxy', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column('poll', sa.Column('revote', sa.Boolean(), nullable=False, server_default=sa.text('true')))
    op.add_column('poll', sa.Column('least', sa.Integer(), nullable=False, server_default=sa.text('1')))
    op.add_column('poll', sa.Column('threshold', sa.Integer(), nullable=False, server_default=sa.text('1')))
    op.add_column('poll', sa.Column('trustees', sa.Integer(), nullable=False, server_default=sa.text('1')))
    op.add_column('poll', sa.Column('objection_days', sa.Integer(), nullable=False, server_default=sa.text('0')))
    op.add_column('poll', sa.Column('keep_days', sa.Integer(), nullable=False, server_default=sa.text('30')))
    op.add_column('poll', sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('poll', sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('poll', sa.Column('created_by_id', sa.Uuid(), nullable=True))
    op.add_column('poll', sa.Column('roll_posted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('poll', sa.Column('roll_frozen_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('poll', sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('poll', sa.Column('destroyed_at', sa.DateTime(timezone=True), nullable=True))
    op.alter_column('poll', 'subject_id',
               existing_type=sa.UUID(),
               nullable=True)
    op.create_index('ix_poll_community_state', 'poll', ['community_id', 'state'], unique=False)
    op.create_foreign_key(op.f('fk_poll_created_by_id'), 'poll', 'person', ['created_by_id'], ['id'])
    op.add_column('result_sheet', sa.Column('questions', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")))
    op.alter_column('result_sheet', 'is_adopted',
               existing_type=sa.BOOLEAN(),
               nullable=True)
    op.add_column('roll_entry', sa.Column('name', sa.String(length=80), nullable=False, server_default=sa.text("''")))
    op.add_column('roll_entry', sa.Column('group_name', sa.String(length=80), nullable=False, server_default=sa.text("''")))
    op.add_column('roll_entry', sa.Column('struck_off_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('roll_entry', sa.Column('took_part', sa.Enum('screen', 'hands', 'hall', 'roving', 'proxy', name='enum_votechannel', native_enum=False, create_constraint=True, length=40), nullable=True))
    op.execute(
        """
        UPDATE roll_entry SET name = person.name, group_name = residents_group.name
        FROM person
        JOIN household ON household.id = person.household_id
        JOIN residents_group ON residents_group.id = household.group_id
        WHERE person.id = roll_entry.person_id
        """
    )
    op.execute(
        """
        INSERT INTO poll_question (id, community_id, poll_id, position, kind, title, text, options, marking,
            least, most, seats, write_ins, levels, depth, method, majority_rule)
        SELECT gen_random_uuid(), community_id, id, 1, 'motion', title, '', '[]', 'ticks',
            0, 1, 1, 0, '[]', 0, '', majority_rule
        FROM poll
        """
    )
    for name, condition in POLL_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_poll_{name}"), "poll", condition)
    for table, column in DEFAULTED:
        op.alter_column(table, column, server_default=None)


def _replace_channels(channels: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_open_ballot_enum_votechannel"), "open_ballot", type_="check")
    allowed = ", ".join(f"'{channel}'" for channel in channels)
    op.create_check_constraint(
        op.f("ck_open_ballot_enum_votechannel"), "open_ballot", f"channel IN ({allowed})"
    )


def downgrade() -> None:
    op.execute("DELETE FROM open_ballot WHERE channel NOT IN ('screen', 'hands')")
    for name in POLL_CHECKS:
        op.drop_constraint(op.f(f"ck_poll_{name}"), "poll", type_="check")
    op.drop_column('roll_entry', 'took_part')
    op.drop_column('roll_entry', 'struck_off_at')
    op.drop_column('roll_entry', 'group_name')
    op.drop_column('roll_entry', 'name')
    op.alter_column('result_sheet', 'is_adopted',
               existing_type=sa.BOOLEAN(),
               nullable=False)
    op.drop_column('result_sheet', 'questions')
    op.drop_constraint(op.f('fk_poll_created_by_id'), 'poll', type_='foreignkey')
    op.drop_index('ix_poll_community_state', table_name='poll')
    op.alter_column('poll', 'subject_id',
               existing_type=sa.UUID(),
               nullable=False)
    op.drop_column('poll', 'destroyed_at')
    op.drop_column('poll', 'sealed_at')
    op.drop_column('poll', 'roll_frozen_at')
    op.drop_column('poll', 'roll_posted_at')
    op.drop_column('poll', 'created_by_id')
    op.drop_column('poll', 'closes_at')
    op.drop_column('poll', 'opens_at')
    op.drop_column('poll', 'keep_days')
    op.drop_column('poll', 'objection_days')
    op.drop_column('poll', 'trustees')
    op.drop_column('poll', 'threshold')
    op.drop_column('poll', 'least')
    op.drop_column('poll', 'revote')
    op.drop_column('poll', 'by_proxy')
    op.drop_column('poll', 'by_paper')
    op.drop_column('poll', 'by_screen')
    op.drop_column('poll', 'draw')
    op.drop_column('poll', 'is_statutory')
    op.add_column(
        "open_ballot",
        sa.Column(
            "choice",
            sa.Enum("for", "against", "abstain", name="enum_choice", native_enum=False, create_constraint=True, length=40),
            nullable=False,
            server_default="abstain",
        ),
    )
    op.execute("UPDATE open_ballot SET choice = 'for' WHERE answers -> 0 -> 'chosen' = '[0]'")
    op.execute("UPDATE open_ballot SET choice = 'against' WHERE answers -> 0 -> 'chosen' = '[1]'")
    op.alter_column("open_ballot", "choice", server_default=None)
    _replace_channels(CHANNELS[:2])
    op.drop_column('open_ballot', 'answers')
    op.drop_index(op.f('ix_paper_issue_station_id'), table_name='paper_issue')
    op.drop_index(op.f('ix_paper_issue_poll_id'), table_name='paper_issue')
    op.drop_index(op.f('ix_paper_issue_community_id'), table_name='paper_issue')
    op.drop_table('paper_issue')
    op.drop_index(op.f('ix_trustee_person_id'), table_name='trustee')
    op.drop_index(op.f('ix_trustee_community_id'), table_name='trustee')
    op.drop_index(op.f('ix_trustee_ceremony_id'), table_name='trustee')
    op.drop_table('trustee')
    op.drop_index(op.f('ix_roll_objection_poll_id'), table_name='roll_objection')
    op.drop_index(op.f('ix_roll_objection_filed_by_id'), table_name='roll_objection')
    op.drop_index(op.f('ix_roll_objection_community_id'), table_name='roll_objection')
    op.drop_table('roll_objection')
    op.drop_index(op.f('ix_roll_correction_poll_id'), table_name='roll_correction')
    op.drop_index(op.f('ix_roll_correction_community_id'), table_name='roll_correction')
    op.drop_table('roll_correction')
    op.drop_index('uq_mandate_principal', table_name='mandate', postgresql_where=sa.text('withdrawn_at IS NULL'))
    op.drop_index(op.f('ix_mandate_principal_id'), table_name='mandate')
    op.drop_index(op.f('ix_mandate_poll_id'), table_name='mandate')
    op.drop_index(op.f('ix_mandate_holder_id'), table_name='mandate')
    op.drop_index(op.f('ix_mandate_community_id'), table_name='mandate')
    op.drop_table('mandate')
    op.drop_table('credential_link')
    op.drop_index(op.f('ix_box_count_poll_id'), table_name='box_count')
    op.drop_index(op.f('ix_box_count_community_id'), table_name='box_count')
    op.drop_table('box_count')
    op.drop_table('tested_ballot')
    op.drop_index(op.f('ix_station_poll_id'), table_name='station')
    op.drop_index(op.f('ix_station_community_id'), table_name='station')
    op.drop_table('station')
    op.drop_index(op.f('ix_result_objection_poll_id'), table_name='result_objection')
    op.drop_index(op.f('ix_result_objection_filed_by_id'), table_name='result_objection')
    op.drop_index(op.f('ix_result_objection_community_id'), table_name='result_objection')
    op.drop_table('result_objection')
    op.drop_index(op.f('ix_poll_question_poll_id'), table_name='poll_question')
    op.drop_index(op.f('ix_poll_question_community_id'), table_name='poll_question')
    op.drop_table('poll_question')
    op.drop_index('uq_key_ceremony_current', table_name='key_ceremony', postgresql_where=sa.text("complaint = ''"))
    op.drop_index(op.f('ix_key_ceremony_poll_id'), table_name='key_ceremony')
    op.drop_index(op.f('ix_key_ceremony_community_id'), table_name='key_ceremony')
    op.drop_table('key_ceremony')
    op.drop_table('credential')
    op.drop_index('uq_board_line_tracker', table_name='board_line', postgresql_where=sa.text('tracker IS NOT NULL'))
    op.drop_table('board_line')
    op.drop_index(op.f('ix_board_community_id'), table_name='board')
    op.drop_table('board')
