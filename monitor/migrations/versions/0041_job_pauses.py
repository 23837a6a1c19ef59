"""Which jobs an administrator has paused

Revision: 0041, after 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _by(column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_job_pause_{column}")
    return sa.ForeignKeyConstraint([column], ["app_user.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "job_pause",
        sa.Column("id", BIG, nullable=False),
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("paused_at", INSTANT, nullable=False),
        sa.Column("paused_by_id", BIG, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.CheckConstraint("(ended_at is null) = (ended_by_id is null)", name=op.f("ck_job_pause_ended")),
        sa.CheckConstraint("until_at > paused_at", name=op.f("ck_job_pause_until_at")),
        _by("paused_by_id"), _by("ended_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_pause")),
    )
    op.create_index(op.f("ix_job_pause_job"), "job_pause", ["job"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_job_pause_job"), table_name="job_pause")
    op.drop_table("job_pause")
