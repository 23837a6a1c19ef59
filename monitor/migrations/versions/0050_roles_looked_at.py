"""When somebody last looked at a role and let it stand; a new password for an account in use takes a second person

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

ACTS = "act in ('wall.remove', 'role.grant', 'record.unseal', 'export.large', 'case.seal', 'case.expunge'{})"


def upgrade() -> None:
    op.add_column("membership", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    _acts(", 'account.reset'")


def downgrade() -> None:
    op.execute("delete from approval_request where act = 'account.reset'")
    _acts("")
    op.drop_column("membership", "reviewed_at")


def _acts(more: str) -> None:
    with op.batch_alter_table("approval_request") as table:
        table.drop_constraint(op.f("ck_approval_request_act"), type_="check")
        table.create_check_constraint(op.f("ck_approval_request_act"), ACTS.format(more))
