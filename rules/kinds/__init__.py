"""The nine kinds of duty, a file each: pure functions from prepared facts and resolved rules to pieces of spans."""

from __future__ import annotations

# Names of the kinds that are built. A scenario that needs another one fails (rules.scenarios.check).
BUILT: frozenset[str] = frozenset(
    {
        "ROLLING_CADENCE",
        "FIXED_WINDOW",
        "COUNT_IN_WINDOW",
        "CONSECUTIVE",
        "DEADLINE_ONCE",
        "PROGRESS",
        "PROHIBITION",
        "STATE_GAP",
        "REPORTING",
    }
)
