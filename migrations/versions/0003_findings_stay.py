"""Refuse, in the database itself, to change or remove what the supervision committee found."""

from __future__ import annotations

from alembic import op

revision = "0003_findings_stay"
down_revision = "0002_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION finding_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a finding is never changed or removed' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER finding_stays BEFORE UPDATE OR DELETE ON finding
        FOR EACH ROW EXECUTE FUNCTION finding_stays()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER finding_stays ON finding")
    op.execute("DROP FUNCTION finding_stays()")
