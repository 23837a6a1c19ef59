"""Terms and their values as a clerk reads them aloud, in English and Spanish."""

from __future__ import annotations

from typing import Any, Final

from rules.pack_files import Cadence, Term, Value
from rules.sayings import Language

# What the number, or the word, is about.
TERMS: Final[dict[str, tuple[str, str]]] = {
    "adjudication.due": ("Time to decide on an absence", "Tiempo para decidir sobre una ausencia"),
    "bip.absences_terminate_at": ("Absences that end the program", "Ausencias que terminan el programa"),
    "bip.attendance_every_days": ("A class at least every", "Una clase al menos cada"),
    "bip.begin_deadline": ("First class within", "Primera clase dentro de"),
    "bip.break_max": ("Longest time between classes", "Tiempo más largo entre clases"),
    "bip.choose_program_deadline_unsupervised": ("Program chosen within", "Programa elegido dentro de"),
    "bip.completion_deadline": ("Program complete within", "Programa completo dentro de"),
    "bip.completion_window": ("The whole program within", "Todo el programa dentro de"),
    "bip.enroll_deadline": ("Enrolled within", "Inscripción dentro de"),
    "bip.enrollment_proof_deadline": ("Proof of enrollment within", "Prueba de inscripción dentro de"),
    "bip.excused_absences_max": ("Excused absences allowed", "Ausencias con excusa permitidas"),
    "bip.extension_grounds": ("Grounds for more time", "Motivos para más tiempo"),
    "bip.hours_min": ("Hours to complete", "Horas por completar"),
    "bip.intake_deadline": ("First meeting at the program within", "Primera cita en el programa dentro de"),
    "bip.lateness_counts_as": ("A late arrival counts as", "Una llegada tarde cuenta como"),
    "bip.leave_approved_by": ("Leave is approved by", "El permiso lo aprueban"),
    "bip.length_min": ("Shortest length of the program", "Duración mínima del programa"),
    "bip.makeup_within_days": ("A missed class made up within", "Clase perdida recuperada dentro de"),
    "bip.requires_probation": ("Only for people on probation", "Solo para personas en libertad condicional"),
    "bip.sessions_min": ("Classes to complete", "Clases por completar"),
    "bip.sessions_per_week_max": ("Most classes that count in a week", "Clases que cuentan por semana, como máximo"),
    "bip.summary_report_window.before": ("Summary report before", "Informe resumen antes de"),
    "bip.summary_report_window.from": ("Summary report not before", "Informe resumen no antes de"),
    "bip.transfer": ("A transfer is allowed by", "El traslado lo autorizan"),
    "bip.unexcused_absences_max": ("Unexcused absences allowed", "Ausencias sin excusa permitidas"),
    "bip.unexcused_consecutive_violation": ("Unexcused absences in a row", "Ausencias sin excusa seguidas"),
    "bip.unexcused_window_violation": ("Unexcused absences in a period", "Ausencias sin excusa en un período"),
    "bip.waiting_lists_allowed": ("Waiting lists are allowed", "Se permiten listas de espera"),
    "calendar.week_starts": ("The week begins on", "La semana empieza el"),
    "civil.enroll_deadline": ("Enrolled within", "Inscripción dentro de"),
    "civil.tickler": ("The court looks after", "El tribunal revisa después de"),
    "contact.collateral": ("Talks with others about the person", "Consultas con otros sobre la persona"),
    "contact.face_to_face": ("Meetings in person", "Reuniones en persona"),
    "contact.greatest.probationer": ("Meetings in person each week", "Reuniones en persona cada semana"),
    "contact.high.collateral": ("Talks with others in a quarter", "Consultas con otros por trimestre"),
    "contact.high.home": ("Home visits in a quarter", "Visitas al hogar por trimestre"),
    "contact.high.home_positive": (
        "Of them, with the person at home", "De ellas, con la persona en casa",
    ),
    "contact.home_after_custody": ("Home visit after jail within", "Visita al hogar tras la cárcel dentro de"),
    "contact.initial_face_to_face": ("First meeting within", "Primera reunión dentro de"),
    "contact.month_cadence": ("How months are counted", "Cómo se cuentan los meses"),
    "contact.suspended_when": ("No meetings are due during", "No se deben reuniones durante"),
    "credit.lost_on_incarceration": ("Jail takes earlier credit away", "La cárcel quita el crédito anterior"),
    "credit.transfer_conditions": ("Credit moves over if allowed by", "El crédito pasa si lo autoriza"),
    "credit.transfers_max_per_cycle": ("Transfers with credit", "Traslados con crédito"),
    "fee.inability_to_pay": ("Before any step over unpaid money", "Antes de actuar por dinero sin pagar"),
    "firearm.pprf_deadline": ("Form about firearms within", "Formulario sobre armas dentro de"),
    "firearm.proof_deadline_civil": ("Proof in a civil case within", "Prueba en un caso civil dentro de"),
    "firearm.proof_deadline_criminal": ("Proof in a criminal case", "Prueba en un caso penal"),
    "firearm.receipt_file_deadline": ("Receipt filed within", "Recibo presentado dentro de"),
    "firearm.relinquish_deadline": ("Firearms given up within", "Armas entregadas dentro de"),
    "hearing.response_within_days": ("The court answers within", "El tribunal responde dentro de"),
    "hearing.review_within_days": ("First review within", "Primera revisión dentro de"),
    "order.entry_max": ("Changed terms are in the registry within", "Los cambios de la orden se inscriben dentro de"),
    "orders.enforcement_priority": ("Which order goes first", "Qué orden va primero"),
    "pilot.counties": ("Counties of the pilot", "Condados del programa piloto"),
    "prosecutor.send_police_report_deadline": ("Police report sent within", "Informe policial enviado dentro de"),
    "report.discharge.deadline": ("Notice of discharge within", "Aviso de baja dentro de"),
    "report.discharge.victim_deadline": (
        "Notice to the protected person within", "Aviso a la persona protegida dentro de",
    ),
    "report.exit_summary_copy_deadline": ("Copy sent within", "Copia enviada dentro de"),
    "report.exit_summary_deadline": ("Summary prepared within", "Resumen preparado dentro de"),
    "report.immediately_means": ("At once means within", "De inmediato significa dentro de"),
    "report.intake_failure.deadline": ("Report of a missed first meeting within", "Informe de cita perdida dentro de"),
    "report.month_due": ("Reports of a month are wanted within", "Los informes de un mes se piden dentro de"),
    "report.new_violence.deadline": ("Report of new violence", "Informe de nueva violencia"),
    "report.noncompliance.deadline": ("Report within", "Informe dentro de"),
    "report.officer_to_court": ("The officer tells the court within", "El oficial avisa al tribunal dentro de"),
    "report.progress_interval_max": ("A progress report every", "Un informe de avance cada"),
    "report.victim_consent_needed": (
        "The protected person agrees first", "La persona protegida da antes su acuerdo",
    ),
    "report.violation.deadline": ("Report", "Informe"),
    "time.months": ("How months are counted", "Cómo se cuentan los meses"),
    "warrant.out_max": ("A warrant is out at most", "Una orden de arresto activa a lo sumo"),
    "tolling.revocation": ("A revocation and the term", "Una revocación y el plazo"),
}  # fmt: skip
UNITS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "days": (("day", "days"), ("día", "días")),
    "weeks": (("week", "weeks"), ("semana", "semanas")),
    "months": (("month", "months"), ("mes", "meses")),
    "business_days": (("court day", "court days"), ("día hábil", "días hábiles")),
    "hours": (("hour", "hours"), ("hora", "horas")),
    "sessions": (("class", "classes"), ("clase", "clases")),
    "absences": (("absence", "absences"), ("ausencia", "ausencias")),
    "contacts": (("contact", "contacts"), ("contacto", "contactos")),
    "transfers": (("transfer", "transfers"), ("traslado", "traslados")),
}
# Words that packs hold as values. What is not here is a name, such as that of a county.
WORDS: Final[dict[str, tuple[str, str]]] = {
    "True": ("yes", "sí"), "False": ("no", "no"), "immediately": ("at once", "de inmediato"),
    "absence": ("an absence", "una ausencia"), "monday": ("Monday", "lunes"), "sunday": ("Sunday", "domingo"),
    "jail time": ("time in jail", "tiempo en la cárcel"),
    "illness of client or family": ("illness, own or in the family", "enfermedad propia o de la familia"),
    "death in family": ("a death in the family", "una muerte en la familia"),
    "professional's recommendation": ("what a professional advises", "lo que aconseja un profesional"),
    "referrer": ("who sent the person", "quien envió a la persona"), "provider": ("the program", "el programa"),
    "victim_liaison": ("the victim liaison", "el enlace de víctimas"), "court": ("the court", "el tribunal"),
    "original_program": ("the first program", "el primer programa"),
    "lsa": ("the local supervisory authority", "la autoridad local de supervisión"),
    "mandating_authority": ("the authority that gave the order", "la autoridad que dio la orden"),
    "minimum": ("minimum", "mínimo"), "medium": ("medium", "medio"), "high": ("high", "alto"),
    "maximum": ("maximum", "máximo"), "custody": ("jail", "la cárcel"),
    "hold": ("a hold", "una detención"), "absconding": ("absconding", "la fuga"),
    "tolls": ("it stops the clock of the term", "detiene el reloj del plazo"),
    "inquiry before any consequence": ("ask why it was not paid", "preguntar por qué no se pagó"),
    "same number, else last day of month": (
        "the same number; where there is none, the last day", "el mismo número; si no lo hay, el último día",
    ),
    "month cadence runs to the end of the month; a level change is a fresh start": (
        "up to the end of the month; a new level starts afresh",
        "hasta el fin del mes; un nivel nuevo empieza de nuevo",
    ),
    "before release from custody, otherwise before the sentencing hearing ends": (
        "before release from jail, else before the sentencing hearing ends",
        "antes de salir de la cárcel, o antes de que termine la audiencia de sentencia",
    ),
    "emergency protective order if more restrictive > no-contact > criminal > latest civil": (
        "an emergency order if it is the strictest, then no contact, then criminal, then the latest civil order",
        "una orden de emergencia si es la más estricta, luego la de no contacto, la penal y la civil más reciente",
    ),
}  # fmt: skip
REPEALED: Final = ("repealed", "derogado")


def _in(language: Language) -> int:
    return 0 if language == "en" else 1


def name_of(term: str, language: Language) -> str:
    """What a term is about; of a site's own terms the last part of the id."""
    own = term.partition(".")[2].replace("_", " ").replace(".", ", ").capitalize()
    return TERMS[term][_in(language)] if term in TERMS else own


def counted(number: int, unit: str, language: Language) -> str:
    """3 days, 1 día."""
    if unit not in UNITS:
        return str(number)
    one, many = UNITS[unit][_in(language)]
    return f"{number} {one if number == 1 else many}"


def shown(term: Term, value: Value, language: Language) -> str:
    """A value in words."""
    one = value.value
    if one is None:
        return REPEALED[_in(language)]
    if isinstance(one, Cadence):
        period = counted(one.period_months or one.period_days or 0, "months" if one.period_months else "days", language)
        return f"{counted(one.count, term.unit, language)} {'in' if language == 'en' else 'en'} {period}"
    if isinstance(one, list):
        return listed(one, language)
    if isinstance(one, bool) or not isinstance(one, int):
        return word(one, language)
    return counted(one, value.unit or term.unit, language)


def word(one: Any, language: Language) -> str:
    """A word that a pack holds, in the language; a name as it is."""
    return WORDS[str(one)][_in(language)] if str(one) in WORDS else str(one).replace("_", " ")


def listed(parts: list[Any], language: Language) -> str:
    """Names one after another; of lists in a list, each inner one is a choice and all are needed."""
    choice, both = (" or ", ", and ") if language == "en" else (" o ", ", y ")
    if any(isinstance(part, list) for part in parts):
        return both.join(choice.join(word(one, language) for one in part) for part in parts)
    return ", ".join(word(one, language) for one in parts)


def limits(anchor: str, want: Any, language: Language) -> str:
    """For which orders a value is: at level high, 71 miles or more, in jail."""
    english = language == "en"
    if isinstance(want, list):
        low, high = want
        if anchor == "distance_miles":
            told = ("{} miles or more", "{} millas o más") if high is None else ("up to {} miles", "hasta {} millas")
            return told[_in(language)].format(low if high is None else high)
        if low == high:
            return f"{ANCHORS[anchor][_in(language)]} {low}"
        span = f"{low} or more" if english else f"{low} o más"
        return f"{ANCHORS[anchor][_in(language)]} {span if high is None else f'{low or 0}-{high}'}"
    if anchor == "in_custody":
        held = ("in jail", "en la cárcel") if str(want).lower() == "true" else ("not in jail", "fuera de la cárcel")
        return held[_in(language)]
    return f"{ANCHORS.get(anchor, (anchor.replace('_', ' '),) * 2)[_in(language)]} {word(want, language)}"


ANCHORS: Final[dict[str, tuple[str, str]]] = {
    "level": ("at level", "en el nivel"), "offense_number": ("for offense", "por el delito número"),
    "distance_miles": ("for miles", "por millas"), "assessed_length_weeks": ("for weeks", "por semanas"),
    "term_months": ("for months", "por meses"),
}  # fmt: skip
