"""Notifications, what each person wants of them, and the outbox."""

from __future__ import annotations

revision = "0018_outbox"
down_revision = "0017_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
