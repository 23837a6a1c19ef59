"""The words of a result: what was done, why it was put off, why no date follows, and what stops before a warrant."""

from __future__ import annotations

from typing import Final

RESULTS: Final = {"HELD": "Held", "CONTINUED": "Continued", "DID_NOT_APPEAR": "Did not appear"}
# of a hearing that was held; each is an outcome of `monitor.models.hearing`
DONE: Final = {
    "COMPLIANT_CONTINUE": "On track: continue as ordered", "WARNED": "Warned",
    "ADVISED_RETURN": "Told what to bring to the next date", "SANCTIONED": "A response was ordered",
    "MODIFIED": "Terms were changed", "REVOKED": "Probation was ended by revocation",
    "DISMISSED": "Dismissed", "COMPLETED": "Completed",
}  # fmt: skip
REASONS: Final = {
    "COUNSEL": "Counsel was not there or not ready", "NO_REPORT": "A report was not in",
    "INTERPRETER": "No interpreter", "NOT_SERVED": "Not served", "NOT_BROUGHT": "Not brought from custody",
    "RESPONDENT": "Respondent asked", "PROSECUTION": "Prosecution asked", "COURT": "The court's own calendar",
}  # fmt: skip
ENDS: Final = frozenset({"REVOKED", "DISMISSED", "COMPLETED"})
NO_DATE: Final = {"ENDED": "No next date: the case has ended", "WARRANT": "No next date until the warrant is served",
                  "OTHER_COURT": "No next date here: another court goes on with it"}  # fmt: skip
WARRANTS: Final = {"ISSUED": "Warrant issued", "RECALLED": "Warrant recalled"}
# what the desk's checklist says before a step that may raise danger (safeguard E5). It never tells what anybody was
# asked or said, so the court's desk learns nothing of a protected person (B3); the choice stands in the trail alone
NOTICE_STEP: Final = {
    "DONE": "The office that gives safety notices has finished its step",
    "DANGER": "Imminent danger: we go on without waiting",
}  # fmt: skip


def outcome_of(result: str, done: str) -> str:
    """What the hearing's own row says."""
    return done if result == "HELD" else result


def is_risky(outcome: str, warrant: str) -> bool:
    """Whether the safety stop comes first (safeguard E5)."""
    return warrant == "ISSUED" or outcome == "REVOKED"
