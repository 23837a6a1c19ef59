"""Requests for a call, sealed under keys of their own

Revision: 0039, after 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "callback",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    op.create_index(op.f("ix_callback_purge_on"), "callback", ["purge_on"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_callback_purge_on"), table_name="callback")
    op.drop_table("callback")
