"""The sentence that a span is told in: what, limit and authority, evidence, what clears it, what is not known.

The texts stand in `rules/duties`, English and Spanish, as plain format strings over the typed reasons below; the kind
of a duty says which reasons its spans carry. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from rules.catalogue import CATALOGUE
from rules.packs import DutyFile, Says

Language = Literal["en", "es"]
# Reasons that spans of a kind may carry, beside first_on, about, evidence, counter and authority, which all have.
REASONS: Final[dict[str, frozenset[str]]] = {
    "ROLLING_CADENCE": frozenset({"due_on", "limit", "have", "need", "unit"}),
    "FIXED_WINDOW": frozenset({"window_from", "window_to", "have", "need", "unit", "due_on"}),
    "COUNT_IN_WINDOW": frozenset({"count", "count_most", "limit", "have", "unit"}),
    "CONSECUTIVE": frozenset({"count", "limit", "of_code"}),
    "DEADLINE_ONCE": frozenset({"due_on", "due_at", "count"}),
    "PROGRESS": frozenset({"due_on", "have", "need", "unit", "earliest"}),
    "PROHIBITION": frozenset({"count", "count_most", "limit", "have", "need", "unit"}),
    "STATE_GAP": frozenset({"due_on", "of_code", "note"}),
    "REPORTING": frozenset({"due_on", "due_at", "count", "done_on"}),
}
SHARED: Final = frozenset({"first_on", "first_at", "about", "evidence", "counter", "counter_why", "authority"})
UNITS: Final = {
    "en": {"sessions": "sessions", "minutes": "minutes", "contacts": "contacts", "positive_home_contacts": "visits"},
    "es": {"sessions": "sesiones", "minutes": "minutos", "contacts": "contactos", "positive_home_contacts": "visitas"},
}  # fmt: skip
BASES: Final = {
    "en": {
        "law": "the law", "order": "this order", "local_policy": "local policy",
        "provider_policy": "the program's policy",
    },
    "es": {
        "law": "la ley", "order": "esta orden", "local_policy": "la norma local",
        "provider_policy": "la norma del programa",
    },
}  # fmt: skip
WHY: Final = {
    "en": {
        "excused": "excused", "pending": "not decided yet", "not_counted": "not counted", "rescheduled": "moved",
        "unexcused": "unexcused", "late": "a late arrival", "attended_not_complied": "attended",
        "before_reset": "before the count began anew", "leave": "on approved leave",
        "not_in_force": "outside the order", "too_early": "sent too early", "unreported": "not reported",
    },
    "es": {
        "excused": "con excusa", "pending": "por decidir", "not_counted": "no cuenta", "rescheduled": "cambiada de día",
        "unexcused": "sin excusa", "late": "una llegada tarde", "attended_not_complied": "asistió",
        "before_reset": "antes de reiniciar la cuenta", "leave": "con permiso", "not_in_force": "fuera de la orden",
        "too_early": "enviado demasiado pronto", "unreported": "sin informe",
    },
}  # fmt: skip
WORDS: Final = {
    "en": {
        "rests": "It rests on {n} records.", "rests_one": "It rests on one record.",
        "set_by": "Set by {basis}: {cite}.",
        "looked": "Looked at and not counted: {list}.", "unknown": "not known", "and": "{n} {why}",
        "most": "It could be {most} if all that is open went against it.", "law": "Rule: {provision}.",
        "unsure": "This is not certain.", "broken": "This could not be checked.",
    },
    "es": {
        "rests": "Se basa en {n} registros.", "rests_one": "Se basa en un registro.",
        "set_by": "Lo fija {basis}: {cite}.", "looked": "Visto y no contado: {list}.", "unknown": "no se sabe",
        "and": "{n} {why}", "most": "Podrían ser {most} si todo lo pendiente fuera en contra.",
        "law": "Regla: {provision}.", "unsure": "Esto no es seguro.", "broken": "Esto no se pudo revisar.",
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


def explain(span: Mapping[str, Any], duties: Mapping[str, DutyFile], language: Language = "en") -> Explanation:
    """What one row of `rules.frames.SPANS` says, in words. A value that the span lacks reads "not known"."""
    duty = duties[span["code"]]
    words = WORDS[language]
    what = filled(of(duty.what, language), reasons(span, language), words["unknown"])
    if span.get("count_most") is not None:
        what += " " + words["most"].format(most=span["count_most"])
    doubt = {"UNVERIFIED": words["unsure"], "CANNOT_EVALUATE": words["broken"]}.get(span.get("certainty") or "", "")
    unknown = of(duty.unknown, language)
    return Explanation(
        title=of(duty.title, language),
        what=what,
        authority=authority(span, language),
        evidence=evidence(span, language),
        clears=of(duty.clears, language),
        unknown=f"{doubt} {unknown}".strip(),
    )


def reasons(span: Mapping[str, Any], language: Language = "en") -> dict[str, str]:
    """The typed reasons of a span, as they are printed."""
    allowed = REASONS[CATALOGUE[span["code"]].kind] | SHARED | {"note"}
    told = {name: value for name, value in span.items() if name in allowed and value is not None}
    for name in ("due_at", "first_at"):
        if isinstance(told.get(name), datetime):
            told[name] = told[name].astimezone(ZoneInfo(span.get("zone") or "UTC")).strftime("%Y-%m-%d %H:%M")
    if "unit" in told:
        told["unit"] = UNITS[language].get(told["unit"], told["unit"])
    return {name: shown(value) for name, value in told.items()}


def shown(value: Any) -> str:
    """A value in a sentence."""
    return value.isoformat() if isinstance(value, date) else str(value)


def of(says: Says, language: Language) -> str:
    """The text in one language."""
    return says.en if language == "en" else says.es


def filled(text: str, values: Mapping[str, str], unknown: str) -> str:
    """The format string with its values; what is lacking reads as unknown."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: values.get(name, unknown) for name in names})


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
    parts = [words["rests_one"] if count == 1 else words["rests"].format(n=count)] if count else []
    left_out = told_apart(span.get("counter_why") or [], language)
    if left_out:
        parts.append(words["looked"].format(list=", ".join(left_out)))
    return " ".join(parts)


def told_apart(why: Iterable[str], language: Language) -> list[str]:
    """Each reason for not counting with its number."""
    counts: dict[str, int] = {}
    for word in why:
        counts[word] = counts.get(word, 0) + 1
    return [
        WORDS[language]["and"].format(n=number, why=WHY[language].get(word, word)) for word, number in counts.items()
    ]
