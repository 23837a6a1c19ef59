"""A waiting-list letter names the place that is waited for

Revision: 0052, after 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_CASE = "enrollment.case_id = letter.case_id and enrollment.agency_id = letter.agency_id"


def upgrade() -> None:
    op.add_column("letter", sa.Column("enrollment_id", ID, nullable=True))
    # Where an agency has one place of the case, it is that one; else nobody can say, and it counts for each as before.
    # Before there is a reference to check: PostgreSQL changes no table of which a check still waits.
    op.execute(
        f"update letter set enrollment_id = (select min(enrollment.id) from enrollment where {OF_CASE})"
        f" where kind = 'WAITLIST' and (select count(*) from enrollment where {OF_CASE}) = 1"
    )
    with op.batch_alter_table("letter") as table:
        table.create_foreign_key(
            op.f("fk_letter_enrollment_id"), "enrollment", ["enrollment_id"], ["id"], initially="DEFERRED",
            deferrable=True,
        )  # fmt: skip
        table.create_index(op.f("ix_letter_enrollment_id"), ["enrollment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("letter") as table:
        table.drop_index(op.f("ix_letter_enrollment_id"))
        table.drop_constraint(op.f("fk_letter_enrollment_id"), type_="foreignkey")
        table.drop_column("enrollment_id")
