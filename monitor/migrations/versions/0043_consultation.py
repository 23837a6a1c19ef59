"""The team's list of cases, sealed under keys of their own

Revision: 0043, after 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(op.f("ix_consultation_purge_on"), "consultation", ["purge_on"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_consultation_purge_on"), table_name="consultation")
    op.drop_table("consultation")
