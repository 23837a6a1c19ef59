"""A version of the matrix says when it was reviewed for disparity and when it is reviewed next

From here on none comes into force without the day of its next review: the database itself holds that. A version that
is in force already has none, and never changes.

Revision: 0049, after 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME = "response_matrix_dated"
WHEN = "old.put_at is null and new.put_at is not null and new.review_on is null"
SAID = "a matrix that comes into force says when it is reviewed next"


def upgrade() -> None:
    op.add_column("response_matrix", sa.Column("disparity_on", sa.Date(), nullable=True))
    op.add_column("response_matrix", sa.Column("review_on", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"create trigger {NAME} before update on response_matrix when {WHEN} "
                   f"begin select raise(abort, '{SAID}'); end")
        return
    op.execute(f"create function {NAME}() returns trigger language plpgsql as $$ begin "
               f"if {WHEN} then raise exception '{SAID}'; end if; return new; end; $$")
    op.execute(f"create trigger {NAME} before update on response_matrix for each row execute function {NAME}()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"drop trigger {NAME}")
    else:
        op.execute(f"drop trigger {NAME} on response_matrix")
        op.execute(f"drop function {NAME}()")
    op.drop_column("response_matrix", "review_on")
    op.drop_column("response_matrix", "disparity_on")
