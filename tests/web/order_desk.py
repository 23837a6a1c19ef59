"""A clerk's desk for the tests of orders: one case with a hearing today, the form as typed, what is on record."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pypdf
from sqlalchemy import select

from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.models import Order
from tests.builders import build_town
from tests.classes import open_class
from tests.office import hearing

ZONE = "America/Los_Angeles"
GIVEN, FAMILY = "Quillonwick", "Marabel"


class Desk:
    """A clerk's case with a hearing today."""

    def __init__(self, database: Database) -> None:
        self.database, self.town = database, open_class(database, people=1)
        with database.system("test: a hearing, another program") as session, session.begin():
            self.far = build_town(session, code="far")
            self.matter = self.town.people["Bell"]
            self.hearing = hearing(session, self.matter, utc_now() - timedelta(hours=1))

    @property
    def path(self) -> str:
        return f"/hearings/{self.hearing}/orders"

    @property
    def review(self) -> date:
        day = local_day(utc_now(), ZONE) + timedelta(days=20)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def form(self, template: str = "criminal_no_contact_ca", **told: Any) -> dict[str, Any]:
        today = local_day(utc_now(), ZONE)
        return {
            "template": template, "number": "PO-777", "judge": str(self.town.town.judge), "party": "new",
            "given": GIVEN, "family": FAMILY, "terms": ["01", "04", "05", "07"], "yards": "150",
            "places": ["home", "work"], "allowed": ["05-0"], "words": "", "issued_on": str(today),
            "ends_on": str(today + timedelta(days=900)), "firearm_heard": "Y", "firearm_related": "Y",
            "firearm_forbids": "Y", "flag": "Y", "notice": "TOLD", "review_on": str(self.review),
            "review_at": "1:30 PM", "no_review": "",
        } | told  # fmt: skip

    def sentence(self, **told: Any) -> dict[str, Any]:
        """The form of a probation order."""
        form = self.form("probation_dv", number="PR-1", terms=["BIP", "REPORT_TO_PROBATION", "FIREARM_SURRENDER"],
                         program=str(self.far.program), notice="SERVED")  # fmt: skip
        for name in ("given", "family", "party", "places", "yards", "allowed", "flag", "firearm_heard",
                     "firearm_related", "firearm_forbids"):  # fmt: skip
            del form[name]
        return form | told

    def rows(self, entity: Any, *where: Any) -> list[Any]:
        with self.database.system("test: look", writes=False) as session:
            return list(session.scalars(select(entity).where(*where)))

    def made(self, number: str = "PO-777") -> Order:
        (order,) = self.rows(Order, Order.number == number)
        return order


def words_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
