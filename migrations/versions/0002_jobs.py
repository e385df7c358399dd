"""Add the job queue, whose schema comes from its own package."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002_jobs"
down_revision = "0001_schema"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A server of psycopg takes several statements at once when there are no parameters.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE name text;
        BEGIN
            FOR name IN SELECT oid::regclass::text FROM pg_class
                        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname LIKE 'procrastinate\\_%'
            LOOP EXECUTE format('DROP TABLE %s CASCADE', name); END LOOP;
            FOR name IN SELECT oid::regprocedure::text FROM pg_proc
                        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate\\_%'
            LOOP EXECUTE format('DROP FUNCTION %s CASCADE', name); END LOOP;
            FOR name IN SELECT oid::regtype::text FROM pg_type
                        WHERE typnamespace = 'public'::regnamespace AND typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c')
            LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', name); END LOOP;
        END $$
        """
    )
