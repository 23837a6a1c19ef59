"""What the page says of codes. Free text of an order is never shown: it may hold a place (safeguard A1)."""

from __future__ import annotations

from typing import Any, Final

from monitor.orders.words import exception_words

NOTHING: Final = "No order found under these identifiers. This does not prove there is none."
SPELLING: Final = (
    "A name is found as it is spelled on the order, and somebody with two last names by both or by either one: try "
    "other spellings, or the number of the case or order."
)
ADVICE: Final = "This does not replace confirmation with the registry or the court."
SAYS: Final = {
    "01": "assault, threaten, stalk or harass (01)",
    "02": "assault, threaten or harass others named in the order (02)",
    "03": "enter or stay in the shared home (03)",
    "04": "come near the places and distance in the order: read it there (04)",
    "05": "contact in any way (05)",
    "06": "go beyond the visits or custody that the order gives: read it (06)",
    "07": "have firearms (07)",
    "08": "break further terms: read the order (08)",
    "09": "keep a child against the temporary custody in the order (09)",
    "NO_CONTACT": "contact in any way",
    "STAY_AWAY": "come near the places and distance in the order: read it there",
    "FIREARM_SURRENDER": "have firearms: to be surrendered",
    "FIREARM_PROHIBITION": "have firearms",
}
FIREARMS: Final = ("07", "FIREARM_SURRENDER", "FIREARM_PROHIBITION")
MAY: Final = {
    "child_exchange": "hand over a child as the order says",
    "counsel": "contact through a lawyer",
    "court": "be in court at the same hearing",
}
OTHER_EXCEPTION: Final = "an exception stands in the order: read it"
SERVED_BY: Final = {
    "IN_COURT": "in court", "PERSONAL": "in person", "SUBSTITUTE": "left with another", "PUBLICATION": "by publication",
}  # fmt: skip
GAVE_UP: Final = ("RELINQUISHED", "PROOF_FILED", "NO_FIREARMS_DECLARED")


def allowed(exception: Any) -> str:
    """What one exception lets the person do. Only words of our own lists: an order's free text is never shown."""
    return exception_words(exception) or MAY.get(str(exception), OTHER_EXCEPTION)
