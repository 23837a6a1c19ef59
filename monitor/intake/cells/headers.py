"""Which row names the columns, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from monitor.intake.cells.dates import DAY_FIRST, WEEKDAYS, ReadDate, read_date
from monitor.intake.cells.people import fold
from monitor.intake.vocabulary import header_fields

SEARCHED = 15
WHO = ("participant_id", "case_number", "name", "last_name")
UNITS = "week|wk|session|sess|class|group|semana|sesion|sesión"
NUMBERED = re.compile(rf"(?:{UNITS}|lesson|mod|module|s|w)\s*#?\s*(\d{{1,2}})\Z")
BARE_NUMBER = re.compile(r"#?(\d{1,2})(?:st|nd|rd|th)?\Z")
WEEKDAY_NUMBER = re.compile(  # "Mon 2", not "Month 2"
    r"((?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|lun(?:es)?|martes|mie(?:rcoles)?|jue(?:ves)?"
    r"|vie(?:rnes)?|sab(?:ado)?|dom(?:ingo)?)\.?,?\s+(\d{1,2})(?:st|nd|rd|th)?\Z"
)
NUMBERED_WITH_DATE = re.compile(rf"(?:{UNITS}|w)\s*#?\s*(\d{{1,2}})\s*[\(\-:–]?\s*(.+?)\)?\Z")
DATE_WITH_NUMBER = re.compile(rf"(.*\d)\s*[\(\-:–]?\s*(?:{UNITS}|w)\s*#?\s*\d{{1,2}}\)?\Z")
# "11/2 Att" beside "11/2 Fee"
DATE_WITH_WORD = re.compile(r"(.*\d)\s+(?:att|attendance|status|p/a)\Z")
TAG = re.compile(r"#[a-z]+(?:\+[a-z]+)*\Z")
SERIAL = re.compile(r"(4[3-9]\d{3}|5\d{4})\Z")
HIGHEST, LAST_DAY = 60, 31
OF_WEEK = (
    "monday tuesday wednesday thursday friday saturday sunday"
    " lunes martes miercoles jueves viernes sabado domingo"
).split()
WEDS = "weds"
FEWEST_DAYS = 2  # "Mon 2" alone is none
# columns that say themselves who came, and how often: beside them "Mon 6" is no class
TELLING = frozenset({
    "session_date", "status", "signature", "time_in", "sessions_completed", "absences_total", "absences_unexcused",
})
LONGEST = 400  # letters of a header that are looked at
# headers that name a status: a tick below one says that it is so
TICKED = {
    "present": "P", "attended": "P", "late": "L", "absent": "ABS", "excused": "E", "unexcused": "U", "no show": "U",
    "make-up": "M", "makeup": "M", "presente": "P", "ausente": "ABS", "tardy": "L", "was late": "L",
    "excused absence": "E", "absence excused": "E", "unexcused absence": "U", "justificada": "E", "injustificada": "U",
    "falta justificada": "E", "tarde": "L", "asistió": "P", "asistio": "P", "cancelled": "C", "canceled": "C",
    "rescheduled": "C",
}  # fmt: skip
# what a column beside that of the status may say more of it: "Status: absent", "Excused? Y"
FURTHER = frozenset({"E", "U", "L", "C"})
NOTHING = ("", "ignored", "ours")
OF_MONEY = frozenset({"fee_paid", "balance"})
HOMEWORK = frozenset({
    "hw", "homework", "home work", "assignment", "workbook", "journal", "tarea", "tareas", "fee", "fees", "cost",
    "cash", "amount", "amt", "receipt", "rcpt", "owed", "cuota",
})  # fmt: skip
OVER = " / "  # between two days over one column
# the columns that we add to a problem file; one that comes back is read as if they were not there
OURS = ("_result", "_code", "_what_to_do")


class SessionColumn(msgspec.Struct, frozen=True):
    """A column for one class: ``week`` where it is only numbered, else ``date`` as read from ``day``, the part of its
    header that says it: "Week 3 (11/16)". ``weekday``: of a day of a month whose name stands elsewhere ("Mon 2")."""

    index: int
    header: str
    week: int | None = None
    day: str = ""
    date: ReadDate | None = None
    weekday: str = ""


class Columns(msgspec.Struct, frozen=True):
    """What the header row says. ``fields``: field to column index; ``notes``: codes with the header each is about.

    ``twice``: fields that two columns claim. ``ticks``: column index to the status that its header names, where several
    columns together say what happened ("Present", "Excused", "Unexcused", one of them ticked). ``further``: the same
    beside a column of its own for the status ("Status", "Excused?").
    """

    fields: dict[str, int]
    sessions: tuple[SessionColumn, ...]
    notes: tuple[tuple[str, str], ...]
    twice: frozenset[str] = frozenset()
    ticks: dict[int, str] = {}
    further: dict[int, str] = {}

    @property
    def are_weekdays(self) -> bool:
        """Whether the classes are called "Mon 2", "Mon 9"."""
        return any(column.weekday for column in self.sessions)

    @property
    def names_people(self) -> bool:
        return any(field in self.fields for field in WHO)


@lru_cache(maxsize=4096)
def fold_header(text: str) -> str:
    """As headers are compared."""
    bare = text[:LONGEST].replace("\n", " ").strip().lower().strip(" :*.").lstrip("¿")
    return re.sub(r"\s+", " ", re.sub(r"[_.]", " ", bare)).strip(" :*")


def field_of(header: str) -> str:
    """A field name of headers.yaml, "ours" for the columns of a problem file, or empty."""
    if header.strip().lower() in OURS:
        return "ours"
    folded = fold_header(header)
    return header_fields().get(folded) or header_fields().get(_plainer(folded), "") or _in_two_languages(folded)


def _in_two_languages(folded: str) -> str:
    """"Nombre / Name": both halves name one field."""
    halves = {header_fields().get(half.strip(" :*"), "") for half in folded.split("/")} if "/" in folded else {""}
    return halves.pop() if len(halves) == 1 else ""


def _plainer(folded: str) -> str:
    """Without what stands in brackets and without possessives: "participant's name", "attended (y/n)"."""
    bare = re.sub(r"\(.*?\)", " ", folded.replace("’", "'")).replace("'s", "")
    return " ".join(bare.split())


@lru_cache(maxsize=4096)
def session_header(header: str, today: date) -> SessionColumn | None:
    """The class a header stands for, with index -1; None if it is not one."""
    bare = fold_header(header)
    if len(header) > LONGEST:
        return None
    for pattern in (NUMBERED, BARE_NUMBER):
        match = pattern.match(bare)
        if match and 1 <= int(match[1]) <= HIGHEST:
            return SessionColumn(-1, header, week=int(match[1]))
    if (match := WEEKDAY_NUMBER.match(bare)) and 1 <= int(match[2]) <= LAST_DAY:
        return SessionColumn(-1, header, week=int(match[2]), weekday=match[1])
    for pattern, group in ((NUMBERED_WITH_DATE, 2), (DATE_WITH_NUMBER, 1), (DATE_WITH_WORD, 1)):
        if (match := pattern.match(bare)) and _is_day(read := read_date(day := match[group].strip("() "), today)):
            return SessionColumn(-1, header, day=day, date=read)
    read = read_date(day := header.strip("() *†"), today)
    return SessionColumn(-1, header, day=day, date=read) if _is_day(read) else None


def _is_day(read: ReadDate) -> bool:
    return read.on is not None or read.code == DAY_FIRST


def _is_class(header: str, today: date) -> bool:
    """Whether a cell stands for a class by itself: "Mon 2" may as well be what a group is called."""
    found = session_header(header, today) if header else None
    return found is not None and not found.weekday


def find_header(rows: Sequence[Sequence[str]], today: date) -> int | None:
    """Index of the row that best looks like column names, among the first fifteen.

    One that says who comes before any other: "present", "excused" and "missed" name columns, and stand in cells too.
    """
    best, where = (False, 0), None
    for index, row in enumerate(rows[:SEARCHED]):
        if is_tagged(row):
            return index
        cells = [cell for cell in row if cell]
        fields = [field_of(cell) for cell in cells]
        known = sum(field not in NOTHING for field in fields)
        if len(cells) >= 2 and known:
            score = known * 2 + sum(_is_class(cell, today) for cell in cells)
            if (rank := (any(field in WHO for field in fields), score)) > best:
                best, where = rank, index
    return where


def is_tagged(row: Sequence[str]) -> bool:
    """A row of tags ("#person+id", "#date", "#status"): it says itself what each column is, in any language."""
    cells = [cell.lower() for cell in row if cell]
    return len(cells) > 1 and all(TAG.match(cell) and field_of(cell) for cell in cells)


def under_tags(rows: Sequence[Sequence[str]], where: int, today: date) -> list[str]:
    """The header that a row of tags makes: its tags, and the days that stand above "#status" in a wide table."""
    above = rows[where - 1] if where else []
    days = {index: cell for index, cell in enumerate(above) if _is_class(cell, today)}
    return [days.get(index, tag) if field_of(tag) == "status" else tag for index, tag in enumerate(rows[where])]


def second_row(rows: Sequence[Sequence[str]], header: int, today: date) -> list[str] | None:
    """The header joined with the row below, where that one holds the dates under a month."""
    if header + 1 >= len(rows):
        return None
    upper, lower = list(rows[header]), list(rows[header + 1])
    if parts := _parts_below(upper, lower, today):
        return parts
    upper += [""] * (len(lower) - len(upper))
    lower += [""] * (len(upper) - len(lower))
    pairs = list(zip(upper, lower, strict=True))
    again = any(_day_of(name, today) and _day_of(cell, today) for name, cell in pairs)
    if lower[0] or not (again or sum(_is_class(cell, today) for cell in lower) >= FEWEST_DAYS):
        return None
    if any(cell and field_of(name) in WHO and not field_of(cell) for name, cell in pairs):
        return None  # somebody's own line
    return [_one_of_two(name, cell, today) for name, cell in pairs]


def _one_of_two(upper: str, lower: str, today: date) -> str:
    """The day that a column is called by. Two days over one another are none: which of them counts is not guessed."""
    above, below = _day_of(upper, today), _day_of(lower, today)
    if not above or not lower:
        return lower or upper
    if below and below != above:
        return f"{upper}{OVER}{lower}"
    return lower if below else upper  # a number under a day counts the classes


def _of_two_days(header: str, today: date) -> SessionColumn | None:
    """A class under two days: of its marks nobody can say when they were made, so that each is refused by both."""
    days = [_day_of(part, today) for part in header.split(OVER)]
    return SessionColumn(-1, header, day=header) if len(days) > 1 and all(days) and len(set(days)) > 1 else None


def _day_of(header: str, today: date) -> date | None:
    """The day in a header, with its month."""
    found = session_header(header, today) if header else None
    return found.date.on if found and found.date else None


def _parts_below(upper: Sequence[str], lower: Sequence[str], today: date) -> list[str] | None:
    """The names of columns and days, with "Att", "Paid", "HW" in the row below each day."""
    names = [*lower, *[""] * (len(upper) - len(lower))]
    dated = [index for index, cell in enumerate(upper) if _is_class(cell, today)]
    if any(cell and index not in dated for index, cell in enumerate(names[: len(upper)])):
        return None  # somebody's own line
    days = [upper[index] for index in dated]
    joined = _parts_of_days(names, upper, dated) if len(days) > len(set(days)) else None
    return joined and [joined[at] if at in dated else cell for at, cell in enumerate(upper)]


def upper_row(rows: Sequence[Sequence[str]], header: int, today: date) -> list[str] | None:
    """The header joined with the row above, where that one holds the dates and this one names people only."""
    if not header or any(_is_class(cell, today) for cell in rows[header]):
        return None
    names, above = list(rows[header]), list(rows[header - 1])
    dated = [index for index, cell in enumerate(above) if _is_class(cell, today)]
    names += [""] * (len(above) - len(names))
    free = [index for index in dated if not names[index] or is_weekday(names[index])]
    if len(dated) >= 2 and free == dated:
        return [above[index] if index in dated else cell for index, cell in enumerate(names)]
    return _parts_of_days(names, above, dated)


def _parts_of_days(names: Sequence[str], above: Sequence[str], dated: Sequence[int]) -> list[str] | None:
    """Under each day several columns ("Att", "Paid"): the one of the status stands for the day. What the
    others say is looked at with it (`beside_days`)."""
    fields, days = [field_of(names[index]) for index in dated], [above[index] for index in dated]
    told = fields.count("status")
    one_each = told == len(set(days)) < len(days)
    if not all(names[index] for index in dated) or not (one_each or (told > 1 and all(fields))):
        return None
    parts = {index: "" if field == "status" else f" {names[index]}" for index, field in zip(dated, fields, strict=True)}
    return [f"{above[index]}{parts[index]}" if index in parts else cell for index, cell in enumerate(names)]


def is_of_else(name: str) -> bool:
    """Whether what is called so is known to say nothing of who came: a fee, homework."""
    return field_of(name) in OF_MONEY or fold_header(name) in HOMEWORK


def is_weekday(text: str) -> bool:
    """"Mon", "Monday", "lun"."""
    word = fold(text)
    return len(word) > 2 and (word == WEDS or any(name.startswith(word) or word == f"{name}s" for name in OF_WEEK))


def says_status(header: str) -> str:
    """The status that a header names, "Present?" or "Excused (Y/N)"; empty where it names none."""
    return TICKED.get(_plainer(fold_header(header)).rstrip(" ?").lstrip("¿"), "")


def read_columns(
    header: Sequence[str], today: date, answers: dict[str, str], *, ticked: bool = False, answered: bool = False
) -> Columns:
    """``answers``: folded header to field, where a person said what a column is. ``ticked``: no counts stand under the
    names of statuses; ``answered``: none under those that say more than who came."""
    fields: dict[str, int] = {}
    sessions: list[SessionColumn] = []
    notes: list[tuple[str, str]] = []
    twice: set[str] = set()
    ticks = _tick_columns(header, ticked)
    named = {index: says_status(text) for index, text in enumerate(header)}
    further = {index: says for index, says in named.items() if says in FURTHER and answered and not ticks}
    for index, text in enumerate(labels_of(header)):
        if not text:
            continue
        field = answers.get(fold_header(text), field_of(header[index]))
        session = session_header(header[index], today) or _of_two_days(header[index], today)
        if session and field in ("", "session_number", "ignored", "group"):
            sessions.append(msgspec.structs.replace(session, index=index))
        elif index in ticks:
            fields.setdefault("status", index)
        elif index in further:
            continue
        elif note := _place(field, index, text, fields):
            notes.append(note)
            twice |= {field} if note[0] == "H-DUPLICATE" else set()
    if any(column.weekday for column in sessions) and not _are_days_of_one_month(sessions, fields):
        notes += [("W-COLUMN-UNKNOWN", column.header) for column in sessions if column.weekday]
        sessions = [column for column in sessions if not column.weekday]
    return Columns(fields, tuple(sessions), tuple(notes), frozenset(twice), ticks, further)


def _are_days_of_one_month(sessions: Sequence[SessionColumn], fields: Mapping[str, int]) -> bool:
    """Whether "Mon 2", "Mon 9" are days that fit one another: "Mon 6" alone is what a group is called, "Mon 1", "Mon 2"
    may be the first and the second Monday."""
    days = [(column.week or 0, WEEKDAYS[fold(column.weekday)[:3]]) for column in sessions if column.weekday]
    if len(days) < len(sessions) or len(days) < FEWEST_DAYS or TELLING & fields.keys():
        return False
    rising = all(later[0] > earlier[0] for earlier, later in zip(days, days[1:], strict=False))
    return rising and len({(number - weekday) % 7 for number, weekday in days}) == 1


def labels_of(header: Sequence[str]) -> list[str]:
    """What each column is called to a person: two of one name are told apart by their letters."""
    named = [fold_header(text) for text in header]
    return [
        f"{text} (column {letters(index)})" if text and named.count(named[index]) > 1 and field_of(text) else text
        for index, text in enumerate(header)
    ]  # fmt: skip


def letters(index: int) -> str:
    """The letters over a column, counted from 0: A, Z, AA."""
    return (letters(index // 26 - 1) if index > 25 else "") + chr(65 + index % 26)


def _tick_columns(header: Sequence[str], ticked: bool) -> dict[int, str]:
    """Two or more columns of which one is ticked. Without a date column they hold counts, unless marks are seen."""
    found = {index: says for index, text in enumerate(header) if (says := says_status(text))}
    dated = any(field_of(text) == "session_date" for text in header)
    return found if (dated or ticked) and "P" in found.values() and len(found) > 1 else {}


def _place(field: str, index: int, text: str, fields: dict[str, int]) -> tuple[str, str] | None:
    if field == "ours":
        return None
    if field == "ignored":
        return ("I-COLUMN-IGNORED", text)
    if not field:
        return ("W-COLUMN-UNKNOWN", text)
    if field in fields:
        return ("H-DUPLICATE", text)
    fields[field] = index
    return None
