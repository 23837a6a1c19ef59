"""Codes on rows and files, told in words: where, what, why, how; with the choices a person has."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from monitor.intake.cells.statuses import LABELS, fold_word
from monitor.intake.check import Judged, Message, Option
from monitor.intake.judging.messages import WEEKDAYS, in_words, tell, tell_in_spanish
from monitor.intake.judging.questions import EVERY_MEANING, where
from monitor.intake.roster import NOBODY, Member, Roster

CLASSES = "R-WHO-CLASSES"
TO_CHOOSE = frozenset({"R-WHO-CLOSE", "R-WHO-TWO"})


def about_file(code: str, detail: str = "") -> Message:
    """A message about the whole file or one of its sheets."""
    told, es = tell(code, detail), tell_in_spanish(code, detail)
    return Message(row=0, code=code, detail=detail, level=told.level, what=told.what, why=told.why, how=told.how, es=es)


def about_row(one: Judged, code: str, detail: str, roster: Roster) -> Message:
    """A message about one row."""
    slots = _slots(one, code, roster)
    told = tell(code, detail, **slots)
    asks, options = _choices(one, code)
    return Message(
        row=one.row, code=code, detail=detail, sheet=one.sheet, column=one.column, level=told.level,
        found=one.written if "-WHO-" in code else one.found, where=where(one), what=told.what,
        why=told.why, how=told.how, ask=asks, options=options, es=tell_in_spanish(code, detail, **slots),
    )  # fmt: skip


def about_lines(refused: Iterable[Judged], roster: Roster) -> list[Message]:
    """A message about each refused class; where nobody knows who a line is about, one about the line, however many
    classes it tells of."""
    waiting: dict[tuple[object, ...], list[Judged]] = {}
    for at, one in enumerate(refused):
        whose = "-WHO-" in one.code
        key = (one.sheet, one.row, one.code, one.detail, one.folded, one.choices) if whose else (at,)
        waiting.setdefault(key, []).append(one)
    return [_with_classes(about_row(of[0], of[0].code, of[0].detail, roster), len(of)) for of in waiting.values()]


def _with_classes(message: Message, classes: int) -> Message:
    if classes == 1:
        return message
    told, es = tell(CLASSES, str(classes)), tell_in_spanish(CLASSES, str(classes))
    return msgspec.structs.replace(message, why=f"{message.why} {told.what}".strip(), es=f"{message.es} {es}",
                                   classes=classes)  # fmt: skip


def _slots(one: Judged, code: str, roster: Roster) -> dict[str, str]:
    member, on = one.member, one.on
    first, _, second = one.before.partition("/") if "/" in one.before else (one.before, "", one.says)
    slots = {
        "found": one.written if "-WHO-" in code else one.found,
        "name": member.name if member else one.written,
        "date": in_words(on),
        "day": WEEKDAYS[on.weekday()] if on else "",
        "before": LABELS.get(first, first), "after": LABELS.get(second, second),
        "choices": ", ".join(choice.name for choice in one.choices),
    }  # fmt: skip
    return slots | (_of_member(member, one, roster) if member else {})


def _of_member(member: Member, one: Judged, roster: Roster) -> dict[str, str]:
    own = member.group_on(one.on) if one.on else member.group
    group = one.group or own
    meeting = roster.groups.get(group) or roster.groups.get(own)
    joined = f"joined on {in_words(member.start)}" if member.start else "has not joined yet"
    return {
        "joined": joined, "end": in_words(member.end), "released": in_words(member.released_until), "group": group,
        "closed": in_words(member.closed_on), "in_group": f" ({own})" if own else "",
        "meets": WEEKDAYS[meeting.weekday] if meeting else "another day",
    }  # fmt: skip


def _choices(one: Judged, code: str) -> tuple[str, tuple[Option, ...]]:
    """("people:…" or "values:…", options) where one click settles it."""
    if code in TO_CHOOSE and one.folded:
        twice = len({member.person for member in one.choices}) < len(one.choices)
        named = tuple(Option(member.code, _described(member, twice=twice)) for member in one.choices)
        return f"people:{one.folded}", (*named, Option(NOBODY, "Not on my roster", "no está en mi lista"))
    if code == "R-STATUS-UNKNOWN":
        return f"values:{one.asked or fold_word(one.found)}", EVERY_MEANING
    return "", ()


def _described(member: Member, *, twice: bool) -> str:
    """``twice``: somebody is there with two places, which their cases tell apart."""
    born = f", born {in_words(member.dob)}" if member.dob else ""
    case = f", {member.case_number}" if twice and member.case_number else ""
    return f"{member.name}{born}{f', {member.group}' if member.group else ''}{case}"
