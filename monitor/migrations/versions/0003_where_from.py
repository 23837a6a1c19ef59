"""The audit trail says what became of an act and where it came from

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# added one by one: rebuilding the table, as a batch on SQLite does, would lose its triggers
NAMES = ("outcome", "component", "session_mark", "asked_from")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("outcome", sa.String(length=10), nullable=False, server_default="done"))
    op.add_column("audit_entry", sa.Column("component", sa.String(length=10), nullable=False, server_default="web"))
    op.add_column("audit_entry", sa.Column("session_mark", sa.String(length=16), nullable=True))
    op.add_column("audit_entry", sa.Column("asked_from", sa.String(length=45), nullable=True))


def downgrade() -> None:
    for name in reversed(NAMES):
        op.drop_column("audit_entry", name)
