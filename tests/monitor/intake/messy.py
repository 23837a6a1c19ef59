"""Sheets as programs keep them, made from a known truth: layout, words, dates, names, titles, totals, footnotes.

Everything is drawn from one `Random`, so that a sheet can be made again from its number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import msgspec
import xlsxwriter

from monitor.intake.roster import Member
from tests.monitor.intake.sample_county import MEMBERS, TODAY

Rows = list[list[Any]]
Said = dict[tuple[str, date], str]
DAY_OF = {"MON-6PM": 0, "WED-6PM": 2, "SAT-9AM": 5}

# words of upload.md 2.2, other ones than the samples use
WORDS = {
    "P": ["Present", "pres", "Y", "yes", "✓", "✔", "☑", "showed", "Attended", "here", "kept", "complete", "PRESENT ",
          "checked in"],
    "L": ["late", "tardy", "T/L", "P/L", "Late 12", "L 15 min", "12 min late", "late (9)"],
    "LN": ["left early", "no credit", "LE", "partial", "turned away late"],
    "D": ["disruptive", "asked to leave", "sent home (behavior)", "UTI"],
    "E": ["exc", "Excused", "sick", "Excused (doctor)", "E - car broke down", "absent – excused", "EA", "funeral"],
    "U": ["No Show", "NS", "n/s", "unexcused", "UA", "did not attend", "no call/no show", "FTA", "No-show"],
    "ABS": ["Absent", "ABS", "missed", "not present", "No"],
    "M": ["make-up", "MU", "made up"],
    "J": ["jail", "in custody", "inc"],
    "I": ["intake", "Orientation"],
    "C": ["no group", "Holiday", "snow day"],
}  # fmt: skip
SPANISH = {"P": ["Presente", "presente"], "ABS": ["Ausente"], "E": ["Justificada"], "L": ["Tarde"]}
SIGNS = {"A": ("P", "ABS"), "X": ("P", "ABS"), "O": ("ABS", "P"), "/": ("P", "ABS")}

HEADERS = {
    "name": ["Client", "Participant Name", "Full Name", "MEMBER", "Probationer", "Attendee", "Defendant:",
             "Offender *"],
    "case": ["Case No.", "Docket #", "cause number", "Court Case", "CASE"],
    "id": ["Client #", "PID", "participant_id", "MRN"],
    "dob": ["DOB", "Date of Birth", "birth date", "D.O.B."],
    "date": ["Date of Session", "Group Date", "attended on", "DOS", "Meeting Date", "Class\nDate"],
    "status": ["Att", "Attendance Status", "Outcome", "Result", "P/A", "Attended?", "Show/No Show"],
    "note": ["Remarks", "Notes", "comment"],
}  # fmt: skip
HEADERS_ES = {"name": ["Nombre", "Participante"], "date": ["Fecha"], "status": ["Asistencia"], "case": ["Caso"],
              "dob": ["Fecha de nacimiento"], "id": ["PID"], "note": ["Notas"]}  # fmt: skip
FURTHER = ["Homework", "Phone", "Counselor", "Balance", "Referral source", "Level"]


class Made(msgspec.Struct):
    """A sheet and its truth. ``signs``: what each sign of two meanings means here. ``week_one``, ``day_first``: set
    where the sheet leaves them open. ``said``: (participant, day) to code; ``unsure``: keys that may stay asked.
    """

    rows: Rows
    said: Said
    layout: str
    signs: dict[str, str] = {}
    week_one: date | None = None
    day_first: bool | None = None
    names: dict[str, str] = {}
    quirks: list[str] = []
    unsigned: list[str] = []


class Maker:
    """Makes one sheet."""

    def __init__(self, seed: int) -> None:
        self.r = Random(seed)
        self.quirks: list[str] = []
        self.names: dict[str, str] = {}
        self.spanish = self.r.random() < 0.15
        self.day_first = self.spanish and self.r.random() < 0.6
        self.dates = self._day_form()
        self.who = self.r.choice(["id", "case", "dob", "name"])
        self.signs: dict[str, str] = {}

    def quirk(self, name: str, share: float = 0.25) -> bool:
        """Whether the sheet has this habit."""
        if self.r.random() < share:
            self.quirks.append(name)
            return True
        return False

    def _day_form(self) -> Callable[[date], str]:
        if self.day_first:
            return self.r.choice([lambda d: f"{d:%d/%m/%Y}", lambda d: f"{d.day}/{d.month}/{d:%y}"])
        forms: list[Callable[[date], str]] = [
            lambda d: f"{d.month}/{d.day}/{d.year}", lambda d: f"{d.month}/{d.day}/{d:%y}", lambda d: str(d),
            lambda d: f"{d.month}/{d.day}", lambda d: f"{d:%a} {d.month}/{d.day}", lambda d: f"{d:%b} {d.day}",
            lambda d: f"{d.day}-{d:%b}", lambda d: f"{d:%B} {d.day}, {d.year}", lambda d: f"{d:%m-%d-%Y}",
            lambda d: str((d - date(1899, 12, 30)).days), lambda d: f"{d.month}/{d.day}/{d.year} 06:00 PM",
            lambda d: f"{d.month}.{d.day}.{d:%y}", lambda d: f"{d.month}/{d.day} {d:%a}",
        ]  # fmt: skip
        return self.r.choice(forms)

    def header(self, field: str) -> str:
        """One of the field's names."""
        words = HEADERS_ES if self.spanish and field in HEADERS_ES else HEADERS
        return self.r.choice(words[field])

    def name(self, member: Member) -> str:
        """The name as this sheet writes it."""
        first, last = member.first, member.last
        middle = f" {member.middle}" if member.middle else ""
        written = self.r.choice([
            f"{last}, {first}{middle}", f"{first}{middle} {last}", f"{last.upper()}, {first.upper()}{middle}",
            f"{last},{first}{middle}",
        ])  # fmt: skip
        if self.quirk("plain letters", 0.2):
            written = written.replace("í", "i").replace("'", "’")
        if self.quirk("suffix", 0.1) and ", " in written:
            written += " Jr."
        return written

    def word(self, code: str) -> str:
        """One of the words for a status; a sign of two meanings where the sheet uses one."""
        for sign, meant in self.signs.items():
            if meant == code and self.r.random() < 0.7:
                return self.r.choice([sign, sign.lower()])
        words = SPANISH.get(code) if self.spanish else None
        word = self.r.choice(words or WORDS[code])
        if code == "P" and self.fees and self.r.random() < 0.5:
            return f"P ${self.r.choice([20, 25, 30])}"
        return word

    def classes(self, group: str, count: int) -> list[date]:
        """The group's last days."""
        last = TODAY - timedelta(days=(TODAY.weekday() - DAY_OF[group]) % 7)
        return [last - timedelta(weeks=n) for n in reversed(range(count))]

    def people(self, group: str) -> list[Member]:
        """Members of the group, in the sheet's own order."""
        found = [member for member in MEMBERS if member.group == group]
        self.r.shuffle(found)
        return found

    def truth(self, members: Sequence[Member], days: Sequence[date]) -> Said:
        """What happened: sometimes nothing is known of somebody."""
        codes = ["P"] * 8 + ["L", "E", "U", "U", "ABS", "LN", "M", "J", "D"]
        if self.spanish:
            codes = ["P"] * 5 + ["ABS", "E", "L"]
        return {
            (member.code, day): self.r.choice(codes)
            for member in members
            for day in days
            if member.start and member.start <= day and (member.end is None or day <= member.end)
            and self.r.random() < 0.9
        }  # fmt: skip

    def make(self) -> Made:
        """A sheet in one of the layouts."""
        self.fees = self.quirk("fees in cells", 0.15)
        if self.quirk("signs", 0.25) and not self.spanish:
            sign = self.r.choice(sorted(SIGNS))
            self.signs[sign] = self.r.choice(SIGNS[sign])
        layout = self.r.choice("LLWWWST")
        made: Made = getattr(self, f"_layout_{layout.lower()}")()
        if made.signs and self.quirk("legend", 0.4):
            self._legend(made)
        return made

    def _identity(self, member: Member) -> list[str]:
        name = self.name(member)
        if self.who == "name":
            self.names[name] = member.code
        born = f"{member.dob:%d/%m/%Y}" if self.day_first else f"{member.dob:%m/%d/%Y}"
        beside = {"id": member.code, "case": member.case_number, "dob": born}
        return [name] if self.who == "name" else [name, beside[self.who]]

    def _identity_header(self) -> list[str]:
        return [self.header("name")] if self.who == "name" else [self.header("name"), self.header(self.who)]

    def _made(self, rows: Rows, said: Said, layout: str, **more: Any) -> Made:
        """With titles above and notes below."""
        above: Rows = []
        if self.quirk("titles", 0.4):
            above = [["North Star BIP"], ["Facilitator: J. Doe"], []][: self.r.randint(1, 3)]
        below: Rows = []
        if self.quirk("footnotes", 0.3):
            notes = ("* called ahead about the bus, see the binder", "Facilitator signature: ______",
                     "Prepared by J. Doe", "Page 1 of 1")  # fmt: skip
            below = [[], [self.r.choice(notes)]]
        return Made(above + rows + below, said, layout, dict(self.signs), names=self.names, quirks=self.quirks,
                    day_first=True if self.day_first else None, **more)  # fmt: skip

    def _legend(self, made: Made) -> None:
        meaning = {"P": "present", "ABS": "absent"}
        line = "   ".join(f"{sign} = {meaning[code]}" for sign, code in made.signs.items())
        alone = line if len(made.signs) > 1 else f"Codes: {line}"  # one sign without a heading is no key
        words = self.r.choice([f"Key: {line}", alone, f"Legend: {line}   E = excused"])
        made.rows = [[words], *made.rows] if self.r.random() < 0.5 else [*made.rows, [], [words]]
        made.signs = {}

    def _layout_l(self) -> Made:
        group = self.r.choice(sorted(DAY_OF))
        members, days = self.people(group), self.classes(group, self.r.randint(1, 4))
        said = self.truth(members, days)
        further = [self.r.choice(FURTHER)] if self.quirk("further column") else []
        header = [*self._identity_header(), self.header("date"), self.header("status"), *further]
        with_note = self.quirk("notes", 0.3)
        rows: Rows = [header + ([self.header("note")] if with_note else [])]
        by_person = self.quirk("by person", 0.4)
        merged = by_person and self.quirk("merged names", 0.5)
        keys = sorted(said, key=(lambda key: (key[0], key[1])) if by_person else (lambda key: (key[1], key[0])))
        last = ""
        for code, day in keys:
            member = next(one for one in members if one.code == code)
            who = [""] * len(self._identity_header()) if merged and code == last else self._identity(member)
            last = code
            note = ["called ahead"] if with_note and self.r.random() < 0.3 else []
            rows.append([*who, self.dates(day), self.word(said[code, day]), *(["x"] if further else []), *note])
        if self.quirk("repeated row", 0.2) and len(rows) > 1 and not merged:
            rows.insert(self.r.randint(2, len(rows)), rows[1])
        if self.quirk("header again", 0.2) and len(rows) > 3 and not merged:
            rows.insert(3, rows[0])
        if self.quirk("blank rows", 0.2) and len(rows) > 2:
            rows.insert(2, [])
        return self._made(rows, said, "L")

    def _layout_w(self) -> Made:
        groups = self.r.sample(sorted(DAY_OF), 2 if self.quirk("two groups", 0.25) else 1)
        blocks, said = [], {}
        weeks = len(groups) == 1 and not self.day_first and self.quirk("weeks", 0.2)
        week_one: date | None = None
        for group in groups:
            members, days = self.people(group), self.classes(group, self.r.randint(2, 5))
            told = self.truth(members, days)
            said |= told
            heads = [self.dates(day) for day in days]
            if weeks:
                week_one = days[0]
                form = self.r.choice(["Week {}", "Wk {}", "#{}", "Session {}"])
                heads = [form.format(n) for n in range(1, len(days) + 1)]
            blocks.append(self._block(members, days, told, heads, group if len(groups) > 1 else ""))
        beside = len(groups) == 2 and self.quirk("side by side", 0.4)
        rows = _beside(blocks) if beside else [row for block in blocks for row in [*block, []]]
        if weeks and self.quirk("start date", 0.5):
            assert week_one is not None
            rows = [[f"Start date: {week_one:%m/%d/%Y}"], *rows]
            return self._made(rows, said, "W")
        return self._made(rows, said, "W", week_one=week_one)

    def _block(
        self, members: Sequence[Member], days: Sequence[date], told: Said, heads: Sequence[str], group: str
    ) -> Rows:
        further = [self.r.choice(FURTHER)] if self.quirk("further column") else []
        rows: Rows = [[f"Group: {group}"]] if group and self.who == "name" else []
        rows.append([*self._identity_header(), *further, *heads])
        for member in members:
            cells = [self.word(told[member.code, day]) if (member.code, day) in told else "" for day in days]
            rows.append([*self._identity(member), *(["x"] if further else []), *cells])
        if self.quirk("weekdays below", 0.1):
            rows.insert(len(rows) - len(members), [*[""] * (len(rows[-1]) - len(days)), *[f"{day:%a}" for day in days]])
        if self.quirk("totals", 0.35):
            count = [str(sum(told.get((member.code, day)) == "P" for member in members)) for day in days]
            lead = self.r.choice([["TOTAL PRESENT"], ["Total"], [""], ["# present"], ["Present:"]])
            rows.append([*lead, *[""] * (len(rows[-1]) - len(days) - 1), *count])
        return rows

    def _layout_s(self) -> Made:
        group = self.r.choice(sorted(DAY_OF))
        members = self.people(group)
        day = self.classes(group, 1)[0]
        sheets: Rows = []
        said: Said = {}
        days = self.classes(group, 2) if self.quirk("two sessions on a sheet", 0.3) else [day]
        label = self.r.choice(["Session date: {}", "Date: {}", "Class date: {}", "Group Date: {}"])
        for on in days:
            sheets += [[f"Group: {group}"], [label.format(self.dates(on))]]
            sheets.append([*self._identity_header(), "Time In", "Signature"])
            for member in members:
                there = member.start and member.start <= on and (member.end is None or on <= member.end)
                if not there:
                    continue
                came = self.r.random() < 0.8
                said |= {(member.code, on): "P"} if came else {}
                sign = (member.first[0] + member.last[0]) if came else self.r.choice(["", "", "—"])
                sheets.append([*self._identity(member), "5:55 PM" if came else "", sign])
        return self._made(sheets, said, "S")

    def _layout_t(self) -> Made:
        group = "MON-6PM"
        members, days = self.people(group), self.classes(group, self.r.randint(2, 5))
        said = self.truth(members, days)
        self.who = "name"
        corner = self.r.choice(["Session", "Date", "", "Class"])
        rows: Rows = [[corner, *(self._identity(member)[0] for member in members)]]
        for day in days:
            cells = [self.word(said[m.code, day]) if (m.code, day) in said else "" for m in members]
            rows.append([self.dates(day), *cells])
        if self.quirk("totals", 0.3):
            rows.append(["Total present", *(str(sum(said.get((m.code, day)) == "P" for day in days)) for m in members)])
        return self._made(rows, said, "T")


def _beside(blocks: Sequence[Rows]) -> Rows:
    """Two tables side by side, a column between them."""
    left, right = blocks
    wide = max(len(row) for row in left)
    # a label line of one of them would say the group of both
    left, right = ([row for row in block if not str(row[0]).startswith("Group:")] for block in (left, right))
    height = max(len(left), len(right))
    left, right = (block + [[]] * (height - len(block)) for block in (left, right))
    return [[*a, *[""] * (wide - len(a)), "", *b] for a, b in zip(left, right, strict=True)]


def as_text(rows: Rows, seed: int) -> tuple[bytes, str]:
    """In one of the encodings and separators that programs send."""
    r = Random(seed)
    separator = r.choice(",,;\t|")
    out = io.StringIO()
    width = max(len(row) for row in rows) if r.random() < 0.5 else 0
    csv.writer(out, delimiter=separator, lineterminator=r.choice(["\r\n", "\n"])).writerows(
        [*map(str, row), *[""] * (width - len(row))] for row in rows
    )
    text = out.getvalue()
    codec = r.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
    mark = b"\xfe\xff" if codec == "utf-16-be" else b""
    try:
        return mark + text.encode(codec), "a.csv"
    except UnicodeEncodeError:  # a tick has no place in Windows-1252
        return text.encode("utf-8"), "a.csv"


COUNT = re.compile(r"(|.*: )(\d{5})")  # by itself, or behind its label


def as_workbook(rows: Rows, seed: int) -> tuple[bytes, str]:
    """As .xlsx. A day that is written as a bare number is one of the workbook's own count."""
    since_1904, out = Random(seed).random() < 0.3, io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": since_1904}) as book:
        sheet = book.add_worksheet("Roster")
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                said = str(value)
                if said:
                    told = COUNT.fullmatch(said) if since_1904 else None
                    sheet.write_string(number, index, f"{told[1]}{int(told[2]) - 1_462}" if told else said)
    return out.getvalue(), "a.xlsx"
