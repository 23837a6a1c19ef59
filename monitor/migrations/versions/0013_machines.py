"""Machines that bring sheets in, and the answers kept under their keys

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def refers(column: str, to: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(name), initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "machine",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_by_id", BIG, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        refers("agency_id", "agency.id", "fk_machine_agency_id"),
        refers("program_id", "program.id", "fk_machine_program_id"),
        refers("made_by_id", "app_user.id", "fk_machine_made_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_machine_agency_id_name")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_machine_secret_hash")),
    )
    op.create_index(op.f("ix_machine_agency_id"), "machine", ["agency_id"], unique=False)
    op.create_index(op.f("ix_machine_program_id"), "machine", ["program_id"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("upload_id", BIG, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        refers("agency_id", "agency.id", "fk_kept_answer_agency_id"),
        refers("upload_id", "upload.id", "fk_kept_answer_upload_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("agency_id", "key_hash", name=op.f("uq_kept_answer_agency_id_key_hash")),
    )
    op.create_index(op.f("ix_kept_answer_agency_id"), "kept_answer", ["agency_id"], unique=False)
    op.create_index(op.f("ix_kept_answer_upload_id"), "kept_answer", ["upload_id"], unique=False)
    op.create_index(op.f("ix_kept_answer_made_at"), "kept_answer", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("kept_answer")
    op.drop_table("machine")
