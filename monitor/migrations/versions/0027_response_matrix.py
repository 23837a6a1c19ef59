"""Versions of the local response matrix, responses chosen by it, and steps that people met

A version that is in force never changes, nor does a text that somebody signed: the database itself holds that.

Revision: 0027, after 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AT = sa.DateTime(timezone=True)
INDEXES = {
    "ix_response_matrix_agency_id": ("response_matrix", ["agency_id"]),
    "ix_response_agency_id": ("response", ["agency_id"]), "ix_response_case_id": ("response", ["case_id"]),
    "ix_response_agency_id_cell_decided_at": ("response", ["agency_id", "cell", "decided_at"]),
    "ix_incentive_agency_id": ("incentive", ["agency_id"]), "ix_incentive_case_id": ("incentive", ["case_id"]),
    "ix_incentive_recorded_at": ("incentive", ["recorded_at"]),
}  # fmt: skip
RULES = {
    "in_force": ("update", "old.put_at is not null", "a matrix that is in force never changes"),
    "kept": ("delete", "old.put_at is not null", "a matrix that is in force is kept"),
    "signed": (
        "update", "old.signatures > 0 and new.signatures > 0 and old.content <> new.content",
        "a text that was signed is not changed under its signatures",
    ),
    "unsigned": ("update", "new.put_at is not null and new.signatures < 2", "nobody puts a matrix in force unsigned"),
    "born": ("insert", "new.put_at is not null", "a matrix begins as a draft"),
}  # fmt: skip


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, initially="DEFERRED", deferrable=True)


def upgrade() -> None:
    op.create_table(
        "response_matrix",
        sa.Column("id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("content", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("what_changed", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("signed", JSON, nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("put_at", AT, nullable=True),
        sa.Column("put_by_id", BIG, nullable=True),
        sa.CheckConstraint(
            "(number is null) = (put_at is null) and (put_at is null) = (put_by_id is null)"
            " and (put_at is null) = (in_force_from is null)", name=op.f("ck_response_matrix_put"),
        ),
        sa.CheckConstraint(
            "put_by_id is null or put_by_id <> made_by_id", name=op.f("ck_response_matrix_second_person")
        ),
        sa.CheckConstraint("put_at is null or length(what_changed) > 0", name=op.f("ck_response_matrix_says_why")),
        _key("response_matrix", "agency_id", "agency"), _key("response_matrix", "made_by_id", "app_user"),
        _key("response_matrix", "put_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_matrix")),
        sa.UniqueConstraint("number", name=op.f("uq_response_matrix_number")),
    )  # fmt: skip
    op.create_table(
        "response",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("review_id", BIG, nullable=False),
        sa.Column("matrix_id", BIG, nullable=False),
        sa.Column("cell", sa.String(length=16), nullable=False),
        sa.Column("chosen", sa.String(length=200), nullable=False),
        sa.Column("outside", sa.String(length=4), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("court_days", sa.Integer(), nullable=False),
        sa.Column("second_up", sa.Boolean(), nullable=False),
        sa.Column("decided_at", AT, nullable=False),
        sa.Column("by_user_id", BIG, nullable=False),
        sa.Column("seen_at", AT, nullable=True),
        sa.Column("seen_by_id", BIG, nullable=True),
        sa.CheckConstraint("outside in ('', 'UP', 'DOWN')", name=op.f("ck_response_outside")),
        sa.CheckConstraint(
            "outside = '' or (length(why) > 0 and length(words) > 0)", name=op.f("ck_response_says_why")
        ),
        sa.CheckConstraint("(seen_at is null) = (seen_by_id is null)", name=op.f("ck_response_seen")),
        _key("response", "agency_id", "agency"), _key("response", "case_id", "court_case"),
        _key("response", "review_id", "review"), _key("response", "matrix_id", "response_matrix"),
        _key("response", "by_user_id", "app_user"), _key("response", "seen_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("review_id", name=op.f("uq_response_review_id")),
    )
    op.create_table(
        "incentive",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("recorded_by_id", BIG, nullable=True),
        sa.Column("supersedes_id", BIG, nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        _key("incentive", "agency_id", "agency"), _key("incentive", "case_id", "court_case"),
        _key("incentive", "supersedes_id", "incentive"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_incentive_supersedes_id")),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(op.f(name), table, columns, unique=False)
    _hold()


def _hold() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (act, when, said) in RULES.items():
        if sqlite:
            op.execute(f"create trigger response_matrix_{name} before {act} on response_matrix when {when} "
                       f"begin select raise(abort, '{said}'); end")
            continue
        back = "old" if act == "delete" else "new"
        op.execute(f"create function response_matrix_{name}() returns trigger language plpgsql as $$ begin "
                   f"if {when} then raise exception '{said}'; end if; return {back}; end; $$")
        op.execute(f"create trigger response_matrix_{name} before {act} on response_matrix for each row "
                   f"execute function response_matrix_{name}()")


def downgrade() -> None:
    for name in reversed(INDEXES):
        op.drop_index(op.f(name), table_name=INDEXES[name][0])
    for table in ("incentive", "response", "response_matrix"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for name in RULES:
            op.execute(f"drop function response_matrix_{name}()")
