"""An approval counts for what was approved, and for nothing that came to it later

Safeguards F2 and F4 in the database itself, beside what 0016 asks: a flag goes before the court only in the version that
was reviewed, and only while that review is its newest; whoever saved or sent a report does not approve it; and no flag
joins a report that was approved, nor is one exchanged for another.

Revision: 0021, after 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SAID = "only a person''s review takes a flag further"
DECIDED = "new.state in ('ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'HANDLED', 'REPORTED', 'ACTED')"
REVIEWED = (
    "exists (select 1 from review r where r.flag_id = new.id and r.undone_at is null and r.decision = case new.state "
    "when 'ACKNOWLEDGED' then 'ACKNOWLEDGE' when 'DISMISSED' then 'DISMISS' when 'EXCUSED' then 'EXCUSE' "
    "when 'HANDLED' then 'HANDLE' else 'ACT' end)"
)
OLD_APPROVED = (
    "exists (select 1 from allegation_flag f join review r on r.id = f.review_id join allegation_step s "
    "on s.allegation_id = f.allegation_id where f.flag_id = new.id and r.undone_at is null and s.kind = 'APPROVED' "
    "and not exists (select 1 from allegation_step t where t.allegation_id = s.allegation_id and t.number > s.number "
    "and t.kind in ('WITHDRAWN', 'DROPPED')))"
)
# of this flag, in this version, and no later review of it stands
OF_WHAT_IT_IS = (
    " and r.flag_id = new.id and r.decision = 'ACT' and r.version = new.version and not exists (select 1 from review l "
    "where l.flag_id = new.id and l.undone_at is null and l.decided_at > r.decided_at))"
)
APPROVED = OLD_APPROVED[:-1] + OF_WHAT_IT_IS

SECOND = "a supervisor who neither made nor reviewed it approves a report"
OLD_NOT_SECOND = (
    "new.kind = 'APPROVED' and (exists (select 1 from allegation a where a.id = new.allegation_id "
    "and a.made_by_id = new.by_user_id) or exists (select 1 from allegation_flag f join review r on r.id = f.review_id "
    "where f.allegation_id = new.allegation_id and r.undone_at is null and r.by_user_id = new.by_user_id) "
    "or not exists (select 1 from membership m where m.user_id = new.by_user_id and m.agency_id = new.agency_id "
    "and m.role = 'officer_supervisor'))"
)
WROTE = (
    " or exists (select 1 from allegation_step w where w.allegation_id = new.allegation_id "
    "and w.kind in ('MADE', 'SAVED', 'SUBMITTED') and w.by_user_id = new.by_user_id))"
)
NOT_SECOND = OLD_NOT_SECOND[:-1] + WROTE
COURTS = "only somebody of the court records what the court said"
NOT_COURTS = (
    "new.kind in ('FOUND', 'NOT_FOUND', 'ADMITTED', 'REOPENED') and not exists (select 1 from membership m join agency g "
    "on g.id = m.agency_id where m.user_id = new.by_user_id and m.agency_id = new.agency_id and g.kind = 'court' "
    "and m.role in ('judge', 'clerk'))"
)
KEPT = "the steps of an allegation are only added to"
CLOSED = "a report that was approved takes no further flag, and none is exchanged"
IS_APPROVED = (
    "exists (select 1 from allegation_step s where s.allegation_id = new.allegation_id and s.kind = 'APPROVED')"
)


def upgrade() -> None:
    _reviewed(APPROVED)
    _second(NOT_SECOND)
    if _sqlite():
        op.execute(f"create trigger allegation_flag_joins before insert on allegation_flag when {IS_APPROVED} "
                   f"begin select raise(abort, '{CLOSED}'); end")
        op.execute("create trigger allegation_flag_kept before update on allegation_flag "
                   f"begin select raise(abort, '{CLOSED}'); end")
        return
    op.execute(
        "create function allegation_flag_stays() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' or {IS_APPROVED} then raise exception '{CLOSED}'; end if; return new; end; $$"
    )
    op.execute("create trigger allegation_flag_stays before insert or update on allegation_flag for each row "
               "execute function allegation_flag_stays()")


def downgrade() -> None:
    for name in ("allegation_flag_joins", "allegation_flag_kept") if _sqlite() else ("allegation_flag_stays",):
        op.execute(f"drop trigger {name}" if _sqlite() else f"drop trigger {name} on allegation_flag")
    if not _sqlite():
        op.execute("drop function allegation_flag_stays()")
    _second(OLD_NOT_SECOND)
    _reviewed(OLD_APPROVED)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _reviewed(approved: str) -> None:
    unreviewed = f"(not {REVIEWED} or (new.state = 'ACTED' and not {approved}))"
    changed = f"new.state <> old.state and {DECIDED} and {unreviewed}"
    if _sqlite():
        op.execute("drop trigger flag_reviewed")
        op.execute(f"create trigger flag_reviewed before update of state on flag when {changed} "
                   f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(
        "create or replace function flag_only_by_review() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'INSERT' then if {DECIDED} then raise exception '{SAID}'; end if; "
        f"elsif {changed} then raise exception '{SAID}'; end if; return new; end; $$"
    )


def _second(not_second: str) -> None:
    if _sqlite():
        op.execute("drop trigger allegation_second")
        op.execute(f"create trigger allegation_second before insert on allegation_step when {not_second} "
                   f"begin select raise(abort, '{SECOND}'); end")
        return
    op.execute(
        "create or replace function allegation_by_persons() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then raise exception '{KEPT}'; end if; "
        f"if {not_second} then raise exception '{SECOND}'; end if; "
        f"if {NOT_COURTS} then raise exception '{COURTS}'; end if; return new; end; $$"
    )
