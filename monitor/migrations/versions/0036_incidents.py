"""Calls and police reports, drafts of them, how a return of service ended, and machines of dispatch and patrol

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT = sa.DateTime(timezone=True)
REPORT = "kind = 'CALL' or (weapon is not null and strangulation is not null and accounts is not null)"
INDEXES = {
    "ix_incident_agency_id": ("incident", ["agency_id"]), "ix_incident_case_id": ("incident", ["case_id"]),
    "ix_incident_order_id": ("incident", ["order_id"]), "ix_incident_recorded_at": ("incident", ["recorded_at"]),
    "ix_incident_agency_id_number": ("incident", ["agency_id", "number"]),
    "ix_incident_draft_agency_id": ("incident_draft", ["agency_id"]),
    "ix_incident_draft_case_id": ("incident_draft", ["case_id"]),
    "ix_incident_draft_order_id": ("incident_draft", ["order_id"]),
    "ix_incident_draft_user_id": ("incident_draft", ["user_id"]),
}  # fmt: skip


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("occurred_at", AT, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("touched", sa.String(length=20), nullable=True),
        sa.Column("offence", sa.String(length=20), nullable=True),
        sa.Column("weapon", sa.Boolean(), nullable=True),
        sa.Column("strangulation", sa.String(length=9), nullable=True),
        sa.Column("accounts", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.CheckConstraint("kind in ('CALL', 'REPORT')", name=op.f("ck_incident_kind")),
        sa.CheckConstraint("strangulation is null or strangulation in ('YES', 'NO', 'NOT_ASKED')",
                           name=op.f("ck_incident_strangulation")),
        sa.CheckConstraint(REPORT, name=op.f("ck_incident_report")),
        _key("incident", "agency_id", "agency"), _key("incident", "case_id", "court_case"),
        _key("incident", "order_id", "court_order"), _key("incident", "supersedes_id", "incident"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_incident_supersedes_id")),
    )  # fmt: skip
    op.create_table(
        "incident_draft",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("content", JSON, nullable=False),
        sa.Column("kept_at", AT, nullable=False),
        _key("incident_draft", "agency_id", "agency"), _key("incident_draft", "case_id", "court_case"),
        _key("incident_draft", "user_id", "app_user"), _key("incident_draft", "order_id", "court_order"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_draft")),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(op.f(name), table, columns, unique=False)
    op.add_column("order_step", sa.Column("how", sa.String(length=12), nullable=True))
    with op.batch_alter_table("machine") as machine:
        machine.alter_column("program_id", existing_type=BIG, nullable=True)


def downgrade() -> None:
    op.execute("delete from machine where program_id is null")
    with op.batch_alter_table("machine") as machine:
        machine.alter_column("program_id", existing_type=BIG, nullable=False)
    with op.batch_alter_table("order_step") as step:
        step.drop_column("how")
    for name in reversed(INDEXES):
        op.drop_index(op.f(name), table_name=INDEXES[name][0])
    op.drop_table("incident_draft")
    op.drop_table("incident")
