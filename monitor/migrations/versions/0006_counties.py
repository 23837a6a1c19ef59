"""A court belongs to a county, and a county's policy may set values for all its courts

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TWO = "(court_id is null) <> (program_id is null)"
THREE = (
    "(case when court_id is null then 0 else 1 end) + (case when county_id is null then 0 else 1 end)"
    " + (case when program_id is null then 0 else 1 end) = 1"
)


def upgrade() -> None:
    op.create_table(
        "county",
        sa.Column("id", ID, nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county")),
        sa.UniqueConstraint("state", "name", name=op.f("uq_county_state_name")),
    )
    with op.batch_alter_table("court") as table:
        table.add_column(sa.Column("county_id", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_court_county_id"), "county", ["county_id"], ["id"], initially="DEFERRED", deferrable=True
        )
    with op.batch_alter_table("policy_term") as table:
        table.add_column(sa.Column("county_id", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_policy_term_county_id"), "county", ["county_id"], ["id"], initially="DEFERRED", deferrable=True
        )
        table.drop_constraint(op.f("ck_policy_term_one_owner"), type_="check")
        table.create_check_constraint(op.f("ck_policy_term_one_owner"), THREE)
        table.create_index(op.f("ix_policy_term_county_id"), ["county_id"], unique=False)


def downgrade() -> None:
    op.execute("delete from policy_term where county_id is not null")
    with op.batch_alter_table("policy_term") as table:
        table.drop_index(op.f("ix_policy_term_county_id"))
        table.drop_constraint(op.f("ck_policy_term_one_owner"), type_="check")
        table.create_check_constraint(op.f("ck_policy_term_one_owner"), TWO)
        table.drop_constraint(op.f("fk_policy_term_county_id"), type_="foreignkey")
        table.drop_column("county_id")
    with op.batch_alter_table("court") as table:
        table.drop_constraint(op.f("fk_court_county_id"), type_="foreignkey")
        table.drop_column("county_id")
    op.drop_table("county")
