"""Evidence on an absence: when it came, and whether it was accepted

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("adjudication", sa.Column("evidence_received_on", sa.Date(), nullable=True))
    op.add_column("adjudication", sa.Column("evidence_accepted", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("adjudication", "evidence_accepted")
    op.drop_column("adjudication", "evidence_received_on")
