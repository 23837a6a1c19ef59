"""An allegation is an object of its own, a supervisor's approval stands before the court, and the court's word after

Safeguards F1, F2, F4 and F11 in the database itself: a flag is before the court only while a review by one person and
the approval by another stand; the approver neither made the report nor reviewed a flag of it and is a supervisor of
that office; what the court found is recorded by somebody of the court. Steps are only added to.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
KINDS = (
    "'MADE', 'SAVED', 'SUBMITTED', 'RETURNED', 'DROPPED', 'APPROVED', 'NOTICED', 'SERVED', 'CONTESTED', 'ANSWERED', "
    "'WITHDRAWN', 'FOUND', 'NOT_FOUND', 'ADMITTED', 'REOPENED'"
)
WITH_WORDS = "'RETURNED', 'WITHDRAWN', 'FOUND', 'NOT_FOUND', 'ADMITTED', 'REOPENED'"
OLD_STATES = "'OPEN', 'ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'ACTED', 'CLEARED', 'WITHDRAWN'"
NEW_STATES = "'OPEN', 'ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'HANDLED', 'REPORTED', 'ACTED', 'CLEARED', 'WITHDRAWN'"
OLD_DECISIONS = "'ACKNOWLEDGE', 'DISMISS', 'EXCUSE', 'ACT', 'REOPEN'"
NEW_DECISIONS = "'ACKNOWLEDGE', 'DISMISS', 'EXCUSE', 'HANDLE', 'ACT', 'REOPEN'"

SAID = "only a person''s review takes a flag further"
OLD_REVIEWED = (
    "exists (select 1 from review r where r.flag_id = new.id and r.undone_at is null and r.decision = case new.state "
    "when 'ACKNOWLEDGED' then 'ACKNOWLEDGE' when 'DISMISSED' then 'DISMISS' when 'EXCUSED' then 'EXCUSE' else 'ACT' end)"
)
NEW_REVIEWED = OLD_REVIEWED.replace("else 'ACT'", "when 'HANDLED' then 'HANDLE' else 'ACT'")
# the newest of the steps that move an allegation is its approval
APPROVED = (
    "exists (select 1 from allegation_flag f join review r on r.id = f.review_id join allegation_step s "
    "on s.allegation_id = f.allegation_id where f.flag_id = new.id and r.undone_at is null and s.kind = 'APPROVED' "
    "and not exists (select 1 from allegation_step t where t.allegation_id = s.allegation_id and t.number > s.number "
    "and t.kind in ('WITHDRAWN', 'DROPPED')))"
)
OLD = ("new.state in ('ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'ACTED')", f"not {OLD_REVIEWED}")
NEW = (
    "new.state in ('ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'HANDLED', 'REPORTED', 'ACTED')",
    f"(not {NEW_REVIEWED} or (new.state = 'ACTED' and not {APPROVED}))",
)

SECOND = "a supervisor who neither made nor reviewed it approves a report"
COURTS = "only somebody of the court records what the court said"
NOT_SECOND = (
    "new.kind = 'APPROVED' and (exists (select 1 from allegation a where a.id = new.allegation_id "
    "and a.made_by_id = new.by_user_id) or exists (select 1 from allegation_flag f join review r on r.id = f.review_id "
    "where f.allegation_id = new.allegation_id and r.undone_at is null and r.by_user_id = new.by_user_id) "
    "or not exists (select 1 from membership m where m.user_id = new.by_user_id and m.agency_id = new.agency_id "
    "and m.role = 'officer_supervisor'))"
)
NOT_COURTS = (
    "new.kind in ('FOUND', 'NOT_FOUND', 'ADMITTED', 'REOPENED') and not exists (select 1 from membership m join agency g "
    "on g.id = m.agency_id where m.user_id = new.by_user_id and m.agency_id = new.agency_id and g.kind = 'court' "
    "and m.role in ('judge', 'clerk'))"
)
KEPT = "the steps of an allegation are only added to"


def upgrade() -> None:
    _tables()
    _drop_flag_triggers()
    _words(NEW_STATES, NEW_DECISIONS, "'DISMISS', 'EXCUSE', 'HANDLE'")
    _flag_triggers(*NEW)
    if _sqlite():
        for name, when, said in (("allegation_second", NOT_SECOND, SECOND), ("allegation_courts", NOT_COURTS, COURTS)):
            op.execute(f"create trigger {name} before insert on allegation_step when {when} "
                       f"begin select raise(abort, '{said}'); end")
        op.execute("create trigger allegation_step_kept before update on allegation_step "
                   f"begin select raise(abort, '{KEPT}'); end")
        return
    op.execute(
        "create function allegation_by_persons() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then raise exception '{KEPT}'; end if; "
        f"if {NOT_SECOND} then raise exception '{SECOND}'; end if; "
        f"if {NOT_COURTS} then raise exception '{COURTS}'; end if; return new; end; $$"
    )
    op.execute("create trigger allegation_step_persons before insert or update on allegation_step for each row "
               "execute function allegation_by_persons()")


def downgrade() -> None:
    _drop_flag_triggers()
    for table in ("allegation_step", "allegation_flag", "allegation"):
        op.drop_table(table)
    op.execute("update flag set state = 'ACKNOWLEDGED' where state in ('HANDLED', 'REPORTED')")
    op.execute("update review set decision = 'ACKNOWLEDGE' where decision = 'HANDLE'")
    _words(OLD_STATES, OLD_DECISIONS, "'DISMISS', 'EXCUSE'")
    if not _sqlite():
        op.execute("drop function allegation_by_persons()")
    _flag_triggers(*OLD)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _case_table(name: str, *more: sa.schema.SchemaItem) -> None:
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
    for column in ("case_id", "agency_id"):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column], unique=False)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def _tables() -> None:
    _case_table(
        "allegation",
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        _refers("allegation", "made_by_id", "app_user"),
    )
    _case_table(
        "allegation_flag",
        sa.Column("allegation_id", BIG, nullable=False),
        sa.Column("flag_id", BIG, nullable=False),
        sa.Column("review_id", BIG, nullable=False),
        *(_refers("allegation_flag", f"{other}_id", other) for other in ("allegation", "flag", "review")),
        sa.UniqueConstraint("allegation_id", "review_id", name=op.f("uq_allegation_flag_allegation_id_review_id")),
    )
    op.create_index(op.f("ix_allegation_flag_flag_id"), "allegation_flag", ["flag_id"], unique=False)
    _case_table(
        "allegation_step",
        sa.Column("allegation_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_user_id", BIG, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        _refers("allegation_step", "allegation_id", "allegation"),
        _refers("allegation_step", "by_user_id", "app_user"),
        sa.CheckConstraint(f"kind in ({KINDS})", name=op.f("ck_allegation_step_kind")),
        sa.CheckConstraint(f"kind not in ({WITH_WORDS}) or length(words) > 0",
                           name=op.f("ck_allegation_step_needs_words")),
        sa.UniqueConstraint("allegation_id", "number", name=op.f("uq_allegation_step_allegation_id_number")),
    )
    op.create_index("ix_allegation_step_allegation_id_kind", "allegation_step", ["allegation_id", "kind"], unique=False)


def _words(states: str, decisions: str, spoken: str) -> None:
    with op.batch_alter_table("flag") as table:
        table.drop_constraint(op.f("ck_flag_state"), type_="check")
        table.create_check_constraint(op.f("ck_flag_state"), f"state in ({states})")
    with op.batch_alter_table("review") as table:
        table.drop_constraint(op.f("ck_review_decision"), type_="check")
        table.create_check_constraint(op.f("ck_review_decision"), f"decision in ({decisions})")
        table.drop_constraint(op.f("ck_review_needs_words"), type_="check")
        table.create_check_constraint(op.f("ck_review_needs_words"),
                                      f"decision not in ({spoken}) or length(words) > 0")


def _drop_flag_triggers() -> None:
    for name in ("flag_begins", "flag_reviewed"):
        op.execute(f"drop trigger {name}" if _sqlite() else f"drop trigger {name} on flag")
    if not _sqlite():
        op.execute("drop function flag_only_by_review()")


def _flag_triggers(decided: str, unreviewed: str) -> None:
    changed = f"new.state <> old.state and {decided} and {unreviewed}"
    if _sqlite():
        op.execute(f"create trigger flag_begins before insert on flag when {decided} "
                   f"begin select raise(abort, '{SAID}'); end")
        op.execute(f"create trigger flag_reviewed before update of state on flag when {changed} "
                   f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(
        "create function flag_only_by_review() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'INSERT' then if {decided} then raise exception '{SAID}'; end if; "
        f"elsif {changed} then raise exception '{SAID}'; end if; return new; end; $$"
    )
    op.execute("create trigger flag_begins before insert on flag for each row execute function flag_only_by_review()")
    op.execute("create trigger flag_reviewed before update of state on flag for each row "
               "execute function flag_only_by_review()")
