"""A version of the matrix says when it was reviewed for disparity and when it is reviewed next

A version that is in force already has none, and never changes. That a new one says the day is held by what puts it in
force and not by the database, so that an older process beside it still can.

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("response_matrix", sa.Column("disparity_on", sa.Date(), nullable=True))
    op.add_column("response_matrix", sa.Column("review_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("response_matrix", "review_on")
    op.drop_column("response_matrix", "disparity_on")
