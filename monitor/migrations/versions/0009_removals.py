"""Cases leave the record by order: sealed or expunged, with a second person; a frozen packet goes only with its case

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
ACTS = "act in ('wall.remove', 'role.grant', 'record.unseal', 'export.large'{})"
TWO_MORE = ", 'case.seal', 'case.expunge'"
STANDS = "exists (select 1 from removal r where r.about_id = old.case_id and r.returned_at is null)"
SAID = "these rows are only added to"


def upgrade() -> None:
    op.create_table(
        "removal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("about_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sealed_order", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by_id", BIG, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("sealed_rows", sa.LargeBinary(), nullable=True),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind in ('SEAL', 'EXPUNGE')", name=op.f("ck_removal_kind")),
        sa.CheckConstraint("kind = 'SEAL' or sealed_rows is null", name=op.f("ck_removal_expunged")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["app_user.id"], name=op.f("fk_removal_asked_by_id"),
                                initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    op.create_index("uq_removal_standing", "removal", ["about_id"], unique=True,
                    sqlite_where=sa.text("returned_at is null"), postgresql_where=sa.text("returned_at is null"))
    _acts(TWO_MORE)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger packet_delete")
        op.execute(f"create trigger packet_delete before delete on packet when not {STANDS} "
                   f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(
        "create function kept_unless_removed() returns trigger language plpgsql as $$ begin "
        f"if not {STANDS} then raise exception '{SAID}'; end if; return old; end; $$"
    )
    op.execute("drop trigger packet_delete on packet")
    op.execute("create trigger packet_delete before delete on packet for each row "
               "execute function kept_unless_removed()")


def downgrade() -> None:
    op.execute("delete from approval_request where act in ('case.seal', 'case.expunge')")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("drop trigger packet_delete")
        op.execute(f"create trigger packet_delete before delete on packet begin select raise(abort, '{SAID}'); end")
    else:
        op.execute("drop trigger packet_delete on packet")
        op.execute("drop function kept_unless_removed()")
        op.execute("create trigger packet_delete before delete on packet for each row execute function kept_refuse()")
    _acts("")
    op.drop_table("removal")


def _acts(more: str) -> None:
    with op.batch_alter_table("approval_request") as table:
        table.drop_constraint(op.f("ck_approval_request_act"), type_="check")
        table.create_check_constraint(op.f("ck_approval_request_act"), ACTS.format(more))
