"""Indexes and counts that keep pages flat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_speed"
down_revision = "0025_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_matter_newest", "matter", ["community_id", "raised_at"], unique=False)
    op.create_index(
        "ix_matter_merged_into",
        "matter",
        ["merged_into_id"],
        unique=False,
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index("ix_task_due", "task", ["community_id", "due_on", "id"], unique=False)
    op.create_index("ix_roll_entry_name", "roll_entry", ["poll_id", "name"], unique=False)
    op.create_index("ix_comment_newest", "comment", ["community_id", "at", "id"], unique=False)
    op.create_index("ix_finding_newest", "finding", ["community_id", "at", "id"], unique=False)
    op.create_index("ix_notice_state", "notice", ["community_id", "state"], unique=False)
    op.create_index("ix_notice_category", "notice", ["community_id", "category"], unique=False)
    op.create_index("ix_notice_kind", "notice", ["community_id", "subject_kind", "posted_at"], unique=False)
    op.create_index(
        "ix_journal_entry_public",
        "journal_entry",
        ["community_id", "sequence"],
        unique=False,
        postgresql_where=sa.text("is_public"),
    )


def downgrade() -> None:
    op.drop_index("ix_journal_entry_public", table_name="journal_entry")
    op.drop_index("ix_notice_kind", table_name="notice")
    op.drop_index("ix_notice_state", table_name="notice")
    op.drop_index("ix_notice_category", table_name="notice")
    op.drop_index("ix_finding_newest", table_name="finding")
    op.drop_index("ix_comment_newest", table_name="comment")
    op.drop_index("ix_roll_entry_name", table_name="roll_entry")
    op.drop_index("ix_task_due", table_name="task")
    op.drop_index("ix_matter_merged_into", table_name="matter")
    op.drop_index("ix_matter_newest", table_name="matter")
