"""Levels that trained assessors enter, and who is trained in which tool

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_assessment_agency_id": ("assessment", ["agency_id"]), "ix_assessment_case_id": ("assessment", ["case_id"]),
    "ix_assessment_case_id_occurred_on": ("assessment", ["case_id", "occurred_on"]),
    "ix_assessment_recorded_at": ("assessment", ["recorded_at"]), "ix_training_user_id": ("training", ["user_id"]),
}  # fmt: skip


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("tool_version", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("assessed_by_id", BIG, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "level in ('minimum', 'medium', 'maximum', 'high', 'greatest', '1', '2', '3', '4')",
            name=op.f("ck_assessment_level"),
        ),
        sa.CheckConstraint("expires_on > occurred_on", name=op.f("ck_assessment_expires")),
        _key("assessment", "agency_id", "agency"), _key("assessment", "case_id", "court_case"),
        _key("assessment", "assessed_by_id", "app_user"), _key("assessment", "supersedes_id", "assessment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_assessment_supersedes_id")),
    )
    op.create_table(
        "training",
        sa.Column("id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("tool", sa.String(length=20), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", BIG, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.CheckConstraint("(ended_at is null) = (ended_by_id is null)", name=op.f("ck_training_ended")),
        *(_key("training", column, "app_user") for column in ("user_id", "marked_by_id", "ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(op.f(name), table, columns, unique=False)


def downgrade() -> None:
    for name, (table, _columns) in reversed(INDEXES.items()):
        op.drop_index(op.f(name), table_name=table)
    op.drop_table("training")
    op.drop_table("assessment")
