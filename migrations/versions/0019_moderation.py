"""Reports of content, what was hidden or held, appeals."""

from __future__ import annotations

revision = "0019_moderation"
down_revision = "0018_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
