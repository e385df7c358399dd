"""Owners' decisions, reports at the place of residence, opinions for deputies."""

from __future__ import annotations

revision = "0021_registers"
down_revision = "0020_supervision"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
