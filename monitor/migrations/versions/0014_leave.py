"""Leave approved ahead of time, transfers taken over, certificates: facts that the rules read

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_certificate_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_certificate_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_certificate_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["certificate.id"], name=op.f("fk_certificate_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_certificate_supersedes_id")),
    )
    op.create_index(op.f("ix_certificate_agency_id"), "certificate", ["agency_id"], unique=False)
    op.create_index(op.f("ix_certificate_case_id"), "certificate", ["case_id"], unique=False)
    op.create_index(op.f("ix_certificate_enrollment_id"), "certificate", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_certificate_recorded_at"), "certificate", ["recorded_at"], unique=False)
    op.create_table(
        "leave",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("covers_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_leave_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_leave_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_leave_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["leave.id"], name=op.f("fk_leave_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_leave_supersedes_id")),
    )
    op.create_index(op.f("ix_leave_agency_id"), "leave", ["agency_id"], unique=False)
    op.create_index(op.f("ix_leave_case_id"), "leave", ["case_id"], unique=False)
    op.create_index("ix_leave_enrollment_id_covers_on", "leave", ["enrollment_id", "covers_on"], unique=False)
    op.create_index(op.f("ix_leave_recorded_at"), "leave", ["recorded_at"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("from_program_id", BIG, nullable=False),
        sa.Column("to_program_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("authorized_by", sa.String(length=60), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("why in ('MOVED', 'SCHEDULE', 'PROGRAM_CLOSED', 'OTHER')", name=op.f("ck_transfer_why")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_transfer_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_transfer_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_transfer_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["from_program_id"], ["program.id"], name=op.f("fk_transfer_from_program_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["transfer.id"], name=op.f("fk_transfer_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["to_program_id"], ["program.id"], name=op.f("fk_transfer_to_program_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_transfer_supersedes_id")),
    )
    op.create_index(op.f("ix_transfer_agency_id"), "transfer", ["agency_id"], unique=False)
    op.create_index(op.f("ix_transfer_case_id"), "transfer", ["case_id"], unique=False)
    op.create_index(op.f("ix_transfer_enrollment_id"), "transfer", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_transfer_recorded_at"), "transfer", ["recorded_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transfer_recorded_at"), table_name="transfer")
    op.drop_index(op.f("ix_transfer_enrollment_id"), table_name="transfer")
    op.drop_index(op.f("ix_transfer_case_id"), table_name="transfer")
    op.drop_index(op.f("ix_transfer_agency_id"), table_name="transfer")
    op.drop_table("transfer")
    op.drop_index(op.f("ix_leave_recorded_at"), table_name="leave")
    op.drop_index("ix_leave_enrollment_id_covers_on", table_name="leave")
    op.drop_index(op.f("ix_leave_case_id"), table_name="leave")
    op.drop_index(op.f("ix_leave_agency_id"), table_name="leave")
    op.drop_table("leave")
    op.drop_index(op.f("ix_certificate_recorded_at"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_enrollment_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_case_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_agency_id"), table_name="certificate")
    op.drop_table("certificate")
