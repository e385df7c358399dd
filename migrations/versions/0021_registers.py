"""How often a demanded item is posted, what a complaint is about and what was corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021_registers"
down_revision = "0020_supervision"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('item_demand', sa.Column('rhythm', sa.Enum('ad_hoc', 'monthly', 'quarterly', 'half_yearly', 'yearly', name='enum_rhythm', native_enum=False, create_constraint=True, length=40), server_default='ad_hoc', nullable=False))
    op.add_column('complaint', sa.Column('query_id', sa.Uuid(), nullable=True))
    op.add_column('complaint', sa.Column('remedy', sa.Text(), server_default='', nullable=False))
    op.add_column('complaint', sa.Column('remedied_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('complaint', sa.Column('remedied_by_id', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_complaint_query_id'), 'complaint', ['query_id'], unique=False)
    op.create_foreign_key(op.f('fk_complaint_query_id'), 'complaint', 'notice_query', ['query_id'], ['id'])
    op.create_foreign_key(op.f('fk_complaint_remedied_by_id'), 'complaint', 'person', ['remedied_by_id'], ['id'])
    op.create_check_constraint(op.f('ck_complaint_remedied'), 'complaint', "(remedied_at IS NULL) = (remedy = '')")
    op.create_check_constraint(op.f('ck_complaint_query'), 'complaint', "query_id IS NULL OR ground = 'unanswered'")


def downgrade() -> None:
    op.drop_constraint(op.f('ck_complaint_query'), 'complaint', type_='check')
    op.drop_constraint(op.f('ck_complaint_remedied'), 'complaint', type_='check')
    op.drop_constraint(op.f('fk_complaint_remedied_by_id'), 'complaint', type_='foreignkey')
    op.drop_constraint(op.f('fk_complaint_query_id'), 'complaint', type_='foreignkey')
    op.drop_index(op.f('ix_complaint_query_id'), table_name='complaint')
    op.drop_column('complaint', 'remedied_by_id')
    op.drop_column('complaint', 'remedied_at')
    op.drop_column('complaint', 'remedy')
    op.drop_column('complaint', 'query_id')
    op.drop_column('item_demand', 'rhythm')
