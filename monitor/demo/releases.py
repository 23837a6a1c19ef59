"""Releases of the demo county: most participants let advocates be told a band, some only probation and court."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.demo.classes import Place
from monitor.demo.scribe import Scribe
from monitor.models import Release

EVERYBODY, FEWER = "probation,court,prosecutor,advocate_list", "probation,court"


def release(scribe: Scribe, places: Sequence[Place]) -> None:
    """A release for two of three; every fifth of them without advocates."""
    for number, place in enumerate(places):
        if number % 3 == 2:
            continue
        matter = place.matter
        scribe.fact(
            Release, recorded_on=matter.ordered_on, zone=matter.zone, case_id=matter.case.id,
            agency_id=place.program.agency_id, enrollment_id=place.enrollment.id, occurred_on=matter.ordered_on,
            until_on=None, scope=FEWER if number % 5 == 4 else EVERYBODY,
        )  # fmt: skip
    scribe.flush()
