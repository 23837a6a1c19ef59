"""STATE_GAP: a state that should be is not, or one that should not be is; the gap itself is the finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from rules.kinds import gaps_of_law, gaps_of_orders, gaps_of_program, gaps_of_record
from rules.scene import Scene
from rules.terms import Duty

Spec = (
    gaps_of_record.PendingSpec
    | gaps_of_record.ConflictSpec
    | gaps_of_record.ReopenedSpec
    | gaps_of_record.AlertSpec
    | gaps_of_program.EnrollmentSpec
    | gaps_of_program.CapacitySpec
    | gaps_of_program.ExtensionSpec
    | gaps_of_program.PauseSpec
    | gaps_of_orders.OrdersSpec
    | gaps_of_orders.AdjudicableSpec
    | gaps_of_orders.ServiceSpec
    | gaps_of_orders.EntrySpec
    | gaps_of_law.VersionSpec
    | gaps_of_law.PolicySpec
    | gaps_of_law.InputSpec
)
FORMS: dict[type[Any], Callable[[Scene, Duty, Any], pl.DataFrame]] = {
    **gaps_of_record.FORMS,
    **gaps_of_program.FORMS,
    **gaps_of_orders.FORMS,
    **gaps_of_law.FORMS,
}


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    return FORMS[type(spec)](scene, duty, spec)
