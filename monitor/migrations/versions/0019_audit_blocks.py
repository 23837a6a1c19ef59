"""On PostgreSQL the trail is sealed in blocks

An entry names the transaction that wrote it and the cluster whose number that is; entries whose transactions are over
are sealed block by block, the first block on the head of the chain that there was. Entries of that chain stay as they
are. SQLite keeps its chain. Stop the processes of an earlier version first: they would go on with the chain.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEPT = "an audit block never changes"
SQLITE = {
    f"audit_block_{word}": f"before {act} on audit_block begin select raise(abort, '{KEPT}'); end"
    for word, act in (("unchanged", "update"), ("kept", "delete"))
}
POSTGRES = {
    "audit_block_kept": "before update or delete on audit_block for each row execute function audit_refuse()",
    "audit_block_whole": "before truncate on audit_block for each statement execute function audit_refuse()",
}
NUMBERS = ("number", "cluster", "low_xid", "high_xid", "entries", "total")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("audit_entry", sa.Column("xid", number, nullable=True))
    op.add_column("audit_entry", sa.Column("cluster", number, nullable=True))
    op.create_index("ix_audit_entry_sealing", "audit_entry", ["cluster", "xid"])
    op.create_table(
        "audit_block",
        *(sa.Column(name, number, nullable=False, autoincrement=False) for name in NUMBERS),
        *(sa.Column(name, sa.LargeBinary(32), nullable=False) for name in ("root", "previous", "seal")),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_block")),
    )
    for name, rule in (SQLITE if sqlite else POSTGRES).items():
        op.execute(f"create trigger {name} {rule}")
    if not sqlite:
        op.execute("create sequence audit_entry_number")
        op.execute(
            "select setval('audit_entry_number', (select coalesce(max(number), 0) + 1 from audit_entry), false)"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        # the earlier version goes on with its chain beyond what was sealed in blocks, and its check breaks there
        op.execute("update audit_head set number = (select max(number) from audit_entry)")
        op.execute("drop sequence audit_entry_number")
    op.drop_table("audit_block")
    op.drop_index("ix_audit_entry_sealing", "audit_entry")
    for name in ("cluster", "xid"):
        op.drop_column("audit_entry", name)
