"""PROGRESS: so much by then, or not sooner than; whether it is done, overdue, or can no longer be done in time.

What outstanding sheets could hold makes the answer UNVERIFIED, where it would change it.
"""

from __future__ import annotations

import polars as pl

from rules.kinds import progress_certificates, progress_windows
from rules.scene import Scene
from rules.terms import Duty

Spec = (
    progress_windows.OverSpec
    | progress_windows.RiskSpec
    | progress_certificates.TestSpec
    | progress_certificates.EarlySpec
)


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    if isinstance(spec, progress_windows.OverSpec):
        return progress_windows.overdue(scene, duty, spec)
    if isinstance(spec, progress_windows.RiskSpec):
        return progress_windows.at_risk(scene, duty, spec)
    if isinstance(spec, progress_certificates.TestSpec):
        return progress_certificates.not_met(scene, duty, spec)
    return progress_certificates.too_early(scene, duty, spec)
