"""Add printed letters to households that no channel reaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_letters"
down_revision = "0022_transfer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_run",
        sa.Column("title", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("call", sa.String(length=60), nullable=False),
        sa.Column("sign_in_url", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "printing",
                "ready",
                "failed",
                "deleted",
                name="enum_runstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("is_pdf", sa.Boolean(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'deleted') = (deleted_at IS NOT NULL)", name=op.f("ck_letter_run_deleted_date")
        ),
        sa.CheckConstraint(
            "(state IN ('ready', 'deleted')) = (ready_at IS NOT NULL)", name=op.f("ck_letter_run_ready_date")
        ),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_letter_run_done")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_letter_run_asked_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_letter_run_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_run")),
    )
    op.create_index(op.f("ix_letter_run_community_id"), "letter_run", ["community_id"], unique=False)
    op.create_index(
        "uq_letter_run_running",
        "letter_run",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'printing')"),
    )
    op.create_table(
        "letter_part",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_letter_part_community_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["letter_run.id"], name=op.f("fk_letter_part_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_letter_part")),
    )
    op.create_index(op.f("ix_letter_part_community_id"), "letter_part", ["community_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["one_time_code.id"], name=op.f("fk_letter_code_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_letter_community_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_letter_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_person_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["letter_run.id"], name=op.f("fk_letter_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("code_id", name=op.f("uq_letter_code_id")),
        sa.UniqueConstraint("run_id", "household_id", name=op.f("uq_letter_run_id_household_id")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_letter_run_id_number")),
    )
    op.create_index(op.f("ix_letter_community_id"), "letter", ["community_id"], unique=False)
    op.create_index(op.f("ix_letter_household_id"), "letter", ["household_id"], unique=False)
    op.create_index(op.f("ix_letter_person_id"), "letter", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_person_id"), table_name="letter")
    op.drop_index(op.f("ix_letter_household_id"), table_name="letter")
    op.drop_index(op.f("ix_letter_community_id"), table_name="letter")
    op.drop_table("letter")
    op.drop_index(op.f("ix_letter_part_community_id"), table_name="letter_part")
    op.drop_table("letter_part")
    op.drop_index(
        "uq_letter_run_running",
        table_name="letter_run",
        postgresql_where=sa.text("state IN ('waiting', 'printing')"),
    )
    op.drop_index(op.f("ix_letter_run_community_id"), table_name="letter_run")
    op.drop_table("letter_run")
