"""What the record has no facts for: said, never guessed."""

from __future__ import annotations

from typing import Final

from monitor.measures.content import NotHeld

NOT_HELD: Final = (
    NotHeld("M17", "Verification, query to answer", "how long an answer took stands in the server's log, not here"),
    NotHeld("M19d", "Returned after discharge without a court response", "not counted yet"),
    NotHeld("M24", "Unsafe disclosure incidents", "each has a written review outside this system"),
    NotHeld("M25, M26", "Safety stop, notices due and attempted", "not counted yet"),
    NotHeld("M27", "Call-back requests", "their monthly count is kept apart and is not part of this report"),
    NotHeld("M28b, M28c, M28e", "Contests, notice before hearing, lint overrides", "not counted yet"),
    NotHeld("M29", "Records kept past their limit", "`monitor cases due` and the retention job say so"),
    NotHeld("M34", "Jail days for classes A and B", "lengths of custody orders are not on record as such"),
    NotHeld("M35", "Responses to unpaid money", "cannot be recorded: unpaid money is never a question about a person"),
    NotHeld("M36 to M38", "Barriers resolved, language, mirror-party checks", "not counted yet"),
    NotHeld(
        "Disparity", "P1 to P7 by group", "no equity attribute is stored yet, so no group can be compared; that is "
        "no all-clear"
    ),
    NotHeld("M50", "New charges within 12 months", "charges are not on record; yearly, from the court's own data"),
)  # fmt: skip
