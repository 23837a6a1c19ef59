"""Every rule on counting time, by the provision that says it: the last day or instant in time, and the first one late.

Each row is read twice by the whole engine: at the end of the last day (or a minute before the hour) nothing is open,
and on
the next day (or a minute after) the flag is, with its due date. `rules/calendar.py` is tested by itself elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.packs import load
from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session, weekly

PACIFIC, MOUNTAIN, CENTRAL, EASTERN = (
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York",
)  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """A clock that a text sets: for whom it runs, and its last day or its hour."""

    provision: str
    says: str
    pack: str
    code: str
    due: str
    case: dict[str, Any]
    facts: list[dict[str, Any]] = field(default_factory=list)
    terms: dict[str, Any] = field(default_factory=dict)

    def situations(self) -> list[Situation]:
        """In time, and late."""
        before, after = self.moments()
        told = {} if "T" in self.due or self.code == "OUTSIDE_SUPERVISION_TERM" else {"due": self.due}
        flag: dict[str, dict[str, Any]] = {self.code: told}
        name, given = f"{self.provision}: {self.says}", (self.case, self.terms)
        return [
            Situation(f"in time, {name}", self.pack, before, self.facts, {}, *given),
            Situation(f"late, {name}", self.pack, after, self.facts, flag, *given),
        ]

    def moments(self) -> tuple[str, str]:
        if "T" not in self.due:
            return self.due, (date.fromisoformat(self.due) + timedelta(days=1)).isoformat()
        due, zone = datetime.fromisoformat(self.due), ZoneInfo(self.case["time_zone"])
        minute = timedelta(minutes=1)
        return tuple(at.astimezone(zone).isoformat() for at in (due - minute,
        due + minute))  # type: ignore[return-value]


def convicted(on: str, **more: Any) -> dict[str, Any]:
    return {"time_zone": PACIFIC, "ordered_on": on, "convicted_on": on, **more}


def served(at: str, zone: str = PACIFIC, **more: Any) -> dict[str, Any]:
    day = at[:10]
    return {"time_zone": zone, "ordered_on": day, "served_at": at, "conditions": ["firearm_surrender"], **more}


def left(event: str, **when: Any) -> dict[str, Any]:
    reason = {"reason": "absences"} if event == "discharged" else {}
    return {"type": "enrollment", "id": "x", "event": event, **reason, **when}


def contact(on: str) -> dict[str, Any]:
    made = {"state": "completed", "method": "in_person", "place": "office"}
    return {"type": "contact", "kind": "direct", "date": on, **made}


PROOF, HOURS = "ENROLLMENT_PROOF_OVERDUE", "FIREARM_RELINQUISH_OVERDUE"
CLOCKS = [
    # --- days: the first one is excluded, the last included; closed days move the end only where a text says so
    Clock("Code Civ. Proc. 12", "thirty days from 5 January end on 4 February", "us_ca", PROOF, "2026-02-04",
          convicted("2026-01-05")),
    Clock("Code Civ. Proc. 12a", "the thirtieth day is a Saturday", "us_ca", PROOF, "2026-02-09",
          convicted("2026-01-08")),
    Clock("Gov. Code 6800", "a Saturday before a holiday Monday moves to Tuesday", "us_ca", PROOF, "2026-02-17",
          convicted("2026-01-15", holidays=["2026-02-16"])),
    Clock("Gov. Code 6800", "another court is open on that Monday", "us_ca", PROOF, "2026-02-16",
          convicted("2026-01-15")),
    Clock("Pen. Code 29810", "five days out of custody, the fifth a Sunday", "us_ca", "FIREARM_FORM_OVERDUE",
          "2026-01-12",
          convicted("2026-01-06", in_custody=False, conditions=["firearm_surrender"])),
    Clock("Pen. Code 29810", "fourteen days in custody", "us_ca", "FIREARM_FORM_OVERDUE", "2026-01-20",
          convicted("2026-01-06", in_custody=True, conditions=["firearm_surrender"])),
    Clock("N.C.G.S. 15A-1343(b)(12)", "ten days; no text read moves the end, a Sunday", "us_nc",
          "PROGRAM_CHOICE_OVERDUE",
          "2026-01-18", {"time_zone": EASTERN, "ordered_on": "2026-01-08", "supervision": "unsupervised"}),
    Clock("Code Crim. Proc. 42A.504(d)", "sixty days over a leap day", "us_tx", "BEGIN_ATTENDANCE_OVERDUE",
          "2028-03-31",
          {"time_zone": CENTRAL, "ordered_on": "2028-01-31", "granted_on": "2028-01-31"}),
    Clock("Code Crim. Proc. 42A.504(d)", "ten suspended days move the sixtieth", "us_tx", "BEGIN_ATTENDANCE_OVERDUE",
          "2026-03-16", {"time_zone": CENTRAL, "ordered_on": "2026-01-05", "granted_on": "2026-01-05"},
          [{"type": "order", "order": "main", "event": "suspended", "date": "2026-02-01"},
           {"type": "order", "order": "main", "event": "reinstated", "date": "2026-02-11"}]),
    Clock("19-A M.R.S. 4116", "seven days for the police report", "us_me", "POLICE_REPORT_OVERDUE", "2026-01-12",
          {"time_zone": EASTERN, "ordered_on": "2026-01-05"}),
    Clock("WAC 388-60B-0420(4)(a)", "thirty days without a class", "us_wa", "BREAK_TOO_LONG", "2026-02-06",
          {"time_zone": PACIFIC, "ordered_on": "2026-01-05"}, [session(1, "attended", "2026-01-07")]),
    Clock("OAR 137-087-0070(2)", "thirty days after the last service contact", "us_or", "EXIT_SUMMARY_OVERDUE",
          "2026-04-01", {"time_zone": PACIFIC, "ordered_on": "2026-01-05"}, [left("exited", date="2026-03-02")]),
    # --- weeks by the weekday, months and years by the number
    Clock("NMSA 12-2A-7(B)", "27 weeks end on the weekday on which they began", "us_ga", "COMPLETION_WINDOW_EXCEEDED",
          "2026-07-14", {"time_zone": EASTERN, "ordered_on": "2026-01-05", "treatment_started_on": "2026-01-06"}),
    Clock("NMSA 12-2A-7(C)", "a month from 31 January ends on the last of February, a Saturday, and rolls (F)", "us_nm",
          "PROGRESS_REPORT_OVERDUE", "2026-03-02",
          {"time_zone": MOUNTAIN, "ordered_on": "2026-01-05", "treatment_started_on": "2026-01-31"}),
    Clock("NMSA 12-2A-7(C)", "a month from 15 April is 15 May", "us_nm", "PROGRESS_REPORT_OVERDUE", "2026-05-15",
          {"time_zone": MOUNTAIN, "ordered_on": "2026-01-05", "treatment_started_on": "2026-04-15"}),
    Clock("NMSA 12-2A-7(D)", "twelve months from a leap day end on 28 February; outside after it", "base",
          "OUTSIDE_SUPERVISION_TERM", "2025-02-28",
          {"time_zone": MOUNTAIN, "ordered_on": "2024-02-29", "granted_on": "2024-02-29", "term_months": 12},
          [session(1, "absent", "2025-03-01")]),
    Clock("Pen. Code 1203.097(a)(6)", "eighteen months from 31 August 2024, clipped to a Saturday that rolls", "us_ca",
          "COMPLETION_OVERDUE", "2026-03-02",
          {"time_zone": PACIFIC, "ordered_on": "2024-08-31", "granted_on": "2024-08-31"}),
    Clock("A.A.C. R9-20-208(B)(1)", "twelve months from the first session", "us_az", "COMPLETION_WINDOW_EXCEEDED",
          "2027-01-31", {"time_zone": "America/Phoenix", "ordered_on": "2026-01-05",
          "treatment_started_on": "2026-01-31",
                         "offense_number": 1}),
    Clock("North Dakota standard", "one contact a month: due at the end of the month reached", "us_nd",
          "CONTACT_OVERDUE",
          "2026-02-28", {"time_zone": CENTRAL, "ordered_on": "2026-01-05", "supervision_started_on": "2026-01-05",
                         "levels": [{"from": "2026-01-05", "level": "maximum"}]}, [contact("2026-01-31")]),
    Clock("Pennsylvania standard", "thirty days from the last contact", "us_pa", "CONTACT_OVERDUE", "2026-03-01",
          {"time_zone": EASTERN, "ordered_on": "2026-01-05", "supervision_started_on": "2026-01-05",
           "levels": [{"from": "2026-01-05", "level": "medium"}]}, [contact("2026-01-06"), contact("2026-01-30")]),
    # --- business days: the day of the event is day 0; weekends and this court's closed days do not count
    Clock("Fla. 65H-2.016(7)(b)2", "three business days over a holiday and a weekend", "us_fl",
          "DISCHARGE_REPORT_OVERDUE",
          "2026-07-08", {"time_zone": EASTERN, "ordered_on": "2026-01-05", "holidays": ["2026-07-03"]},
          [left("discharged", date="2026-07-02")]),
    Clock("Fla. 65H-2.016(7)(b)2", "of a discharge on a Sunday Monday is the first", "us_fl",
          "DISCHARGE_REPORT_OVERDUE",
          "2026-05-13", {"time_zone": EASTERN, "ordered_on": "2026-01-05"}, [left("discharged", date="2026-05-10")]),
    Clock("OAR 137-087-0070(2)", "seven business days from the summary, not from the exit", "us_or",
          "EXIT_SUMMARY_COPY_OVERDUE", "2026-03-31", {"time_zone": PACIFIC, "ordered_on": "2026-01-05"},
          [left("exited", date="2026-03-02"),
           {"type": "report", "id": "r", "kind": "exit_summary", "date": "2026-03-20", "by": "provider",
           "to": "file"}]),
    Clock("Idaho standard", "the first meeting within three business days of a Friday", "us_id", "CONTACT_OVERDUE",
          "2026-01-14", {"time_zone": "America/Boise", "ordered_on": "2026-01-05",
          "supervision_started_on": "2026-01-09",
                         "levels": [{"from": "2026-01-09", "level": "minimum"}]}),
    Clock("design rule", "an absence is decided within two business days of its record", "base", "ADJUDICATION_OVERDUE",
          "2026-03-10", {"time_zone": EASTERN, "ordered_on": "2026-01-05"}, [session(1, "absent", "2026-03-06")]),
    # --- "immediately" has no number of its own; where local policy says what it means, that counts
    Clock("Pen. Code 1203.097(c), immediately", "local policy: two business days", "us_ca", "PROGRAM_REPORT_LATE",
          "2026-03-10", {"time_zone": PACIFIC, "ordered_on": "2026-01-05"}, [session(1, "absent", "2026-03-06")],
          {"local_policy": {"report.immediately_means": 2}}),
    # --- hours are elapsed, also when the clock is put forward or back
    Clock("Fam. Code 6389(c)(2)", "24 hours end an hour later on the wall in spring", "us_ca", HOURS,
          "2026-03-08T21:00-07:00", served("2026-03-07T20:00-08:00")),
    Clock("Fam. Code 6389(c)(2)", "24 hours end an hour earlier on the wall in autumn", "us_ca", HOURS,
          "2026-11-01T19:00-08:00", served("2026-10-31T20:00-07:00")),
    Clock("Fam. Code 6389; former Rule 5.495", "48 hours for the receipt, on a Sunday as on any day", "us_ca",
          "FIREARM_PROOF_OVERDUE", "2026-06-07T15:00-07:00", served("2026-06-05T15:00-07:00")),
    Clock("RCW 9.41.804(2)", "24 hours from service in a civil case", "us_wa", "FIREARM_PROOF_OVERDUE",
          "2026-06-06T15:00-07:00", served("2026-06-05T15:00-07:00", proceeding="civil")),
    Clock("Fla. 65H-2.016(8)(c)", "24 hours from a discharge in the hour that is told twice", "us_fl",
          "VICTIM_NOTICE_OVERDUE", "2026-11-02T01:30-05:00", {"time_zone": EASTERN, "ordered_on": "2026-01-05"},
          [left("discharged", at="2026-11-01T01:30-05:00")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> list[Reading]:
    return read([one for clock in CLOCKS for one in clock.situations()])


@pytest.mark.parametrize("number", range(len(CLOCKS)), ids=[f"{c.provision}: {c.says}" for c in CLOCKS])
def test_the_last_day_is_in_time_and_the_next_is_late(number: int, seen: list[Reading]) -> None:
    clock = CLOCKS[number]
    for situation, reading in zip(clock.situations(), seen[2 * number : 2 * number + 2], strict=True):
        check(situation, reading, {clock.code})


# --- what is not a deadline ----------------------------------------------------------------------------------------

REPORT, RUN, CAP, TOO_SOON, WEEK, EARLY = (
    "SUMMARY_REPORT_OVERDUE", "WINDOW_UNEXCUSED_LIMIT", "PROGRAM_REPORT_DUE", "COMPLETION_BEFORE_MINIMUM",
    "CONTACT_SHORTFALL", "ATTENDANCE_WINDOW_MISSED",
)  # fmt: skip
HERE = {"time_zone": CENTRAL, "ordered_on": "2025-01-06"}
COVERED = {"type": "submission", "covers_from": "2026-01-01", "covers_to": "2026-04-01", "date": "2026-03-31"}


def missed(*days: str) -> list[dict[str, Any]]:
    return [session(n, "absent_unexcused", on) for n, on in enumerate(days, 1)]


def certificate(on: str) -> dict[str, Any]:
    return {"type": "certificate", "id": "k", "date": on}


SUMMARY = {"type": "report", "id": "r", "kind": "summary", "by": "provider", "to": "court"}
HELD = {"type": "pause", "kind": "custody", "basis": "pretrial"}
WATCHED = {"time_zone": EASTERN, "ordered_on": "2026-01-05", "supervision_started_on": "2026-01-05",
           "levels": [{"from": "2026-03-03", "level": "greatest"}]}  # fmt: skip
OTHERS: list[tuple[str, Situation]] = [
    (REPORT, Situation("OAR 137-087-0065(5)(a): 35 sessions, the window of 32 to 36 is still open", "us_or",
                        "2026-12-31",
                       weekly("attended", "2026-01-08", 35))),
    (REPORT, Situation("OAR 137-087-0065(5)(a): the 36th session closes it", "us_or", "2026-12-31",
                       weekly("attended", "2026-01-08", 36), {REPORT: {"first_on": "2026-09-10"}})),
    (REPORT, Situation("OAR 137-087-0065(5)(a): a report on the day of the 32nd session is inside", "us_or",
                        "2026-12-31",
                       [*weekly("attended", "2026-01-08", 36), SUMMARY | {"date": "2026-08-13"}])),
    (REPORT, Situation("OAR 137-087-0065(5)(a): a report a day before it is not", "us_or", "2026-12-31",
                       [*weekly("attended", "2026-01-08", 36), SUMMARY | {"date": "2026-08-12"}],
                       {REPORT: {"counter": ["r"]}})),
    (RUN, Situation("21 O.S. 644: the seventh lies 363 days after the first", "us_ok", "2026-06-30",
                    missed("2025-06-02", "2025-07-07", "2025-09-01", "2025-11-03", "2026-01-05", "2026-03-02",
                    "2026-05-31"),
                    {RUN: {"count": 7}}, HERE)),
    (RUN, Situation("21 O.S. 644: 364 days after the first it lies in another 52 weeks", "us_ok", "2026-06-30",
                    missed("2025-06-02", "2025-07-07", "2025-09-01", "2025-11-03", "2026-01-05", "2026-03-02",
                    "2026-06-01"),
                    {}, HERE)),
    (CAP, Situation("Pen. Code 1203.097(c), immediately: it runs from the day itself, with no last day", "us_ca",
                        "2026-03-06",
                    [session(1, "absent", "2026-03-06")], {CAP: {"due": None, "first_on": "2026-03-06"}})),
    (TOO_SOON, Situation("R.I.G.L. 12-29-5.2: a certificate on the last day of the twentieth week", "us_ri",
                        "2026-05-26",
                         [certificate("2026-05-26")], {}, HERE | {"treatment_started_on": "2026-01-06"})),
    (TOO_SOON, Situation("R.I.G.L. 12-29-5.2: a day sooner", "us_ri", "2026-05-25", [certificate("2026-05-25")],
                         {TOO_SOON: {"earliest": "2026-05-26"}}, HERE | {"treatment_started_on": "2026-01-06"})),
    (TOO_SOON, Situation("A.A.C. R9-20-208(B)(1): three months from 30 November end on the last of February", "us_az",
                         "2026-02-28", [certificate("2026-02-28")], {}, HERE | {"treatment_started_on": "2025-11-30"})),
    (TOO_SOON, Situation("A.A.C. R9-20-208(B)(1): a day sooner", "us_az", "2026-02-27", [certificate("2026-02-27")],
                         {TOO_SOON: {"earliest": "2026-02-28"}}, HERE | {"treatment_started_on": "2025-11-30"})),
    (WEEK, Situation("9 NYCRR 351.6: the level began on a Tuesday, so the first whole week begins on the Monday",
                        "us_ny",
                     "2026-03-15", [], {}, WATCHED)),
    (WEEK, Situation("9 NYCRR 351.6: it is read when it is over", "us_ny", "2026-03-16", [],
                     {WEEK: {"window_from": "2026-03-09", "window_to": "2026-03-16"}}, WATCHED)),
    (WEEK, Situation("9 NYCRR 351.6: weeks that begin on Sunday, if the agency says so", "us_ny", "2026-03-15", [],
                     {WEEK: {"window_from": "2026-03-08", "window_to": "2026-03-15"}}, WATCHED,
                     {"local_policy": {"calendar.week_starts": "sunday"}})),
    (EARLY, Situation("NAC 228.100: within 70 miles every seven days", "us_nv", "2026-01-21",
                      [session(1, "attended", "2026-01-07"), COVERED | {"date": "2026-01-20"}],
                      {EARLY: {"window_from": "2026-01-14", "window_to": "2026-01-21"}},
                      {"time_zone": PACIFIC, "ordered_on": "2026-01-05", "distance_miles": 70})),
    (EARLY, Situation("NAC 228.100: beyond them every fourteen", "us_nv", "2026-01-21",
                      [session(1, "attended", "2026-01-07"), COVERED | {"date": "2026-01-20"}], {},
                      {"time_zone": PACIFIC, "ordered_on": "2026-01-05", "distance_miles": 71})),
    ("FIREARM_PROOF_OVERDUE", Situation(
        "RCW 9.41.804(2): held when served, and released without proof", "us_wa", "2026-06-10T12:01-07:00",
        [HELD | {"event": "start", "at": "2026-05-30T22:00-07:00"}, HELD | {"event": "end",
        "at": "2026-06-10T12:00-07:00"}],
        {"FIREARM_PROOF_OVERDUE": {}}, served("2026-06-01T11:00-07:00", proceeding="criminal", in_custody=True))),
    ("FIREARM_PROOF_OVERDUE", Situation(
        "RCW 9.41.804(2): proof before release is in time, however late", "us_wa", "2026-06-10T12:01-07:00",
        [HELD | {"event": "start", "at": "2026-05-30T22:00-07:00"},
         {"type": "firearm", "event": "proof_filed", "at": "2026-06-10T11:59-07:00"},
         HELD | {"event": "end", "at": "2026-06-10T12:00-07:00"}],
        {}, served("2026-06-01T11:00-07:00", proceeding="criminal", in_custody=True))),
]  # fmt: skip


@pytest.fixture(scope="module")
def others() -> list[Reading]:
    return read([one for _, one in OTHERS])


@pytest.mark.parametrize("number", range(len(OTHERS)), ids=[one.says for _, one in OTHERS])
def test_windows_counts_and_acts_that_set_a_time(number: int, others: list[Reading]) -> None:
    code, situation = OTHERS[number]
    check(situation, others[number], {code})


# --- whose clock ---------------------------------------------------------------------------------------------------

ZONES = {
    "us_ak": "America/Anchorage", "us_az": "America/Phoenix", "us_ca": PACIFIC, "us_co": MOUNTAIN, "us_fl": EASTERN,
    "us_ga": EASTERN, "us_ia": CENTRAL, "us_id": "America/Boise", "us_il": CENTRAL, "us_ky": EASTERN, "us_me": EASTERN,
    "us_mn": CENTRAL, "us_mo": CENTRAL, "us_nc": EASTERN, "us_nd": CENTRAL, "us_nm": MOUNTAIN, "us_nv": PACIFIC,
    "us_ny": EASTERN, "us_ok": CENTRAL, "us_or": PACIFIC, "us_pa": EASTERN, "us_ri": EASTERN, "us_tn": CENTRAL,
    "us_tx": CENTRAL, "us_ut": MOUNTAIN, "us_wa": PACIFIC,
}  # fmt: skip


def test_each_state_has_the_zone_that_most_of_it_keeps_and_only_two_have_a_text_that_rolls() -> None:
    heads = load().packs
    assert {name: head.zone for name, head in heads.items() if name != "base"} == ZONES
    assert {name for name, head in heads.items() if head.roll_forward} == {"us_ca", "us_nm"}


def test_a_class_at_half_past_eleven_at_night_is_of_the_courts_own_day() -> None:
    """NMSA 12-2A-7(G): a day runs from midnight to midnight. In UTC this class is of the next day."""
    table = []
    for zone in sorted({*ZONES.values(), "Pacific/Honolulu"}):
        late = datetime(2026, 3, 4, 23, 30, tzinfo=ZoneInfo(zone)).isoformat()
        missed = {"type": "session", "id": "s1", "outcome": "absent", "at": late}
        flag = {"ABSENCE_PENDING": {"first_on": "2026-03-04"}}
        table.append(Situation(f"late at night in {zone}", "base", "2026-03-04", [missed], flag, {"time_zone": zone}))
    for situation, reading in zip(table, read(table), strict=True):
        check(situation, reading, {"ABSENCE_PENDING"})
