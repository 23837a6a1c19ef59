"""What a program's desk keeps: participation, concerns put before the officer, drafts of classes, signed months

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "certified_month",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("signed_as", sa.String(length=120), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certified_by_id", BIG, nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_certified_month_people")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_certified_month_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["certified_by_id"], ["app_user.id"], name=op.f("fk_certified_month_certified_by_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_certified_month_program_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certified_month")),
        sa.UniqueConstraint("program_id", "month", name=op.f("uq_certified_month_program_id_month")),
    )
    op.create_index(op.f("ix_certified_month_agency_id"), "certified_month", ["agency_id"], unique=False)
    op.create_table(
        "grid_draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_grid_draft_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["group_id"], ["program_group.id"], name=op.f("fk_grid_draft_group_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_grid_draft_user_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_draft")),
        sa.UniqueConstraint("user_id", "group_id", "held_on", name=op.f("uq_grid_draft_user_id_group_id_held_on")),
    )
    op.create_index(op.f("ix_grid_draft_agency_id"), "grid_draft", ["agency_id"], unique=False)
    op.create_table(
        "concern",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=14), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("ground in ('SAID_IN_CLASS', 'SEEN_IN_CLASS', 'TOLD_STAFF')", name=op.f("ck_concern_ground")),
        sa.CheckConstraint("kind in ('THREAT', 'WEAPON', 'CONTACT', 'SELF_HARM', 'OTHER')", name=op.f("ck_concern_kind")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_concern_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_concern_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_concern_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["concern.id"], name=op.f("fk_concern_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_concern_supersedes_id")),
    )
    op.create_index(op.f("ix_concern_agency_id"), "concern", ["agency_id"], unique=False)
    op.create_index(op.f("ix_concern_case_id"), "concern", ["case_id"], unique=False)
    op.create_index(op.f("ix_concern_enrollment_id"), "concern", ["enrollment_id"], unique=False)
    op.create_index(op.f("ix_concern_recorded_at"), "concern", ["recorded_at"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("rating", sa.String(length=20), nullable=False),
        sa.Column("upload_id", BIG, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "rating in ('ENGAGED', 'PASSIVE', 'DISRUPTIVE', 'DENIED_OR_BLAMED', 'UNDER_INFLUE"
            "NCE')",
            name=op.f("ck_participation_rating")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_participation_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_participation_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_participation_enrollment_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["supersedes_id"], ["participation.id"], name=op.f("fk_participation_supersedes_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_participation_upload_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_participation_supersedes_id")),
    )
    op.create_index(op.f("ix_participation_agency_id"), "participation", ["agency_id"], unique=False)
    op.create_index(op.f("ix_participation_case_id"), "participation", ["case_id"], unique=False)
    op.create_index("ix_participation_enrollment_id_occurred_on", "participation", ["enrollment_id", "occurred_on"], unique=False)
    op.create_index(op.f("ix_participation_recorded_at"), "participation", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_participation_upload_id"), "participation", ["upload_id"], unique=False)
    op.create_table(
        "concern_answer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("concern_id", BIG, nullable=False),
        sa.Column("did", sa.String(length=20), nullable=False),
        sa.Column("by_user_id", BIG, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("did in ('SPOKE_WITH_PROGRAM', 'PASSED_ON', 'NOTHING_TO_DO')", name=op.f("ck_concern_answer_did")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_concern_answer_agency_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_concern_answer_by_user_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_concern_answer_case_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_answer_concern_id"),
                                  initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_answer")),
        sa.UniqueConstraint("concern_id", name=op.f("uq_concern_answer_concern_id")),
    )
    op.create_index(op.f("ix_concern_answer_agency_id"), "concern_answer", ["agency_id"], unique=False)
    op.create_index(op.f("ix_concern_answer_case_id"), "concern_answer", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_concern_answer_case_id"), table_name="concern_answer")
    op.drop_index(op.f("ix_concern_answer_agency_id"), table_name="concern_answer")
    op.drop_table("concern_answer")
    op.drop_index(op.f("ix_participation_upload_id"), table_name="participation")
    op.drop_index(op.f("ix_participation_recorded_at"), table_name="participation")
    op.drop_index("ix_participation_enrollment_id_occurred_on", table_name="participation")
    op.drop_index(op.f("ix_participation_case_id"), table_name="participation")
    op.drop_index(op.f("ix_participation_agency_id"), table_name="participation")
    op.drop_table("participation")
    op.drop_index(op.f("ix_concern_recorded_at"), table_name="concern")
    op.drop_index(op.f("ix_concern_enrollment_id"), table_name="concern")
    op.drop_index(op.f("ix_concern_case_id"), table_name="concern")
    op.drop_index(op.f("ix_concern_agency_id"), table_name="concern")
    op.drop_table("concern")
    op.drop_index(op.f("ix_grid_draft_agency_id"), table_name="grid_draft")
    op.drop_table("grid_draft")
    op.drop_index(op.f("ix_certified_month_agency_id"), table_name="certified_month")
    op.drop_table("certified_month")
