"""Measures of a quarter as they were published; the database itself keeps them as they were made

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SAID = "measures that were published never change"


def upgrade() -> None:
    op.create_table(
        "measure_release",
        sa.Column("id", BIG, nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["app_user.id"], name=op.f("fk_measure_release_made_by_id"), initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_release")),
        sa.UniqueConstraint("quarter", name=op.f("uq_measure_release_quarter")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(f"create trigger measure_release_no_{act} before {act} on measure_release "
                       f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(f"create function measure_release_kept() returns trigger language plpgsql as $$ begin "
               f"raise exception '{SAID}'; end; $$")
    op.execute("create trigger measure_release_kept before update or delete on measure_release for each row "
               "execute function measure_release_kept()")


def downgrade() -> None:
    op.drop_table("measure_release")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function measure_release_kept()")
