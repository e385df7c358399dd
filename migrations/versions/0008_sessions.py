"""What a session has beside its agenda: rules of procedure, invitations, presence, speeches, motions, signatures."""

from __future__ import annotations

revision = "0008_sessions"
down_revision = "0007_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
