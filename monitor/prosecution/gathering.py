"""Puts an evidence packet or a certified record together, from the report as sent and the facts as they stand.

What speaks for the person is taken anew from the record at this instant, and stands in it whatever is chosen (F6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.helps import helps
from monitor.allegations.lines import MARKS, Line
from monitor.allegations.typed import Exhibit
from monitor.bench_page.duties import FIREARM_DONE, FIREARM_WORDS
from monitor.clock import local_day
from monitor.current import current
from monitor.local_law import LocalLaw
from monitor.models import Agency, Case, Court, FirearmReceipt, Person
from monitor.names import last_first
from monitor.prosecution import roster, told_orders
from monitor.prosecution.evidence import About, Evidence, Piece, rule_of
from monitor.prosecution.reading import Sent
from monitor.prosecution.told_orders import Told
from monitor.wording import short_day

DAY: Final = timedelta(days=1)  # a class of today may come in still
HELD_BY: Final = {
    "POLICE": "The police agency of that report", "DEVICE": "The office that watches the device",
    "RECORD": "The agency that keeps the record",
}  # fmt: skip


def choices(session: ScopedSession, report: Sent) -> tuple[Told, tuple[Piece, ...]]:
    """What somebody may choose from: orders that may be told of, with their service, and what the report rests on."""
    told = told_orders.of_report(session, report.id, report.case_id, report.zone, report.court)
    return told, tuple(_rests_on(session, report))


def packet(
    session: ScopedSession, report: Sent, left_out: Collection[str], office: str, law: LocalLaw, now: datetime
) -> Evidence:
    """The packet of one report. ``left_out``: keys of rows of `choices` that the prosecution does not rely on."""
    orders, rests_on = choices(session, report)
    today = local_day(now, report.zone)
    places = roster.places_of(session, report.case_id, today)
    first = min((one.from_on for one in places if one.from_on), default=today)
    rows = [one for one in rests_on if one.key not in left_out]
    days = [one.on for one in rows if one.on] or [today]
    return Evidence(
        title="Evidence packet", court=report.court, number=report.number, person=report.person, zone=report.zone,
        office=office, made_at=now, contested=report.contested,
        sent=f"Report of {report.office}, sent {short_day(local_day(report.sent_at, report.zone))}",
        matters=tuple(
            About(one.title, one.sentence, rule_of(one.provision), one.first_on, one.due_on)
            for one in report.facts.matters
        ),
        orders=tuple(one for one in orders.pieces if one.key not in left_out), rests_on=tuple(rows),
        helps=tuple(_helps(session, report.case_id, report.zone, report)),
        dismissed=tuple(line.words for line in report.facts.dismissed), warnings=report.warnings,
        gaps=(*orders.gaps, *roster.gaps(session, places, first, today - DAY)),
        corrections=roster.corrections(session, places, min(first, *days), today, report.zone),
        months=roster.months(session, places, min(days), max(days)), custodian_words=law.custodian,
    )  # fmt: skip


def record(
    session: ScopedSession, case_id: int, first: date, last: date, office: str, law: LocalLaw, now: datetime
) -> Evidence | None:
    """The certified record of a case for some days, both included; None: no such case for this person."""
    told = select(Case.number, Court.zone, Court.name.label("court"), Person.family_name, Person.given_name)
    told = told.join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
    row = session.execute(told.where(Case.id == case_id)).first()
    if row is None:
        return None
    today = local_day(now, row.zone)
    places = roster.places_of(session, case_id, today)
    orders = told_orders.of_record(session, case_id, row.zone, row.court)
    return Evidence(
        title="Certified compliance record", court=row.court, number=row.number, zone=row.zone, office=office,
        person=last_first(row.family_name, row.given_name), made_at=now,
        period=f"{short_day(first)} to {short_day(last)}", orders=orders.pieces,
        rests_on=roster.classes(session, places, first, last),
        helps=tuple(_helps(session, case_id, row.zone, None)),
        gaps=(*orders.gaps, *roster.gaps(session, places, first, min(last, today - DAY))),
        corrections=roster.corrections(session, places, first, last, row.zone),
        months=roster.months(session, places, first, last), custodian_words=law.custodian,
    )  # fmt: skip


def _rests_on(session: ScopedSession, report: Sent) -> Iterator[Piece]:
    agencies = _agencies(session)
    seen = set()
    for line in report.facts.lines:
        if line.mark and line.words not in seen:  # what has no mark is no evidence by itself
            seen.add(line.words)
            yield _piece(line, agencies, report)
    for exhibit in report.typed.exhibits:
        yield _exhibit(exhibit)


def _exhibit(exhibit: Exhibit) -> Piece:
    line = exhibit.line
    return Piece(line.text, line.on, line.source, HELD_BY.get(exhibit.kind, HELD_BY["RECORD"]), MARKS["en"][line.mark])


def _helps(session: ScopedSession, case_id: int, zone: str, report: Sent | None) -> Iterator[Piece]:
    """What speaks for the person: of the record as it stands, of the report, and firearms that were given up."""
    agencies = _agencies(session)
    lines: Iterable[Line] = helps(session, case_id, zone)
    if report is not None:
        apart = (line for matter in report.facts.matters for line in matter.not_counted)
        # a row without a kind is no row of the record that this office reads: what a program answered, for instance
        lines = (*lines, *(line for line in report.facts.helps if not line.name), *apart)
    seen = set()
    for line in lines:
        if line.words not in seen:
            seen.add(line.words)
            yield _piece(line, agencies, report)
    told = select(FirearmReceipt.event, FirearmReceipt.occurred_at, FirearmReceipt.agency_id).where(
        FirearmReceipt.case_id == case_id, FirearmReceipt.event.in_(FIREARM_DONE), current(FirearmReceipt)
    )
    by_id = {number: name for name, number in agencies.items()}
    for row in session.execute(told.order_by(FirearmReceipt.occurred_at)):
        whose = by_id.get(row.agency_id, "")
        yield Piece(f"Firearms: {FIREARM_WORDS[row.event]}", local_day(row.occurred_at, zone), whose, whose,
                    MARKS["en"]["RECORD"])  # fmt: skip


def _piece(line: Line, agencies: dict[str, int], report: Sent | None) -> Piece:
    """Whose record it is: the agency that its source begins with, else probation, which sent the report."""
    own = max((name for name in agencies if line.source.startswith(name)), key=len, default="")
    return Piece(
        line.text, line.on, line.source, own or (report.office if report else line.source), MARKS["en"][line.mark]
    )


def _agencies(session: ScopedSession) -> dict[str, int]:
    return {row.name: row.id for row in session.execute(select(Agency.id, Agency.name))}
