"""Walls, second persons, cases opened without assignment, context reviews

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table("approval_request",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("beneficiary_id", BIG, nullable=True),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("sealed_why", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.CheckConstraint(
            "act in ('wall.remove', 'role.grant', 'record.unseal', 'export.large')", name=op.f("ck_approval_request_act"),
        ),
        sa.CheckConstraint(
            "outcome is null or outcome in ('APPROVED', 'DECLINED')", name=op.f("ck_approval_request_outcome"),
        ),
        sa.CheckConstraint("(outcome is null) = (decided_at is null)", name=op.f("ck_approval_request_decided")),
        sa.CheckConstraint(
            "decided_by_id is null or beneficiary_id is null or decided_by_id <> beneficiary_id", name=op.f("ck_approval_request_no_beneficiary"),
        ),
        sa.CheckConstraint(
            "decided_by_id is null or decided_by_id <> asked_by_id", name=op.f("ck_approval_request_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_approval_request_agency_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["app_user.id"], name=op.f("fk_approval_request_asked_by_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request"))
    )
    op.create_index(op.f("ix_approval_request_agency_id"), "approval_request", ["agency_id"], unique=False)

    op.create_table("conflict_alert",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("recipient_id", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_conflict_alert_agency_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["app_user.id"], name=op.f("fk_conflict_alert_recipient_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_alert"))
    )
    op.create_index(op.f("ix_conflict_alert_agency_id"), "conflict_alert", ["agency_id"], unique=False)
    op.create_index(op.f("ix_conflict_alert_recipient_id"), "conflict_alert", ["recipient_id"], unique=False)

    op.create_table("wall",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("sealed_why", sa.LargeBinary(), nullable=False),
        sa.Column("entered_by_id", BIG, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_wall_agency_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_wall_person_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_wall_user_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall"))
    )
    op.create_index(op.f("ix_wall_agency_id"), "wall", ["agency_id"], unique=False)
    op.create_index(op.f("ix_wall_person_id"), "wall", ["person_id"], unique=False)
    op.create_index(
        "uq_wall_open", "wall", ["user_id", "person_id"], unique=True, sqlite_where=sa.text("ended_at is null"), postgresql_where=sa.text("ended_at is null"),
    )

    op.create_table("case_opening",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", BIG, nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.CheckConstraint(
            "verdict is null or verdict in ('EXPECTED', 'TO_ASK')", name=op.f("ck_case_opening_verdict"),
        ),
        sa.CheckConstraint(
            "reviewed_by_id is null or reviewed_by_id <> user_id", name=op.f("ck_case_opening_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_case_opening_agency_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("fk_case_opening_case_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_case_opening_user_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_opening"))
    )
    op.create_index(op.f("ix_case_opening_agency_id"), "case_opening", ["agency_id"], unique=False)
    op.create_index(op.f("ix_case_opening_case_id"), "case_opening", ["case_id"], unique=False)
    op.create_index("ix_case_opening_user_id_until_at", "case_opening", ["user_id", "until_at"], unique=False)

    op.create_table("context_review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", BIG, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", BIG, nullable=True),
        sa.CheckConstraint("kind in ('MIRROR', 'MARK')", name=op.f("ck_context_review_kind")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_context_review_agency_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("fk_context_review_case_id"), initially="DEFERRED", deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_context_review"))
    )
    op.create_index(op.f("ix_context_review_agency_id"), "context_review", ["agency_id"], unique=False)
    op.create_index(op.f("ix_context_review_case_id"), "context_review", ["case_id"], unique=False)
    op.create_index(
        "uq_context_review_open", "context_review", ["case_id", "agency_id", "kind"], unique=True, sqlite_where=sa.text("done_at is null"), postgresql_where=sa.text("done_at is null"),
    )



def downgrade() -> None:
    op.drop_index(
        "uq_context_review_open", table_name="context_review", sqlite_where=sa.text("done_at is null"), postgresql_where=sa.text("done_at is null"),
    )
    op.drop_index(op.f("ix_context_review_case_id"), table_name="context_review")
    op.drop_index(op.f("ix_context_review_agency_id"), table_name="context_review")

    op.drop_table("context_review")
    op.drop_index("ix_case_opening_user_id_until_at", table_name="case_opening")
    op.drop_index(op.f("ix_case_opening_case_id"), table_name="case_opening")
    op.drop_index(op.f("ix_case_opening_agency_id"), table_name="case_opening")

    op.drop_table("case_opening")
    op.drop_index(
        "uq_wall_open", table_name="wall", sqlite_where=sa.text("ended_at is null"), postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index(op.f("ix_wall_person_id"), table_name="wall")
    op.drop_index(op.f("ix_wall_agency_id"), table_name="wall")

    op.drop_table("wall")
    op.drop_index(op.f("ix_conflict_alert_recipient_id"), table_name="conflict_alert")
    op.drop_index(op.f("ix_conflict_alert_agency_id"), table_name="conflict_alert")

    op.drop_table("conflict_alert")
    op.drop_index(op.f("ix_approval_request_agency_id"), table_name="approval_request")

    op.drop_table("approval_request")
