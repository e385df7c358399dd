"""Elections: calendar, committee, registrations, nominations, candidates, rounds, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005_elections'
down_revision = '0004_polls_whole'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('election',
    sa.Column('kind', sa.Enum('committee', 'supervision', 'representatives', 'council', 'by_election', name='enum_electionkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('way', sa.Enum('voters', 'households', 'representatives', name='enum_way', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('stage', sa.Enum('planned', 'committee', 'registration', 'roll', 'nomination', 'review', 'candidates', 'polling', 'count', 'result', 'handover', 'closed', 'void', name='enum_stage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('profile_version', sa.String(length=64), nullable=False),
    sa.Column('body_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=True),
    sa.Column('presiding_id', sa.Uuid(), nullable=True),
    sa.Column('by_screen', sa.Boolean(), nullable=False),
    sa.Column('screen_ground', sa.String(length=200), nullable=False),
    sa.Column('by_proxy', sa.Boolean(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('follows_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_ground', sa.String(length=300), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(kind = 'representatives') = (group_id IS NOT NULL)", name=op.f('ck_election_unit')),
    sa.CheckConstraint("(stage = 'void') = (void_ground <> '')", name=op.f('ck_election_void')),
    sa.CheckConstraint("by_screen = (screen_ground <> '')", name=op.f('ck_election_screen')),
    sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_election_times')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_election_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_community_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_election_created_by_id')),
    sa.ForeignKeyConstraint(['follows_id'], ['election.id'], name=op.f('fk_election_follows_id')),
    sa.ForeignKeyConstraint(['group_id'], ['residents_group.id'], name=op.f('fk_election_group_id')),
    sa.ForeignKeyConstraint(['presiding_id'], ['body.id'], name=op.f('fk_election_presiding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election'))
    )
    op.create_index(op.f('ix_election_body_id'), 'election', ['body_id'], unique=False)
    op.create_index(op.f('ix_election_community_id'), 'election', ['community_id'], unique=False)
    op.create_index('ix_election_community_stage', 'election', ['community_id', 'stage'], unique=False)
    op.create_table('election_committee_place',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('post', sa.Enum('secretary', 'deputy_secretary', 'director', 'deputy_director', 'member', 'representative', 'group_leader', 'station_head', 'clerk', 'grid_worker', 'manager', 'administrator', name='enum_postkind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('absences', sa.Integer(), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('left_ground', sa.Enum('nominated', 'relative_nominated', 'absent', 'resigned', name='enum_leftground', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(left_at IS NULL) = (left_ground IS NULL)', name=op.f('ck_election_committee_place_left')),
    sa.CheckConstraint('votes >= 0 AND absences >= 0', name=op.f('ck_election_committee_place_counts')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_committee_place_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_committee_place_election_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_committee_place_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_committee_place')),
    sa.UniqueConstraint('election_id', 'person_id', name=op.f('uq_election_committee_place_election_id_person_id')),
    sa.UniqueConstraint('election_id', 'position', name=op.f('uq_election_committee_place_election_id_position'))
    )
    op.create_index(op.f('ix_election_committee_place_community_id'), 'election_committee_place', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_committee_place_person_id'), 'election_committee_place', ['person_id'], unique=False)
    op.create_table('election_handover_item',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(done_at IS NULL) = (done_by_id IS NULL)', name=op.f('ck_election_handover_item_done')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_handover_item_community_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_election_handover_item_done_by_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_handover_item_election_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_handover_item')),
    sa.UniqueConstraint('election_id', 'position', name=op.f('uq_election_handover_item_election_id_position'))
    )
    op.create_index(op.f('ix_election_handover_item_community_id'), 'election_handover_item', ['community_id'], unique=False)
    op.create_table('election_notice',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('election_day', 'committee', 'registration', 'roll', 'rulings', 'nomination', 'preliminary_list', 'formal_list', 'meeting', 'polling', 'staff', 'roving_boxes', 'proxies', 'invalid_papers', 'result', 'further_round', 'void', 'handover', name='enum_noticekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('round_number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('issuer', sa.String(length=120), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_id', sa.Uuid(), nullable=True),
    sa.Column('notice_id', sa.Uuid(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_notice_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_notice_election_id')),
    sa.ForeignKeyConstraint(['issued_by_id'], ['person.id'], name=op.f('fk_election_notice_issued_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_election_notice_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_notice')),
    sa.UniqueConstraint('election_id', 'number', name=op.f('uq_election_notice_election_id_number'))
    )
    op.create_index(op.f('ix_election_notice_community_id'), 'election_notice', ['community_id'], unique=False)
    op.create_table('election_registration',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('ground', sa.Enum('hukou', 'usual_residence', 'community_worker', 'owner', 'party_member', 'collective_member', name='enum_capacitykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('hukou_place', sa.String(length=120), nullable=False),
    sa.Column('declared', sa.Boolean(), nullable=False),
    sa.Column('employed_since', sa.Date(), nullable=True),
    sa.Column('for_household', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('applied', 'registered', 'refused', 'withdrawn', name='enum_registrationstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('decision', sa.String(length=300), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(ground = 'community_worker') = (employed_since IS NOT NULL)", name=op.f('ck_election_registration_employed')),
    sa.CheckConstraint("state NOT IN ('refused', 'withdrawn') OR decision <> ''", name=op.f('ck_election_registration_reasoned')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_registration_community_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_election_registration_decided_by_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_registration_election_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_election_registration_entered_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_registration_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_registration')),
    sa.UniqueConstraint('election_id', 'person_id', name=op.f('uq_election_registration_election_id_person_id'))
    )
    op.create_index(op.f('ix_election_registration_community_id'), 'election_registration', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_registration_election_id'), 'election_registration', ['election_id'], unique=False)
    op.create_index(op.f('ix_election_registration_person_id'), 'election_registration', ['person_id'], unique=False)
    op.create_table('election_round',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('first', 'further', 'tie', 'rerun', name='enum_roundkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('poll_id', sa.Uuid(), nullable=False),
    sa.Column('paper', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_round_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_round_election_id')),
    sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_election_round_poll_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_round')),
    sa.UniqueConstraint('election_id', 'number', name=op.f('uq_election_round_election_id_number')),
    sa.UniqueConstraint('poll_id', name=op.f('uq_election_round_poll_id'))
    )
    op.create_index(op.f('ix_election_round_community_id'), 'election_round', ['community_id'], unique=False)
    op.create_table('election_seat',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('seats > 0', name=op.f('ck_election_seat_seats')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_seat_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_seat_election_id')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_election_seat_post_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_seat')),
    sa.UniqueConstraint('election_id', 'position', name=op.f('uq_election_seat_election_id_position')),
    sa.UniqueConstraint('election_id', 'post_id', name=op.f('uq_election_seat_election_id_post_id'))
    )
    op.create_index(op.f('ix_election_seat_community_id'), 'election_seat', ['community_id'], unique=False)
    op.create_table('election_step',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('milestone', sa.Enum('plan_approved', 'committee_formed', 'registration_opens', 'registration_closes', 'electors_chosen', 'roll_posted', 'objections_close', 'rulings_published', 'nomination_opens', 'nomination_closes', 'preliminary_list', 'review_done', 'formal_list', 'proxies_close', 'candidates_met', 'staff_posted', 'proxy_list', 'polling_day', 'result_announced', 'result_filed', 'handed_over', name='enum_milestone', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_step_community_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_election_step_done_by_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_step_election_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_step')),
    sa.UniqueConstraint('election_id', 'milestone', name=op.f('uq_election_step_election_id_milestone'))
    )
    op.create_index(op.f('ix_election_step_community_id'), 'election_step', ['community_id'], unique=False)
    op.create_table('election_candidate',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('preliminary', 'formal', 'refused', 'withdrawn', name='enum_candidatestate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('checks', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('decision', sa.String(length=300), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('formal_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state NOT IN ('refused', 'withdrawn') OR decision <> ''", name=op.f('ck_election_candidate_reasoned')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_candidate_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_candidate_election_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_candidate_person_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_election_candidate_photo_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['election_seat.id'], name=op.f('fk_election_candidate_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_candidate'))
    )
    op.create_index(op.f('ix_election_candidate_community_id'), 'election_candidate', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_candidate_election_id'), 'election_candidate', ['election_id'], unique=False)
    op.create_index(op.f('ix_election_candidate_person_id'), 'election_candidate', ['person_id'], unique=False)
    op.create_index('uq_election_candidate_standing', 'election_candidate', ['election_id', 'person_id'], unique=True, postgresql_where=sa.text("state IN ('preliminary', 'formal')"))
    op.create_table('election_nomination',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('route', sa.Enum('party', 'joint', name='enum_nominationroute', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('filed', 'accepted', 'refused', 'withdrawn', name='enum_nominationstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('decision', sa.String(length=300), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by_id', sa.Uuid(), nullable=True),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(route = 'joint') = (filed_by_id IS NOT NULL)", name=op.f('ck_election_nomination_filed_by')),
    sa.CheckConstraint("state <> 'refused' OR decision <> ''", name=op.f('ck_election_nomination_reasoned')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_nomination_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_nomination_election_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_election_nomination_entered_by_id')),
    sa.ForeignKeyConstraint(['filed_by_id'], ['person.id'], name=op.f('fk_election_nomination_filed_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_nomination_person_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['election_seat.id'], name=op.f('fk_election_nomination_seat_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_nomination'))
    )
    op.create_index(op.f('ix_election_nomination_community_id'), 'election_nomination', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_nomination_election_id'), 'election_nomination', ['election_id'], unique=False)
    op.create_index(op.f('ix_election_nomination_person_id'), 'election_nomination', ['person_id'], unique=False)
    op.create_table('election_winner',
    sa.Column('election_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('elected', 'yielded', 'declined', 'void', name='enum_winnerstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('ground', sa.String(length=300), nullable=False),
    sa.Column('certificate', sa.String(length=80), nullable=False),
    sa.Column('certified_on', sa.Date(), nullable=True),
    sa.Column('term_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(certificate = '') = (certified_on IS NULL)", name=op.f('ck_election_winner_certificate')),
    sa.CheckConstraint("(state = 'elected') = (ground = '')", name=op.f('ck_election_winner_ground')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_winner_community_id')),
    sa.ForeignKeyConstraint(['election_id'], ['election.id'], name=op.f('fk_election_winner_election_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_winner_person_id')),
    sa.ForeignKeyConstraint(['round_id'], ['election_round.id'], name=op.f('fk_election_winner_round_id')),
    sa.ForeignKeyConstraint(['seat_id'], ['election_seat.id'], name=op.f('fk_election_winner_seat_id')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_election_winner_term_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_winner')),
    sa.UniqueConstraint('election_id', 'person_id', 'seat_id', name=op.f('uq_election_winner_election_id_person_id_seat_id'))
    )
    op.create_index(op.f('ix_election_winner_community_id'), 'election_winner', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_winner_election_id'), 'election_winner', ['election_id'], unique=False)
    op.create_index(op.f('ix_election_winner_person_id'), 'election_winner', ['person_id'], unique=False)
    op.create_table('election_candidate_question',
    sa.Column('candidate_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_election_candidate_question_answered')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_election_candidate_question_asked_by_id')),
    sa.ForeignKeyConstraint(['candidate_id'], ['election_candidate.id'], name=op.f('fk_election_candidate_question_candidate_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_candidate_question_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_candidate_question'))
    )
    op.create_index(op.f('ix_election_candidate_question_candidate_id'), 'election_candidate_question', ['candidate_id'], unique=False)
    op.create_index(op.f('ix_election_candidate_question_community_id'), 'election_candidate_question', ['community_id'], unique=False)
    op.create_table('election_nomination_signer',
    sa.Column('nomination_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_election_nomination_signer_community_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_election_nomination_signer_entered_by_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['election_nomination.id'], name=op.f('fk_election_nomination_signer_nomination_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_election_nomination_signer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_election_nomination_signer')),
    sa.UniqueConstraint('nomination_id', 'person_id', name=op.f('uq_election_nomination_signer_nomination_id_person_id'))
    )
    op.create_index(op.f('ix_election_nomination_signer_community_id'), 'election_nomination_signer', ['community_id'], unique=False)
    op.create_index(op.f('ix_election_nomination_signer_person_id'), 'election_nomination_signer', ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_election_nomination_signer_person_id'), table_name='election_nomination_signer')
    op.drop_index(op.f('ix_election_nomination_signer_community_id'), table_name='election_nomination_signer')
    op.drop_table('election_nomination_signer')
    op.drop_index(op.f('ix_election_candidate_question_community_id'), table_name='election_candidate_question')
    op.drop_index(op.f('ix_election_candidate_question_candidate_id'), table_name='election_candidate_question')
    op.drop_table('election_candidate_question')
    op.drop_index(op.f('ix_election_winner_person_id'), table_name='election_winner')
    op.drop_index(op.f('ix_election_winner_election_id'), table_name='election_winner')
    op.drop_index(op.f('ix_election_winner_community_id'), table_name='election_winner')
    op.drop_table('election_winner')
    op.drop_index(op.f('ix_election_nomination_person_id'), table_name='election_nomination')
    op.drop_index(op.f('ix_election_nomination_election_id'), table_name='election_nomination')
    op.drop_index(op.f('ix_election_nomination_community_id'), table_name='election_nomination')
    op.drop_table('election_nomination')
    op.drop_index('uq_election_candidate_standing', table_name='election_candidate', postgresql_where=sa.text("state IN ('preliminary', 'formal')"))
    op.drop_index(op.f('ix_election_candidate_person_id'), table_name='election_candidate')
    op.drop_index(op.f('ix_election_candidate_election_id'), table_name='election_candidate')
    op.drop_index(op.f('ix_election_candidate_community_id'), table_name='election_candidate')
    op.drop_table('election_candidate')
    op.drop_index(op.f('ix_election_step_community_id'), table_name='election_step')
    op.drop_table('election_step')
    op.drop_index(op.f('ix_election_seat_community_id'), table_name='election_seat')
    op.drop_table('election_seat')
    op.drop_index(op.f('ix_election_round_community_id'), table_name='election_round')
    op.drop_table('election_round')
    op.drop_index(op.f('ix_election_registration_person_id'), table_name='election_registration')
    op.drop_index(op.f('ix_election_registration_election_id'), table_name='election_registration')
    op.drop_index(op.f('ix_election_registration_community_id'), table_name='election_registration')
    op.drop_table('election_registration')
    op.drop_index(op.f('ix_election_notice_community_id'), table_name='election_notice')
    op.drop_table('election_notice')
    op.drop_index(op.f('ix_election_handover_item_community_id'), table_name='election_handover_item')
    op.drop_table('election_handover_item')
    op.drop_index(op.f('ix_election_committee_place_person_id'), table_name='election_committee_place')
    op.drop_index(op.f('ix_election_committee_place_community_id'), table_name='election_committee_place')
    op.drop_table('election_committee_place')
    op.drop_index('ix_election_community_stage', table_name='election')
    op.drop_index(op.f('ix_election_community_id'), table_name='election')
    op.drop_index(op.f('ix_election_body_id'), table_name='election')
    op.drop_table('election')
