"""A flag goes beyond a question only with a person's review behind it

Safeguards F1 and F2, in the database itself: whatever program runs, a flag is begun as a question, and it is put under
review, dismissed, excused or taken to the court only while a review of that decision by a named user stands.

Revision: 0008, after 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DECIDED = "new.state in ('ACKNOWLEDGED', 'DISMISSED', 'EXCUSED', 'ACTED')"
REVIEWED = (
    "exists (select 1 from review r where r.flag_id = new.id and r.undone_at is null and r.decision = case new.state "
    "when 'ACKNOWLEDGED' then 'ACKNOWLEDGE' when 'DISMISSED' then 'DISMISS' when 'EXCUSED' then 'EXCUSE' else 'ACT' end)"
)
CHANGED = f"new.state <> old.state and {DECIDED} and not {REVIEWED}"
SAID = "only a person''s review takes a flag further"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"create trigger flag_begins before insert on flag when {DECIDED} "
                   f"begin select raise(abort, '{SAID}'); end")
        op.execute(f"create trigger flag_reviewed before update of state on flag when {CHANGED} "
                   f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(
        "create function flag_only_by_review() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'INSERT' then if {DECIDED} then raise exception '{SAID}'; end if; "
        f"elsif {CHANGED} then raise exception '{SAID}'; end if; return new; end; $$"
    )
    op.execute("create trigger flag_begins before insert on flag for each row execute function flag_only_by_review()")
    op.execute("create trigger flag_reviewed before update of state on flag for each row "
               "execute function flag_only_by_review()")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("flag_begins", "flag_reviewed"):
        op.execute(f"drop trigger {name}" if sqlite else f"drop trigger {name} on flag")
    if not sqlite:
        op.execute("drop function flag_only_by_review()")
