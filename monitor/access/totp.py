"""Codes from an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), each accepted once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import update
from sqlalchemy.orm import Session

from monitor.models.user import User
from monitor.sealing import seal, sealing_keys, unseal

STEP_SECONDS = 30
DRIFT_STEPS = 1
ISSUER = "Accountability Monitor"


def new_secret() -> str:
    """160 random bits in base 32, as authenticator apps take them."""
    return pyotp.random_base32()


def seal_secret(site_secret: str, user_id: int, secret: str) -> bytes:
    """The secret as the account keeps it; opens for this account only."""
    return seal(sealing_keys(site_secret, "totp"), secret, f"app_user.totp_secret.{user_id}")


def unseal_secret(site_secret: str, user_id: int, sealed: bytes) -> str:
    """The account's secret. Raises `monitor.sealing.SealError` under another key or account."""
    return unseal(sealing_keys(site_secret, "totp"), sealed, f"app_user.totp_secret.{user_id}")


def set_up_link(secret: str, email: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that ``code`` belongs to, one step of clock drift each way; ``None`` if none."""
    current = int(now.timestamp()) // STEP_SECONDS
    typed = "".join(code.split())
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    totp = pyotp.TOTP(secret)
    matches = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())]
    return matches[-1] if matches else None


def code_after(secret: str, last_step: int, now: datetime) -> str:
    """The code that would be accepted now and was not used yet: for the demo county, whose people have no phones."""
    step = max(int(now.timestamp()) // STEP_SECONDS, last_step + 1)
    return pyotp.TOTP(secret).generate_otp(step)


def spend_step(session: Session, user_id: int, step: int) -> bool:
    """Remember that the step was used. False if it, or a later one, was used before: two posts, one success."""
    statement = update(User).where(User.id == user_id, User.last_totp_step < step).values(last_totp_step=step)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]
