"""Results of hearings, and claims of whoever is recording one

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
RESULT_KEYS = {
    "hearing_id": "hearing", "next_hearing_id": "hearing", "warrant_id": "pause", "recorded_by_id": "app_user",
    "undone_by_id": "app_user", "case_id": "court_case", "agency_id": "agency",
}  # fmt: skip
CLAIM_KEYS = {"hearing_id": "hearing", "user_id": "app_user", "case_id": "court_case", "agency_id": "agency"}
INDEXES = {
    "hearing_result": ("case_id", "agency_id", "hearing_id", "next_hearing_id"),
    "hearing_claim": ("case_id", "agency_id"),
}  # fmt: skip


def _key(of: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{of}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "hearing_result",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("hearing_id", BIG, nullable=False),
        sa.Column("result", sa.String(length=14), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("next_hearing_id", BIG, nullable=True),
        sa.Column("next_set_here", sa.Boolean(), nullable=False),
        sa.Column("no_date", sa.String(length=16), nullable=True),
        sa.Column("warrant", sa.String(length=8), nullable=True),
        sa.Column("warrant_id", BIG, nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by_id", BIG, nullable=True),
        sa.CheckConstraint(
            "result in ('HELD', 'CONTINUED', 'DID_NOT_APPEAR')", name=op.f("ck_hearing_result_result")
        ),
        sa.CheckConstraint(
            "warrant is null or warrant in ('ISSUED', 'RECALLED')", name=op.f("ck_hearing_result_warrant")
        ),
        *(_key("hearing_result", column, table) for column, table in RESULT_KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_result")),
    )
    op.create_table(
        "hearing_claim",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("hearing_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        *(_key("hearing_claim", column, table) for column, table in CLAIM_KEYS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_claim")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_hearing_claim_hearing_id")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table in ("hearing_claim", "hearing_result"):
        for column in INDEXES[table]:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_table(table)
