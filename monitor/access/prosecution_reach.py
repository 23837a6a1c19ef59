"""What the prosecution reads beside cases and orders (`monitor.access.reach`).

Reports once a supervisor approved them, and facts of the case; never a working note, a test or a flag beside such a
report, nor what a program writes of how somebody takes part. Context questions: safeguards G4, G5.
"""

from __future__ import annotations

from typing import Final

from monitor.access.scope import Reach
from monitor.models import (
    Adjudication,
    Allegation,
    AllegationFlag,
    AllegationStep,
    Assessment,
    Attendance,
    Base,
    CertifiedMonth,
    ChargingDecision,
    ContextReview,
    Coverage,
    DefenseCopy,
    EarlierPlace,
    Enrollment,
    EnrollmentEvent,
    EvidenceCopy,
    EvidencePacket,
    FirearmReceipt,
    Flag,
    GroupSession,
    Leave,
    Letter,
    Pause,
    Release,
)

PROSECUTION: Final[dict[type[Base], Reach]] = {
    entity: Reach.REVIEWED for entity in (Flag, Allegation, AllegationFlag, AllegationStep)
} | {
    entity: Reach.SHARED for entity in (
        Adjudication, Assessment, Attendance, Coverage, EarlierPlace, Enrollment, EnrollmentEvent, FirearmReceipt,
        Leave, Letter, Pause, Release, ContextReview, DefenseCopy, ChargingDecision,
    )
} | {
    GroupSession: Reach.ALL, CertifiedMonth: Reach.ALL, EvidencePacket: Reach.OWN_SHARED,
    EvidenceCopy: Reach.OWN_SHARED,
}  # fmt: skip
