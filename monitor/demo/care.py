"""The victim/witness and the prosecution office of the demo county: which cases they share, and what was answered about
notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from monitor.demo.accounts import DemoAccount
from monitor.demo.places import Place
from monitor.demo.scribe import Scribe
from monitor.models import Agency, Case, CaseAgency, NoticeAnswer

OFFICE: Final = "riverbend-victim-witness"
PROSECUTION: Final = "riverbend-prosecutor"
# of ten cases: asked for notices, wants none, nobody was asked yet
ANSWERED: Final = ("ASKED",) * 7 + ("DECLINED",) * 2 + ("",)
ASKED: Final = timedelta(days=3)  # ago: what the court recorded since then is due


def share_cases(scribe: Scribe, place: Place, accounts: list[DemoAccount]) -> None:
    """Every case of ``place``, with both, and its standing answer; written last, so that nothing else moves."""
    staff = next(one.user_id for one in accounts if one.agency == OFFICE)
    office = scribe.session.scalars(select(Agency).where(Agency.code == OFFICE)).one()
    attorney = scribe.session.scalars(select(Agency).where(Agency.code == PROSECUTION)).one()
    told = select(Case).where(Case.court_id == place.court.id).order_by(Case.opened_on, Case.id)
    for number, case in enumerate(scribe.session.scalars(told).all()):
        scribe.add(CaseAgency, case_id=case.id, agency_id=office.id, from_on=case.opened_on, until_on=None)
        if said := ANSWERED[number % len(ANSWERED)]:
            scribe.add(
                NoticeAnswer, case_id=case.id, agency_id=office.id, kind="STANDING", about_id=case.id, answer=said,
                about_at=scribe.now - ASKED, recorded_at=scribe.now - ASKED, recorded_by_id=staff, taken_back_at=None,
            )  # fmt: skip
        scribe.add(CaseAgency, case_id=case.id, agency_id=attorney.id, from_on=case.opened_on, until_on=None)
    scribe.flush()
