"""Passkeys, recovery codes, agency sign-on; sessions that can be listed and locked; accounts that run out

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_USER = ("password_until", "password_list", "signed_in_at", "ends_on", "disabled_why")


def upgrade() -> None:
    op.add_column("app_user", sa.Column("password_until", INSTANT, nullable=True))
    op.add_column("app_user", sa.Column("password_list", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("app_user", sa.Column("signed_in_at", INSTANT, nullable=True))
    op.add_column("app_user", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("app_user", sa.Column("disabled_why", sa.String(length=20), nullable=True))
    _sessions_anew(
        sa.Column("id", BIG, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("locked_at", INSTANT, nullable=True),
        sa.Column("asked_from", sa.String(length=45), nullable=True),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("id", name=op.f("uq_auth_session_id")),
    )
    _of_user(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])
    _of_user(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.UniqueConstraint("user_id", "code_hash", name=op.f("uq_recovery_code_user_id_code_hash")),
    )
    _of_user(
        "sign_on_identity",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_sign_on_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_sign_on_identity_user_id"), "sign_on_identity", ["user_id"])
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("spent_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )


def downgrade() -> None:
    for table in ("spent_challenge", "sign_on_identity", "recovery_code", "passkey"):
        op.drop_table(table)
    _sessions_anew()
    for name in reversed(OF_USER):
        op.drop_column("app_user", name)


def _sessions_anew(*more: sa.schema.SchemaItem) -> None:
    # nobody stays signed in over an upgrade, so nothing is copied
    op.drop_table("auth_session")
    op.create_table(
        "auth_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("membership_id", BIG, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("mfa_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        *_references("auth_session", membership_id="membership"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_auth_session")),
        *more,
    )
    op.create_index(op.f("ix_auth_session_user_id"), "auth_session", ["user_id"])


def _of_user(table: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        *more,
        *_references(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _references(table: str, **more: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
        )
        for column, other in ({"user_id": "app_user"} | more).items()
    ]
