"""Which line of the local matrix a court chose at a hearing, and of which version

Revision: 0042, after 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hearing_result", sa.Column("response", sa.String(length=200), nullable=True))
    op.add_column("hearing_result", sa.Column("matrix_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("hearing_result", "matrix_number")
    op.drop_column("hearing_result", "response")
