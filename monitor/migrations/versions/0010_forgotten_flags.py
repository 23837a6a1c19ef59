"""Dismissed flags are deleted after their days: what stays is a hash that keeps the question answered, and counts

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "forgotten_flag",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_forgotten_flag_case_id"),
                                initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten_flag")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_forgotten_flag_key_hash")),
    )
    op.create_index(op.f("ix_forgotten_flag_case_id"), "forgotten_flag", ["case_id"], unique=False)
    op.create_table(
        "dismissal_count",
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dismissal_count")),
    )


def downgrade() -> None:
    op.drop_table("dismissal_count")
    op.drop_table("forgotten_flag")
