"""Create the schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_schema"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column(
            "kind",
            sa.Enum(
                "city",
                "district",
                "subdistrict",
                name="enum_regionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region_parent_id"), "region", ["parent_id"], unique=False)
    op.create_table(
        "sign_in_failure",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_address_at", "sign_in_failure", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_failure_login_at", "sign_in_failure", ["login", "at"], unique=False)
    op.create_table(
        "community",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subdistrict_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["subdistrict_id"], ["region.id"], name=op.f("fk_community_subdistrict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
    )
    op.create_index(op.f("ix_community_subdistrict_id"), "community", ["subdistrict_id"], unique=False)
    op.create_table(
        "grid",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_grid_community_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"], name=op.f("fk_grid_worker_id"), use_alter=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid")),
        sa.UniqueConstraint("community_id", "code", name=op.f("uq_grid_community_id_code")),
    )
    op.create_index(op.f("ix_grid_community_id"), "grid", ["community_id"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_journal_head_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "matter_number",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_matter_number_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_number")),
        sa.UniqueConstraint("community_id", "year", name=op.f("uq_matter_number_community_id_year")),
    )
    op.create_index(op.f("ix_matter_number_community_id"), "matter_number", ["community_id"], unique=False)
    op.create_table(
        "poll",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "preset",
            sa.Enum(
                "open",
                "poll",
                "sealed",
                name="enum_preset",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "roll_posted",
                "ready",
                "open",
                "closed",
                "counted",
                "certified",
                "void",
                name="enum_pollstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("profile_version", sa.String(length=64), nullable=False),
        sa.Column("quorum_rule", sa.String(length=80), nullable=False),
        sa.Column("majority_rule", sa.String(length=80), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_ground", sa.String(length=300), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'void') = (void_ground <> '')", name=op.f("ck_poll_void")),
        sa.CheckConstraint(
            "state IN ('draft', 'roll_posted', 'ready', 'void') OR opened_at IS NOT NULL",
            name=op.f("ck_poll_opened"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_poll_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    op.create_index(op.f("ix_poll_community_id"), "poll", ["community_id"], unique=False)
    op.create_index("ix_poll_subject", "poll", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "residents_group",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_residents_group_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents_group")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_residents_group_community_id_name")),
    )
    op.create_index(
        op.f("ix_residents_group_community_id"), "residents_group", ["community_id"], unique=False
    )
    op.create_table(
        "body",
        sa.Column(
            "kind",
            sa.Enum(
                "party_committee",
                "residents_committee",
                "representative_assembly",
                "residents_assembly",
                "supervision_committee",
                "election_committee",
                "service_station",
                "deliberation_council",
                "mediation_committee",
                "subcommittee",
                "residents_group",
                "owners_committee",
                "economic_cooperative",
                "platform_office",
                name="enum_bodykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_body_community_id")),
        sa.ForeignKeyConstraint(["group_id"], ["residents_group.id"], name=op.f("fk_body_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_body_community_id_name")),
    )
    op.create_index(op.f("ix_body_community_id"), "body", ["community_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("grid_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_household_community_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_household_grid_id")),
        sa.ForeignKeyConstraint(["group_id"], ["residents_group.id"], name=op.f("fk_household_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_household_community_id_number")),
    )
    op.create_index(op.f("ix_household_community_id"), "household", ["community_id"], unique=False)
    op.create_index(op.f("ix_household_grid_id"), "household", ["grid_id"], unique=False)
    op.create_index(op.f("ix_household_group_id"), "household", ["group_id"], unique=False)
    op.create_table(
        "result_sheet",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("verdicts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column("counted_from_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_result_sheet_community_id")
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_result_sheet_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_sheet")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_result_sheet_poll_id")),
    )
    op.create_index(op.f("ix_result_sheet_community_id"), "result_sheet", ["community_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="enum_sex", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=True),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_person_community_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_person_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_person_community_id_number")),
    )
    op.create_index(op.f("ix_person_community_id"), "person", ["community_id"], unique=False)
    op.create_index("ix_person_community_name", "person", ["community_id", "name"], unique=False)
    op.create_index(op.f("ix_person_household_id"), "person", ["household_id"], unique=False)
    op.create_index(
        "uq_person_identity",
        "person",
        ["community_id", "identity_hash"],
        unique=True,
        postgresql_where=sa.text("identity_hash IS NOT NULL"),
    )
    op.create_table(
        "post",
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "secretary",
                "deputy_secretary",
                "director",
                "deputy_director",
                "member",
                "representative",
                "group_leader",
                "station_head",
                "clerk",
                "grid_worker",
                "manager",
                "administrator",
                name="enum_postkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_post_seats")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_post_body_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_post_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("body_id", "title", name=op.f("uq_post_body_id_title")),
    )
    op.create_index(op.f("ix_post_body_id"), "post", ["body_id"], unique=False)
    op.create_index(op.f("ix_post_community_id"), "post", ["community_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_account_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_index(op.f("ix_account_community_id"), "account", ["community_id"], unique=False)
    op.create_table(
        "capacity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hukou",
                "usual_residence",
                "community_worker",
                "owner",
                "party_member",
                "collective_member",
                name="enum_capacitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_capacity_dates")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_capacity_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_capacity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
        sa.UniqueConstraint("person_id", "kind", "since", name=op.f("uq_capacity_person_id_kind_since")),
    )
    op.create_index(op.f("ix_capacity_community_id"), "capacity", ["community_id"], unique=False)
    op.create_index(op.f("ix_capacity_person_id"), "capacity", ["person_id"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("assisted_by_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_title", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_journal_entry_actor_id")),
        sa.ForeignKeyConstraint(
            ["assisted_by_id"], ["person.id"], name=op.f("fk_journal_entry_assisted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_journal_entry_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("community_id", "sequence", name=op.f("uq_journal_entry_community_id_sequence")),
    )
    op.create_index(op.f("ix_journal_entry_actor_id"), "journal_entry", ["actor_id"], unique=False)
    op.create_index(op.f("ix_journal_entry_community_id"), "journal_entry", ["community_id"], unique=False)
    op.create_index(
        "ix_journal_entry_subject", "journal_entry", ["subject_kind", "subject_id", "sequence"], unique=False
    )
    op.create_table(
        "kinship",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "spouse",
                "parent_child",
                "sibling",
                "grandparent",
                name="enum_kinshipkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_id <> relative_id", name=op.f("ck_kinship_two_people")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_kinship_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kinship_person_id")),
        sa.ForeignKeyConstraint(["relative_id"], ["person.id"], name=op.f("fk_kinship_relative_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kinship")),
        sa.UniqueConstraint("person_id", "relative_id", name=op.f("uq_kinship_person_id_relative_id")),
    )
    op.create_index(op.f("ix_kinship_community_id"), "kinship", ["community_id"], unique=False)
    op.create_index(op.f("ix_kinship_person_id"), "kinship", ["person_id"], unique=False)
    op.create_index(op.f("ix_kinship_relative_id"), "kinship", ["relative_id"], unique=False)
    op.create_table(
        "matter",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "safety",
                "environment",
                "facilities",
                "property",
                "parking",
                "elderly",
                "children",
                "culture",
                "neighbours",
                "covenant",
                "services",
                "other",
                name="enum_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("grid_id", sa.Uuid(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "raised",
                "seconded",
                "in_review",
                "returned",
                "declined",
                "answered_directly",
                "deliberating",
                "to_decide",
                "decided",
                "not_adopted",
                "carrying_out",
                "done",
                "appraised",
                "closed",
                "merged",
                "withdrawn",
                name="enum_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "screen",
                "desk",
                "paper",
                name="enum_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("profile_version", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("closing_text", sa.Text(), nullable=False),
        sa.Column("tokens", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(stage = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_matter_merged")
        ),
        sa.CheckConstraint(
            "stage = 'draft' OR (number IS NOT NULL AND raised_at IS NOT NULL)", name=op.f("ck_matter_raised")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_matter_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_matter_community_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_matter_grid_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["matter.id"], name=op.f("fk_matter_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_matter_community_id_number")),
    )
    op.create_index(op.f("ix_matter_author_id"), "matter", ["author_id"], unique=False)
    op.create_index(op.f("ix_matter_community_id"), "matter", ["community_id"], unique=False)
    op.create_index(
        "ix_matter_due",
        "matter",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL AND overdue_at IS NULL"),
    )
    op.create_index("ix_matter_list", "matter", ["community_id", "stage", "raised_at"], unique=False)
    op.create_index("ix_matter_tokens", "matter", ["tokens"], unique=False, postgresql_using="gin")
    op.create_table(
        "meeting",
        sa.Column(
            "form",
            sa.Enum(
                "council",
                "hearing",
                "open_talk",
                "coordination",
                "residents_assembly",
                "representative_assembly",
                name="enum_meetingform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent_reason", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "cancelled",
                name="enum_meetingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("members_due", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("profile", sa.String(length=80), nullable=False),
        sa.Column("profile_version", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_meeting_closed")),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR opened_at IS NOT NULL", name=op.f("ck_meeting_opened")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_meeting_body_id")),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"], name=op.f("fk_meeting_chair_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_meeting_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_community_id"), "meeting", ["community_id"], unique=False)
    op.create_index("ix_meeting_list", "meeting", ["community_id", "starts_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column(
            "category",
            sa.Enum(
                "assembly_decisions",
                "money_and_donations",
                "facilities",
                "service_projects",
                "deliberation",
                "help_to_government",
                "common_concern",
                name="enum_noticecategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until > posted_at", name=op.f("ck_notice_period")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_notice_community_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["person.id"], name=op.f("fk_notice_posted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_community_id"), "notice", ["community_id"], unique=False)
    op.create_index("ix_notice_list", "notice", ["community_id", "posted_at"], unique=False)
    op.create_index("ix_notice_subject", "notice", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "photo",
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_photo_community_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_photo_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
    )
    op.create_index(op.f("ix_photo_community_id"), "photo", ["community_id"], unique=False)
    op.create_table(
        "resident_import",
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "written",
                name="enum_importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_resident_import_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_resident_import_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_import")),
    )
    op.create_index(
        op.f("ix_resident_import_community_id"), "resident_import", ["community_id"], unique=False
    )
    op.create_table(
        "roll_entry",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=80), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_roll_entry_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roll_entry_person_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_roll_entry_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entry")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_roll_entry_poll_id_person_id")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_roll_entry_poll_id_position")),
    )
    op.create_index(op.f("ix_roll_entry_community_id"), "roll_entry", ["community_id"], unique=False)
    op.create_index(op.f("ix_roll_entry_person_id"), "roll_entry", ["person_id"], unique=False)
    op.create_index(op.f("ix_roll_entry_poll_id"), "roll_entry", ["poll_id"], unique=False)
    op.create_table(
        "term",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "appointed",
            sa.Enum(
                "elected",
                "appointed",
                "ex_officio",
                name="enum_appointed",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name=op.f("ck_term_ended")),
        sa.CheckConstraint("until >= since", name=op.f("ck_term_dates")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_term_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_term_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_term_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_community_id"), "term", ["community_id"], unique=False)
    op.create_index(op.f("ix_term_person_id"), "term", ["person_id"], unique=False)
    op.create_index(op.f("ix_term_post_id"), "term", ["post_id"], unique=False)
    op.create_index(
        "uq_term_running",
        "term",
        ["post_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("poll_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "agreed",
                "agreed_with_dissent",
                "to_assembly",
                "dropped",
                "continued",
                "adopted",
                "not_adopted",
                "no_quorum",
                name="enum_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_text", sa.Text(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(outcome IS NULL) = (concluded_at IS NULL)", name=op.f("ck_agenda_item_concluded")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_agenda_item_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_agenda_item_matter_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_agenda_item_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_agenda_item_meeting_id_position")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_agenda_item_poll_id")),
    )
    op.create_index(op.f("ix_agenda_item_community_id"), "agenda_item", ["community_id"], unique=False)
    op.create_index(op.f("ix_agenda_item_matter_id"), "agenda_item", ["matter_id"], unique=False)
    op.create_index(op.f("ix_agenda_item_meeting_id"), "agenda_item", ["meeting_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("guest_name", sa.String(length=80), nullable=False),
        sa.Column(
            "seat",
            sa.Enum(
                "member",
                "participant",
                "observer",
                name="enum_seat",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "participant_class",
            sa.Enum(
                "resident",
                "representative",
                "party",
                "committee",
                "station",
                "owners",
                "property_firm",
                "stationed_unit",
                "social_organisation",
                "government",
                "expert",
                "supervision",
                name="enum_participantclass",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR guest_name <> ''", name=op.f("ck_attendance_who")),
        sa.CheckConstraint(
            "seat <> 'member' OR person_id IS NOT NULL", name=op.f("ck_attendance_member_is_known")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_attendance_community_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_attendance_meeting_id_person_id")),
    )
    op.create_index(op.f("ix_attendance_community_id"), "attendance", ["community_id"], unique=False)
    op.create_index(op.f("ix_attendance_meeting_id"), "attendance", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_attendance_person_id"), "attendance", ["person_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_by_id", sa.Uuid(), nullable=True),
        sa.Column("hidden_reason", sa.String(length=300), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(hidden_at IS NULL) = (hidden_reason = '')", name=op.f("ck_comment_hidden")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_comment_community_id")),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["person.id"], name=op.f("fk_comment_hidden_by_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_comment_matter_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_author_id"), "comment", ["author_id"], unique=False)
    op.create_index(op.f("ix_comment_community_id"), "comment", ["community_id"], unique=False)
    op.create_index("ix_comment_list", "comment", ["matter_id", "at", "id"], unique=False)
    op.create_table(
        "demand",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("as_representative", sa.Boolean(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "screen",
                "desk",
                "paper",
                name="enum_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_demand_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_demand_matter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_demand_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("matter_id", "person_id", name=op.f("uq_demand_matter_id_person_id")),
    )
    op.create_index(op.f("ix_demand_community_id"), "demand", ["community_id"], unique=False)
    op.create_index(op.f("ix_demand_matter_id"), "demand", ["matter_id"], unique=False)
    op.create_table(
        "grade_round",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_poor", sa.Boolean(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("arithmetic", sa.String(length=200), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (entitled IS NULL)", name=op.f("ck_grade_round_entitled")),
        sa.CheckConstraint("(closed_at IS NULL) = (is_poor IS NULL)", name=op.f("ck_grade_round_closed")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_grade_round_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_grade_round_matter_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_grade_round_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_round")),
        sa.UniqueConstraint("matter_id", "number", name=op.f("uq_grade_round_matter_id_number")),
    )
    op.create_index(op.f("ix_grade_round_community_id"), "grade_round", ["community_id"], unique=False)
    op.create_index(op.f("ix_grade_round_matter_id"), "grade_round", ["matter_id"], unique=False)
    op.create_table(
        "matter_photo",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_matter_photo_community_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_photo_matter_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_matter_photo_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_photo")),
        sa.UniqueConstraint("matter_id", "position", name=op.f("uq_matter_photo_matter_id_position")),
    )
    op.create_index(op.f("ix_matter_photo_community_id"), "matter_photo", ["community_id"], unique=False)
    op.create_index(op.f("ix_matter_photo_matter_id"), "matter_photo", ["matter_id"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["person.id"], name=op.f("fk_one_time_code_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(op.f("ix_one_time_code_account_id"), "one_time_code", ["account_id"], unique=False)
    op.create_table(
        "open_ballot",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("roll_entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "for",
                "against",
                "abstain",
                name="enum_choice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "screen",
                "hands",
                name="enum_votechannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_open_ballot_community_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_open_ballot_entered_by_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_open_ballot_poll_id")),
        sa.ForeignKeyConstraint(
            ["roll_entry_id"], ["roll_entry.id"], name=op.f("fk_open_ballot_roll_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_ballot")),
        sa.UniqueConstraint("roll_entry_id", name=op.f("uq_open_ballot_roll_entry_id")),
    )
    op.create_index(op.f("ix_open_ballot_community_id"), "open_ballot", ["community_id"], unique=False)
    op.create_index(op.f("ix_open_ballot_poll_id"), "open_ballot", ["poll_id"], unique=False)
    op.create_table(
        "query",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_post", sa.String(length=200), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_query_answered")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_query_answered_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_query_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_query_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_query_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query")),
    )
    op.create_index(op.f("ix_query_author_id"), "query", ["author_id"], unique=False)
    op.create_index(op.f("ix_query_community_id"), "query", ["community_id"], unique=False)
    op.create_index(op.f("ix_query_matter_id"), "query", ["matter_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "study",
                "decision",
                name="enum_reviewkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "supported",
                "advised_against",
                "remarks",
                "accepted",
                "returned",
                "declined",
                "answered_directly",
                name="enum_reviewoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "outside_community",
                "against_law",
                "private_dispute",
                "already_decided",
                "no_means",
                "personal_attack",
                "dropped_in_deliberation",
                name="enum_ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'declined') = (ground IS NOT NULL)", name=op.f("ck_review_ground")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_review_body_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_review_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_review_matter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("matter_id", "kind", "round", name=op.f("uq_review_matter_id_kind_round")),
    )
    op.create_index(op.f("ix_review_community_id"), "review", ["community_id"], unique=False)
    op.create_index(op.f("ix_review_matter_id"), "review", ["matter_id"], unique=False)
    op.create_table(
        "second",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "screen",
                "desk",
                "paper",
                name="enum_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_second_community_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_second_entered_by_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_second_matter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second")),
        sa.UniqueConstraint("matter_id", "person_id", name=op.f("uq_second_matter_id_person_id")),
    )
    op.create_index(op.f("ix_second_community_id"), "second", ["community_id"], unique=False)
    op.create_index(op.f("ix_second_matter_id"), "second", ["matter_id"], unique=False)
    op.create_index(op.f("ix_second_person_id"), "second", ["person_id"], unique=False)
    op.create_table(
        "sign_in_session",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_code", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
    )
    op.create_index(op.f("ix_sign_in_session_account_id"), "sign_in_session", ["account_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("money_cents", sa.BigInteger(), nullable=False),
        sa.Column("money_source", sa.String(length=120), nullable=False),
        sa.Column("standard", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "doing",
                "done",
                name="enum_taskstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_rework", sa.Boolean(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_task_done")),
        sa.CheckConstraint("due_on >= starts_on", name=op.f("ck_task_dates")),
        sa.CheckConstraint("money_cents >= 0", name=op.f("ck_task_money")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_task_progress")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_task_body_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_task_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_task_matter_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_task_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("matter_id", "position", name=op.f("uq_task_matter_id_position")),
    )
    op.create_index(op.f("ix_task_body_id"), "task", ["body_id"], unique=False)
    op.create_index(op.f("ix_task_community_id"), "task", ["community_id"], unique=False)
    op.create_index(op.f("ix_task_matter_id"), "task", ["matter_id"], unique=False)
    op.create_table(
        "assistance",
        sa.Column("clerk_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_session_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("clerk_id <> person_id", name=op.f("ck_assistance_two_people")),
        sa.ForeignKeyConstraint(["clerk_id"], ["person.id"], name=op.f("fk_assistance_clerk_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_assistance_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assistance_person_id")),
        sa.ForeignKeyConstraint(
            ["sign_in_session_id"], ["sign_in_session.id"], name=op.f("fk_assistance_sign_in_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
    )
    op.create_index(op.f("ix_assistance_clerk_id"), "assistance", ["clerk_id"], unique=False)
    op.create_index(op.f("ix_assistance_community_id"), "assistance", ["community_id"], unique=False)
    op.create_index(op.f("ix_assistance_person_id"), "assistance", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_assistance_sign_in_session_id"), "assistance", ["sign_in_session_id"], unique=False
    )
    op.create_index(
        "uq_assistance_running",
        "assistance",
        ["clerk_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "finding",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "in_order",
                "remark",
                "problem",
                name="enum_findingkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_finding_community_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_finding_matter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_finding_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_finding_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_community_id"), "finding", ["community_id"], unique=False)
    op.create_index(op.f("ix_finding_matter_id"), "finding", ["matter_id"], unique=False)
    op.create_table(
        "grade",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "satisfied",
                "fairly_satisfied",
                "dissatisfied",
                "dont_know",
                name="enum_gradelevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_grade_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grade_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["grade_round.id"], name=op.f("fk_grade_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_grade_round_id_person_id")),
    )
    op.create_index(op.f("ix_grade_community_id"), "grade", ["community_id"], unique=False)
    op.create_index(op.f("ix_grade_round_id"), "grade", ["round_id"], unique=False)
    op.create_table(
        "task_report",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_task_report_community_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_report_person_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_task_report_photo_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_report_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_report")),
    )
    op.create_index(op.f("ix_task_report_community_id"), "task_report", ["community_id"], unique=False)
    op.create_index(op.f("ix_task_report_task_id"), "task_report", ["task_id"], unique=False)
    op.create_foreign_key(op.f("fk_grid_worker_id"), "grid", "person", ["worker_id"], ["id"], use_alter=True)


def downgrade() -> None:
    op.drop_constraint(op.f("fk_grid_worker_id"), "grid", type_="foreignkey")
    op.drop_index(op.f("ix_task_report_task_id"), table_name="task_report")
    op.drop_index(op.f("ix_task_report_community_id"), table_name="task_report")
    op.drop_table("task_report")
    op.drop_index(op.f("ix_grade_round_id"), table_name="grade")
    op.drop_index(op.f("ix_grade_community_id"), table_name="grade")
    op.drop_table("grade")
    op.drop_index(op.f("ix_finding_matter_id"), table_name="finding")
    op.drop_index(op.f("ix_finding_community_id"), table_name="finding")
    op.drop_table("finding")
    op.drop_index(
        "uq_assistance_running", table_name="assistance", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index(op.f("ix_assistance_sign_in_session_id"), table_name="assistance")
    op.drop_index(op.f("ix_assistance_person_id"), table_name="assistance")
    op.drop_index(op.f("ix_assistance_community_id"), table_name="assistance")
    op.drop_index(op.f("ix_assistance_clerk_id"), table_name="assistance")
    op.drop_table("assistance")
    op.drop_index(op.f("ix_task_matter_id"), table_name="task")
    op.drop_index(op.f("ix_task_community_id"), table_name="task")
    op.drop_index(op.f("ix_task_body_id"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_sign_in_session_account_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(op.f("ix_second_person_id"), table_name="second")
    op.drop_index(op.f("ix_second_matter_id"), table_name="second")
    op.drop_index(op.f("ix_second_community_id"), table_name="second")
    op.drop_table("second")
    op.drop_index(op.f("ix_review_matter_id"), table_name="review")
    op.drop_index(op.f("ix_review_community_id"), table_name="review")
    op.drop_table("review")
    op.drop_index(op.f("ix_query_matter_id"), table_name="query")
    op.drop_index(op.f("ix_query_community_id"), table_name="query")
    op.drop_index(op.f("ix_query_author_id"), table_name="query")
    op.drop_table("query")
    op.drop_index(op.f("ix_open_ballot_poll_id"), table_name="open_ballot")
    op.drop_index(op.f("ix_open_ballot_community_id"), table_name="open_ballot")
    op.drop_table("open_ballot")
    op.drop_index(op.f("ix_one_time_code_account_id"), table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_matter_photo_matter_id"), table_name="matter_photo")
    op.drop_index(op.f("ix_matter_photo_community_id"), table_name="matter_photo")
    op.drop_table("matter_photo")
    op.drop_index(op.f("ix_grade_round_matter_id"), table_name="grade_round")
    op.drop_index(op.f("ix_grade_round_community_id"), table_name="grade_round")
    op.drop_table("grade_round")
    op.drop_index(op.f("ix_demand_matter_id"), table_name="demand")
    op.drop_index(op.f("ix_demand_community_id"), table_name="demand")
    op.drop_table("demand")
    op.drop_index("ix_comment_list", table_name="comment")
    op.drop_index(op.f("ix_comment_community_id"), table_name="comment")
    op.drop_index(op.f("ix_comment_author_id"), table_name="comment")
    op.drop_table("comment")
    op.drop_index(op.f("ix_attendance_person_id"), table_name="attendance")
    op.drop_index(op.f("ix_attendance_meeting_id"), table_name="attendance")
    op.drop_index(op.f("ix_attendance_community_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_agenda_item_meeting_id"), table_name="agenda_item")
    op.drop_index(op.f("ix_agenda_item_matter_id"), table_name="agenda_item")
    op.drop_index(op.f("ix_agenda_item_community_id"), table_name="agenda_item")
    op.drop_table("agenda_item")
    op.drop_index("uq_term_running", table_name="term", postgresql_where=sa.text("ended_on IS NULL"))
    op.drop_index(op.f("ix_term_post_id"), table_name="term")
    op.drop_index(op.f("ix_term_person_id"), table_name="term")
    op.drop_index(op.f("ix_term_community_id"), table_name="term")
    op.drop_table("term")
    op.drop_index(op.f("ix_roll_entry_poll_id"), table_name="roll_entry")
    op.drop_index(op.f("ix_roll_entry_person_id"), table_name="roll_entry")
    op.drop_index(op.f("ix_roll_entry_community_id"), table_name="roll_entry")
    op.drop_table("roll_entry")
    op.drop_index(op.f("ix_resident_import_community_id"), table_name="resident_import")
    op.drop_table("resident_import")
    op.drop_index(op.f("ix_photo_community_id"), table_name="photo")
    op.drop_table("photo")
    op.drop_index("ix_notice_subject", table_name="notice")
    op.drop_index("ix_notice_list", table_name="notice")
    op.drop_index(op.f("ix_notice_community_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index("ix_meeting_list", table_name="meeting")
    op.drop_index(op.f("ix_meeting_community_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("ix_matter_tokens", table_name="matter", postgresql_using="gin")
    op.drop_index("ix_matter_list", table_name="matter")
    op.drop_index(
        "ix_matter_due",
        table_name="matter",
        postgresql_where=sa.text("due_at IS NOT NULL AND overdue_at IS NULL"),
    )
    op.drop_index(op.f("ix_matter_community_id"), table_name="matter")
    op.drop_index(op.f("ix_matter_author_id"), table_name="matter")
    op.drop_table("matter")
    op.drop_index(op.f("ix_kinship_relative_id"), table_name="kinship")
    op.drop_index(op.f("ix_kinship_person_id"), table_name="kinship")
    op.drop_index(op.f("ix_kinship_community_id"), table_name="kinship")
    op.drop_table("kinship")
    op.drop_index("ix_journal_entry_subject", table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_community_id"), table_name="journal_entry")
    op.drop_index(op.f("ix_journal_entry_actor_id"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_index(op.f("ix_capacity_person_id"), table_name="capacity")
    op.drop_index(op.f("ix_capacity_community_id"), table_name="capacity")
    op.drop_table("capacity")
    op.drop_index(op.f("ix_account_community_id"), table_name="account")
    op.drop_table("account")
    op.drop_index(op.f("ix_post_community_id"), table_name="post")
    op.drop_index(op.f("ix_post_body_id"), table_name="post")
    op.drop_table("post")
    op.drop_index(
        "uq_person_identity", table_name="person", postgresql_where=sa.text("identity_hash IS NOT NULL")
    )
    op.drop_index(op.f("ix_person_household_id"), table_name="person")
    op.drop_index("ix_person_community_name", table_name="person")
    op.drop_index(op.f("ix_person_community_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_result_sheet_community_id"), table_name="result_sheet")
    op.drop_table("result_sheet")
    op.drop_index(op.f("ix_household_group_id"), table_name="household")
    op.drop_index(op.f("ix_household_grid_id"), table_name="household")
    op.drop_index(op.f("ix_household_community_id"), table_name="household")
    op.drop_table("household")
    op.drop_index(op.f("ix_body_community_id"), table_name="body")
    op.drop_table("body")
    op.drop_index(op.f("ix_residents_group_community_id"), table_name="residents_group")
    op.drop_table("residents_group")
    op.drop_index("ix_poll_subject", table_name="poll")
    op.drop_index(op.f("ix_poll_community_id"), table_name="poll")
    op.drop_table("poll")
    op.drop_index(op.f("ix_matter_number_community_id"), table_name="matter_number")
    op.drop_table("matter_number")
    op.drop_table("journal_head")
    op.drop_index(op.f("ix_grid_community_id"), table_name="grid")
    op.drop_table("grid")
    op.drop_index(op.f("ix_community_subdistrict_id"), table_name="community")
    op.drop_table("community")
    op.drop_index("ix_sign_in_failure_login_at", table_name="sign_in_failure")
    op.drop_index("ix_sign_in_failure_address_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_index(op.f("ix_region_parent_id"), table_name="region")
    op.drop_table("region")
