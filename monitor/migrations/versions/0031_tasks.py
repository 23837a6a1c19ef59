"""Officers' own tasks, and named lists of the caseload

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT = sa.DateTime(timezone=True)
INDEXES = {
    "ix_task_agency_id": ("task", ["agency_id"]), "ix_task_case_id": ("task", ["case_id"]),
    "ix_task_act": ("task", ["act"]), "ix_task_user_id_due_on": ("task", ["user_id", "due_on"]),
    "ix_saved_view_agency_id": ("saved_view", ["agency_id"]),
}  # fmt: skip


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("act", BIG, nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("undone_at", AT, nullable=True),
        sa.CheckConstraint("length(what) > 0", name=op.f("ck_task_says_what")),
        _key("task", "case_id", "court_case"), _key("task", "agency_id", "agency"),
        _key("task", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("filters", JSON, nullable=False),
        sa.Column("sorted_by", sa.String(length=8), nullable=False),
        sa.Column("team", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_saved_view_named")),
        _key("saved_view", "agency_id", "agency"), _key("saved_view", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(op.f(name), table, columns, unique=False)


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(op.f(name), table_name=INDEXES[name][0])
    op.drop_table("saved_view")
    op.drop_table("task")
