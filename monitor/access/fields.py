"""What a form or an address may carry, field by field: what each field is decides how it is treated."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """The kind of one field of the policy table.

    WORDS: free text that is kept. It passes the safety lint; a hit asks for an edit or a reason (safeguard T-A2).
    SCREENED: free text that the room itself screens, without a way round. LOOK_UP: searched for, never kept.
    SECRET: a password or code, never kept as typed. CHOICE, DAY, NUMBER, TOKEN: checked against what they may be.
    SEVERAL: a choice that may come more than once. FILE: a sheet, read in the jailed child process.
    """

    WORDS = "words"
    SCREENED = "screened"
    LOOK_UP = "look_up"
    SECRET = "secret"
    CHOICE = "choice"
    SEVERAL = "several"
    DAY = "day"
    NUMBER = "number"
    TOKEN = "token"
    FILE = "file"


# fields that every form has: the session's token, and the reason to keep words that the lint stopped
ALWAYS = frozenset({"csrf", "kept"})
# why somebody keeps words that the lint stopped; a reason is a code, so that reasons can be counted
KEPT = {
    "PARTICIPANT": "It is about the participant alone",
    "OFFICE": "It is an office, program or court, not anybody's home",
    "COURT_FILE": "It is the court's own wording",
    "OTHER_MEANING": "The words mean something else",
}
