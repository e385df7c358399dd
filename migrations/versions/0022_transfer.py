"""Add whole-community exports and requests to delete personal data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022_transfer"
down_revision = "0021_registers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_export",
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "ready",
                "failed",
                "gone",
                name="enum_exportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("tables_done", sa.Integer(), nullable=False),
        sa.Column("tables_whole", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("manifest_hash", sa.String(length=64), nullable=False),
        sa.Column("blocked_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('ready', 'gone')) = (ready_at IS NOT NULL)",
            name=op.f("ck_community_export_ready_date"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_community_export_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_community_export_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_export")),
    )
    op.create_index(
        op.f("ix_community_export_community_id"), "community_export", ["community_id"], unique=False
    )
    op.create_index(
        "uq_community_export_running",
        "community_export",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "deletion_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "done",
                "refused",
                "withdrawn",
                name="enum_requeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keeps_texts", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_deletion_request_ended_date")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR ground <> ''", name=op.f("ck_deletion_request_refused_with_ground")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_deletion_request_community_id")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_deletion_request_ended_by_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_deletion_request_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deletion_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_request")),
    )
    op.create_index(
        op.f("ix_deletion_request_community_id"), "deletion_request", ["community_id"], unique=False
    )
    op.create_index(op.f("ix_deletion_request_person_id"), "deletion_request", ["person_id"], unique=False)
    op.create_index(
        "uq_deletion_request_waiting",
        "deletion_request",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "export_part",
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_export_part_community_id")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["community_export.id"], name=op.f("fk_export_part_export_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name=op.f("pk_export_part")),
    )
    op.create_index(op.f("ix_export_part_community_id"), "export_part", ["community_id"], unique=False)


def downgrade() -> None:
    op.drop_table("export_part")
    op.drop_table("deletion_request")
    op.drop_table("community_export")
