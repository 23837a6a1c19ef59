"""Contacts that the person did not come to, and drafts of contacts

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("contact", sa.Column("no_show", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "contact_draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contact_draft_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_contact_draft_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_contact_draft_user_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_draft")),
        sa.UniqueConstraint("user_id", "case_id", name=op.f("uq_contact_draft_user_id_case_id")),
    )
    op.create_index(op.f("ix_contact_draft_agency_id"), "contact_draft", ["agency_id"], unique=False)
    op.create_index(op.f("ix_contact_draft_case_id"), "contact_draft", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_draft_case_id"), table_name="contact_draft")
    op.drop_index(op.f("ix_contact_draft_agency_id"), table_name="contact_draft")
    op.drop_table("contact_draft")
    op.drop_column("contact", "no_show")
