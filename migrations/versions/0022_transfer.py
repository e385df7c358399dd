"""Requests to have personal data deleted."""

from __future__ import annotations

revision = "0022_transfer"
down_revision = "0021_registers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
