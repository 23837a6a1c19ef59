"""The closed lists of what an order may say: labels of codes, exceptions in neutral words, classes of places.

An exception never holds a name, an hour of a visit or a place that can be found on a map (safeguards A1, A12): who,
when and where are classes, and whoever has to know more reads the signed order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from monitor.wording import listed

# of the national template, from memory: printed once the site has confirmed this edition (`monitor.local_law`)
WARNINGS_EDITION: Final = "2026-11"
WARNINGS: Final = (
    "This order is to be enforced, also without registration, by the courts of every state, the District of Columbia,"
    " U.S. territories and tribal lands (18 U.S.C. 2265).",
    "Crossing a state, territorial or tribal line to break this order may be a federal crime (18 U.S.C. 2261, 2262).",
    "Federal law may forbid you to have or buy a firearm or ammunition while this order is in force"
    " (18 U.S.C. 922(g)(8)).",
    "Only the court can change this order. Nobody else can give you leave to do what it forbids.",
)

CODED: Final = {
    "01": "No assault, threats, abuse, harassment, following or stalking",
    "02": "No threats to others of the household",
    "03": "The home is the protected person's alone",
    "04": "Stay away",
    "05": "No contact of any kind",
    "06": "Custody or visits as the court says",
    "07": "No firearms or other weapons",
    "08": "Other terms",
    "09": "Temporary custody as the court says",
}
LOCAL: Final = {
    "BIP": "Batterer intervention program", "CHECK_IN": "Check in", "TESTING": "Testing",
    "ALCOHOL_ABSTAIN": "No alcohol", "FIREARM_SURRENDER": "Give up firearms",
    "FIREARM_PROHIBITION": "No firearms", "NO_CONTACT": "No contact", "STAY_AWAY": "Stay away",
    "REPORT_TO_PROBATION": "Report to probation", "NOTIFY_CHANGE": "Tell of changes", "FINES_FEES": "Fines and fees",
    "OTHER_BESPOKE": "Other terms",
}  # fmt: skip
# where a local condition goes in the coded exchange, if not to 08
CODE_OF: Final = {"NO_CONTACT": "05", "STAY_AWAY": "04", "FIREARM_SURRENDER": "07", "FIREARM_PROHIBITION": "07"}
CHANGES: Final = {
    "NEW": "Made", "MODIFIED": "Modified", "EXTENDED": "Extended", "VACATED": "Vacated", "TERMINATED": "Terminated",
    "SUSPENDED": "Suspended", "REINSTATED": "Reinstated", "EXPIRED": "Expired",
}  # fmt: skip
KINDS: Final = {
    "PROBATION": "Probation order", "CONDITIONAL_DISCHARGE": "Conditional discharge",
    "PRETRIAL_RELEASE": "Release order", "CRIMINAL_NO_CONTACT": "Criminal no-contact order",
    "CIVIL_PROTECTION": "Civil protection order", "EMERGENCY_PROTECTIVE": "Emergency protective order",
    "FAMILY_CUSTODY": "Custody order", "EXTREME_RISK": "Extreme risk order",
    "SENTENCE_MODIFICATION": "Changed sentence",
}  # fmt: skip
PLACES: Final = {
    "home": "home", "work": "place of work", "school": "school", "vehicle": "vehicle",
    "household": "family's or household's home",
}  # fmt: skip
WHAT: Final = {
    "child_exchange": "hand over a child", "counsel": "contact through a lawyer",
    "court": "be in court at the same hearing", "mediation": "take part in what the court ordered for both",
    "belongings": "fetch personal belongings", "notice": "have court papers served",
    "peaceful_contact": "have peaceful contact about the children",
}  # fmt: skip
WHO: Final = {
    "alone": "", "officer": "with an officer present", "third_person": "through a person whom the order names",
    "supervised": "with supervision", "lawyer": "by the lawyer only",
}  # fmt: skip
WHEN: Final = {
    "always": "", "order_says": "at the times in the order", "once": "on one occasion", "hearing": "on court days",
}  # fmt: skip
WHERE: Final = {
    "anywhere": "", "police": "at a police station", "court": "at the court", "center": "at a supervised center",
    "public": "in a public place", "writing": "in writing only",
}  # fmt: skip


def code_of(code: str) -> str:
    """The coded condition that a line goes out under; a local one without a code of its own is 08."""
    return code if code in CODED else CODE_OF.get(code, "08")


def title_of(code: str) -> str:
    """What a line is called."""
    return CODED.get(code) or LOCAL.get(code, code)


def exception_words(exception: Any) -> str:
    """What an exception of four parts allows, in a sentence's words; "" for one that is not of these lists."""
    if not isinstance(exception, Mapping) or exception.get("what") not in WHAT:
        return ""
    parts = (
        WHAT[exception["what"]], WHO.get(exception.get("who", ""), ""), WHERE.get(exception.get("place", ""), ""),
        WHEN.get(exception.get("when", ""), ""),
    )  # fmt: skip
    return ", ".join(part for part in parts if part)


def places_words(places: Iterable[str]) -> str:
    """home, place of work and school"""
    return listed([PLACES[one] for one in PLACES if one in set(places)])


def reads_as(person: str, may_not: Sequence[str], must: Sequence[str], may: Sequence[str], until: str) -> str:
    """The order in sentences that can be said aloud."""
    said = []
    if may_not:
        said.append(f"{person} may not {'; '.join(may_not)}.")
    if may:
        said.append(f"The court allows nevertheless: {'; '.join(may)}.")
    if must:
        said.append(f"{person} must {'; '.join(must)}.")
    return " ".join([*said, until])
