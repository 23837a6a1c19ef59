"""The audit trail is only ever added to

Triggers, not only good manners: whoever reaches the tables through the application's own account cannot change or
remove an entry (CJIS AU-9; ASVS 16.4.2). The owner of the tables could drop them; the chain of seals shows that.

Revision: 0002, after 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = {
    "audit_entry_unchanged": "before update on audit_entry begin select raise(abort, 'an audit entry never changes'); end",
    "audit_entry_kept": "before delete on audit_entry begin select raise(abort, 'an audit entry is never removed'); end",
    "audit_head_kept": "before delete on audit_head begin select raise(abort, 'the audit trail has no other head'); end",
    "audit_head_forward": (
        "before update on audit_head when new.id <> old.id or new.number < old.number "
        "begin select raise(abort, 'the audit trail never goes back'); end"
    ),
}
POSTGRES_FUNCTIONS = {
    "audit_refuse": "begin raise exception 'the audit trail is only added to'; end",
    "audit_forward": (
        "begin if new.id <> old.id or new.number < old.number "
        "then raise exception 'the audit trail never goes back'; end if; return new; end"
    ),
}
POSTGRES = {
    "audit_entry_kept": "before update or delete on audit_entry for each row execute function audit_refuse()",
    "audit_entry_whole": "before truncate on audit_entry for each statement execute function audit_refuse()",
    "audit_head_kept": "before delete on audit_head for each row execute function audit_refuse()",
    "audit_head_whole": "before truncate on audit_head for each statement execute function audit_refuse()",
    "audit_head_forward": "before update on audit_head for each row execute function audit_forward()",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in SQLITE.items():
            op.execute(f"create trigger {name} {rule}")
        return
    for name, body in POSTGRES_FUNCTIONS.items():
        op.execute(f"create function {name}() returns trigger language plpgsql as $$ {body}; $$")
    for name, rule in POSTGRES.items():
        op.execute(f"create trigger {name} {rule}")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, rule in (SQLITE if sqlite else POSTGRES).items():
        table = rule.split(" on ")[1].split(" ")[0]
        op.execute(f"drop trigger {name}" if sqlite else f"drop trigger {name} on {table}")
    if not sqlite:
        for name in POSTGRES_FUNCTIONS:
            op.execute(f"drop function {name}()")
