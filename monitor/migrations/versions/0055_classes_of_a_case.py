"""The classes of a case by when they became known, its absences by themselves, and whose cases are whose

Revision: 0055, after 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

# all that a list of absences tells of a class, so that its row, on a page of its own, need not be looked at
ABSENT = ["case_id", "outcome", "retracted", "enrollment_id", "occurred_on", "recorded_at", "program_says"]
ONLY = sa.text("outcome = 'ABSENT'")


def upgrade() -> None:
    op.create_index("ix_attendance_case_id_recorded_at", "attendance", ["case_id", "recorded_at"], unique=False)
    op.create_index(
        "ix_attendance_absent", "attendance", ABSENT, unique=False, sqlite_where=ONLY, postgresql_where=ONLY
    )
    op.create_index(
        "ix_assignment_user_id_until_on_case_id", "assignment", ["user_id", "until_on", "case_id"], unique=False
    )
    op.drop_index("ix_attendance_case_id", table_name="attendance")
    op.drop_index("ix_assignment_user_id", table_name="assignment")


def downgrade() -> None:
    op.create_index("ix_attendance_case_id", "attendance", ["case_id"], unique=False)
    op.create_index("ix_assignment_user_id", "assignment", ["user_id"], unique=False)
    op.drop_index("ix_assignment_user_id_until_on_case_id", table_name="assignment")
    op.drop_index("ix_attendance_absent", table_name="attendance")
    op.drop_index("ix_attendance_case_id_recorded_at", table_name="attendance")
