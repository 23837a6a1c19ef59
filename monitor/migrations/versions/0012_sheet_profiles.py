"""What a program has settled once about a kind of sheet

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sheet_profile",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.String(length=300), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", BIG, nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_sheet_profile_agency_id"),
                                initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_sheet_profile_program_id"),
                                initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_profile")),
        sa.UniqueConstraint("program_id", "signature", name=op.f("uq_sheet_profile_program_id_signature")),
    )
    op.create_index(op.f("ix_sheet_profile_agency_id"), "sheet_profile", ["agency_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_sheet_profile_agency_id"), table_name="sheet_profile")
    op.drop_table("sheet_profile")
