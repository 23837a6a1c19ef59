"""Time on the road of an officer's visit, in three bands

Revision: 0045, after 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("travel", sa.String(length=8), nullable=True))


def downgrade() -> None:
    op.drop_column("contact", "travel")
