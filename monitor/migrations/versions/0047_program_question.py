"""Questions of an officer to a program about one class, with coded answers

Revision: 0047, after 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = "('SHEET_MISSING', 'NOT_RECORDED', 'CHECK_ENTRY', 'WHY_ABSENT')"
ANSWERS = (
    "('RECORDED', 'SOON', 'NO_CLASS', 'NOT_EXPECTED', 'STANDS', 'CORRECTED', 'NO_REASON', 'WITH_ENTRY', 'ON_PAPER',"
    " 'TAKEN_BACK')"
)
CHECKS = {
    "kind": f"kind in {KINDS}",
    "answer": f"answer is null or answer in {ANSWERS}",
    "answered": "(answer is null) = (answered_at is null)",
    "read": "read_at is null or answer is not null",
}
REFERS = {
    "agency_id": "agency", "case_id": "court_case", "from_agency_id": "agency", "enrollment_id": "enrollment",
    "asked_by_id": "app_user", "answered_by_id": "app_user", "read_by_id": "app_user",
}
INDEXED = ("agency_id", "case_id", "enrollment_id", "from_agency_id")


def _to(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_program_question_{column}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "program_question",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("from_agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", BIG, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("read_by_id", BIG, nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_program_question_{name}")) for name, text in CHECKS.items()),
        *(_to(column, table) for column, table in REFERS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_question")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_program_question_{column}"), "program_question", [column], unique=False)


def downgrade() -> None:
    for column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_program_question_{column}"), table_name="program_question")
    op.drop_table("program_question")
