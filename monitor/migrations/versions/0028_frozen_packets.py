"""Packets frozen once for each hearing and day, and the log of copies to the defense

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KEYS = {
    "packet_id": "packet", "hearing_id": "hearing", "given_by_id": "app_user", "undone_by_id": "app_user",
    "case_id": "court_case", "agency_id": "agency",
}  # fmt: skip
INDEXED = ("case_id", "agency_id", "packet_id", "hearing_id")


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_defense_copy_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.add_column("packet", sa.Column("freeze_key", sa.String(length=16), nullable=True))
    op.create_index("uq_packet_freeze_key", "packet", ["hearing_id", "freeze_key"], unique=True)
    op.create_table(
        "defense_copy",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("packet_id", BIG, nullable=False),
        sa.Column("hearing_id", BIG, nullable=False),
        sa.Column("given_to", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("given_by_id", BIG, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by_id", BIG, nullable=True),
        sa.CheckConstraint("given_to in ('COUNSEL', 'RESPONDENT')", name=op.f("ck_defense_copy_given_to")),
        sa.CheckConstraint(
            "how in ('BY_HAND', 'BY_MAIL', 'E_FILING', 'IN_COURT')", name=op.f("ck_defense_copy_how")
        ),
        sa.CheckConstraint("(undone_at is null) = (undone_by_id is null)", name=op.f("ck_defense_copy_undone")),
        *(_key(column, table) for column, table in KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_defense_copy")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_defense_copy_{column}"), "defense_copy", [column], unique=False)


def downgrade() -> None:
    for column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_defense_copy_{column}"), table_name="defense_copy")
    op.drop_table("defense_copy")
    op.drop_index("uq_packet_freeze_key", table_name="packet")
    op.drop_column("packet", "freeze_key")
