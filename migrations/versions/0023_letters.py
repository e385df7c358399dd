"""Printed letters to households."""

from __future__ import annotations

revision = "0023_letters"
down_revision = "0022_transfer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
