"""Notices that a record exists

Revision: 0038, after 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_record_notice_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "record_notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=True),
        sa.Column("custodian_id", BIG, nullable=False),
        sa.Column("basis", sa.String(length=13), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=False),
        sa.CheckConstraint("basis in ('AUTHORIZATION', 'LAW', 'COURT_ORDER')", name=op.f("ck_record_notice_basis")),
        _key("agency_id", "agency"), _key("custodian_id", "agency"), _key("recorded_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_notice")),
        sa.UniqueConstraint("receipt", name=op.f("uq_record_notice_receipt")),
    )
    for column in ("agency_id", "number"):
        op.create_index(op.f(f"ix_record_notice_{column}"), "record_notice", [column], unique=False)


def downgrade() -> None:
    for column in ("number", "agency_id"):
        op.drop_index(op.f(f"ix_record_notice_{column}"), table_name="record_notice")
    op.drop_table("record_notice")
