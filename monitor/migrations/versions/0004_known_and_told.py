"""What was known and told: earlier states of hearings and places, who was told of flags, notices, frozen packets

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
INDEXES = {
    "earlier_hearing": ("agency_id", "case_id", "court_id starts_at", "hearing_id"),
    "earlier_place": ("agency_id", "case_id", "enrollment_id"),
    "packet": ("agency_id", "case_id", "hearing_id"),
    "told": ("agency_id", "case_id", "flag_id version", "user_id"),
    "notice": ("agency_id", "agency_id role read_at", "case_id", "flag_id", "told_id", "user_id"),
}
# by triggers and not only by good manners; a packet is not removed either
KEPT = {"earlier_hearing": ("update",), "earlier_place": ("update",), "packet": ("update", "delete")}


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def upgrade() -> None:
    op.create_table(
        "earlier_hearing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("hearing_id", BIG, nullable=False),
        sa.Column("court_id", BIG, nullable=False),
        sa.Column("judge_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("review_no", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("resulted_at", INSTANT, nullable=True),
        sa.Column("until_at", INSTANT, nullable=False),
        refers("earlier_hearing", "agency_id", "agency"),
        refers("earlier_hearing", "case_id", "court_case"),
        refers("earlier_hearing", "court_id", "court"),
        refers("earlier_hearing", "hearing_id", "hearing"),
        refers("earlier_hearing", "judge_id", "judge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_hearing")),
    )
    op.create_table(
        "earlier_place",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("enrollment_id", BIG, nullable=False),
        sa.Column("group_id", BIG, nullable=True),
        sa.Column("until_at", INSTANT, nullable=False),
        refers("earlier_place", "agency_id", "agency"),
        refers("earlier_place", "case_id", "court_case"),
        refers("earlier_place", "enrollment_id", "enrollment"),
        refers("earlier_place", "group_id", "program_group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_place")),
    )
    op.create_table(
        "packet",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("hearing_id", BIG, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("why", sa.String(length=6), nullable=False),
        sa.Column("taken_by_id", BIG, nullable=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("page_hash", sa.String(length=64), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("spans_hash", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("audit_number", BIG, nullable=False),
        sa.Column("audit_seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("why in ('HAND', 'FREEZE')", name=op.f("ck_packet_why")),
        refers("packet", "agency_id", "agency"),
        refers("packet", "case_id", "court_case"),
        refers("packet", "hearing_id", "hearing"),
        refers("packet", "taken_by_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet")),
    )
    op.create_table(
        "told",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("flag_id", BIG, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("document_id", BIG, nullable=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("again_at", INSTANT, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.CheckConstraint("act in ('SEEN', 'PRINTED', 'DOCKET', 'PACKET', 'REPORTED', 'EXPORTED')", name=op.f("ck_told_act")),
        refers("told", "agency_id", "agency"),
        refers("told", "case_id", "court_case"),
        refers("told", "flag_id", "flag"),
        refers("told", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told")),
    )
    op.create_table(
        "notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("agency_id", BIG, nullable=False),
        sa.Column("told_id", BIG, nullable=False),
        sa.Column("flag_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("version_told", sa.String(length=40), nullable=False),
        sa.Column("version_now", sa.String(length=40), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("read_by_id", BIG, nullable=True),
        sa.CheckConstraint("kind in ('WITHDRAWN', 'CHANGED', 'RESTORED')", name=op.f("ck_notice_kind")),
        refers("notice", "agency_id", "agency"),
        refers("notice", "case_id", "court_case"),
        refers("notice", "flag_id", "flag"),
        refers("notice", "read_by_id", "app_user"),
        refers("notice", "told_id", "told"),
        refers("notice", "user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    for table, indexes in INDEXES.items():
        for columns in indexes:
            names = columns.split()
            op.create_index(f"ix_{table}_{'_'.join(names)}", table, names, unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "create function kept_refuse() returns trigger language plpgsql as "
            "$$ begin raise exception 'these rows are only added to'; end; $$"
        )
    refuse = "begin select raise(abort, 'these rows are only added to'); end"
    for table, acts in KEPT.items():
        for act in acts:
            does = refuse if sqlite else "for each row execute function kept_refuse()"
            op.execute(f"create trigger {table}_{act} before {act} on {table} {does}")


def downgrade() -> None:
    for table in ("notice", "told", "packet", "earlier_place", "earlier_hearing"):
        op.drop_table(table)  # triggers and indexes go with their table
    if op.get_bind().dialect.name != "sqlite":
        op.execute("drop function kept_refuse()")
