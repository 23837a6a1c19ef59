"""In which order a court has its docket listed

Revision: 0040, after 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_docket_order_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "docket_order",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("court_id", BIG, nullable=False),
        sa.Column("listed_by", sa.String(length=10), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("set_by_id", BIG, nullable=False),
        sa.CheckConstraint(
            "listed_by in ('pressing', 'time', 'on-track', 'name')", name=op.f("ck_docket_order_listed_by")
        ),
        _key("agency_id", "agency"), _key("court_id", "court"), _key("set_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_docket_order")),
    )
    op.create_index(op.f("ix_docket_order_agency_id"), "docket_order", ["agency_id"], unique=False)
    op.create_index(op.f("ix_docket_order_court_id"), "docket_order", ["court_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_docket_order_court_id"), table_name="docket_order")
    op.drop_index(op.f("ix_docket_order_agency_id"), table_name="docket_order")
    op.drop_table("docket_order")
