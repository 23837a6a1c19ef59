"""What becomes of one entry: whose it is, whether the day is possible, what the cell says. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import DAY_FIRST, OTHER_ORDER, UNREADABLE, read_date, read_minutes
from monitor.intake.cells.people import fold
from monitor.intake.cells.statuses import (
    ABSENT,
    AMBIGUOUS,
    DISCHARGE,
    NO_MEETING,
    OFF_SCHEDULE,
    Says,
    fold_word,
    read_status,
)
from monitor.intake.check import Judged
from monitor.intake.judging.beside import against, kind_of_absence, together, unless_denied
from monitor.intake.judging.messages import WEEKDAYS, in_words
from monitor.intake.judging.stay import too_short
from monitor.intake.layouts.sign_in import HOLD_UNSIGNED
from monitor.intake.of_else import names_else
from monitor.intake.roster import TWO, Finder, Found, Meeting, Member, Roster
from monitor.intake.sheet import Entry
from monitor.safety_lint import lint

STALE = timedelta(days=60)
LONGEST_NOTE = 300
NOON = 12 * 60
LONGEST_WAIT = timedelta(days=183)
MONEY = re.compile(r"\$\s*\d|(?:^|\s)(?:p|pres|present|e|u|ns)[\s/]\(?\d+\)?\Z")
# said of a place in the program: beside these "completed" is no class
OF_PLACES = frozenset({
    "active", "inactive", "enrolled", "in progress", "not started", "compliant", "non-compliant", "open", "pending",
})  # fmt: skip
NO_CLASS = {"completed": "", "complete": "", "closed": ""}
# said of a test: beside these P and N are no presence and no absence
OF_TESTS = frozenset("neg negative pos positive dilute diluted negativo positivo".split())
NO_TEST = {"p": "", "n": ""}
NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")


class Judge:
    """Judges the entries of one sheet. ``known``: signs explained by the sheet's key or by a person;
    ``names``: the column that says who each line is about."""

    def __init__(
        self, roster: Roster, finder: Finder, today: date, known: Mapping[str, str], sheet: str,
        answers: Answers = Answers(), names: str = "",  # noqa: B008 - frozen
    ) -> None:  # fmt: skip
        self._finder, self._today, self._known, self._sheet = finder, today, known, sheet
        self._answers, self._fees, self._names = answers, False, names
        self._places: frozenset[int] = frozenset()
        self._grace = roster.grace
        self._groups = {fold(code): (code, meeting) for code, meeting in roster.groups.items()}

    def look_over(self, entries: Sequence[Entry]) -> None:
        """What the whole sheet shows of its own habits, before any cell is judged."""
        written = {fold_word(entry.status) for entry in entries}
        self._fees = any(MONEY.search(word) for word in written)
        if any(NUMBER.fullmatch(word) and word not in ("0", "1") for word in written):
            # hours or counts stand in these cells: one and zero are no yes and no there
            self._known = {"1": "", "0": ""} | dict(self._known)
        if written & OF_TESTS:
            self._known = self._none_of_tests(written) | dict(self._known)
        # a list of places in the program, or a line that is in one
        self._places = frozenset(entry.row for entry in entries if fold_word(entry.status) in OF_PLACES)
        if self._places and written <= {*OF_PLACES, *NO_CLASS, ""}:
            self._known = NO_CLASS | dict(self._known)

    def _none_of_tests(self, written: Iterable[str]) -> dict[str, str]:
        """Where nothing but P says that anybody came, a no-show is one of the tests, and of no class."""
        read = {word: read_status(word, self._today, NO_TEST) for word in written}
        if any(says is not None and says.code and says.code not in ABSENT for says in read.values()):
            return NO_TEST
        return NO_TEST | {word: "" for word, says in read.items() if says is not None and says.code in ABSENT}

    def judge(self, entry: Entry) -> Judged | None:
        """None for an empty cell."""
        day_first = self._answers.day_first is True
        known = NO_CLASS | dict(self._known) if entry.row in self._places else self._known
        says = read_status(entry.status, self._today, known, day_first=day_first, fees=self._fees)
        if (kind := kind_of_absence(entry, says)) and says is not None:
            says = msgspec.structs.replace(says, code=kind)
        if says is not None and says.code == "P" and self._is_after(entry, self._missed(entry)):
            says = msgspec.structs.replace(says, code="M")
        says = unless_denied(entry, says)
        found = self._finder.find(entry.who, entry.date.on)
        if words := against(entry, says) or too_short(entry, says, self._meeting(entry, found.member)):
            entry, says = together(entry, words, self._known)
        if entry.hold == HOLD_UNSIGNED:
            return self._outcome(entry, None, None, "held", HOLD_UNSIGNED)
        if says is None and not entry.uncomputed:
            return None
        if found.member is None:
            return self._unmatched(entry, found)
        judged = self._for_member(entry, found.member, says)
        if found.code:
            judged = msgspec.structs.replace(judged, warnings=((found.code, ""), *judged.warnings))
        return judged

    def _unmatched(self, entry: Entry, found: Found) -> Judged:
        judged = self._outcome(entry, None, None, "error", found.code)
        close = "/".join(member.code for member in found.choices) if found.code == "R-WHO-CLOSE" else ""
        if found.code == TWO and len({member.person for member in found.choices}) == 1:
            close = "places"
        folded = found.asked or judged.folded
        # the question is about the name, and not about the first class of its line
        column = self._names if self._names and entry.column else entry.column
        return msgspec.structs.replace(judged, detail=close, choices=found.choices, folded=folded, column=column)

    def _for_member(self, entry: Entry, member: Member, says: Says | None) -> Judged:
        if entry.uncomputed or says is None:
            return self._outcome(entry, member, None, "error", "R-FORMULA-NO-VALUE")
        if entry.struck:
            return self._outcome(entry, member, says, "error", "R-STRUCK")
        for test in TESTS:
            if verdict := test(entry, member, says, self._today):
                outcome, code = verdict
                return self._outcome(entry, member, says, outcome, code)
        return self._accepted(entry, member, says)

    def _outcome(self, entry: Entry, member: Member | None, says: Says | None, outcome: str, code: str = "") -> Judged:
        dated = code.startswith(("R-DATE-FUTURE", "R-DATE-BEFORE", "R-AFTER", "R-DATE-WEEKDAY"))
        about_date = code.startswith("R-DATE") or code == DAY_FIRST
        return Judged(
            sheet=self._sheet, row=entry.row, column=entry.column, written=entry.who.written,
            outcome=outcome, code=code,
            detail=str(entry.date.on) if dated else _detail(entry, code),
            found=_day_as_written(entry) if about_date else entry.status, member=member, on=entry.date.on,
            says=says.code if says else "", group=entry.group, session_number=entry.session_number,
            folded=entry.who.folded, asked=says.word if says and entry.beside else "",
            warnings=_age(entry, code, self._today),
        )  # fmt: skip

    def _accepted(self, entry: Entry, member: Member, says: Says) -> Judged:
        judged = self._outcome(entry, member, says, "new")
        taken = self._answers.remarks.get(f"{self._sheet}!{entry.row}!{entry.column}") == "yes"
        note, trouble = _note((says.reason, entry.reason, entry.note, entry.remark if taken else ""))
        warnings = [*judged.warnings, *self._timing(entry, member, says), *trouble]
        absent = says.code == "ABS" and not (entry.reason or says.reason)
        missed = self._makeup(entry, says)
        if missed and not _may_be_made_up(missed, entry.date.on, member):
            warnings.append(("W-MAKEUP-DAY", in_words(missed)))
            missed = None
        return msgspec.structs.replace(
            judged, note=note, remark=entry.remark, minutes_late=_minutes(entry, says), makeup_for=missed,
            warnings=(*warnings, *((("W-ABSENT-NO-REASON", ""),) if absent else ())),
        )  # fmt: skip

    def _timing(self, entry: Entry, member: Member, says: Says) -> list[tuple[str, str]]:
        on, found = entry.date.on, []
        meeting = self._meeting(entry, member)
        if meeting is None or on is None:
            return []
        if on.weekday() != meeting.weekday and says.code not in OFF_SCHEDULE:
            found.append(("W-DAY-NOT-GROUP", str(on)))
        arrived = _arrived(entry.time_in, meeting.starts)
        if says.code == "P" and not arrived and (late := _minutes_told(entry.minutes_late)) and late > self._grace:
            found.append(("W-LATE-BY-TIME", f"{late} min"))
        if says.code == "P" and arrived is not None and arrived - meeting.starts > self._grace:
            found.append(("W-LATE-BY-TIME", f"{arrived - meeting.starts} min"))
        return found

    def _meeting(self, entry: Entry, member: Member | None) -> Meeting | None:
        own = member.group_on(entry.date.on) if member and entry.date.on else ""
        known = self._groups.get(fold(entry.group)) or self._groups.get(fold(own))
        return known[1] if known else None

    def _makeup(self, entry: Entry, says: Says) -> date | None:
        return says.makeup_for or self._missed(entry) if says.code in ("M", "P") else None

    @staticmethod
    def _is_after(entry: Entry, missed: date | None) -> bool:
        """Whether a class may make up the one that was missed: nobody makes up one that is still to come."""
        return missed is not None and entry.date.on is not None and missed < entry.date.on

    def _missed(self, entry: Entry) -> date | None:
        """The day in the column "Make-up for"."""
        return read_date(entry.makeup_for, self._today, day_first=self._answers.day_first is True).on


def _arrived(text: str, starts: int) -> int | None:
    """The time of arrival; "7:30" at a class in the evening is half past seven in the evening."""
    told = read_minutes(text)
    if told is None or re.search(r"[ap]", text, re.IGNORECASE) or not 0 < told < NOON:
        return told
    return min(told, told + NOON, key=lambda minutes: abs(minutes - starts))


def _may_be_made_up(missed: date, on: date | None, member: Member) -> bool:
    """Whether it was before the class, and the person's own; half a year is longer than anybody waits, and a day of
    the last year, read where no year was written."""
    if on is None or member.start is None:
        return False
    return max(member.start, on - LONGEST_WAIT) <= missed < on


def _detail(entry: Entry, code: str) -> str:
    """The word that is not known; of a day that there may be and that was not taken, what is wrong with it."""
    if code != UNREADABLE:
        return {"R-STATUS-UNKNOWN": _unknown(entry), "R-NOT-A-CLASS": entry.group}.get(code, "")
    return OTHER_ORDER if entry.date.code == DAY_FIRST else entry.date.why


def _unknown(entry: Entry) -> str:
    """The word, or how the message about a mark and what stands beside it is chosen."""
    return f"beside|{entry.status}" if entry.beside else entry.status


def _day_as_written(entry: Entry) -> str:
    """The day, behind a weekday that stands in another cell."""
    if entry.date.on is None or entry.date.weekday is None or entry.date_text[:1].isalpha():
        return entry.date_text
    return f"{WEEKDAYS[entry.date.weekday][:3]} {entry.date_text}"


Verdict = tuple[str, str] | None


def _waits(entry: Entry, _member: Member, _says: Says, _today: date) -> Verdict:
    return ("held", entry.hold) if entry.hold else None


def _of_else(entry: Entry, _member: Member, says: Says, _today: date) -> Verdict:
    return ("error", "R-NOT-A-CLASS") if names_else(entry.group) and says.code != "N" else None


def _no_date(entry: Entry, _member: Member, _says: Says, _today: date) -> Verdict:
    if entry.date.on is not None:
        return None
    if entry.date.code == DAY_FIRST:
        return "error", UNREADABLE  # the order was settled otherwise
    return "error", entry.date.code or "R-DATE-MISSING"


def _unknown_word(_entry: Entry, _member: Member, says: Says, _today: date) -> Verdict:
    if says.code == AMBIGUOUS:
        return "held", "Q-VALUE"
    return None if says.code else ("error", "R-STATUS-UNKNOWN")


def _future(entry: Entry, _member: Member, says: Says, today: date) -> Verdict:
    if entry.date.on is None or entry.date.on <= today:
        return None
    return ("skipped", "") if says.code in NO_MEETING else ("error", "R-DATE-FUTURE")


def _not_released(_entry: Entry, member: Member, says: Says, today: date) -> Verdict:
    """The participant's release has ended: nothing more is taken, whatever day it is about (safeguard C8)."""
    ended = member.released_until is not None and today > member.released_until
    return ("error", "R-RELEASE-ENDED") if ended and says.code != "N" else None


def _closed(entry: Entry, member: Member, says: Says, _today: date) -> Verdict:
    """The court has closed the case: it is read-only (safeguard H6), but for classes that were held by then."""
    on, closed_on = entry.date.on, member.closed_on
    if closed_on is None or says.code == "N" or (on is not None and on <= closed_on):
        return None
    return "error", "R-CASE-CLOSED"


def _not_a_member(entry: Entry, member: Member, _says: Says, _today: date) -> Verdict:
    on = entry.date.on
    if on is not None and (member.start is None or on < member.start):
        return "error", "R-DATE-BEFORE-START"
    if on is not None and member.end is not None and on > member.end:
        return "error", "R-AFTER-DISCHARGE"
    return None


def _leaves(_entry: Entry, _member: Member, says: Says, _today: date) -> Verdict:
    return ("held", "Q-DISCHARGE") if says.code == DISCHARGE else None


def _contradicts_itself(entry: Entry, _member: Member, says: Says, _today: date) -> Verdict:
    on, weekday = entry.date.on, entry.date.weekday
    if on is not None and weekday is not None and weekday != on.weekday():
        return "error", "R-DATE-WEEKDAY"
    arrived = bool(read_minutes(entry.time_in))  # "absent" in that place is no time, nor is 0:00
    return ("error", "R-STATUS-CONTRADICTS-TIME") if arrived and says.code in ABSENT else None


def _nothing_to_record(_entry: Entry, _member: Member, says: Says, _today: date) -> Verdict:
    return ("skipped", "") if says.code == "N" else None


# in this order: the first that objects decides
TESTS: tuple[Callable[[Entry, Member, Says, date], Verdict], ...] = (
    _waits, _of_else, _no_date, _unknown_word, _future, _closed, _not_released, _not_a_member, _leaves,
    _contradicts_itself, _nothing_to_record,
)  # fmt: skip


def _age(entry: Entry, code: str, today: date) -> tuple[tuple[str, str], ...]:
    """Old but possible days are pointed out, also where the row is refused for another reason."""
    on = entry.date.on
    refused_by_day = code.startswith(("R-", "Q-")) and code not in ("R-DATE-WEEKDAY", "R-STATUS-CONTRADICTS-TIME")
    if on is None or refused_by_day or today - on <= STALE:
        return ()
    return (("W-DATE-OLD", str(on)),)


def _note(parts: Iterable[str]) -> tuple[str, list[tuple[str, str]]]:
    """The text to keep, and what keeps it out."""
    text = "; ".join(dict.fromkeys(part for part in parts if part))
    if lint(text):
        return "", [("W-NOTE-VICTIM", "")]
    return ("", [("W-NOTE-LONG", "")]) if len(text) > LONGEST_NOTE else (text, [])


def _minutes(entry: Entry, says: Says) -> int | None:
    if says.minutes_late is not None or says.code not in ("L", "LN"):
        return says.minutes_late
    return _minutes_told(entry.minutes_late)


def _minutes_told(text: str) -> int | None:
    digits = text.split(" ")[0]
    return int(digits) if digits.isdecimal() and len(digits) <= 3 else None
