"""How a workbook says that a number is a date, that a sign is a tick, that a cell is only coloured."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from monitor.intake.reading.package import Attributes, Package
from monitor.intake.reading.symbols import FONTS
from monitor.intake.reading.tables import Refused

BUILT_IN_DATES = frozenset({*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)})
BUILT_IN_TIMES = frozenset({*range(18, 22), 32, 33, *range(45, 48)})
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
SECTION = re.compile(r'"[^"]*"|\\.|;')
WORDS = re.compile(r'(?:"[^"]*"|\\.|\s|\[[^\]]*\])+')
MOST_STYLES = 65_536  # Excel's own limit is a little lower
PADDING = re.compile(r"_.|\*.")  # room for a sign, and what fills a cell
LITERAL = re.compile(r'"[^"]*"|\\.')
NUMBER = re.compile(r"general|[0#?]", re.IGNORECASE)
# of accounts: where a zero is a dash
ACCOUNTING, ZERO_AS_DASH = frozenset({41, 43}), '0;-0;"-"'
CONDITION = re.compile(r"\[([<>=]+)(-?\d+(?:\.\d+)?)\]")
MONTH_BUILT_IN, HOURS_BUILT_IN = 17, 46  # mmm-yy, [h]:mm:ss
MONTH_CODE, HOURS = re.compile(r"m{3}|m.*y|y.*m"), re.compile(r"\[(?:h+|m+|s+)\]")
BUILT_IN_MONEY, BUILT_IN_PERCENT = frozenset({5, 6, 7, 8, 42, 44}), frozenset({9, 10})
MONEY = re.compile(r"\[\$[^\]-]+|(?<!\[)[$€£]")
# a workbook knows no time zone: UTC only keeps the arithmetic plain
EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
LAST_SERIAL = 2_958_465  # 31 Dec 9999
NO_FILLS = 2  # every workbook begins with two fills that mean "none"


class Styles(msgspec.Struct):
    """Which cell styles (by index) are dates, times, in a picture font, coloured, or struck through.

    ``months``: dates of which only month and year are shown. ``worded``: formats that may show words for a number.
    ``measures``: numbers that are shown as money, parts of a hundred or hours: a one of these is no tick.
    """

    dates: set[int] = msgspec.field(default_factory=set)
    times: set[int] = msgspec.field(default_factory=set)
    pictures: set[int] = msgspec.field(default_factory=set)
    fills: set[int] = msgspec.field(default_factory=set)
    struck: set[int] = msgspec.field(default_factory=set)
    months: set[int] = msgspec.field(default_factory=set)
    worded: dict[int, str] = msgspec.field(default_factory=dict)
    measures: dict[int, str] = msgspec.field(default_factory=dict)


class _Reader:
    """Gathers fonts and number formats, then the cell styles that point at them."""

    def __init__(self) -> None:
        self.styles = Styles()
        self._codes: dict[int, str] = {}
        self._fonts: list[str] = []
        self._struck: set[int] = set()
        self._inside = ""
        self._count = 0

    def start(self, tag: str, given: Attributes) -> None:
        if tag in ("fonts", "cellXfs", "cellStyleXfs", "dxfs", "fills", "borders"):
            self._inside = tag
        elif tag == "numFmt":
            self._codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif self._inside == "fonts" and tag == "font":
            self._fonts.append("")
        elif self._inside == "fonts" and tag == "name" and self._fonts:
            self._fonts[-1] = given.get("val", "").lower()
        elif self._inside == "fonts" and is_strike(tag, given):
            self._struck.add(len(self._fonts) - 1)
        elif self._inside == "cellXfs" and tag == "xf":
            self._style(given)

    def _style(self, given: Attributes) -> None:
        number, font = int(given.get("numFmtId", "0")), int(given.get("fontId", "0"))
        index, self._count = self._count, self._count + 1
        if self._count > MOST_STYLES:
            raise Refused("F-SIZE", f"elements|{MOST_STYLES:,}")
        self._format(index, number, self._codes.get(number, ""))
        if font < len(self._fonts) and self._fonts[font] in FONTS:
            self.styles.pictures.add(index)
        if int(given.get("fillId", "0")) >= NO_FILLS:
            self.styles.fills.add(index)
        if font in self._struck:
            self.styles.struck.add(index)

    def _format(self, index: int, number: int, written: str) -> None:
        code = QUOTED.sub("", written).lower()
        written = ZERO_AS_DASH if number in ACCOUNTING and not written else written
        if re.search(r'["\\;]', written) or re.fullmatch(r"[#,.]+", written):
            self.styles.worded[index] = written
        if kind := _measure(number, written.lower()):
            self.styles.measures[index] = kind
        if number == MONTH_BUILT_IN or (MONTH_CODE.search(code) and not re.search(r"[dhs0#]", code)):
            self.styles.months.add(index)
        if number in BUILT_IN_DATES or re.search(r"[dy]|mmm", code):
            self.styles.dates.add(index)
        elif number in BUILT_IN_TIMES or re.search(r"[hs]", code):
            self.styles.times.add(index)


def _measure(number: int, code: str) -> str:
    """"%", "$" or "h", where a number is shown as a part of a hundred, money or hours; else empty."""
    if number in BUILT_IN_PERCENT or "%" in QUOTED.sub("", code):
        return "%"
    if number in BUILT_IN_MONEY or MONEY.search(code):
        return "$"
    return "h" if number == HOURS_BUILT_IN or HOURS.search(code) else ""


def is_strike(tag: str, given: Attributes) -> bool:
    """Whether an element of a font, or of a run of text, strikes it through."""
    return tag == "strike" and given.get("val", "1") not in ("0", "false")


def read_styles(package: Package) -> Styles:
    """The styles part, where there is one."""
    reader = _Reader()
    if "xl/styles.xml" in package.names:
        package.scan("xl/styles.xml", reader.start)
    return reader.styles


def as_date(serial: float, since_1904: bool) -> str:
    """A serial day as ISO text, with the time where there is one; other numbers stay as they are."""
    if not 0 <= serial <= LAST_SERIAL:
        return as_number(serial)
    at = (EPOCH_1904 if since_1904 else EPOCH_1900) + timedelta(seconds=round(serial * 86_400))
    return at.strftime("%Y-%m-%d") if at.time() == datetime.min.time() else at.strftime("%Y-%m-%d %H:%M")


def as_month(serial: float, since_1904: bool) -> str:
    """"November 2026", where a cell shows no more than that of a first of the month; empty for any other day."""
    if not 0 <= serial <= LAST_SERIAL:
        return ""
    at = (EPOCH_1904 if since_1904 else EPOCH_1900) + timedelta(days=int(serial))
    return at.strftime("%B %Y") if at.day == 1 else ""


def as_words(value: float, code: str) -> str | None:
    """What a format like [=1]"Present";[=0]"Absent" shows for a number; None where it shows the number, "" where
    nothing is to be seen."""
    met = PADDING.sub("", _section(value, code))
    if not met.strip() or (value == 0 and re.fullmatch(r"[#?,.]+", met.strip())):
        return ""
    bare = met if value else re.sub(r"\?", "", met)
    return re.sub(r'\[[^\]]*\]|["\\]', "", bare).strip() if WORDS.fullmatch(bare) else None


def as_worded(value: float, code: str) -> str:
    """"1 abs", "U2": a number with the words that its format puts before or behind it; empty where there are none."""
    met = PADDING.sub("", _section(value, code))
    said = [piece[0].strip('"\\') for piece in LITERAL.finditer(met)]
    number = NUMBER.search(LITERAL.sub(lambda piece: " " * len(piece[0]), met))
    if number is None or not re.search(r"[^\W\d_]", "".join(said)):
        return ""
    if re.search(r"[0#?]", LITERAL.sub("", met[number.start() :]).strip("0#?,.")):
        return ""
    if re.fullmatch(r"[0#?]+", number_places := LITERAL.sub("", met)) and value == int(value) >= 0:
        return _filled(int(value), met, len(number_places))
    ahead, behind = (LITERAL.findall(part) for part in (met[: number.start()], met[number.end() :]))
    return "".join((*(one.strip('"\\') for one in ahead), as_number(abs(value)),
                    *(one.strip('"\\') for one in behind))).strip()  # fmt: skip


def _filled(value: int, section: str, places: int) -> str:
    """25-CR-000044 for 25000044 in the format 00"-CR-"000000; what has no place stands at the first one."""
    digits = str(value).zfill(places)
    first = len(digits) - places + 1
    left = iter((digits[:first], *digits[first:]))
    pieces = re.finditer(rf"{LITERAL.pattern}|[0#?]", section)
    return "".join(piece[0].strip('"\\') if piece[0][0] in '"\\' else next(left) for piece in pieces).strip()


def _section(value: float, code: str) -> str:
    """The part of a format that holds for a number."""
    parts = _sections(code)
    told = [(part, match) for part in parts if (match := CONDITION.search(part))]
    if told:
        return next((part for part, match in told if _meets(value, match[1], float(match[2]))), parts[-1])
    if len(parts) == 1:
        return parts[0]
    return parts[1] if value < 0 else parts[2] if value == 0 and len(parts) > 2 else parts[0]


def _sections(code: str) -> list[str]:
    """The parts of a format; a semicolon within quotes ends none."""
    ends = [match.start() for match in SECTION.finditer(code) if match[0] == ";"]
    return [code[start:end] for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(code)], strict=True)]


def _meets(value: float, sign: str, limit: float) -> bool:
    return {"=": value == limit, "<": value < limit, ">": value > limit, "<=": value <= limit, ">=": value >= limit,
            "<>": value != limit}.get(sign, False)  # fmt: skip


def as_measure(value: float, kind: str) -> str:
    """Money, percent or hours as they are shown."""
    if kind == "h":
        minutes = round(value * 1440)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return f"{as_number(round(value * 100, 4))}%" if kind == "%" else f"${as_number(value)}"


def as_time(serial: float) -> str:
    """A fraction of a day as a time of day."""
    minutes = round(serial % 1 * 1440) % 1440
    return f"{minutes // 60}:{minutes % 60:02d}"


def as_number(value: float) -> str:
    """Whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
