"""A flag's page in Spanish: the same fields, the same rows, other words. Nothing is decided in it.

For reading with, or to, the person it is about; the decision stays in English, as it is written down.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from monitor.flag_review.page import FlagPage, Value
from monitor.flag_review.rows import Row
from monitor.flag_review.words import BASES as BASES_EN
from monitor.flag_review.words import CONFIDENCE, WRONG, tell
from rules.sayings import BASES, WHY

NAMES: Final = {
    "attendance": "Clase", "adjudication": "Decisión sobre una ausencia", "place": "Programa", "report": "Informe",
    "letter": "Carta", "pause": "Pausa", "test": "Prueba", "decision": "Tribunal", "expected": "Previsto",
    "coverage": "Hoja completa desde este día", "contact": "Contacto", "check_in": "Presentación",
    "firearm": "Armas de fuego", "service": "Orden entregada", "incident": "Informe policial",
}  # fmt: skip
WORDS: Final = {
    "PRESENT": "asistió", "PRESENT_LATE": "asistió, llegó tarde", "LEFT_EARLY": "se fue antes", "ABSENT": "ausente",
    "SENT_AWAY_BEHAVIOUR": "enviado a casa", "SENT_AWAY_PROVIDER": "enviado a casa por el programa, no cuenta",
    "SESSION_CANCELLED": "cancelada por el programa", "PENDING_EVIDENCE": "en espera de pruebas",
    "EXCUSED": "con excusa", "UNEXCUSED": "sin excusa", "ATTENDED_NOT_COMPLIED": "asistió, no cumplió",
    "NOT_COUNTED": "no cuenta", "RESCHEDULED": "cambiada de día", "COURT_LEGAL": "tribunal o trámite legal",
    "EMPLOYMENT": "trabajo", "FAMILY_CHILDCARE": "familia o cuidado de niños", "HOLIDAY": "día festivo",
    "MEDICAL": "salud", "RELIGIOUS": "religión", "IN_CUSTODY": "en la cárcel", "MILITARY": "servicio militar",
    "WEATHER_OR_TRANSIT": "clima o transporte", "PROFESSIONAL_JUDGEMENT": "criterio del oficial",
    "REFERRED": "enviado por el tribunal", "CONTACTED": "pidió un cupo", "INTAKE_SCHEDULED": "entrevista fijada",
    "INTAKE_HELD": "entrevista hecha", "INTAKE_FAILED": "entrevista no hecha", "ENROLLED": "inscrito",
    "REJECTED": "no aceptado", "GROUP_CHANGED": "cambió de grupo", "DISCHARGED": "dado de baja", "EXITED": "salió",
    "COMPLETED": "hecho", "ABSENCES": "ausencias", "BEHAVIOUR": "conducta", "NON_PAYMENT": "falta de pago",
    "PROGRAM_CLOSED": "el programa cerró", "MOVED": "se mudó", "ADMINISTRATIVE": "motivo administrativo",
    "DECEASED": "falleció", "NONCOMPLIANCE": "aviso del programa", "PROGRESS": "avance",
    "ENROLLMENT_PROOF": "prueba de inscripción", "DISCHARGE_NOTICE": "aviso de baja", "SUMMARY": "resumen",
    "EXIT_SUMMARY": "resumen de salida", "EXIT_SUMMARY_COPY": "copia del resumen de salida",
    "PROGRAM_CHOICE": "programa elegido", "POLICE_REPORT": "informe de la policía", "WAITLIST": "lista de espera",
    "HOSPITAL": "hospital", "EMPLOYER": "del empleador", "CUSTODY": "en la cárcel", "WARRANT": "orden de arresto",
    "REVOCATION": "revocación", "PROVIDER_CLOSED": "el programa cerró", "COURT_STAY": "detenido por el tribunal",
    "SYSTEM_OUTAGE": "falla del sistema", "NEGATIVE": "negativa", "POSITIVE": "positiva", "DILUTED": "diluida",
    "REFUSED": "negada", "BREACH_RESOLVED": "asunto resuelto", "PROGRAM_RESTARTED": "el programa empieza de nuevo",
    "GOOD_CAUSE_FOUND": "hubo buen motivo", "EXTENSION_GRANTED": "se dio más tiempo",
    "EXTENSION_DENIED": "no se dio más tiempo", "BREAK_APPROVED": "pausa aprobada", "REVIEW_HELD": "audiencia hecha",
    "RESPONSE_RECORDED": "respuesta anotada", "FLAG_RESOLVED": "pregunta resuelta",
    "RULE_VERSION_CHOSEN": "versión de la regla elegida", "FEWER_SESSIONS_RECOMMENDED": "se piden menos clases",
    "session": "clase", "check_in": "presentación", "SCHEDULED": "fijado", "ATTEMPTED": "intentado",
    "CANCELLED": "cancelado", "IN_PERSON": "en persona", "VIDEO": "por video", "PHONE": "por teléfono",
    "MESSAGE": "por mensaje", "LETTER": "por carta", "RELINQUISHED": "armas entregadas",
    "PROOF_FILED": "prueba presentada", "FORM_FILED": "formulario presentado",
    "NO_FIREARMS_DECLARED": "declaró no tener armas", "IN_COURT": "en el tribunal", "PERSONAL": "en persona",
    "SUBSTITUTE": "a otra persona", "PUBLICATION": "por publicación",
}  # fmt: skip
OF_OWNER: Final = {
    "offender": "El participante", "provider": "El programa", "probation": "Libertad condicional",
    "court": "El tribunal", "prosecutor": "El fiscal", "system": "Este sistema",
}  # fmt: skip
OF_CLASS: Final = {
    "A": "A, administrativa", "B": "B, un paso que faltó", "C": "C, repetida o evasiva", "D": "D, de seguridad",
    "E": "E, peligro grave",
}  # fmt: skip
SURE: Final = {
    "verified_text": "leído en el texto mismo", "verified_text_older_version": "leído en una versión anterior",
    "secondary": "leído en una fuente sobre la ley", "encoded_in_code": "tomado de otro sistema",
    "engine_policy": "una regla de este sistema", "memory_unverified": "sin verificar",
}  # fmt: skip
UNIT: Final = {
    "classes": "clases", "home contacts": "visitas", "court days": "días hábiles", "days": "días", "weeks": "semanas",
    "months": "meses", "absences": "ausencias", "contacts": "contactos", "hours": "horas", "minutes": "minutos",
    "years": "años",
}  # fmt: skip
_ABSENCE: Final = (
    "La hoja nombra a otra persona u otro día.",
    "La clase se canceló o cambió de día.",
    "Hubo un motivo, y la decisión aún no consta.",
    "La persona fue a otro grupo ese día, o recuperó la clase.",
)
# in the order of `words.WRONG`
WRONG_ES: Final[tuple[tuple[str, ...], ...]] = (
    _ABSENCE,
    (
        "La persona se inscribió en otro programa.", "La prueba existe en papel y no se anotó.",
        "No había cupo, o no en su idioma.", "Una orden posterior cambió el día.",
    ),
    (
        "El recibo se presentó en papel al tribunal o al alguacil.",
        "Una orden posterior cambió qué se debe entregar, o hasta cuándo.",
    ),
    (
        "El informe es sobre otra persona.", "La orden no se había entregado, o ya no regía.",
        "La orden permite este contacto, por ejemplo para entregar a los niños.",
    ),
    ("Se hizo y no se anotó.", "Se cambió a otro día.", "Una orden posterior cambió cada cuánto."),
    (
        "Faltan clases en el registro, o se tomaron en otro lugar.",
        "El tiempo en la cárcel, en el hospital o con el programa cerrado no se anotó como pausa.",
        "El tribunal dio más tiempo.",
    ),
    ("Se envió de otro modo y no se anotó.", "Lo que debía contar no pasó."),
    ("La muestra o el resultado es de otra persona.", "Una receta lo explica."),
)  # fmt: skip
OTHERWISE: Final = ("Una fila del registro está mal o falta.", "Una orden o decisión posterior cambia los días.")
_WHY: Final = {WHY["en"][key]: WHY["es"][key] for key in WHY["en"]}


def in_spanish(page: FlagPage, now: datetime) -> FlagPage:
    """The page with its words in Spanish. Names, files, provisions and what people wrote stay as they are."""
    told = tell(page.code, page.content, now, "es")
    return msgspec.structs.replace(
        page, title=told.title, sentence=told.sentence, clears=told.clears, unknown=told.unknown,
        wrong=wrong(page.code), owner_words=OF_OWNER[page.owner if page.certain else "system"],
        class_words="" if page.gap else OF_CLASS.get(page.class_on_record or "", ""),
        values=tuple(map(_value, page.values)),
        counting=tuple(map(_row, page.counting)), not_counting=tuple(map(_row, page.not_counting)),
    )  # fmt: skip


def wrong(code: str) -> tuple[str, ...]:
    """What would make a flag of this code wrong."""
    found = (lines for (words, _english), lines in zip(WRONG, WRONG_ES, strict=True) if any(w in code for w in words))
    return next(found, OTHERWISE)


def row_words(row: Row) -> str:
    """Clase: ausente."""
    return said_of(row.name, row.word, row.more)


def said_of(name: str, word: str, more: str) -> str:
    """Clase: ausente; of the record's own words."""
    said = word if name == "incident" else WORDS.get(word, word.replace("_", " ").lower())
    if more and name in ("adjudication", "place"):
        said = f"{said} ({WORDS.get(more, more.lower())})"
    return f"{NAMES[name]}: {said}" if said else NAMES[name]


def _row(row: Row) -> Row:
    return msgspec.structs.replace(row, what=row_words(row), why=_WHY.get(row.why, row.why))


def _value(value: Value) -> Value:
    number, _, unit = value.value.partition(" ")
    basis = {said: BASES["es"][key].removeprefix("la ").removeprefix("el ") for key, said in BASES_EN.items()}
    sure = {said: SURE[key] for key, said in CONFIDENCE.items()}
    return msgspec.structs.replace(
        value, value=f"{number} {UNIT.get(unit, unit)}".strip(), basis=basis.get(value.basis, value.basis),
        confidence=sure.get(value.confidence, "fijado por el sitio, no por un paquete"),
    )  # fmt: skip
