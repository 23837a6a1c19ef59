"""The arrows of the coordinated response: who hands what to whom, from when to when, and how soon it should be done.

One place for the strip on a case and for the measures. Every clock has an agency for its owner, never the person
under order: a place that nobody offered and a hearing that nobody held are the system's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from monitor.access.matrix import Seen
from monitor.access.roles import Role

COURT, PROBATION, PROGRAM = "court", "probation", "program"
POLICE, PROSECUTION, DISPATCH = "law_enforcement", "prosecution", "dispatch"
KINDS: Final = {
    COURT: "Court", PROBATION: "Probation", PROGRAM: "Program", POLICE: "Law enforcement", PROSECUTION: "Prosecution",
    DISPATCH: "Dispatch",
}  # fmt: skip
BENCH: Final = frozenset({Role.JUDGE, Role.CLERK})
OFFICE: Final = frozenset({Role.OFFICER, Role.OFFICER_SUPERVISOR})
CASE: Final = BENCH | OFFICE
FIELD: Final = frozenset({Role.PROSECUTOR, Role.VICTIM_WITNESS, Role.LAW_ENFORCEMENT})
BIP: Final = frozenset({Role.PROGRAM})
PROS: Final = frozenset({Role.PROSECUTOR})

STARTING: Final = "starting target of this product; the site decides"
UNITS: Final = {"hours": "hour", "days": "day", "business_days": "business day"}
# where a clock is the local matrix's, by the name of its clock there
MATRIX_OPEN, MATRIX_RESPOND, MATRIX_DECIDE = "open", "respond", "decide"


class Target(msgspec.Struct, frozen=True):
    """So many ``hours``, ``days`` or ``business_days``; 0 days: the same day. ``source``: who says so."""

    amount: int
    unit: str
    source: str = STARTING

    @property
    def words(self) -> str:
        """2 business days; the same day"""
        if not self.amount:
            return "the same day"
        return f"{self.amount} {UNITS[self.unit]}{'' if self.amount == 1 else 's'}"


class Arrow(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-off. ``measure``: its number in the measures. ``owner``: the kind of agency whose clock it is.

    ``seen`` is the class of data that it tells of; ``roles`` may see it on a case. ``target`` None: it has none, or
    ``matrix`` names the clock of the local response matrix that it follows. ``by_agency``: agencies of
    one kind may be on both sides of it, or before one another; it is ours where the agency is ours.
    """

    measure: str
    title: str
    owes: str
    sends: str
    receives: str
    owner: str
    start: str
    end: str
    seen: Seen
    roles: frozenset[Role]
    target: Target | None = None
    matrix: str = ""
    by_agency: bool = False


ARROWS: Final = (
    # measured, and on no strip: a call that nobody has reported on is not to be read off a case
    Arrow(
        measure="M1", title="Call to police report", owes="File the report", sends=DISPATCH, receives=POLICE,
        owner=POLICE, start="the call", end="a police report of that day is filed", seen=Seen.INCIDENTS,
        roles=frozenset(), target=Target(24, "hours"),
    ),
    Arrow(
        measure="M2", title="Report to charging decision", owes="Decide about the report", sends=PROBATION,
        receives=PROSECUTION, owner=PROSECUTION, start="the report is approved", end="the prosecution decides",
        seen=Seen.FLAGS, roles=PROS, matrix=MATRIX_DECIDE,
    ),
    Arrow(
        measure="M3", title="Order to the registry", owes="Confirm the entry in the registry", sends=COURT,
        receives=POLICE, owner=COURT, start="the order is signed", end="its entry is confirmed",
        seen=Seen.ORDER_TERMS, roles=BENCH, target=Target(0, "days"),
    ),
    Arrow(
        measure="M4", title="Order to service", owes="Serve the order and return proof", sends=COURT, receives=POLICE,
        owner=POLICE, start="the order is signed", end="its service is on record", seen=Seen.ORDER_TERMS,
        roles=CASE | FIELD, target=Target(2, "days"),
    ),
    # the person's own duty and no hand-off between agencies: measured, and on no strip
    Arrow(
        measure="M5", title="Firearm order to proof", owes="Have the proof on file", sends=COURT, receives=COURT,
        owner=COURT, start="the order is signed", end="proof or a declaration is on file", seen=Seen.ORDER_TERMS,
        roles=frozenset(), target=Target(48, "hours"),
    ),
    Arrow(
        measure="M6", title="Order to the program", owes="Tell the program of its referral", sends=COURT,
        receives=PROGRAM, owner=COURT, start="the program is ordered", end="the referral is on record",
        seen=Seen.ATTENDANCE, roles=CASE | BIP, target=Target(1, "business_days"),
    ),
    Arrow(
        measure="M7", title="Order to intake", owes="Hold the intake, or say that there is no seat", sends=COURT,
        receives=PROGRAM, owner=PROGRAM, start="the program is ordered", end="the intake is held",
        seen=Seen.ATTENDANCE, roles=CASE | BIP, target=Target(14, "days"), by_agency=True,
    ),
    Arrow(
        measure="M8", title="Intake to first session", owes="Give the first class", sends=PROGRAM, receives=PROGRAM,
        owner=PROGRAM, start="the intake is held", end="the first class is attended", seen=Seen.ATTENDANCE,
        roles=CASE | BIP, target=Target(14, "days"),
    ),
    Arrow(
        measure="M9", title="Order to first review", owes="Hold the first review", sends=COURT, receives=COURT,
        owner=COURT, start="the order is signed", end="a review is held", seen=Seen.HEARINGS,
        roles=CASE | PROS, target=Target(30, "days"),
    ),
    Arrow(
        measure="M10", title="Absence to probation", owes="Report the absence", sends=PROGRAM, receives=PROBATION,
        owner=PROGRAM, start="the class is missed", end="the program's report is in", seen=Seen.ATTENDANCE,
        roles=CASE | BIP, target=Target(2, "business_days"),
    ),
    Arrow(
        measure="M11", title="Question to a person", owes="Open the question", sends=PROGRAM, receives=PROBATION,
        owner=PROBATION, start="the question is raised", end="somebody opens it", seen=Seen.FLAGS, roles=OFFICE,
        matrix=MATRIX_OPEN,
    ),
    Arrow(
        measure="M12", title="Question to response", owes="Record what is done about the question", sends=PROGRAM,
        receives=PROBATION, owner=PROBATION, start="the question is raised", end="a decision is recorded",
        seen=Seen.FLAGS, roles=OFFICE, matrix=MATRIX_RESPOND,
    ),
    Arrow(
        measure="M13", title="Serious report to court", owes="Approve the report and file it", sends=PROBATION,
        receives=COURT, owner=PROBATION, start="the question is raised", end="the report is approved",
        seen=Seen.FLAGS, roles=OFFICE, target=Target(5, "days"),
    ),
    Arrow(
        measure="M14", title="Report to hearing", owes="Hear the report", sends=PROBATION, receives=COURT, owner=COURT,
        start="the report is approved", end="a hearing is held", seen=Seen.HEARINGS,
        roles=CASE | PROS, target=Target(14, "days"),
    ),
    Arrow(
        measure="M15", title="Warrant", owes="Serve the warrant, or have it recalled", sends=COURT, receives=POLICE,
        owner=POLICE, start="the warrant is issued", end="it is served or recalled", seen=Seen.HEARINGS,
        roles=CASE | FIELD,
    ),
    # of those that one agency sent to another: each sees its own, and no kind of service stands on a strip
    Arrow(
        measure="R1", title="Referral out", owes="Accept or decline the referral", sends=PROBATION, receives=PROGRAM,
        owner=PROGRAM, start="the referral is sent", end="it is accepted or declined", seen=Seen.ATTENDANCE,
        roles=CASE | BIP, target=Target(5, "business_days"), by_agency=True,
    ),
    # the whole way, of which M2, M13 and M14 are parts that stand on strips: measured, and on none itself
    Arrow(
        measure="R2", title="Serious question to court", owes="Hear the report on it", sends=POLICE, receives=COURT,
        owner=COURT, start="a question of class D or E is raised, as by a police report",
        end="a hearing is held after the report on it", seen=Seen.FLAGS, roles=frozenset(), target=Target(7, "days"),
    ),
)  # fmt: skip
BY_MEASURE: Final[Mapping[str, Arrow]] = {arrow.measure: arrow for arrow in ARROWS}


def arrows_of(role: Role) -> Iterable[Arrow]:
    """The arrows that this role may see on a case."""
    return (arrow for arrow in ARROWS if role in arrow.roles)
