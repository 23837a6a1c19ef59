"""The questions a file leaves open, each asked once for the whole file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.intake.cells.dates import DAY_FIRST
from monitor.intake.cells.statuses import LABELS, fold_word
from monitor.intake.check import Judged, Option, Question
from monitor.intake.judging.messages import WORDS_ES, tell, tell_in_spanish
from monitor.intake.layouts.sign_in import HOLD_UNSIGNED
from monitor.intake.layouts.wide import HOLD_WEEK
from monitor.intake.sheet import Sheet

SYMBOLS = {"✓ (symbol)": "Attended", "✗ (symbol)": "Absent", "(initials)": "Attended", "(a time)": "Attended"}
MEANINGS = (
    Option("P", "Attended", "asistió"), Option("ABS", "Absent, reason not given", "ausente, sin motivo"),
    Option("U", "No show", "falta"), Option("E", "Excused absence", "falta justificada"),
    Option("L", "Attended, late", "asistió, tarde"),
)  # fmt: skip
EVERY_MEANING = tuple(Option(code, label, WORDS_ES[label]) for code, label in LABELS.items())
QUESTIONS = {"(initials)": "Q-VALUE.initials", "(a time)": "Q-VALUE.time", "(empty boxes)": "Q-VALUE.boxes"}
FEW = frozenset({"a", "x", "o", "/", *SYMBOLS})  # signs for which the usual five meanings are enough
YES_NO = (Option("yes", "Yes, day/month", "sí, día/mes"), Option("no", "No, month/day", "no, mes/día"))


def ask(sheets: Sequence[Sheet], judged: Sequence[Judged]) -> tuple[Question, ...]:
    """In the order of reading; signs that need a meaning last."""
    found: list[Question] = []
    for sheet in sheets:
        found += [_of_sheet(sheet, note.code, note.detail) for note in sheet.questions]
    found += _day_first_in_column(judged)
    found += [question for one in judged for question in _of_row(one)]
    return (*_once(found), *_signs(judged))


def _once(questions: list[Question]) -> list[Question]:
    by_answer = {(question.ask, question.key): question for question in reversed(questions)}
    return list(reversed(by_answer.values()))


def _of_sheet(sheet: Sheet, code: str, header: str) -> Question:
    if code == HOLD_WEEK:
        code = "Q-WEEK-DATES.number" if header.strip("#").isdecimal() else "Q-WEEK-DATES"
        return _question(code, header, ask="week_one", where=sheet.table.sheet)
    return _question("Q-DAY-FIRST", header, ask="day_first", where=sheet.table.sheet, options=YES_NO)


def _day_first_in_column(judged: Sequence[Judged]) -> list[Question]:
    """The first row whose date can only be day/month speaks for all; without one, the first that could be either."""
    waiting = [one for one in judged if one.code == DAY_FIRST]
    telling = [one for one in waiting if one.on is None] or waiting
    return [
        _question("Q-DAY-FIRST" if one.on is None else "Q-DAY-FIRST.either", one.found, row=one.row, ask="day_first",
                  where=where(one), options=YES_NO)
        for one in telling[:1]
    ]


def _of_row(one: Judged) -> list[Question]:
    if one.code == HOLD_UNSIGNED:
        key = f"{one.sheet}!{one.row}"
        return [_question(one.code, one.written, row=one.row, ask="unsigned", key=key, where=where(one),
                          options=EVERY_MEANING)]  # fmt: skip
    if one.code == "Q-DISCHARGE":
        word = fold_word(one.found)
        name = one.member.name if one.member else ""
        return [_question(one.code, one.found, row=one.row, ask="values", key=word, where=where(one), name=name,
                          options=EVERY_MEANING)]  # fmt: skip
    return []


def _signs(judged: Sequence[Judged]) -> list[Question]:
    says = Counter(one.says for one in judged)
    signs = Counter(fold_word(one.found) for one in judged if one.code == "Q-VALUE")
    found = []
    for sign, count in signs.items():
        suggested = suggest(sign, says)
        words = f"It probably means {suggested}." if suggested != "ask" else ""
        first = next(one for one in judged if one.code == "Q-VALUE" and fold_word(one.found) == sign)
        found.append(
            _question(
                QUESTIONS.get(sign, "Q-VALUE"), sign if sign in QUESTIONS else sign.upper(), row=first.row,
                ask="values", key=sign, where=where(first), count=count, suggest=suggested, words=words,
                options=MEANINGS if sign in FEW else EVERY_MEANING,
            )  # fmt: skip
        )
    return found


def suggest(sign: str, says: Counter[str]) -> str:
    """What the rest of the file makes likely: shown beside the question, never used by itself."""
    if sign in SYMBOLS:
        return SYMBOLS[sign]
    if sign == "a" and says["P"]:
        return "Absent"
    if sign == "a" and says["U"] + says["E"] + says["ABS"]:
        return "Attended"
    if sign == "x":
        return "Absent" if says["P"] else "Attended"
    return "ask"


def where(one: Judged) -> str:
    """Sheet, row and column, as in the file."""
    place = f"Row {one.row}" + (f", “{one.column}”" if one.column else "")
    return f"Sheet “{one.sheet}”, {place[0].lower()}{place[1:]}" if one.sheet else place


def _question(
    code: str, found: str, *, ask: str, key: str = "", row: int = 0, where: str = "", count: int = 0,
    suggest: str = "", words: str = "", name: str = "", options: tuple[Option, ...] = (),
) -> Question:  # fmt: skip
    told = tell(code, found=found, count=str(count), suggest=words, name=name)
    return Question(
        code=code.partition(".")[0], values=(found,), row=row, count=count, suggest=suggest, ask=ask, key=key,
        where=where, what=told.what, why=told.why, how=told.how, options=options,
        es=tell_in_spanish(code, found=found, count=str(count), name=name),
    )  # fmt: skip
