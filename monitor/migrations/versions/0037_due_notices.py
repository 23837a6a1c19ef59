"""Victim/witness staff's coded answers, and the safety step before a filing

Revision: 0037, after 0036
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = (
    "STANDING", "NEED", "SAFETY", "HEARING_SET", "HEARING_MOVED", "HEARING_OFF", "RESULT", "ORDER_SERVED",
    "ORDER_CHANGED", "ORDER_ENDS", "ORDER_ENDED", "WARRANT", "WARRANT_OVER", "CUSTODY", "RELEASE", "FINDING",
    "WITHDRAWN", "CORRECTION",
)  # fmt: skip
ANSWERS = ("ASKED", "DECLINED", "ATTEMPTED", "REACHED", "NOT_REACHED", "INTERPRETER", "ACCESS")
STEPS = ("ASKED", "FINISHED", "OVERRIDDEN", "REOPENED", "CALLED_OFF")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, initially="DEFERRED", deferrable=True)


def _of_case(table: str, *columns: Any) -> None:
    op.create_table(
        table,
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        *columns,
        _key(table, "case_id", "court_case"), _key(table, "agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )  # fmt: skip
    for column in ("agency_id", "case_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    _of_case(
        "notice_answer",
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("about_id", BIG, nullable=False),
        sa.Column("about_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=False),
        sa.Column("taken_back_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"kind in {KINDS}", name=op.f("ck_notice_answer_kind")),
        sa.CheckConstraint(f"answer in {ANSWERS}", name=op.f("ck_notice_answer_answer")),
        _key("notice_answer", "recorded_by_id", "app_user"),
    )
    _of_case(
        "safety_step",
        sa.Column("about_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_user_id", BIG, nullable=False),
        sa.CheckConstraint(f"kind in {STEPS}", name=op.f("ck_safety_step_kind")),
        _key("safety_step", "by_user_id", "app_user"),
        sa.UniqueConstraint("about_id", "number", name=op.f("uq_safety_step_about_id_number")),
    )


def downgrade() -> None:
    for table in ("safety_step", "notice_answer"):
        for column in ("case_id", "agency_id"):
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_table(table)
