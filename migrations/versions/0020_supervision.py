"""The desk of the supervision committee."""

from __future__ import annotations

revision = "0020_supervision"
down_revision = "0019_moderation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
