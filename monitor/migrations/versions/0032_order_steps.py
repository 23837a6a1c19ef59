"""Orders outside the court: entry in the registry and service by an officer, step by step

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_order_step_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    kinds = "'TO_ENTER', 'ENTERED', 'TO_SERVE', 'ATTEMPTED', 'TOLD', 'SERVED'"
    actions = "'ENTER', 'MODIFY', 'SERVE', 'CLEAR', 'CANCEL'"
    op.create_table(
        "order_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("order_version_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=6), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registry_number", sa.String(length=20), nullable=True),
        sa.Column("by_agency", sa.String(length=80), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.CheckConstraint(f"kind in ({kinds})", name=op.f("ck_order_step_kind")),
        sa.CheckConstraint(f"action is null or action in ({actions})", name=op.f("ck_order_step_action")),
        sa.CheckConstraint("kind <> 'ENTERED' or registry_number is not null", name=op.f("ck_order_step_entered")),
        _key("agency_id", "agency"), _key("case_id", "court_case"), _key("order_id", "court_order"),
        _key("order_version_id", "order_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_step")),
    )
    for column in ("agency_id", "case_id", "order_id"):
        op.create_index(op.f(f"ix_order_step_{column}"), "order_step", [column], unique=False)


def downgrade() -> None:
    for column in ("order_id", "case_id", "agency_id"):
        op.drop_index(op.f(f"ix_order_step_{column}"), table_name="order_step")
    op.drop_table("order_step")
