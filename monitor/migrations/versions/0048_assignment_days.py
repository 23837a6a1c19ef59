"""Open assignments by their first day: what is new on a list is found without a look at the whole office

Revision: 0048, after 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

INDEX = "ix_assignment_open_from_on"


def upgrade() -> None:
    still = sa.text("until_on is null")
    op.create_index(INDEX, "assignment", ["from_on"], sqlite_where=still, postgresql_where=still)


def downgrade() -> None:
    op.drop_index(INDEX, table_name="assignment")
