"""What victim/witness staff read beside cases and orders, and who may know that a record exists (`access.reach`).

The desk's answers are read by no other office (safeguard E4); whoever says that a record exists never reads it again.
"""

from __future__ import annotations

from typing import Final

from monitor.access.scope import Reach
from monitor.models import (
    Adjudication,
    Agency,
    Allegation,
    AllegationFlag,
    AllegationStep,
    Assessment,
    Attendance,
    Base,
    Enrollment,
    EnrollmentEvent,
    Flag,
    NoticeAnswer,
    Pause,
    RecordNotice,
    SafetyStep,
)

Reads = dict[type[Base], Reach]

STEP: Final[Reads] = {SafetyStep: Reach.SHARED}
EXISTS: Final[Reads] = {RecordNotice: Reach.ALL, Agency: Reach.ALL}
KEEPERS: Final[Reads] = {Agency: Reach.ALL}
CARE: Final[Reads] = {
    entity: Reach.SHARED
    for entity in (Pause, Assessment, Enrollment, EnrollmentEvent, Attendance, Adjudication, Flag, SafetyStep)
} | {entity: Reach.REVIEWED for entity in (Allegation, AllegationFlag, AllegationStep)} | {
    NoticeAnswer: Reach.OWN_SHARED, RecordNotice: Reach.ALL,
}  # fmt: skip
WRITES: Final[dict[str, frozenset[type[Base]]]] = {
    "victim_witness": frozenset({NoticeAnswer, SafetyStep}), "medical": frozenset({RecordNotice}),
}  # fmt: skip
