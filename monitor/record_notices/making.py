"""The one form of whoever keeps such records: checked, saved, and answered by a number that says nothing."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.coded import is_police_number
from monitor.models import Agency, RecordNotice

BASES: Final = {
    "AUTHORIZATION": "Signed authorization", "LAW": "Required by law", "COURT_ORDER": "Court order",
}  # fmt: skip
TOLD: Final = {"YES": "Yes", "DANGER": "No: telling would add danger"}
NONE: Final = "NONE"
BACK: Final = timedelta(days=365)


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """The form. ``custodian``: an agency's id, 0 none was chosen. ``on`` None: no day could be read."""

    number: str = ""
    custodian: int = 0
    basis: str = ""
    told: str = ""
    on: date | None = None
    drawn: str = ""  # with the form: what is sent twice of one form is one notice, and of two forms two

    @property
    def plain_number(self) -> str:
        """As it is kept and looked up: in capitals; NONE: there is none."""
        return self.number.strip().upper()


def custodians(session: ScopedSession) -> list[tuple[int, str]]:
    """Offices that keep such records."""
    told = select(Agency.id, Agency.name).where(Agency.kind == "medical").order_by(Agency.name)
    return [(number, name) for number, name in session.execute(told)]


def faults_of(session: ScopedSession, typed: Typed, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be."""
    found = {}
    if typed.plain_number != NONE and not is_police_number(typed.plain_number):
        found["number"] = "Give the police case number as it stands on their paper, or write: none."
    if typed.custodian not in {number for number, _name in custodians(session)}:
        found["custodian"] = "Choose the office that keeps the record."
    if typed.basis not in BASES:
        found["basis"] = (
            "Without a signed authorization, a duty by law or a court order nothing may be told, so nothing was saved."
            " Choose which of the three it is."
        )
    if typed.told not in TOLD:
        found["told"] = "Say whether the patient was told, or that telling would add danger."
    if typed.on is None or not today - BACK <= typed.on <= today:
        found["on"] = "Give the day, today or within the last year."
    return found


def save(session: ScopedSession, typed: Typed, now: datetime) -> str:
    """Keep it; the receipt number. The same form sent twice is one notice, with one number."""
    receipt = receipt_of(typed, session.scope.user_id)
    session.add(
        RecordNotice(
            agency_id=session.scope.agency_id, number=None if typed.plain_number == NONE else typed.plain_number,
            custodian_id=typed.custodian, basis=typed.basis, told=typed.told == "YES", noticed_on=typed.on,
            receipt=receipt, recorded_at=now, recorded_by_id=session.scope.user_id,
        )
    )  # fmt: skip
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
    return receipt


def receipt_of(typed: Typed, user_id: int) -> str:
    """Ten letters and digits from what was sent and the account's own random id: they count nothing and say nothing."""
    said = repr((user_id, typed.plain_number, typed.custodian, typed.basis, typed.told, typed.on, typed.drawn))
    drawn = hashlib.blake2b(said.encode(), digest_size=10).digest()
    text = base64.b32encode(drawn).decode()[:10]
    return f"{text[:5]}-{text[5:]}"
