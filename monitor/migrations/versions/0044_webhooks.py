"""Endpoints of agencies' software; a notice that a person decided not to send is no longer one that failed

Revision: 0044, after 0043
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
STATES = "'DUE', 'SENT', 'FAILED', 'SUSPECT'"


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_webhook_endpoint_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_earlier", sa.LargeBinary(), nullable=True),
        sa.Column("earlier_until", INSTANT, nullable=True),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("paused_at", INSTANT, nullable=True),
        sa.Column("paused_why", sa.String(length=8), nullable=True),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("last_fault", sa.String(length=80), nullable=True),
        sa.Column("arrived_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "paused_why is null or paused_why in ('FAILING', 'GONE', 'PERSON', 'RESTORED')",
            name=op.f("ck_webhook_endpoint_paused_why"),
        ),
        sa.CheckConstraint("(paused_at is null) = (paused_why is null)", name=op.f("ck_webhook_endpoint_paused")),
        _key("agency_id", "agency"), _key("made_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    op.create_index(op.f("ix_webhook_endpoint_agency_id"), "webhook_endpoint", ["agency_id"], unique=False)
    _states(f"{STATES}, 'DROPPED'")
    op.execute("update outbox set state = 'DROPPED' where state = 'FAILED' and error = 'dropped after a restore'")


def _states(states: str) -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(op.f("ck_outbox_state"), type_="check")
        outbox.create_check_constraint(op.f("ck_outbox_state"), f"state in ({states})")


def downgrade() -> None:
    # an earlier version would take a word for a letter
    op.execute("delete from outbox where channel = 'webhook'")
    op.execute("update outbox set state = 'FAILED' where state = 'DROPPED'")
    _states(STATES)
    op.drop_index(op.f("ix_webhook_endpoint_agency_id"), table_name="webhook_endpoint")
    op.drop_table("webhook_endpoint")
