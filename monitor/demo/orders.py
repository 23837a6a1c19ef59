"""The court's side of a demo case: the case, who shares it, its orders, conditions, service and hearings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from monitor.demo.cast import Player
from monitor.demo.places import Place
from monitor.demo.plots import weeks_of
from monitor.demo.scribe import Scribe, next_court_day
from monitor.models import (
    Assignment,
    Case,
    CaseAgency,
    Condition,
    CourtDecision,
    FirearmReceipt,
    Hearing,
    Order,
    OrderVersion,
    Person,
    ProtectedParty,
    Requirement,
    Service,
)
from monitor.sealing import seal, sealing_keys

PROBATION_LINES = (
    ("BIP", "Enroll in and complete a certified batterer intervention program, attending every week.", "bip"),
    ("REPORT_TO_PROBATION", "Report to the probation officer as directed.", "review"),
    ("FIREARM_SURRENDER", "Give up all firearms and file the proof.", "firearm_surrender"),
    ("FINES_FEES", "Pay the fines and fees as the court set them.", ""),
)
# what some orders ask for besides, so that no day is expected of anybody whose order says nothing of it
CHECK_IN = ("CHECK_IN", "Check in by telephone each Thursday.", "check_in")
TESTING = ("TESTING", "Give a sample for a drug or alcohol test when asked.", "testing")
PROTECTIVE_LINES = (
    ("01", "Do not harm, threaten or stalk the protected person."),
    ("04", "Stay away from the places named in the signed order."),
    ("05", "No contact, directly or through others."),
    ("07", "Own or possess no firearms."),
)
REVIEW_EVERY_DAYS = 42


class Matter(msgspec.Struct):
    """One case under way: what the stories need to go on."""

    place: Place
    player: Player
    person: Any
    case: Any
    order: Any
    officer_id: int | None
    ordered_on: date
    asks: tuple[str, ...] = ()  # kinds of requirement that only some orders have

    @property
    def zone(self) -> str:
        return self.place.zone


def open_matter(scribe: Scribe, place: Place, player: Player, officer_id: int | None, secret: str) -> Matter:
    """Write a case with its probation order and its no-contact order, served in court."""
    ordered_on = _order_day(scribe, place, player)
    person = scribe.add(
        Person, agency_id=place.court_agency.id, family_name=player.family, given_name=player.given, middle_name=None,
        suffix=None, born_on=player.born_on, language=player.language,
    )  # fmt: skip
    case = scribe.add(
        Case, agency_id=place.court_agency.id, court_id=place.court.id, judge_id=scribe.rng.choice(place.judges).id,
        person_id=person.id, number=f"{ordered_on:%y}-DV-{scribe.draw('case', 10**6):06d}", opened_on=ordered_on,
        closed_on=None,
    )  # fmt: skip
    scribe.flush()
    for agency in (place.court_agency, place.office):
        scribe.add(CaseAgency, case_id=case.id, agency_id=agency.id, from_on=ordered_on, until_on=None)
    if officer_id is not None:
        scribe.add(
            Assignment, case_id=case.id, agency_id=place.office.id, user_id=officer_id, from_on=ordered_on,
            until_on=None,
        )
    more = tuple(line for line, share in ((CHECK_IN, 0.25), (TESTING, 0.15)) if scribe.rng.random() < share)
    order = _probation_order(scribe, place, player, case, ordered_on, more)
    _protective_order(scribe, place, case, ordered_on, secret)
    asks = tuple(kind for _code, _text, kind in more)
    return Matter(place, player, person, case, order, officer_id, ordered_on, asks)


def _order_day(scribe: Scribe, place: Place, player: Player) -> date:
    day = scribe.today - timedelta(weeks=weeks_of(player.story, scribe.rng), days=scribe.rng.randrange(4))
    while day.weekday() >= 5 or day in place.closed:
        day -= timedelta(days=1)
    return day


def _probation_order(
    scribe: Scribe, place: Place, player: Player, case: Any, day: date, more: tuple[tuple[str, str, str], ...]
) -> Any:
    order = _order(scribe, place, case, "PROBATION", None)
    version = _version(scribe, place, order, day, granted_on=day, convicted_on=day, term_months=36)
    terms: dict[str, dict[str, Any]] = {
        "bip": _bip_terms(place, player),
        "review": {"hearing.review_within_days": 30},
    }
    for line, (code, text, kind) in enumerate((*PROBATION_LINES, *more), start=1):
        condition = _condition(scribe, place, version, line, code, text)
        if not kind:  # money is ordered, and no rule reads it (safeguard G1)
            continue
        scribe.add(
            Requirement, case_id=case.id, agency_id=place.court_agency.id, order_id=order.id,
            condition_id=condition.id, kind=kind, terms=terms.get(kind, {}), from_on=day, until_on=None,
            recorded_at=version.recorded_at, supersedes_id=None,
        )  # fmt: skip
    _serve(scribe, place, order, day)
    return order


def _bip_terms(place: Place, player: Player) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    if player.story in ("not_enrolled", "waitlist", "new_case"):
        terms["bip.enroll_deadline"] = 21
    if place.pack == "us_ga":  # California's pack has a weekly cadence; here the order sets it
        terms["bip.attendance_every_days"] = 7
    return terms


def _protective_order(scribe: Scribe, place: Place, case: Any, day: date, secret: str) -> None:
    party = scribe.add(ProtectedParty, agency_id=place.court_agency.id, sealed_name=b"")
    name = f"Protected person {scribe.rng.randrange(1000)}"  # invented; sealed like a real one
    party.sealed_name = seal(sealing_keys(secret, "names"), name, f"protected_party.sealed_name.{party.id}")
    order = _order(scribe, place, case, "CRIMINAL_NO_CONTACT", party.id)
    version = _version(scribe, place, order, day, expires_after_days=3 * 365)
    for line, (code, text) in enumerate(PROTECTIVE_LINES, start=1):
        _condition(scribe, place, version, line, code, text)
    _serve(scribe, place, order, day)


def _order(scribe: Scribe, place: Place, case: Any, kind: str, party_id: int | None) -> Any:
    number = f"PO-{scribe.draw('order', 10**5):05d}" if party_id else None
    order = scribe.add(
        Order, case_id=case.id, agency_id=place.court_agency.id, kind=kind, number=number, protected_party_id=party_id
    )
    scribe.flush()
    return order


def _version(
    scribe: Scribe, place: Place, order: Any, day: date, expires_after_days: int | None = None, **anchors: Any
) -> Any:
    at = scribe.instant(day, place.zone, 11)
    version = scribe.add(
        OrderVersion, case_id=order.case_id, agency_id=place.court_agency.id, order_id=order.id, version_no=1,
        change="NEW", ordered_on=day, effective_from=at, effective_to=None,
        expires_at=at + timedelta(days=expires_after_days) if expires_after_days else None,
        in_custody=False, appeared=True, proceeding="criminal", supervision="formal", facts={}, recorded_at=at,
        **anchors,
    )  # fmt: skip
    scribe.flush()
    return version


def _condition(scribe: Scribe, place: Place, version: Any, line: int, code: str, text: str) -> Any:
    return scribe.add(
        Condition, case_id=version.case_id, agency_id=place.court_agency.id, order_version_id=version.id, line=line,
        code=code, text=text, exceptions=[],
    )  # fmt: skip


def _serve(scribe: Scribe, place: Place, order: Any, day: date) -> None:
    scribe.fact(
        Service, recorded_on=day, zone=place.zone, hour=11, case_id=order.case_id, agency_id=place.court_agency.id,
        order_id=order.id, occurred_at=scribe.instant(day, place.zone, 11), method="IN_COURT", server="Courtroom clerk",
    )  # fmt: skip


def give_up_firearms(scribe: Scribe, matter: Matter) -> None:
    """The papers that end the firearm duties, unless the story is that they are missing."""
    if matter.player.story == "firearm_overdue":
        return
    day, court = matter.ordered_on, matter.place.court_agency.id
    if scribe.rng.random() < 0.7:
        steps: tuple[tuple[str, int], ...] = (("NO_FIREARMS_DECLARED", 0),)
    else:
        steps = (("RELINQUISHED", 0), ("PROOF_FILED", 1), ("FORM_FILED", 2))
    for event, later in steps:
        at: datetime = scribe.instant(day + timedelta(days=later), matter.zone, 15 if later == 0 else 9)
        scribe.fact(
            FirearmReceipt, recorded_on=day + timedelta(days=later), zone=matter.zone, hour=16,
            case_id=matter.case.id, agency_id=court, event=event, occurred_at=at,
        )  # fmt: skip


def hold_reviews(scribe: Scribe, matter: Matter, docketed: bool) -> None:
    """Past reviews with their outcomes, and the next date: the coming court day for those on tomorrow's docket."""
    held = _review_days(matter, scribe.today)
    said = "COMPLIANT_CONTINUE" if matter.player.story in ("steady", "excused_once") else "ADVISED_RETURN"
    for number, day in list(enumerate(held, start=1))[-6:]:
        hearing = _hearing(scribe, matter, scribe.instant(day, matter.zone, 13, 30), number, said)
        scribe.fact(
            CourtDecision, recorded_on=day, zone=matter.zone, hour=15, case_id=matter.case.id,
            agency_id=matter.place.court_agency.id, kind="REVIEW_HELD", decided_by="COURT", occurred_on=day,
            order_id=matter.order.id, hearing_id=hearing.id, content={},
        )  # fmt: skip
    ahead = 0 if docketed else scribe.rng.randrange(5, 55)
    day = next_court_day(scribe.today + timedelta(days=ahead), matter.place.closed)
    hour, minute = scribe.rng.choice((9, 10, 13, 14)), scribe.rng.choice((0, 15, 30, 45))
    _hearing(scribe, matter, scribe.instant(day, matter.zone, hour, minute), len(held) + 1, None)


def _review_days(matter: Matter, today: date) -> list[date]:
    if matter.player.story == "review_overdue":
        return []
    days, day = [], matter.ordered_on + timedelta(days=27)
    while (day := next_court_day(day, matter.place.closed)) < today:
        days.append(day)
        day += timedelta(days=REVIEW_EVERY_DAYS)
    return days


def _hearing(scribe: Scribe, matter: Matter, at: datetime, number: int, outcome: str | None) -> Any:
    hearing = scribe.add(
        Hearing, case_id=matter.case.id, agency_id=matter.place.court_agency.id, court_id=matter.place.court.id,
        judge_id=matter.case.judge_id, kind="COMPLIANCE_REVIEW", starts_at=at, room="Dept 4", review_no=number,
        outcome=outcome, resulted_at=at + timedelta(hours=1) if outcome else None,
        recorded_at=min(at - timedelta(days=20), scribe.now),
    )  # fmt: skip
    scribe.flush()
    return hearing
