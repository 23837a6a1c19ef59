"""The words that explanations share, in both languages: units, bases, why a row does not count, and dates as read.

Dates are told as court paper in the United States tells them, in either language; never as digits with dashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "es"]
MONTHS: Final = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
}  # fmt: skip
WEEKDAYS: Final = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
NUMBERS: Final = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "es": ("ninguna", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
}
UNITS: Final = {
    "en": {
        "sessions": "sessions", "minutes": "minutes", "contacts": "contacts", "positive_home_contacts": "home visits",
    },
    "es": {
        "sessions": "sesiones", "minutes": "minutos", "contacts": "contactos", "positive_home_contacts": "visitas",
    },
}  # fmt: skip
BASES: Final = {
    "en": {
        "law": "the law", "order": "this order", "local_policy": "local policy",
        "provider_policy": "the program's policy", "court_policy": "the court's own policy",
        "county_policy": "the county's policy",
    },
    "es": {
        "law": "la ley", "order": "esta orden", "local_policy": "la norma local",
        "provider_policy": "la norma del programa", "court_policy": "la norma propia del tribunal",
        "county_policy": "la norma del condado",
    },
}  # fmt: skip
# Every word that a kind may put into `counter_why`, as a phrase that fits after "not counted:".
WHY: Final = {
    "en": {
        "excused": "excused", "pending": "not decided yet", "not_counted": "decided not to count",
        "rescheduled": "moved to another day", "unexcused": "unexcused", "late": "a late arrival",
        "attended_not_complied": "attended", "before_reset": "from before the count began anew",
        "leave": "on approved leave", "not_in_force": "outside the time of the order", "too_early": "sent too early",
        "unreported": "not reported", "cancelled": "class called off", "conflict": "records disagree",
        "makeup": "made up", "outside_window": "outside the period",
    },
    "es": {
        "excused": "con excusa", "pending": "por decidir", "not_counted": "se decidió que no cuenta",
        "rescheduled": "cambiada de día", "unexcused": "sin excusa", "late": "una llegada tarde",
        "attended_not_complied": "asistió", "before_reset": "de antes de reiniciar la cuenta",
        "leave": "con permiso", "not_in_force": "fuera del tiempo de la orden", "too_early": "enviado demasiado pronto",
        "unreported": "sin informe", "cancelled": "clase cancelada", "conflict": "los registros no coinciden",
        "makeup": "recuperada", "outside_window": "fuera del período",
    },
}  # fmt: skip
MITIGATION: Final = {
    "en": {
        "waitlist_letter": "A letter about a waiting list is on file.",
        "hospital_letter": "A letter from a hospital is on file.",
        "contacted_promptly": "The person asked a program for a seat in time.",
        "extension_ground": "A ground for more time is on file.",
        "later_order_permits": "A later order may permit it.", "waiver_pending": "A request to waive the fee is open.",
    },
    "es": {
        "waitlist_letter": "Hay una carta de lista de espera.", "hospital_letter": "Hay una carta de un hospital.",
        "contacted_promptly": "La persona pidió un cupo a tiempo.",
        "extension_ground": "Consta un motivo para más tiempo.",
        "later_order_permits": "Una orden posterior puede permitirlo.",
        "waiver_pending": "Hay una solicitud de exención abierta.",
    },
}  # fmt: skip
# What a rule may lack: anchors of an order, and families of facts with a cell that cannot be read.
LACKS: Final = {
    "en": {
        "convicted_on": "the day of the conviction", "granted_on": "the day probation was granted",
        "ordered_on": "the day of the order", "effective_on": "the day the order takes effect",
        "effective_at": "the time the order takes effect", "served_at": "the time the order was served",
        "treatment_started_on": "the day the program began", "term_months": "how long the term is",
        "supervision_started_on": "the day supervision began", "appeared": "whether the person came to court",
        "in_custody": "whether the person is in jail", "proceeding": "what kind of case it is",
        "supervision": "what kind of supervision it is", "level": "the level of supervision",
        "levels": "the level of supervision", "policies_of_programs": "which of two programs' rules is the stricter",
        "county": "the county", "program_type": "the kind of program", "distance_miles": "how far the program is",
        "assessed_length_weeks": "how long the program was set to be", "offense_number": "which offense it is",
        "zone": "the court's time zone", "pack": "the rules of this state",
    },
    "es": {
        "convicted_on": "el día de la condena", "granted_on": "el día en que se otorgó la libertad condicional",
        "ordered_on": "el día de la orden", "effective_on": "el día en que la orden empieza a regir",
        "effective_at": "la hora en que la orden empieza a regir",
        "served_at": "la hora en que se notificó la orden",
        "treatment_started_on": "el día en que empezó el programa", "term_months": "cuánto dura el plazo",
        "supervision_started_on": "el día en que empezó la supervisión",
        "appeared": "si la persona vino al tribunal", "in_custody": "si la persona está en la cárcel",
        "proceeding": "qué tipo de caso es", "supervision": "qué tipo de supervisión es",
        "level": "el nivel de supervisión",
        "levels": "el nivel de supervisión",
        "policies_of_programs": "cuál de las reglas de dos programas es más estricta",
        "county": "el condado", "program_type": "el tipo de programa",
        "distance_miles": "a qué distancia está el programa",
        "assessed_length_weeks": "cuánto debía durar el programa", "offense_number": "qué número de delito es",
        "zone": "la zona horaria del tribunal", "pack": "las reglas de este estado",
    },
}  # fmt: skip
FAMILIES: Final = {
    "en": {
        "orders": "the order", "levels": "levels of supervision", "holidays": "court holidays",
        "terms": "terms of the order", "sessions": "attendance", "adjudications": "decisions on absences",
        "submissions": "sheets sent in", "schedules": "planned days", "contacts": "contacts",
        "check_ins": "check-ins", "tests": "tests", "reports": "reports", "enrollments": "enrollment",
        "letters": "letters", "leaves": "leave", "pauses": "pauses", "order_events": "what became of the order",
        "incidents": "incidents", "firearms": "firearms", "fees": "fees", "certificates": "certificates",
        "transfers": "transfers", "decisions": "court and office decisions",
    },
    "es": {
        "orders": "la orden", "levels": "niveles de supervisión", "holidays": "feriados del tribunal",
        "terms": "términos de la orden", "sessions": "asistencia", "adjudications": "decisiones sobre ausencias",
        "submissions": "hojas enviadas", "schedules": "días previstos", "contacts": "contactos",
        "check_ins": "presentaciones", "tests": "pruebas", "reports": "informes", "enrollments": "inscripción",
        "letters": "cartas", "leaves": "permisos", "pauses": "pausas", "order_events": "lo que pasó con la orden",
        "incidents": "incidentes", "firearms": "armas", "fees": "pagos", "certificates": "certificados",
        "transfers": "traslados", "decisions": "decisiones del tribunal y de la oficina",
    },
}  # fmt: skip
ROW_OF: Final = {"en": "a row about {family} that can be read", "es": "una fila sobre {family} que se pueda leer"}
ROW_OF_ORDER: Final = {
    "en": "a row about {family} that names an order of this person on record",
    "es": "una fila sobre {family} que nombre una orden registrada de esta persona",
}
PLAIN_FAULT: Final = {"en": "rows that the rule can read", "es": "filas que la regla pueda leer"}


def day(on: date, language: Language, *, weekday: bool = False) -> str:
    """March 3, 2026 or 3 de marzo de 2026; with the weekday where somebody must be somewhere."""
    month, name = MONTHS[language][on.month - 1], WEEKDAYS[language][on.weekday()]
    if language == "es":
        return f"{name} {on.day} de {month} de {on.year}" if weekday else f"{on.day} de {month} de {on.year}"
    return f"{name}, {month} {on.day}, {on.year}" if weekday else f"{month} {on.day}, {on.year}"


def instant(at: datetime, zone: str | None, language: Language) -> str:
    """Tuesday, March 3, 2026, at 2:14 PM, in the court's own zone."""
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    clock = f"{local.hour % 12 or 12}:{local:%M}"
    half = ("a. m." if local.hour < 12 else "p. m.") if language == "es" else ("AM" if local.hour < 12 else "PM")
    return f"{day(local.date(), language, weekday=True)}{', at' if language == 'en' else ', a las'} {clock} {half}"


def local_day(at: datetime, zone: str | None, language: Language) -> str:
    """The court's own day of an instant, with its weekday."""
    return day(at.astimezone(ZoneInfo(zone or "UTC")).date(), language, weekday=True)


def number(count: int, language: Language) -> str:
    """Two, up to ten; digits above."""
    return NUMBERS[language][count] if 0 < count < len(NUMBERS[language]) else str(count)


def why(word: str, language: Language) -> str:
    """Why a row does not count."""
    return WHY[language].get(word, word.replace("_", " "))


def lacks(note: str, language: Language) -> str:
    """What a rule lacks, from a span's `note`: an anchor, `family.column`, or the name of a fault."""
    family, _, column = note.rpartition(".")
    if note.endswith("Error"):
        return PLAIN_FAULT[language]
    if column in LACKS[language] and family in ("", "orders"):
        return LACKS[language][column]
    if family:
        family = family.partition(".")[0]  # a term's own name has dots
        told = ROW_OF_ORDER if column == "order" else ROW_OF
        return told[language].format(family=FAMILIES[language].get(family, family.replace("_", " ")))
    return note.replace("_", " ")


def counted(text: str, value: Any) -> str:
    """`# absence|# absences` with the number in place of # and the form that fits it."""
    one, _, many = text.partition("|")
    return (one if str(value) == "1" else many).replace("#", str(value))


def outstanding(span: Mapping[str, Any], language: Language) -> str:
    """The count as a range: "The count is 2, or up to 4 if two outstanding sheets show absences."; "" if it is sure."""
    count, most = span.get("count"), span.get("count_most")
    if most is None or (count is not None and most <= count):
        return ""
    words = RANGE[language]
    if count is None:
        return str(words["open"]).format(most=most)
    waiting = sum(word == "pending" for word in span.get("counter_why") or ())
    sheets = most - count - waiting
    told = [
        words[name][0 if n == 1 else 1].format(n=number(n, language))
        for name, n in (("sheets", sheets), ("waiting", waiting))
        if n > 0
    ]
    return str(words["range"]).format(count=count, most=most, told=f" {words['and']} ".join(told))


RANGE: Final[dict[str, dict[str, Any]]] = {
    "en": {
        "range": "The count is {count}, or up to {most} if {told}.", "and": "and",
        "sheets": ("{n} outstanding sheet shows an absence", "{n} outstanding sheets show absences"),
        "waiting": (
            "{n} absence that waits for a decision is not excused",
            "{n} absences that wait for a decision are not excused",
        ),
        "open": "The count could reach {most} if all that is open went that way.",
    },
    "es": {
        "range": "La cuenta es {count}, o hasta {most} si {told}.", "and": "y",
        "sheets": ("{n} hoja pendiente muestra una ausencia", "{n} hojas pendientes muestran ausencias"),
        "waiting": ("{n} ausencia por decidir queda sin excusa", "{n} ausencias por decidir quedan sin excusa"),
        "open": "La cuenta podría llegar a {most} si todo lo pendiente fuera así.",
    },
}  # fmt: skip
