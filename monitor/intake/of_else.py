"""Sheets with people and days that are about something else: fees, homework, tests. A "P" there is no class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.intake.cells.dates import DAYS
from monitor.intake.cells.headers import fold_header
from monitor.intake.cells.preamble import GROUP_WORDS, JOINING, SIGN_IN, TITLE_MONTH
from monitor.intake.sheet import Line, Sheet

CODE = "H-NOT-ATTENDANCE"
# of money and of work at home: a class has no such name
FEES = frozenset(
    "fee fees payment payments paid billing invoice invoices balance balances receipts copay copays pago pagos cuota"
    " cuotas homework assignment assignments tarea tareas ratings rating scores score grades grade quiz quizzes".split()
)
TESTS = frozenset("ua uas urinalysis breathalyzer".split())
# what a class may be about, or be held by: only beside a word of `TABLES` they name something else
SUBJECTS = frozenset("drug drugs alcohol sobriety phone telephone".split())
RESULTS = frozenset("result results ledger screen screens screening screenings resultados".split())
TABLES = RESULTS | frozenset("log logs test tests testing check checks checkin checkins call calls".split())
LISTS = RESULTS | frozenset("log logs tracker tracking".split())  # "Drug test log" under "Men's group" is one
OF_ELSE = FEES | TESTS | SUBJECTS
# what else such a title may hold
BESIDE = TABLES | frozenset(
    "tracker tracking received collected weekly in ins scale participation and y e due sign chart list class classes"
    " session sessions in turned handed submitted completed done".split()
)
CLASS = frozenset("class classes clase clases group groups grupo grupos session sessions sesion sesiones".split())
OF_MARKS = frozenset("attendance asistencia".split())
COURT = frozenset("court hearing hearings audiencia corte".split())
# columns that say of each line what it is about
KINDS = frozenset({
    "type", "service", "services", "service type", "type of service", "activity type", "event",
    "event type", "contact type", "session type", "appointment type", "type of appointment",
    "appointment", "tipo", "servicio", "actividad",
})  # fmt: skip
SCHEDULES = frozenset("schedule schedules calendar horario calendario planning".split())
PLANNED = re.compile(
    r"\b(?:planned|projected|tentative|proposed|upcoming|anticipated) (?:\w+ ){0,2}"
    r"(?:schedules?|calendar|attendance|roster|class(?:es)?|sessions?|groups?|meetings?|dates)\b(?!\s*[:=])"
    r"|\b(?:asistencia|horario|calendario|clases|sesiones) (?:planificad|previst|propuest)[ao]s?\b(?!\s*[:=])",
    re.IGNORECASE,
)
LONGEST = 100
PLAIN = re.compile(r"[^:=$@]*")  # "Phone: …", "Fee $25" say something of the program
OF_CLASS = re.compile(rf"(?:{DAYS})[a-z]*|[ap]m")
WORD = re.compile(r"[^\W\d_]+")
YEAR = re.compile(r"20\d\d")
WHOSE = re.compile(r"\s[-–—]\s.*")  # "UA results - Ms. Karr"


def title_of_else(sheet: Sheet) -> str:
    """The title over the table, or else the name of the sheet, that says that it is no attendance, behind "plan|" where
    it is one of what is to come; or empty."""
    lines = [list(dict.fromkeys(cell for cell in row if cell)) for row in sheet.above]
    if plan := next((title for title in (*(row[0] for row in lines if len(row) == 1), sheet.table.sheet)
                     if _is_plan(title)), ""):  # fmt: skip
        return f"plan|{plan.replace('|', ' ')}"
    titles = [" ".join(row) for row in lines if len(row) == 1 or _is_dated(row)]
    if any(OF_MARKS & set(_words(cell)) or SIGN_IN.search(cell[:LONGEST]) for row in lines for cell in row):
        return ""
    if said := next((title for title in titles if _is_of_else(title, titles)), ""):
        return said
    name = sheet.table.sheet
    of_marks = OF_MARKS & set(_words(name)) or SIGN_IN.search(name)
    return name if not of_marks and _is_of_else(name, titles) else ""


def names_else(text: str) -> bool:
    """Whether what a line is about ("Drug test", "UA", "Payment", "Court") is no class."""
    words = set(_words(text))
    return _is_of_else(text, ()) or bool(words & COURT and words <= COURT | {"date", "appearance"})


def told_beside(sheet: Sheet, line: Line) -> str:
    """What a column of the kind of each line says, where that is no class."""
    told = (line.at(index) for index, name in enumerate(sheet.header) if fold_header(name) in KINDS)
    return next((cell for cell in told if names_else(cell)), "")


def _is_plan(title: str) -> bool:
    """"Planned schedule", "November schedule": marks under it may be what is meant to happen. "Schedule: Mondays" is
    not what the table is called."""
    words = _words(title)
    if len(title) > LONGEST or not words or words[0] in ("no", "next"):
        return False
    if PLANNED.search(title) or not PLAIN.fullmatch(title):
        return bool(PLANNED.search(title))
    known = GROUP_WORDS - OF_MARKS | JOINING | CLASS | SCHEDULES
    return bool(SCHEDULES & set(words)) and all(
        word in known or TITLE_MONTH.fullmatch(word) or OF_CLASS.fullmatch(word) for word in words)  # fmt: skip


def _is_dated(row: Sequence[str]) -> bool:
    """"Fees" in one cell and "November" in the next."""
    return all(TITLE_MONTH.fullmatch(cell) or YEAR.fullmatch(cell) for cell in row[1:])


def _is_of_else(title: str, titles: Sequence[str]) -> bool:
    named = WHOSE.sub("", title) if TABLES & set(_words(WHOSE.sub("", title))) else title
    words = _words(named)
    known = OF_ELSE | BESIDE | GROUP_WORDS | JOINING
    plain = len(title) <= LONGEST and PLAIN.fullmatch(title) is not None
    return plain and _tells(set(words), titles) and all(
        word in known or TITLE_MONTH.fullmatch(word) or OF_CLASS.fullmatch(word) for word in words)


def _tells(words: set[str], titles: Sequence[str]) -> bool:
    """Whether a title names something else, and neither it nor another line calls the table that of a class."""
    if FEES & words:
        return True
    about_class = bool(CLASS & words) or (
        not LISTS & words and any(CLASS & set(_words(title)) for title in titles))
    if TESTS & words:
        return bool(RESULTS & words) or not about_class
    return bool(SUBJECTS & words and TABLES & words) and (bool(RESULTS & words) or not about_class)


def _words(title: str) -> Sequence[str]:
    return WORD.findall(re.sub(r"\b(co|check)-(?=\w)", r"\1", title[:LONGEST].lower()))
