"""Questions that an office put away from its work list until a day

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_hidden_item_agency_id": ["agency_id"], "ix_hidden_item_case_id": ["case_id"],
    "ix_hidden_item_flag_key": ["flag_key"], "ix_hidden_item_agency_id_until_on": ["agency_id", "until_on"],
}  # fmt: skip


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_hidden_item_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "hidden_item",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("flag_key", sa.String(length=120), nullable=False),
        sa.Column("flag_version", sa.String(length=40), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_by_id", BIG, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_hidden_item_needs_reason")),
        sa.CheckConstraint("(ended_at is null) = (ended_by_id is null)", name=op.f("ck_hidden_item_ended")),
        _key("agency_id", "agency"), _key("case_id", "court_case"), _key("hidden_by_id", "app_user"),
        _key("ended_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_item")),
    )
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "hidden_item", columns, unique=False)


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(op.f(name), table_name="hidden_item")
    op.drop_table("hidden_item")
