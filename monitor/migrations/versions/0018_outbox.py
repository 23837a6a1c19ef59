"""Sending what waits: leases and faults of the outbox, and who wants the morning's letter

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("error", sa.String(length=80), nullable=True))
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.add_column("app_user", sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("app_user", "digest")
    op.drop_index("ix_outbox_state_due_at", table_name="outbox")
    op.drop_column("outbox", "error")
    op.drop_column("outbox", "lease_until")
