"""Drafts put out for comment, and what became of each comment."""

from __future__ import annotations

revision = "0010_comments"
down_revision = "0009_statements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
