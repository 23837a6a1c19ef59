"""What is due and how it is answered, in words; and the lines that stand on every page of the desk."""

from __future__ import annotations

from typing import Final

STANDS: Final = "What you enter here is not confidential and may have to be given to the defense."
HOW: Final = (
    "Use only the way that was said to be safe, from your own system. Ask again each time. Leave no voicemail, and"
    " ring no number that goes to a switchboard, unless you were told to."
)
FREE: Final = "A release, or an answer here, is never a condition of help or of notice."
TITLES: Final = {
    "STANDING": "Ask whether notices are wanted", "SAFETY": "Safety step first: a filing waits",
    "HEARING_SET": "Hearing set", "HEARING_MOVED": "Hearing moved", "HEARING_OFF": "Hearing taken off the calendar",
    "RESULT": "What the hearing came to", "ORDER_SERVED": "Order served", "ORDER_CHANGED": "Order changed",
    "ORDER_ENDS": "Order is about to end", "ORDER_ENDED": "Order ended", "WARRANT": "Warrant issued",
    "WARRANT_OVER": "Warrant recalled or served", "CUSTODY": "Taken into custody", "RELEASE": "Released from custody",
    "FINDING": "What the court found", "WITHDRAWN": "Report to the court withdrawn",
    "CORRECTION": "What you told no longer holds",
}  # fmt: skip
# how an attempt ended; "tried" leaves it on the list
TRIES: Final = {
    "ATTEMPTED": "Tried, will try again", "REACHED": "Reached", "NOT_REACHED": "Not reached, closed",
}  # fmt: skip
WANTED: Final = {"ASKED": "Asked for notices", "DECLINED": "Wants none"}
NEEDS: Final = {"INTERPRETER": "Interpreter at this hearing", "ACCESS": "Access at this hearing"}
NO_CALL: Final = {"DECLINED": "No call: none are wanted. Let it go on"}
SAID: Final = TRIES | WANTED | NEEDS
WAITING: Final = {
    "REVOCATION": "to hear whether probation ends", "WARRANT": "for a warrant", "CUSTODY": "about custody",
    "FIREARMS": "to demand proof about firearms", "DEVICE_OFF": "to take a device off",
}  # fmt: skip
FOUND: Final = {"FOUND": "Found by the court", "NOT_FOUND": "Not found by the court", "ADMITTED": "Admitted in court"}
