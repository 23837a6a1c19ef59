"""Referrals from one agency to another, with accept and decline

Revision: 0046, after 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = "('SUBSTANCE_USE', 'PARENTING', 'MENTAL_HEALTH', 'LANGUAGE', 'OTHER_PROGRAM')"
ANSWERS = "('ACCEPTED', 'DECLINED', 'TAKEN_BACK')"
REASONS = "('NO_SEAT', 'NOT_OFFERED', 'TERMS', 'LANGUAGE', 'NOT_REACHED')"
CHECKS = {
    "kind": f"kind in {KINDS}",
    "answer": f"answer is null or answer in {ANSWERS}",
    "why": f"why is null or why in {REASONS}",
    "answered": "(answer is null) = (answered_at is null)",
    "declined": "(coalesce(answer, '') = 'DECLINED') = (why is not null)",
    "release": "(release_signed_on is null) = (release_until_on is null)",
}
INDEXED = ("agency_id", "case_id", "from_agency_id", "program_id")


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_referral_out_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "referral_out",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("from_agency_id", BIG, nullable=False),
        sa.Column("program_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("release_signed_on", sa.Date(), nullable=True),
        sa.Column("release_until_on", sa.Date(), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("sent_by_id", BIG, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", BIG, nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_referral_out_{name}")) for name, text in CHECKS.items()),
        _to("agency_id", "agency"), _to("case_id", "court_case"), _to("from_agency_id", "agency"),
        _to("program_id", "program"), _to("sent_by_id", "app_user"), _to("answered_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_out")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_referral_out_{column}"), "referral_out", [column], unique=False)


def downgrade() -> None:
    for column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_referral_out_{column}"), table_name="referral_out")
    op.drop_table("referral_out")
