"""Statements that people agree or disagree with, and the opinion groups computed from them."""

from __future__ import annotations

revision = "0009_statements"
down_revision = "0008_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
