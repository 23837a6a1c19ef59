"""Look-ups of orders: people by their name as it compares, orders by their number

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

from monitor.names import column_key

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MANY = 5_000


def upgrade() -> None:
    op.add_column("person", sa.Column("name_key", sa.String(length=170), nullable=True))
    _fill()
    op.create_index("ix_person_name_key", "person", ["name_key"], unique=False)
    op.create_index("ix_court_order_number", "court_order", ["number"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_court_order_number", table_name="court_order")
    op.drop_index("ix_person_name_key", table_name="person")
    op.drop_column("person", "name_key")


def _fill() -> None:
    connection = op.get_bind()
    people = connection.execute(sa.text("select id, given_name, family_name from person")).all()
    update = sa.text("update person set name_key = :key where id = :id")
    for start in range(0, len(people), MANY):
        rows = [{"id": one.id, "key": column_key(one.given_name, one.family_name)}
                for one in people[start : start + MANY]]  # fmt: skip
        connection.execute(update, rows)
