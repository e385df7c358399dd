"""Reports of vote-buying, sealed for the authority that looks into them."""

from __future__ import annotations

revision = "0007_reports"
down_revision = "0006_recalls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
