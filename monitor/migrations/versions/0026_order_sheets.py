"""Orders at the court's desk: what was chosen when a version was made

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
ANSWERED = ("firearm_heard", "firearm_related", "firearm_forbids", "firearm_flag")


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_order_sheet_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def _one_of(column: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} in ({words})", name=op.f(f"ck_order_sheet_{column}"))


def upgrade() -> None:
    op.create_table(
        "order_sheet",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("order_version_id", BIG, nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("judge_id", BIG, nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("differs", JSON, nullable=False),
        *(sa.Column(name, sa.String(length=1), nullable=False) for name in ANSWERED),
        sa.Column("notice", sa.String(length=8), nullable=False),
        sa.Column("no_review_why", sa.String(length=20), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        *(_one_of(name, "'Y', 'N', 'U'") for name in ANSWERED),
        _one_of("notice", "'SERVED', 'TOLD', 'NONE'"),
        _key("agency_id", "agency"), _key("case_id", "court_case"), _key("order_version_id", "order_version"),
        _key("judge_id", "judge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_sheet")),
        sa.UniqueConstraint("order_version_id", name=op.f("uq_order_sheet_order_version_id")),
    )
    op.create_index(op.f("ix_order_sheet_agency_id"), "order_sheet", ["agency_id"], unique=False)
    op.create_index(op.f("ix_order_sheet_case_id"), "order_sheet", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_order_sheet_case_id"), table_name="order_sheet")
    op.drop_index(op.f("ix_order_sheet_agency_id"), table_name="order_sheet")
    op.drop_table("order_sheet")
