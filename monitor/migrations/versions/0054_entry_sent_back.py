"""The entering agency may send the packet of an order back to the court

Revision: 0054, after 0052
"""

from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

KINDS = "'TO_ENTER', 'ENTERED', 'TO_SERVE', 'ATTEMPTED', 'TOLD', 'SERVED'"
KIND = "ck_order_step_kind"


def upgrade() -> None:
    with op.batch_alter_table("order_step") as table:
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), f"kind in ({KINDS}, 'SENT_BACK')")


def downgrade() -> None:
    op.execute("delete from order_step where kind = 'SENT_BACK'")
    with op.batch_alter_table("order_step") as table:
        table.drop_constraint(op.f(KIND), type_="check")
        table.create_check_constraint(op.f(KIND), f"kind in ({KINDS})")
