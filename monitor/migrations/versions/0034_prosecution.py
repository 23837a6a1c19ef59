"""The prosecution's decisions about reports, its evidence packets, and what was handed to the defense

A prosecutor of the office decides, probation answers; a step is only added to and a packet never changed.

Revision: 0034, after 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = "'FILE', 'DECLINE', 'REFER_BACK', 'TAKEN_BACK', 'ANSWERED'"
ANSWERS = "'DONE', 'NOT_REACHABLE', 'NONE_ASKED', 'IMMINENT'"

NOT_THEIRS = (
    "not exists (select 1 from membership m where m.user_id = new.by_user_id and m.agency_id = new.agency_id and "
    "((new.kind = 'ANSWERED' and m.role in ('officer', 'officer_supervisor')) "
    "or (new.kind <> 'ANSWERED' and m.role = 'prosecutor')))"
)
THEIRS_SAID = "a prosecutor decides, and probation answers"
STANDS = "exists (select 1 from removal r where r.about_id = old.case_id and r.returned_at is null)"
KEPT = "the steps of a decision are only added to"
FROZEN = "an evidence packet is never changed"


def upgrade() -> None:
    _decisions()
    _packets()
    _copies()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"create trigger charging_theirs before insert on charging_decision when {NOT_THEIRS} "
                   f"begin select raise(abort, '{THEIRS_SAID}'); end")
        for table, said in (("charging_decision", KEPT), ("evidence_packet", FROZEN)):
            op.execute(f"create trigger {table}_kept before update on {table} "
                       f"begin select raise(abort, '{said}'); end")
        op.execute(f"create trigger evidence_packet_delete before delete on evidence_packet when not {STANDS} "
                   f"begin select raise(abort, '{FROZEN}'); end")
        return
    op.execute(
        "create function charging_by_persons() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then raise exception '{KEPT}'; end if; "
        f"if {NOT_THEIRS} then raise exception '{THEIRS_SAID}'; end if; return new; end; $$"
    )
    op.execute("create trigger charging_decision_persons before insert or update on charging_decision for each row "
               "execute function charging_by_persons()")
    op.execute("create function evidence_frozen() returns trigger language plpgsql as $$ begin "
               f"raise exception '{FROZEN}'; end; $$")
    op.execute("create trigger evidence_packet_kept before update on evidence_packet for each row "
               "execute function evidence_frozen()")
    op.execute("create trigger evidence_packet_delete before delete on evidence_packet for each row "
               "execute function kept_unless_removed()")


def downgrade() -> None:
    for table in ("evidence_copy", "evidence_packet", "charging_decision"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function evidence_frozen()")
        op.execute("drop function charging_by_persons()")


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def _case_table(name: str, *more: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        *more,
        _refers(name, "case_id", "court_case"),
        _refers(name, "agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in ("case_id", "agency_id", *indexed):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def _decisions() -> None:
    name = "charging_decision"
    _case_table(
        name,
        sa.Column("allegation_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("safety", sa.String(length=13), nullable=True),
        sa.Column("by_user_id", BIG, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _refers(name, "allegation_id", "allegation"),
        _refers(name, "by_user_id", "app_user"),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_charging_decision_kind")),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_charging_decision_needs_words")),
        sa.CheckConstraint(f"safety is null or safety in ({ANSWERS})", name=op.f("ck_charging_decision_safety")),
        sa.UniqueConstraint("allegation_id", "number", name=op.f("uq_charging_decision_allegation_id_number")),
    )


def _packets() -> None:
    name = "evidence_packet"
    _case_table(
        name,
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("allegation_id", BIG, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("paper_hash", sa.String(length=64), nullable=False),
        _refers(name, "allegation_id", "allegation"),
        _refers(name, "made_by_id", "app_user"),
        sa.CheckConstraint("kind in ('PACKET', 'RECORD')", name=op.f("ck_evidence_packet_kind")),
        sa.CheckConstraint("(kind = 'PACKET') = (allegation_id is not null)", name=op.f("ck_evidence_packet_about")),
        indexed=("allegation_id",),
    )


def _copies() -> None:
    name = "evidence_copy"
    _case_table(
        name,
        sa.Column("evidence_packet_id", BIG, nullable=False),
        sa.Column("given_to", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("given_by_id", BIG, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by_id", BIG, nullable=True),
        *(_refers(name, column, other) for column, other in (
            ("evidence_packet_id", "evidence_packet"), ("given_by_id", "app_user"), ("undone_by_id", "app_user"),
        )),
        sa.CheckConstraint("given_to in ('COUNSEL', 'RESPONDENT')", name=op.f("ck_evidence_copy_given_to")),
        sa.CheckConstraint(
            "how in ('BY_HAND', 'BY_MAIL', 'E_FILING', 'IN_COURT')", name=op.f("ck_evidence_copy_how")
        ),
        sa.CheckConstraint("(undone_at is null) = (undone_by_id is null)", name=op.f("ck_evidence_copy_undone")),
        indexed=("evidence_packet_id",),
    )
