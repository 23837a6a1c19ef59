"""Dated cover, and who assigned a case when

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_cover_agency_id": ["agency_id"], "ix_cover_officer_id": ["officer_id"],
    "ix_cover_by_id_until_on": ["by_id", "until_on"],
}  # fmt: skip


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_cover_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("officer_id", BIG, nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_cover_span")),
        sa.CheckConstraint("officer_id <> by_id", name=op.f("ck_cover_another")),
        sa.CheckConstraint("(ended_at is null) = (ended_by_id is null)", name=op.f("ck_cover_ended")),
        _key("agency_id", "agency"),
        *(_key(column, "app_user") for column in ("officer_id", "by_id", "made_by_id", "ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "cover", columns, unique=False)
    op.add_column("assignment", sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assignment", sa.Column("made_by_id", BIG, nullable=True))


def downgrade() -> None:
    op.drop_column("assignment", "made_by_id")
    op.drop_column("assignment", "made_at")
    for name in reversed(INDEXES):
        op.drop_index(op.f(name), table_name="cover")
    op.drop_table("cover")
