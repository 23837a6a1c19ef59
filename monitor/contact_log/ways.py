"""How a contact was made, how it ended and what comes next, as data that form, saving and tests read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

CHECK_IN: Final = "CHECK_IN"
TEST: Final = "TEST"


class Way(msgspec.Struct, frozen=True):
    """How a contact was made: the words of the form, and of `monitor.models.Contact` what follows from it.

    ``may_miss``: an appointment, to which the person can fail to come. ``visit``: the officer went there.
    """

    title: str
    kind: str
    method: str
    place: str
    may_miss: bool = True
    visit: bool = False


WAYS: Final[Mapping[str, Way]] = {
    "HOME": Way("Home visit", "DIRECT", "IN_PERSON", "HOME", visit=True),
    "OFFICE": Way("Office", "DIRECT", "IN_PERSON", "OFFICE"),
    "PHONE": Way("Phone", "DIRECT", "PHONE", "OTHER"),
    "VIDEO": Way("Video", "DIRECT", "VIDEO", "OTHER"),
    "FIELD": Way("In the field", "DIRECT", "IN_PERSON", "FIELD", visit=True),
    "COLLATERAL": Way("Somebody who knows", "COLLATERAL", "PHONE", "OTHER", may_miss=False),
    "RECORDS": Way("Records check", "COLLATERAL", "MESSAGE", "LAW_ENFORCEMENT", may_miss=False),
    CHECK_IN: Way("The person checked in", "DIRECT", "PHONE", "OTHER", may_miss=False),
    TEST: Way("Drug or alcohol test", "DIRECT", "IN_PERSON", "OFFICE", may_miss=False),
}
RESULTS: Final[Mapping[str, str]] = {
    "MADE": "Seen, spoken to, or done", "ATTEMPTED": "Attempted, no contact", "NO_SHOW": "Did not show",
}  # fmt: skip
# what supervision's own test showed: the words of `monitor.models.DrugTest`; a treatment program's is never stored (A9)
SHOWED: Final[Mapping[str, str]] = {
    "NEGATIVE": "Negative", "POSITIVE": "Positive", "DILUTED": "Diluted", "REFUSED": "Refused",
}  # fmt: skip
# time on the road, there and back, in bands: how long, never where
TRAVEL: Final[Mapping[str, str]] = {
    "UNDER_30": "Under half an hour", "TO_60": "Half an hour to an hour", "OVER_60": "More than an hour",
}  # fmt: skip
# what follows a contact that did not come about; the first two plan a contact for a day
NEXT: Final[Mapping[str, str]] = {
    "TRY_AGAIN": "Try again on a day", "LETTER": "Send a letter by a day", "NOTHING": "Nothing more, because",
}  # fmt: skip
# the way that answers what falls due, so that the form begins with it
ANSWERS: Final[Mapping[str, str]] = {
    "CONTACT_OVERDUE": "OFFICE", "CONTACT_SHORTFALL": "OFFICE", "HOME_CONTACT_OVERDUE": "HOME",
    "COLLATERAL_CONTACT_OVERDUE": "COLLATERAL", "CHECKIN_MISSED": CHECK_IN,
}  # fmt: skip
TEMPLATES: Final = (
    "Went over the order; said it back in own words.",
    "Reminded of the next class and the next court date.",
    "Brought the proof that was asked for.",
    "Left a message to call back.",
    "First contact: order, classes, check-ins and whom to call were explained.",
)
