"""People with two last names are looked up by the first of them, too

Revision: 0051, after 0050
"""

import sqlalchemy as sa
from alembic import op

from monitor.names import other_column_key

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

MANY, LETTERS = 5_000, 170
NEXT = "select id, given_name, family_name from person where id > :after order by id limit :many"


def upgrade() -> None:
    op.add_column("person", sa.Column("other_name_key", sa.String(length=170), nullable=True))
    _fill()
    op.create_index("ix_person_other_name_key", "person", ["other_name_key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_person_other_name_key", table_name="person")
    op.drop_column("person", "other_name_key")


def _fill() -> None:
    connection = op.get_bind()
    update = sa.text("update person set other_name_key = :key where id = :id")
    after = -1
    while people := connection.execute(sa.text(NEXT), {"after": after, "many": MANY}).all():
        after = people[-1].id
        keys = ((one.id, other_column_key(one.given_name, one.family_name)) for one in people)
        rows = [{"id": number, "key": key and key[:LETTERS]} for number, key in keys]
        if told := [row for row in rows if row["key"]]:
            connection.execute(update, told)
