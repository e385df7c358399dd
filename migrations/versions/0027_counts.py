"""Indexes of queries, of matters by deadline, and of the journal's entries that are not public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_counts"
down_revision = "0026_speed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_query_newest", "query", ["community_id", "at", "id"], unique=False)
    op.create_index(
        "ix_query_unanswered",
        "query",
        ["community_id", "matter_id"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "ix_matter_deadline",
        "matter",
        ["community_id", "stage", "due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_entry_private",
        "journal_entry",
        ["community_id"],
        unique=False,
        postgresql_where=sa.text("NOT is_public"),
    )


def downgrade() -> None:
    op.drop_index("ix_journal_entry_private", table_name="journal_entry")
    op.drop_index("ix_matter_deadline", table_name="matter")
    op.drop_index("ix_query_unanswered", table_name="query")
    op.drop_index("ix_query_newest", table_name="query")
