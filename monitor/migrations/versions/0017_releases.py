"""What participants have released programs to tell, to whom, and until when

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("until_on is null or until_on >= occurred_on", name=op.f("ck_release_span")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_release_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_release_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_release_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["release.id"], name=op.f("fk_release_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_release_supersedes_id")),
    )
    op.create_index(op.f("ix_release_agency_id"), "release", ["agency_id"], unique=False)
    op.create_index(op.f("ix_release_case_id"), "release", ["case_id"], unique=False)
    op.create_index(op.f("ix_release_enrollment_id"), "release", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_release_recorded_at"), "release", ["recorded_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_release_recorded_at"), table_name="release")
    op.drop_index(op.f("ix_release_enrollment_id"), table_name="release")
    op.drop_index(op.f("ix_release_case_id"), table_name="release")
    op.drop_index(op.f("ix_release_agency_id"), table_name="release")
    op.drop_table("release")
