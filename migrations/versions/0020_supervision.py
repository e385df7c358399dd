"""The desk of the supervision committee: findings, sittings, questions, referrals, reports, copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020_supervision"
down_revision = "0019_moderation"
branch_labels = None
depends_on = None

# What nobody ever changes or removes, be it through the application or not.
STAYS = (
    "supervision_finding",
    "supervision_finding_photo",
    "supervision_question_entry",
    "supervision_referral_basis",
    "supervision_report_signature",
    "supervision_sitting_remark",
)
# What is only finished at some time, and what must not be changed before.
STAYS_ONCE = {
    "supervision_archive_copy": "OLD.state = 'ready'",
    "supervision_report": "OLD.state = 'posted'",
    "supervision_referral": (
        "OLD.answered_at IS NOT NULL OR OLD.text <> NEW.text OR OLD.package <> NEW.package"
        " OR OLD.package_sha256 <> NEW.package_sha256"
    ),
}


def upgrade() -> None:
    op.create_table('supervision_archive_copy',
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_until', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'making', 'ready', 'failed', name='enum_copystate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('head_sequence', sa.Integer(), nullable=False),
    sa.Column('head_hash', sa.String(length=64), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'ready') = (content IS NOT NULL)", name=op.f('ck_supervision_archive_copy_ready')),
    sa.CheckConstraint("(state = 'ready') = (sha256 <> '')", name=op.f('ck_supervision_archive_copy_hashed')),
    sa.CheckConstraint('done BETWEEN 0 AND total', name=op.f('ck_supervision_archive_copy_progress')),
    sa.CheckConstraint('period_until >= period_from', name=op.f('ck_supervision_archive_copy_period')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_supervision_archive_copy_asked_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_archive_copy_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_archive_copy'))
    )
    op.create_index(op.f('ix_supervision_archive_copy_asked_by_id'), 'supervision_archive_copy', ['asked_by_id'], unique=False)
    op.create_index(op.f('ix_supervision_archive_copy_community_id'), 'supervision_archive_copy', ['community_id'], unique=False)
    op.create_index('ix_supervision_archive_copy_list', 'supervision_archive_copy', ['community_id', 'asked_at'], unique=False)
    op.create_table('supervision_finding',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('subject_kind', sa.Enum('notice', 'disclosure_due', 'poll', 'meeting', 'election', 'appraisal', name='enum_subjectkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('subject_title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('in_order', 'remark', 'problem', name='enum_findingkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('corrects_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('corrects_id IS NULL OR corrects_id <> id', name=op.f('ck_supervision_finding_corrects')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_finding_community_id')),
    sa.ForeignKeyConstraint(['corrects_id'], ['supervision_finding.id'], name=op.f('fk_supervision_finding_corrects_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_supervision_finding_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_finding')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_supervision_finding_community_id_number'))
    )
    op.create_index(op.f('ix_supervision_finding_community_id'), 'supervision_finding', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_finding_corrects_id'), 'supervision_finding', ['corrects_id'], unique=False)
    op.create_index('ix_supervision_finding_list', 'supervision_finding', ['community_id', 'at'], unique=False)
    op.create_index(op.f('ix_supervision_finding_person_id'), 'supervision_finding', ['person_id'], unique=False)
    op.create_index('ix_supervision_finding_subject', 'supervision_finding', ['subject_kind', 'subject_id'], unique=False)
    op.create_table('supervision_referral',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('level', sa.Enum('subdistrict', 'district', name='enum_officelevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('ground', sa.Enum('disclosure_late', 'disclosure_false', 'unanswered', 'decision_not_carried_out', 'money', 'procedure', 'duty', name='enum_referralground', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('package', sa.LargeBinary(), nullable=False),
    sa.Column('package_sha256', sa.String(length=64), nullable=False),
    sa.Column('package_size', sa.Integer(), nullable=False),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handed_over_by_id', sa.Uuid(), nullable=True),
    sa.Column('handed_over_to', sa.String(length=200), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.Enum('ordered', 'explained', 'passed_on', 'unfounded', name='enum_referraloutcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('letter_on', sa.Date(), nullable=True),
    sa.Column('letter_number', sa.String(length=60), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_entered_by_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(handed_over_at IS NULL) = (handed_over_by_id IS NULL)', name=op.f('ck_supervision_referral_handed_over')),
    sa.CheckConstraint('(outcome IS NULL) = (answered_at IS NULL)', name=op.f('ck_supervision_referral_answered')),
    sa.CheckConstraint('answered_at IS NULL OR handed_over_at IS NOT NULL', name=op.f('ck_supervision_referral_in_order')),
    sa.ForeignKeyConstraint(['answer_entered_by_id'], ['person.id'], name=op.f('fk_supervision_referral_answer_entered_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_referral_community_id')),
    sa.ForeignKeyConstraint(['handed_over_by_id'], ['person.id'], name=op.f('fk_supervision_referral_handed_over_by_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_supervision_referral_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_referral')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_supervision_referral_community_id_number'))
    )
    op.create_index(op.f('ix_supervision_referral_community_id'), 'supervision_referral', ['community_id'], unique=False)
    op.create_index('ix_supervision_referral_list', 'supervision_referral', ['community_id', 'written_at'], unique=False)
    op.create_index('ix_supervision_referral_waiting', 'supervision_referral', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL AND answered_at IS NULL'))
    op.create_index(op.f('ix_supervision_referral_written_by_id'), 'supervision_referral', ['written_by_id'], unique=False)
    op.create_table('supervision_finding_photo',
    sa.Column('finding_id', sa.Uuid(), nullable=False),
    sa.Column('photo_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_finding_photo_community_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['supervision_finding.id'], name=op.f('fk_supervision_finding_photo_finding_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_supervision_finding_photo_photo_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_finding_photo')),
    sa.UniqueConstraint('finding_id', 'position', name=op.f('uq_supervision_finding_photo_finding_id_position')),
    sa.UniqueConstraint('photo_id', name=op.f('uq_supervision_finding_photo_photo_id'))
    )
    op.create_index(op.f('ix_supervision_finding_photo_community_id'), 'supervision_finding_photo', ['community_id'], unique=False)
    op.create_table('supervision_question',
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('body_id', sa.Uuid(), nullable=False),
    sa.Column('body_name', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=True),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_supervision_question_asked_by_id')),
    sa.ForeignKeyConstraint(['body_id'], ['body.id'], name=op.f('fk_supervision_question_body_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_question_community_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['supervision_finding.id'], name=op.f('fk_supervision_question_finding_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_question')),
    sa.UniqueConstraint('community_id', 'number', name=op.f('uq_supervision_question_community_id_number'))
    )
    op.create_index(op.f('ix_supervision_question_asked_by_id'), 'supervision_question', ['asked_by_id'], unique=False)
    op.create_index(op.f('ix_supervision_question_body_id'), 'supervision_question', ['body_id'], unique=False)
    op.create_index(op.f('ix_supervision_question_community_id'), 'supervision_question', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_question_finding_id'), 'supervision_question', ['finding_id'], unique=False)
    op.create_index('ix_supervision_question_list', 'supervision_question', ['community_id', 'asked_at'], unique=False)
    op.create_index('ix_supervision_question_waiting', 'supervision_question', ['due_at'], unique=False, postgresql_where=sa.text('due_at IS NOT NULL'))
    op.create_table('supervision_report',
    sa.Column('period_from', sa.Date(), nullable=False),
    sa.Column('period_until', sa.Date(), nullable=False),
    sa.Column('profile', sa.String(length=80), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.Enum('draft', 'signing', 'posted', name='enum_reportstate', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('conclusions', sa.Text(), nullable=False),
    sa.Column('written_by_id', sa.Uuid(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('put_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('arithmetic', sa.String(length=200), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('posted_by_id', sa.Uuid(), nullable=True),
    sa.Column('notice_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (text_sha256 = '')", name=op.f('ck_supervision_report_signing')),
    sa.CheckConstraint("(state = 'posted') = (notice_id IS NOT NULL)", name=op.f('ck_supervision_report_notice')),
    sa.CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name=op.f('ck_supervision_report_posted')),
    sa.CheckConstraint('period_until > period_from', name=op.f('ck_supervision_report_period')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_report_community_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_supervision_report_notice_id')),
    sa.ForeignKeyConstraint(['posted_by_id'], ['person.id'], name=op.f('fk_supervision_report_posted_by_id')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person.id'], name=op.f('fk_supervision_report_written_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_report')),
    sa.UniqueConstraint('community_id', 'period_from', name=op.f('uq_supervision_report_community_id_period_from'))
    )
    op.create_index(op.f('ix_supervision_report_community_id'), 'supervision_report', ['community_id'], unique=False)
    op.create_index('ix_supervision_report_open', 'supervision_report', ['due_at'], unique=False, postgresql_where=sa.text("state <> 'posted'"))
    op.create_table('supervision_question_entry',
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('question', 'answer', name='enum_entrykind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_question_entry_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_supervision_question_entry_person_id')),
    sa.ForeignKeyConstraint(['question_id'], ['supervision_question.id'], name=op.f('fk_supervision_question_entry_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_question_entry')),
    sa.UniqueConstraint('question_id', 'position', name=op.f('uq_supervision_question_entry_question_id_position'))
    )
    op.create_index(op.f('ix_supervision_question_entry_community_id'), 'supervision_question_entry', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_question_entry_person_id'), 'supervision_question_entry', ['person_id'], unique=False)
    op.create_table('supervision_report_signature',
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_report_signature_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_supervision_report_signature_person_id')),
    sa.ForeignKeyConstraint(['report_id'], ['supervision_report.id'], name=op.f('fk_supervision_report_signature_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_report_signature')),
    sa.UniqueConstraint('report_id', 'person_id', 'text_sha256', name=op.f('uq_supervision_report_signature_report_id_person_id_text_sha256'))
    )
    op.create_index(op.f('ix_supervision_report_signature_community_id'), 'supervision_report_signature', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_report_signature_person_id'), 'supervision_report_signature', ['person_id'], unique=False)
    op.create_table('supervision_sitting',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.String(length=200), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_sitting_community_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_supervision_sitting_meeting_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_supervision_sitting_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_sitting')),
    sa.UniqueConstraint('meeting_id', 'person_id', name=op.f('uq_supervision_sitting_meeting_id_person_id'))
    )
    op.create_index(op.f('ix_supervision_sitting_community_id'), 'supervision_sitting', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_sitting_person_id'), 'supervision_sitting', ['person_id'], unique=False)
    op.create_table('supervision_referral_basis',
    sa.Column('referral_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('finding_id', sa.Uuid(), nullable=True),
    sa.Column('matter_finding_id', sa.Uuid(), nullable=True),
    sa.Column('question_id', sa.Uuid(), nullable=True),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('num_nonnulls(finding_id, matter_finding_id, question_id) = 1', name=op.f('ck_supervision_referral_basis_one')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_referral_basis_community_id')),
    sa.ForeignKeyConstraint(['finding_id'], ['supervision_finding.id'], name=op.f('fk_supervision_referral_basis_finding_id')),
    sa.ForeignKeyConstraint(['matter_finding_id'], ['finding.id'], name=op.f('fk_supervision_referral_basis_matter_finding_id')),
    sa.ForeignKeyConstraint(['question_id'], ['supervision_question.id'], name=op.f('fk_supervision_referral_basis_question_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['supervision_referral.id'], name=op.f('fk_supervision_referral_basis_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_referral_basis')),
    sa.UniqueConstraint('referral_id', 'position', name=op.f('uq_supervision_referral_basis_referral_id_position'))
    )
    op.create_index(op.f('ix_supervision_referral_basis_community_id'), 'supervision_referral_basis', ['community_id'], unique=False)
    op.create_index(op.f('ix_supervision_referral_basis_finding_id'), 'supervision_referral_basis', ['finding_id'], unique=False)
    op.create_index(op.f('ix_supervision_referral_basis_matter_finding_id'), 'supervision_referral_basis', ['matter_finding_id'], unique=False)
    op.create_index(op.f('ix_supervision_referral_basis_question_id'), 'supervision_referral_basis', ['question_id'], unique=False)
    op.create_table('supervision_sitting_remark',
    sa.Column('sitting_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('community_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_supervision_sitting_remark_community_id')),
    sa.ForeignKeyConstraint(['sitting_id'], ['supervision_sitting.id'], name=op.f('fk_supervision_sitting_remark_sitting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_sitting_remark')),
    sa.UniqueConstraint('sitting_id', 'position', name=op.f('uq_supervision_sitting_remark_sitting_id_position'))
    )
    op.create_index(op.f('ix_supervision_sitting_remark_community_id'), 'supervision_sitting_remark', ['community_id'], unique=False)

    op.execute(
        """
        CREATE FUNCTION supervision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is never changed or removed', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in STAYS:
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION supervision_stays()"
        )
    for table, condition in STAYS_ONCE.items():
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table}"
            f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION supervision_stays()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION supervision_stays()"
        )


def downgrade() -> None:
    for table in STAYS_ONCE:
        op.execute(f"DROP TRIGGER {table}_is_kept ON {table}")
    for table in (*STAYS, *STAYS_ONCE):
        op.execute(f"DROP TRIGGER {table}_stays ON {table}")
    op.execute("DROP FUNCTION supervision_stays()")
    op.drop_index(op.f('ix_supervision_sitting_remark_community_id'), table_name='supervision_sitting_remark')
    op.drop_table('supervision_sitting_remark')
    op.drop_index(op.f('ix_supervision_referral_basis_question_id'), table_name='supervision_referral_basis')
    op.drop_index(op.f('ix_supervision_referral_basis_matter_finding_id'), table_name='supervision_referral_basis')
    op.drop_index(op.f('ix_supervision_referral_basis_finding_id'), table_name='supervision_referral_basis')
    op.drop_index(op.f('ix_supervision_referral_basis_community_id'), table_name='supervision_referral_basis')
    op.drop_table('supervision_referral_basis')
    op.drop_index(op.f('ix_supervision_sitting_person_id'), table_name='supervision_sitting')
    op.drop_index(op.f('ix_supervision_sitting_community_id'), table_name='supervision_sitting')
    op.drop_table('supervision_sitting')
    op.drop_index(op.f('ix_supervision_report_signature_person_id'), table_name='supervision_report_signature')
    op.drop_index(op.f('ix_supervision_report_signature_community_id'), table_name='supervision_report_signature')
    op.drop_table('supervision_report_signature')
    op.drop_index(op.f('ix_supervision_question_entry_person_id'), table_name='supervision_question_entry')
    op.drop_index(op.f('ix_supervision_question_entry_community_id'), table_name='supervision_question_entry')
    op.drop_table('supervision_question_entry')
    op.drop_index('ix_supervision_report_open', table_name='supervision_report', postgresql_where=sa.text("state <> 'posted'"))
    op.drop_index(op.f('ix_supervision_report_community_id'), table_name='supervision_report')
    op.drop_table('supervision_report')
    op.drop_index('ix_supervision_question_waiting', table_name='supervision_question', postgresql_where=sa.text('due_at IS NOT NULL'))
    op.drop_index('ix_supervision_question_list', table_name='supervision_question')
    op.drop_index(op.f('ix_supervision_question_finding_id'), table_name='supervision_question')
    op.drop_index(op.f('ix_supervision_question_community_id'), table_name='supervision_question')
    op.drop_index(op.f('ix_supervision_question_body_id'), table_name='supervision_question')
    op.drop_index(op.f('ix_supervision_question_asked_by_id'), table_name='supervision_question')
    op.drop_table('supervision_question')
    op.drop_index(op.f('ix_supervision_finding_photo_community_id'), table_name='supervision_finding_photo')
    op.drop_table('supervision_finding_photo')
    op.drop_index(op.f('ix_supervision_referral_written_by_id'), table_name='supervision_referral')
    op.drop_index('ix_supervision_referral_waiting', table_name='supervision_referral', postgresql_where=sa.text('due_at IS NOT NULL AND answered_at IS NULL'))
    op.drop_index('ix_supervision_referral_list', table_name='supervision_referral')
    op.drop_index(op.f('ix_supervision_referral_community_id'), table_name='supervision_referral')
    op.drop_table('supervision_referral')
    op.drop_index('ix_supervision_finding_subject', table_name='supervision_finding')
    op.drop_index(op.f('ix_supervision_finding_person_id'), table_name='supervision_finding')
    op.drop_index('ix_supervision_finding_list', table_name='supervision_finding')
    op.drop_index(op.f('ix_supervision_finding_corrects_id'), table_name='supervision_finding')
    op.drop_index(op.f('ix_supervision_finding_community_id'), table_name='supervision_finding')
    op.drop_table('supervision_finding')
    op.drop_index('ix_supervision_archive_copy_list', table_name='supervision_archive_copy')
    op.drop_index(op.f('ix_supervision_archive_copy_community_id'), table_name='supervision_archive_copy')
    op.drop_index(op.f('ix_supervision_archive_copy_asked_by_id'), table_name='supervision_archive_copy')
    op.drop_table('supervision_archive_copy')
