"""Add the list of backups that were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_operations"
down_revision = "0024_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("machine", sa.String(length=255), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("has_secrets", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("finished_at >= made_at", name=op.f("ck_backup_order_of_instants")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_backup_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_index(op.f("ix_backup_made_at"), "backup", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_backup_made_at"), table_name="backup")
    op.drop_table("backup")
