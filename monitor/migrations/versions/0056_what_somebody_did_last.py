"""The trail by who did what and when: when somebody last opened a page is looked up, not looked for among all they did

Revision: 0056, after 0055
"""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_user_id_event_at", "audit_entry", ["user_id", "event", "at"], unique=False)
    op.drop_index("ix_audit_entry_user_id", table_name="audit_entry")


def downgrade() -> None:
    op.create_index("ix_audit_entry_user_id", "audit_entry", ["user_id"], unique=False)
    op.drop_index("ix_audit_entry_user_id_event_at", table_name="audit_entry")
