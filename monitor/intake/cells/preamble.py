"""The lines above the table, and those below it that tell of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.intake.cells.dates import DAYS, MONTHS

LABELS = (
    "group|grupo|program|session date|class date|group date|meeting date|date of session|date of class|date|fecha|"
    "week of|month|facilitator|start date|first session|fecha de inicio|primera sesion|provider"
)
LABELLED = re.compile(
    rf"({LABELS})\s*[:=]\s*([^;|]+?)(?=\s{{2,}}|$|\s(?:{LABELS})\s*[:=])",
    re.IGNORECASE,
)
# whoever leads the class, and who signs below it
STAFF = re.compile(r"(?:(?:co-?\s?)?facilitad?t?ora?|signature|prepared by)\b", re.IGNORECASE)
# a person may be called Key, Count or Summers: a comma or a longer word is no footer
FOOTER = re.compile(
    r"(?:(?:total|totals|grand total|sub-?total|average|(?:co-?\s?)?facilitad?t?or|signature|prepared by"
    r"|# ?(?:present|absent|attended)|number (?:present|attending|of)|head ?count|legend)\b(?!\s*,)|%|attendance\s*[:%]"
    r"|(?:present|absent|attended|count|sum)\s*(?:total|count)?\s*(?:[:=#(\d]|\Z)|(?:notes?|key)\s*[:=]|p ?=|page \d)",
    re.IGNORECASE,
)
OTHER_DAY = re.compile(
    r"\b(?:print(?:ed)?|report|run|due|birth|hire|created|revised|updated?|export(?:ed)?|rev(?:ision)?|eff(?:ective)?|version|received|submitted|signed|approved|generated|prepared|intake|"
    r"next|previous|last|end|court|as of)\.?\s*$|\bup$",
    re.IGNORECASE,
)
# "Enrollment date: 9/1/2026": in a title a class may be an orientation, but such a date is not the day of the marks
OTHER_DATE = re.compile(
    r"\b(?:enrol\w*|orientation|admi\w+|refer\w+|discharge|completion|certif\w+|expir\w+|assessment|evaluation|hearing"
    r"|release|sentenc\w+|offense|arrest|incident|terminat\w+|graduation|payment|license|contract)\s*$",
    re.IGNORECASE,
)
# before a day or a month, wherever in its cell: then it is that of something else
OF_ELSE = re.compile(
    r"\b(?:period|per[ií]odo|ending|ended|ends|invoice|bill(?:ing|ed)|filed|scan(?:ned)?|review\w*|returns?|returned"
    r"|deadline|due|vence\w*|entry|entered|mail\w*|fax\w*|sent|posted|audit\w*|follow-?up|corte|make-?ups?|expir\w*"
    r"|next|previous|cut-?off|print\w*|impres\w*|impresi[oó]n|revis\w*|updated?|since|start\w*|began|begins?"
    r"|cohort\w*"
    r"|certif\w*|enroll?\w*|graduat\w*|licen[cs]\w*|edition|inici\w*|new|nuev[oa]|pr[oó]xim[oa]|recuperaci[oó]n|hasta"
    r"|desde|orientation|intakes?|class of (?:20)?\d\d)\b",
    re.IGNORECASE,
)
# "Client start date": when somebody began, not when the classes did
OF_PERSON = re.compile(
    r"\b(?:client|participant|member|enrol\w*|admission|supervision|probation|employment|contract|staff|his|her|fiscal"
    r"|participante|cliente)(?:'s)?\s*$",
    re.IGNORECASE,
)
# beside a day, what was held on it
HELD = re.compile(r"(?:new|intakes?|orientation|make-?ups?) (?:class|group|session|meeting)", re.IGNORECASE)
# what may stand directly before the label of the day of a class
OWN_DATE = frozenset("session class group meeting attendance service in today s event sign".split())
# a label that stands alone in its cell, with or without a colon
MONTH_NAMES = "|".join(MONTHS)
ALONE = re.compile(rf"(?:{LABELS})\s*:?", re.IGNORECASE)
OWN_REPORT = re.compile(r"\breports?\Z", re.IGNORECASE)  # "Attendance report - November 2026"
FOOTNOTE = re.compile(r"\*+\s*[^\W\d_]{3}")
# letters of a cell, and of a line, in which a label, a key or a day is looked for: what is longer is somebody's prose
LONGEST_CELL, LONGEST_LINE = 400, 1_200
DAY_FORMS = (
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})", r"\d{4}-\d{1,2}-\d{1,2}",
    rf"(?:{MONTH_NAMES})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?",
    rf"\d{{1,2}} (?:de )?(?:{MONTH_NAMES})[a-z]*\.?(?:,? (?:del? )?\d{{4}})?",
)  # fmt: skip
TITLE_DAY = re.compile(
    rf"(?:\b(?:{DAYS})[a-z]*\.?,?\s+)?(?<![\w/.-])(?:{'|'.join(DAY_FORMS)})(?![\w/.-])", re.IGNORECASE
)
TITLE_MONTH = re.compile(
    r"(?<![\w/.-])((?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)\b)\.?(?:,?\s*(?:del?\s+)?-?\s*((?:20)\d{2})\b)?",
    re.IGNORECASE,
)
# a title that names the month of its marks: the month alone, or next to what the sheet calls itself
SHEET_WORDS = frozenset(
    "attendance roster rosters log sheet sheets signin record records register asistencia lista hoja registro report"
    " reports reporte informe summary".split()
)
# words around a month, with its year, that make a title of it: what the group is, and nothing that it did; no sessions
# or weeks, which the columns below may count
GROUP_WORDS = SHEET_WORDS | frozenset(
    "bip bipp biip dvip dv group groups grupo grupos men mens women womens hombres mujeres s night evening morning"
    " noche"
    " program programa monthly mensual client clients participants"
    " anger management domestic violence batterer batterers intervention treatment".split()
)
JOINING = frozenset("for of the month de del mes la para".split())
SIGN_IN = re.compile(r"\bsign[- ]?in\b", re.IGNORECASE)
OF_CLASS = re.compile(rf"(?:{DAYS})[a-z]*|\d+(?:am|pm)?", re.IGNORECASE)  # "MON-6PM"
DATE_BARE = re.compile(
    rf"(?:(?:session|class|group|meeting) )?date\s+({'|'.join(DAY_FORMS)})(?![\w/.-])", re.IGNORECASE
)
NOT_HELD = re.compile(
    r"\b(?:week of|from|since|through|thru|by|to|until|starting|beginning|began|started|semana del?|on|date|fecha)\s*$",
    re.IGNORECASE,
)
# "11/2 - 11/16/2026", "2 - 16 November 2026", "Nov 2 - 16, 2026": from one day to another, of which one has a year
BEGINS_RANGE = re.compile(
    r"(?:(?<![\w/.-])\d{1,2}[/.-]\d{1,2}|(?:\A|[:,;(]|\bdel?)\s*\d{1,2})\s*(?:[-–—]|to|thru|through|until|a|al|hasta)\s*\Z",
    re.IGNORECASE,
)
ENDS_RANGE = re.compile(r"\s*(?:[-–—]|to|thru|through|until|al?)\s*\d{1,2},?\s+(?:del?\s+)?\d{4}\b", re.IGNORECASE)
JOINS = re.compile(
    rf"\W*(?:to|thru|through|until|till|and|or|a|al|y|e|o|hasta)?\W*(?:\b(?:{DAYS})[a-z]*\W*)?", re.IGNORECASE
)
START = ("first session", "start date", "week of", "fecha de inicio", "primera sesion")
HELD_ON = (
    "session date", "class date", "group date", "meeting date", "date of session", "date of class", "date", "fecha",
)  # fmt: skip


def joined(row: Sequence[str]) -> str:
    """A line in words; a merged title, repeated over its cells, is said once."""
    cells: list[str] = []
    for cell in row:
        if cell and (not cells or cells[-1] != cell):
            cells.append(cell)
    return "  ".join(cells)[:LONGEST_LINE]


def labelled(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """"Group: MON-6PM" and the like, by label in lower case."""
    found = dict(each_labelled(rows))
    if "grupo" in found:
        found.setdefault("group", found["grupo"])
    return found


def each_labelled(rows: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """The same where one label stands twice: both, in the order of reading."""
    told = [pair for row in rows for pair in (*_beside(row), *_labelled_in(joined(row)))]
    return [(label.lower(), value.strip(" ,")) for label, value in told]


def _labelled_in(line: str) -> list[tuple[str, str]]:
    """A day on which something else happened ("Print date: 11/20") is not the day of the class, nor is the month in
    which something else began ("Start month: September") that of the marks."""
    bare = DATE_BARE.match(line)
    found = [match for match in LABELLED.finditer(line) if not _is_of_others(match[1].lower(), line[: match.start()])]
    return [*([("date", bare[1])] if bare else []), *((match[1], match[2]) for match in found)]


def _is_of_others(label: str, before: str) -> bool:
    if OTHER_DAY.search(before) or (label in HELD_ON and (OTHER_DATE.search(before) or _is_else(before))):
        return True
    if label in START and OF_PERSON.search(before):
        return True
    return label == "month" and not _begins(before)


def _is_else(before: str) -> bool:
    """Whether the word directly before "Date:" makes it another's: "Invoice date". A value of a label does not."""
    word = re.search(r"(\w+)[ -]\Z", before)
    if word is None or word[1].lower() in OWN_DATE or OF_CLASS.fullmatch(word[1]):
        return False
    return bool(OF_ELSE.search(word[1])) or not re.search(rf"(?:{LABELS})\s*[:=]", before, re.IGNORECASE)


def is_of_else(label: str) -> bool:
    """Whether a cell to the left of a day says that it is no day of a class: "Report date", "Printed"."""
    bare = re.sub(r"[\s:]+\Z", "", label)
    before = re.sub(r"(?:^|\s)(?:date|fecha|on)\Z", " ", bare, flags=re.IGNORECASE)
    if HELD.fullmatch(before.strip()):
        return False
    named = before != bare and bool(before.strip()) and _is_else(before)
    return bool(named or OTHER_DAY.search(before.rstrip()) or OTHER_DATE.search(before) or OF_ELSE.search(before))


def _begins(before: str) -> bool:
    """Whether a label begins a cell, or follows what the sheet calls itself: "Attendance month"."""
    word = re.search(r"(\w+) \Z", before)
    own = {*SHEET_WORDS, "reporting", "service"}
    return word is None or word[1].lower() in own or bool(OF_CLASS.fullmatch(word[1]))


def days_in(rows: Iterable[Sequence[str]]) -> list[str]:
    """Days told inside titles ("Sign-in, Monday November 16, 2026"), each once; not the day of printing or a range."""
    found: dict[str, None] = {}
    for cell in (cell[:LONGEST_CELL] for row in rows for cell in row if cell):
        end, is_class = 0, True
        for match in TITLE_DAY.finditer(cell):
            before = cell[end : match.start()]
            # "Period 11/2 - 11/16": what is said of the first day is said of the one that is joined to it
            in_range = BEGINS_RANGE.search(before) or ENDS_RANGE.match(cell, match.end())
            is_class = not in_range and is_day_of_class(before) and (is_class or not JOINS.fullmatch(before))
            end = match.end()
            if is_class:
                found[match[0]] = None
    return list(found)


def is_day_of_class(before: str) -> bool:
    """Whether what stands before a day leaves it that of a class: not of printing, a deadline or a range."""
    bare = before.rstrip(" :-–—(")
    return not OTHER_DAY.search(bare) and not NOT_HELD.search(bare) and not OF_ELSE.search(bare)


def month_in(rows: Iterable[Sequence[str]]) -> str:
    """The only month that titles name without a day ("Attendance - November 2026"); empty where they name two.

    A group began in a month, a cohort, a certificate and a facilitator are called by one: it has to stand alone, or
    next to what the sheet calls itself.
    """
    found: dict[str, set[str]] = {}
    told = False
    for left, cell in ((left, cell[:LONGEST_CELL]) for row in rows for left, cell in with_left(row)):
        bare = TITLE_DAY.sub(lambda match: " " * len(match[0]), cell)
        for match in TITLE_MONTH.finditer(bare):
            before = f"{left} {bare[: match.start()]}"
            if not OTHER_DAY.search(OWN_REPORT.sub("", before.rstrip(" :-–—("))):
                found.setdefault(match[1].lower()[:3], set()).add(match[2] or "")
                told = told or _is_of_marks(before, bare[match.end():], dated=bool(match[2]))
    years = {year for years in found.values() for year in years if year}
    return " ".join((*found, *years)) if told and len(found) == 1 and len(years) < 2 else ""


def with_left(row: Sequence[str]) -> list[tuple[str, str]]:
    """Each cell that says something, behind the one to its left: "Facilitator", "June"."""
    cells = [cell for at, cell in enumerate(row) if cell and (not at or cell != row[at - 1])]
    return list(zip(["", *cells], cells, strict=False))


def _is_of_marks(before: str, after: str, *, dated: bool) -> bool:
    """Whether nothing but what the sheet calls itself, and the code of a group, stands around a month; ``dated``, with
    its year, also what the group is."""
    ahead, behind = _words(before), _words(after)
    if OF_ELSE.search(f"{before} | {after}"):
        return False
    if dated and (ahead or behind) and all(_names_group(word) for word in (*ahead, *behind)):
        return True
    if dated and all(_names_group(word) for word in behind):
        behind = []
    last = max((at for at, word in enumerate(ahead) if word in SHEET_WORDS), default=-1)
    return all(word in JOINING or OF_CLASS.fullmatch(word) for word in ahead[last + 1:]) and all(
        word in SHEET_WORDS or OF_CLASS.fullmatch(word) for word in behind)  # fmt: skip


def _names_group(word: str) -> bool:
    return word in GROUP_WORDS or word in JOINING or bool(OF_CLASS.fullmatch(word))


def starred(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """A footnote that begins with a star says something of the cells that bear one: they are not as those without."""
    told = ({cell for cell in row if cell} for row in rows)
    return {"*": "?"} if any(len(cells) == 1 and FOOTNOTE.match(next(iter(cells))) for cells in told) else {}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", SIGN_IN.sub("signin", text[-LONGEST_CELL:]).lower())


def _beside(row: Sequence[str]) -> list[tuple[str, str]]:
    """A label in one cell and its value in the next: "Date", "11/16/2026"."""
    cells = [cell[:LONGEST_CELL] for cell in row if cell]
    pairs = zip(cells, cells[1:], strict=False)
    return [(label, value) for label, value in pairs if ALONE.fullmatch(label) and not ALONE.fullmatch(value)]


def names_label(row: Sequence[str]) -> bool:
    """A line that says of which group or day the following ones are: "Group: WED-6PM", "Session date", "11/18"."""
    cells = [cell for cell in row if cell]
    if not cells:
        return False
    return bool(re.match(rf"(?:{LABELS})\s*[:=]", cells[0], re.IGNORECASE)) or (
        len(cells) == 2 and bool(_beside(row))
    )


def of_staff(cell: str) -> bool:
    """"Facilitator: J. Doe", "Signature"."""
    return bool(STAFF.match(cell))


def is_footer(row: Sequence[str]) -> bool:
    """Totals, signatures and keys below the table."""
    return bool(FOOTER.match(next((cell for cell in row if cell), "")[:LONGEST_CELL]))
