"""The rules as text: a line each, or a page that a clerk can read aloud, with every value and how sure it is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Final

from monitor.commands.term_words import limits, name_of, shown
from rules.catalogue import CATALOGUE
from rules.explain import of
from rules.pack_files import Packs, Rule, Term, Value
from rules.sayings import Language, day
from rules.value_table import usable

WIDTH: Final = 80
LABELS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "duty": "The duty", "owner": "Who must act", "class": "Class proposed", "counts": "What counts",
        "leaves_out": "What does not count", "clears": "What clears it", "unknown": "When data is missing",
        "provision": "Provision", "none": "design of this system",
        "dormant": "no number of its own; an order or a policy may set one",
        "now": "in force", "past": "in force before", "ahead": "in force later",
        "source": "Source", "seen": "looked at on",
        "off": "OFF: not verified. It stays off until a named person has read the text.",
        "confirmed": "Switched on by", "court": "in the court {told} alone", "county": "in {told} County alone",
        "since": "since {day}", "no_value": "no number of its own in this state", "everywhere": "In every state",
        "off_list": "off", "no_rule": "no rule",
    },
    "es": {
        "duty": "El deber", "owner": "Quién debe actuar", "class": "Clase propuesta", "counts": "Qué cuenta",
        "leaves_out": "Qué no cuenta", "clears": "Qué lo termina", "unknown": "Si faltan datos",
        "provision": "Norma", "none": "diseño de este sistema",
        "dormant": "sin número propio; una orden o una norma puede fijarlo",
        "now": "vigente", "past": "vigente antes", "ahead": "vigente después", "source": "Fuente", "seen": "visto el",
        "off": "APAGADO: sin verificar. Sigue apagado hasta que una persona con nombre lea el texto.",
        "confirmed": "Lo encendió", "court": "solo en el tribunal {told}", "county": "solo en el condado de {told}",
        "since": "desde el {day}",
        "no_value": "sin número propio en este estado", "everywhere": "En todos los estados",
        "off_list": "apagado", "no_rule": "sin regla",
    },
}  # fmt: skip
OWNERS: Final = {
    "en": {
        "offender": "the person under the order", "provider": "the program", "probation": "probation",
        "court": "the court", "prosecutor": "the prosecutor", "system": "those who keep the record",
    },
    "es": {
        "offender": "la persona bajo la orden", "provider": "el programa", "probation": "la oficina de supervisión",
        "court": "el tribunal", "prosecutor": "la fiscalía", "system": "quienes llevan el registro",
    },
}  # fmt: skip
CLASSES: Final = {
    "en": {
        "none": "none: it says nothing about the person", "A": "A: a matter of paper",
        "B": "B: a missed step, to talk about", "C": "C: missed steps that repeat",
        "D": "D: a question of safety", "E": "E: grave danger",
    },
    "es": {
        "none": "ninguna: no dice nada de la persona", "A": "A: un asunto de papeles",
        "B": "B: un paso omitido, para hablarlo", "C": "C: pasos omitidos que se repiten",
        "D": "D: una cuestión de seguridad", "E": "E: peligro grave",
    },
}  # fmt: skip
CONFIDENCE: Final = {
    "en": {
        "verified_text": "read in the text itself", "verified_text_older_version": "read in an older version",
        "secondary": "read in a source about the law", "encoded_in_code": "taken from another system",
        "engine_policy": "a design rule of this system", "memory_unverified": "from memory, not verified",
    },
    "es": {
        "verified_text": "leído en el texto mismo", "verified_text_older_version": "leído en una versión anterior",
        "secondary": "leído en una fuente sobre la ley", "encoded_in_code": "tomado de otro sistema",
        "engine_policy": "regla de diseño de este sistema", "memory_unverified": "de memoria, sin verificar",
    },
}  # fmt: skip
# What stands in base files in place of a provision.
NO_TEXT: Final = {
    "design rule": ("a design rule of this system", "regla de diseño de este sistema"),
    "order": ("what the order says", "lo que dice la orden"),
    "order or pack": ("what the order or the state says", "lo que dice la orden o el estado"),
    "order or provider policy": ("what the order or the program's policy says", "lo que dice la orden o el programa"),
    "local policy": ("what the court or county says", "lo que dice el tribunal o el condado"),
}


def lines_of_list(packs: Packs, only: str | None = None, language: Language = "en") -> Iterator[str]:
    """One line for each rule that a pack itself has; values inherited from base are under base."""
    for name, rules in packs.rules.items():
        if only not in (None, name):
            continue
        yield f"{name}: {packs.packs[name].title}"
        for rule in rules:
            if rule.id.startswith(f"{name}."):
                source = _cites(rule) or rule.provision or LABELS[language]["none"]
                yield f"  {rule.id}  {of(packs.duties[rule.code].title, language)}  [{source}]"
        if only is not None:
            yield from _not_used(packs, name, language)


def _not_used(packs: Packs, pack: str, language: Language) -> Iterator[str]:
    """What a pack tells of and nothing is evaluated from: values nobody has verified, provisions without a rule."""
    for label, rows in (("off_list", packs.packs[pack].off), ("no_rule", packs.packs[pack].no_rule)):
        yield from (f"  ({LABELS[language][label]}) {one.term}: {one.value} {one.note}" for one in rows)


def found(packs: Packs, wanted: str, only: str | None = None) -> list[Rule]:
    """The rules that a code (ABSENCE_UNEXCUSED) or an id (us_ca.absence_unexcused) names; `only` of one pack."""
    if only is not None:
        rules = packs.rules.get(only, [])
    else:
        rules = list({rule.id: rule for rules in packs.rules.values() for rule in rules}.values())
    return [rule for rule in rules if wanted.lower() in (rule.id, rule.code.lower())]


def lines_of_code(packs: Packs, rules: list[Rule], today: date, language: Language = "en") -> Iterator[str]:
    """The page of one code: what it means once, then each state with its provision and values."""
    code, label = rules[0].code, LABELS[language]
    duty, entry = packs.duties[code], CATALOGUE[code]
    yield of(duty.title, language)
    yield f"({code})"
    yield ""
    yield from _told(label["duty"], of(duty.duty, language))
    yield from _told(label["owner"], OWNERS[language][entry.owner])
    yield from _told(label["class"], CLASSES[language][entry.response_class])
    for name in ("counts", "leaves_out", "clears", "unknown"):
        yield from _told(label[name], of(getattr(duty, name), language))
    for rule in rules:
        yield ""
        yield from _of_pack(packs, rule, today, language)


def _of_pack(packs: Packs, rule: Rule, today: date, language: Language) -> Iterator[str]:
    label = LABELS[language]
    own = rule.id.partition(".")[0]
    title = label["everywhere"] if own == "base" else packs.packs[own].title
    yield from _wrapped(f"{title} ({rule.id})", "")
    if rule.duty != packs.duties[rule.code].duty:
        yield from _told(label["duty"], of(rule.duty, language), "  ")
    provision = NO_TEXT[rule.provision][language == "es"] if rule.provision in NO_TEXT else rule.provision
    yield from _told(label["provision"], provision or label["none"], "  ")
    if not rule.terms:
        yield f"  {label['no_value']}"
    for name, term in sorted(rule.terms.items()):
        yield from _told(name_of(name, language), "" if term.values else label["dormant"], "  ")
        for value in term.values:
            yield from _value(term, value, _standing(term, value, today), language)


def _standing(term: Term, value: Value, today: date) -> str:
    """Whether a value is in force today, or was, or will be: among those for the same orders."""
    if value.from_ and value.from_ > today:
        return "ahead"
    own = (value.when, value.court, value.county)
    same = [one for one in term.values if (one.when, one.court, one.county) == own and (one.from_ or date.min) <= today]
    return "now" if same[-1] is value else "past"


def _value(term: Term, value: Value, standing: str, language: Language) -> Iterator[str]:
    label, cite = LABELS[language], value.cite
    told = [shown(term, value, language), label[standing]]
    told += [limits(anchor, want, language) for anchor, want in value.when.items()]
    told += [label[name].format(told=place) for name in ("court", "county") if (place := getattr(value, name))]
    if value.from_:
        told.append(label["since"].format(day=day(value.from_, language)))
    yield from _wrapped("; ".join(told), "    ")
    source = f"{cite.text}; {CONFIDENCE[language][cite.confidence]}; {label['seen']} {day(cite.checked, language)}"
    yield from _told(label["source"], source, "      ")
    if not usable(value):
        yield from _wrapped(label["off"], "      ")
    elif value.confirmed is not None:
        sure = value.confirmed
        yield from _told(label["confirmed"], f"{sure.by}, {day(sure.day, language)}: {sure.text}", "      ")


def _told(label: str, text: str, indent: str = "") -> Iterator[str]:
    yield from _wrapped(f"{label}: {text}" if text else f"{label}:", indent)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip


def _cites(rule: Rule) -> str:
    cites = {value.cite.text: None for name in sorted(rule.own) for value in rule.terms[name].values}
    return "; ".join(cites)
