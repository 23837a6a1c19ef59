"""The sentence that a span is told in: what, limit and authority, evidence, what clears it, what is not known.

The texts stand in `rules/duties`, English and Spanish, as plain format strings over the typed reasons below; the kind
of a duty says which reasons its spans carry. `{count:# absence|# absences}` picks the form that fits the number.
Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, Final

from rules import sayings
from rules.catalogue import CATALOGUE
from rules.pack_files import DutyFile, Says
from rules.sayings import BASES, MITIGATION, UNITS, Language

# Reasons that spans of a kind may carry, beside first_on, about, evidence, counter and authority, which all have.
REASONS: Final[dict[str, frozenset[str]]] = {
    "ROLLING_CADENCE": frozenset(
        {"due_on", "done_on", "limit", "have", "need", "unit", "window_from", "window_to"}
    ),
    "FIXED_WINDOW": frozenset({"window_from", "window_to", "have", "need", "unit", "due_on"}),
    "COUNT_IN_WINDOW": frozenset({"count", "count_most", "limit", "have", "unit"}),
    "CONSECUTIVE": frozenset({"count", "count_most", "limit", "of_code"}),
    "DEADLINE_ONCE": frozenset({"due_on", "due_at", "done_on", "count"}),
    "PROGRESS": frozenset({"due_on", "have", "need", "unit", "earliest"}),
    "PROHIBITION": frozenset({"count", "count_most", "limit", "have", "need", "unit"}),
    "STATE_GAP": frozenset({"of_code", "note"}),
    "REPORTING": frozenset({"due_on", "due_at", "count", "done_on"}),
}
SHARED: Final = frozenset({"first_on", "first_at", "about", "evidence", "counter", "counter_why", "authority"})
WITH_WEEKDAY: Final = ("due_on", "window_from", "window_to")
WORDS: Final = {
    "en": {
        "rests": "It rests on {n:# record|# records}.", "set_by": "Set by {basis}: {cite}.",
        "looked": "Looked at and not counted: {list}.", "unknown": "not known", "law": "Rule: {provision}.",
        "unsure": "This is not certain.", "whether": "It is not known yet if this holds: {title}.",
        "broken": "This could not be checked. What is missing: {note}.",
        "nothing": "So the rule says nothing about anybody.", "complete": "It ends when the record is complete.",
        "ends": "If nothing changes, it ends on {day}.", "ended": "It ended on {day}.",
    },
    "es": {
        "rests": "Se basa en {n:# registro|# registros}.", "set_by": "Lo fija {basis}: {cite}.",
        "looked": "Visto y no contado: {list}.", "unknown": "no se sabe", "law": "Regla: {provision}.",
        "unsure": "Esto no es seguro.", "whether": "Aún no se sabe si esto se da: {title}.",
        "broken": "Esto no se pudo revisar. Lo que falta: {note}.",
        "nothing": "Por eso la regla no dice nada de nadie.",
        "complete": "Termina cuando el registro esté completo.",
        "ends": "Si nada cambia, termina el {day}.", "ended": "Terminó el {day}.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """The five parts of the one sentence form, each a short text."""

    title: str
    what: str
    authority: str
    evidence: str
    clears: str
    unknown: str

    def text(self) -> str:
        """All parts, in order."""
        parts = (self.what, self.authority, self.evidence, self.clears, self.unknown)
        return " ".join(part for part in parts if part)


def explain(
    span: Mapping[str, Any], duties: Mapping[str, DutyFile], language: Language = "en", at: datetime | None = None
) -> Explanation:
    """What one row of `rules.frames.SPANS` says, in words. A value that the span lacks reads "not known".

    Dates may be ISO text, as the record keeps them. `at`: when it is read; a span that ends later names that day.
    """
    duty = duties[span["code"]]
    return Explanation(
        title=of(duty.title, language),
        what=what(span, duty, language),
        authority=authority(span, language),
        evidence=evidence(span, language),
        clears=clears(span, duty, language, at),
        unknown=doubts(span, duty, language),
    )


def what(span: Mapping[str, Any], duty: DutyFile, language: Language) -> str:
    """What is the case; of an uncertain span only that it is not known yet, with the count as a range."""
    words = WORDS[language]
    if span.get("certainty") == "CANNOT_EVALUATE":
        note = sayings.lacks(str(span.get("note") or ""), language) or words["unknown"]
        return f"{words['broken'].format(note=note)} {words['nothing']}"
    if span.get("certainty") == "UNVERIFIED":
        title = of(duty.title, language)
        told = words["whether"].format(title=f"{title[0].lower()}{title[1:]}")
    else:
        told = filled(of(duty.what, language), reasons(span, language), words["unknown"])
    return f"{told} {sayings.outstanding(span, language)}".strip()


def clears(span: Mapping[str, Any], duty: DutyFile, language: Language, at: datetime | None) -> str:
    """What ends it, and the day on which it ends by itself if the span has an end."""
    words = WORDS[language]
    if span.get("certainty") == "CANNOT_EVALUATE":
        return words["complete"]
    told, end = of(duty.clears, language), span.get("ends_at")
    if span.get("clears_on"):
        return f"{told} {words['ends'].format(day=shown('clears_on', span['clears_on'], span, language))}"
    if not end:
        return told
    moment = end if isinstance(end, datetime) else datetime.fromisoformat(str(end))
    name = "ends" if at is None or at < moment else "ended"
    return f"{told} {words[name].format(day=sayings.local_day(moment, span.get('zone'), language))}"


def doubts(span: Mapping[str, Any], duty: DutyFile, language: Language) -> str:
    """What is not known, and what is on file in the person's favor."""
    if span.get("certainty") == "CANNOT_EVALUATE":
        return ""
    parts = [WORDS[language]["unsure"]] if span.get("certainty") == "UNVERIFIED" else []
    parts.append(of(duty.unknown, language))
    parts += [MITIGATION[language][word] for word in span.get("mitigation") or () if word in MITIGATION[language]]
    return " ".join(parts)


def reasons(span: Mapping[str, Any], language: Language = "en") -> dict[str, str]:
    """The typed reasons of a span, as they are printed."""
    allowed = REASONS[CATALOGUE[span["code"]].kind] | SHARED | {"note"}
    told = {name: value for name, value in span.items() if name in allowed and value is not None}
    return {name: shown(name, value, span, language) for name, value in told.items()}


def shown(name: str, value: Any, span: Mapping[str, Any], language: Language) -> str:
    """A value in a sentence."""
    if name == "unit":
        return UNITS[language].get(value, str(value))
    if name == "note":
        return sayings.lacks(str(value), language)
    if name.endswith("_at"):
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return sayings.instant(moment, span.get("zone"), language)
    if isinstance(value, date) or name in ("first_on", "due_on", "done_on", "clears_on", "earliest", *WITH_WEEKDAY):
        on = value if isinstance(value, date) else date.fromisoformat(str(value))
        return sayings.day(on, language, weekday=name in WITH_WEEKDAY)
    return str(value)


def of(says: Says, language: Language) -> str:
    """The text in one language."""
    return says.en if language == "en" else says.es


class Sentence(Formatter):
    """A format string whose fields may bring two forms, `{count:# day|# days}`, and whose lacking values are told."""

    def __init__(self, unknown: str) -> None:
        self.unknown = unknown

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """The value, or the word for what is not known."""
        return kwargs.get(str(key), self.unknown)

    def format_field(self, value: Any, format_spec: str) -> str:
        """The form that fits the number."""
        return sayings.counted(format_spec, value) if "|" in format_spec else str(value)


def filled(text: str, values: Mapping[str, Any], unknown: str = "") -> str:
    """The format string with its values; what is lacking reads as unknown."""
    return Sentence(unknown).vformat(text, (), values)


def authority(span: Mapping[str, Any], language: Language) -> str:
    """Provision, and who set the value that decided."""
    words = WORDS[language]
    parts = [words["law"].format(provision=span["provision"])] if span.get("provision") else []
    for one in span.get("authority") or []:
        if one.get("cite"):
            basis = BASES[language].get(one.get("basis") or "", one.get("basis"))
            parts.append(words["set_by"].format(basis=basis, cite=one["cite"]))
    return " ".join(dict.fromkeys(parts))


def evidence(span: Mapping[str, Any], language: Language) -> str:
    """How many records count, and how many were looked at and do not, each sort with why."""
    words = WORDS[language]
    count = len(span.get("evidence") or [])
    parts = [filled(words["rests"], {"n": count})] if count else []
    left_out = told_apart(span.get("counter_why") or [], language)
    if left_out:
        parts.append(words["looked"].format(list=", ".join(left_out)))
    return " ".join(parts)


def told_apart(words: Iterable[str], language: Language) -> list[str]:
    """Each reason for not counting with its number."""
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return [f"{number} {sayings.why(word, language)}" for word, number in counts.items()]
