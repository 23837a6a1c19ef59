"""The letter behind a fact: who says so. Who wrote it down for another is not asked; who stands for it is."""

from __future__ import annotations

from typing import Final

from monitor.bench_page.page import Letter
from monitor.bench_page.record import Event

KINDS: Final = {
    "place": Letter.PROGRAM, "report": Letter.PROGRAM, "letter": Letter.PROBATION, "pause": Letter.PROBATION,
    "test": Letter.TEST, "decision": Letter.COURT, "expected": Letter.PROBATION, "coverage": Letter.PROGRAM,
    "contact": Letter.PROBATION, "check_in": Letter.PROBATION, "firearm": Letter.COURT,
    "service": Letter.LAW_ENFORCEMENT, "level": Letter.PROBATION,
}  # fmt: skip
# the court's own acts among facts of others: a referral to a program, a warrant, a stay, service in the courtroom
COURTS_OWN: Final = {
    ("place", "REFERRED"), ("pause", "WARRANT"), ("pause", "COURT_STAY"), ("service", "IN_COURT"),
}  # fmt: skip
# who sent a report (what the person hands in, the court files), who decided, and whose office gave a receipt
WHO: Final = {
    "report": {"PERSON": Letter.COURT, "COURT": Letter.COURT, "PROBATION": Letter.PROBATION},
    "decision": {"PROGRAM": Letter.PROGRAM, "PROBATION": Letter.PROBATION, "OFFICER": Letter.PROBATION},
    "firearm": {"law_enforcement": Letter.LAW_ENFORCEMENT},
}  # fmt: skip


def source_of(event: Event) -> Letter:
    """The sheriff's receipt is L, a proof that was filed is C; the program's notice is P, probation's is O."""
    if (event.name, event.word) in COURTS_OWN:
        return Letter.COURT
    return WHO.get(event.name, {}).get(event.more, KINDS[event.name])
