"""What a notice says in our words, in both languages. What is law's or the court's to say is the site's own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = {"en": "English", "es": "Español"}
HOW: Final = {
    "IN_PERSON": "Handed over in person", "COUNSEL": "Handed to counsel", "MAIL": "Sent by mail",
    "IN_COURT": "Handed over in court",
}  # fmt: skip
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "Notice of a report to the court", "taken_back": "Notice: a report to the court was withdrawn",
        "to": "To", "case": "Case", "court": "Court", "made": "Made on",
        "what": "Probation has reported the following to the court. The court has decided nothing yet.",
        "gone": "Probation has withdrawn the report below. You need not answer it.",
        "says": "What is reported", "rule": "The rule", "day": "Day", "rests": "What it rests on",
        "not_counted": "What was looked at and does not count", "added": "Further evidence",
        "helps": "What else is in your file, and may help you",
        "ask_to_see": "You or your lawyer may ask to see every record named here.",
        "nothing": "No record: nothing is on file.", "none": "Nothing.",
        "heard": "You have the right to be heard", "hearing": "The next date in this case is {}, {}.",
        "no_hearing": "No date is set yet. You will be told the date.",
        "counsel": "A lawyer", "contest": "If you do not agree", "by": "Do this by {}.",
        "within": "Do this within {} days of the day on which you got this notice.",
        "until": "You may do this until the hearing.", "help": "Language, disability, other help",
        "interpreter": "INTERPRETER REQUIRED: {}. Read this notice to the person with an interpreter.",
        "from": "From", "RECORD": "A record of an agency", "POLICE": "A police report",
        "DEVICE": "A device alert that a person has checked",
    },
    "es": {
        "title": "Aviso de un informe al tribunal", "taken_back": "Aviso: se retiró un informe al tribunal",
        "to": "Para", "case": "Caso", "court": "Tribunal", "made": "Hecho el",
        "what": "Libertad condicional informó lo siguiente al tribunal. El tribunal todavía no ha decidido nada.",
        "gone": "Libertad condicional retiró el informe de abajo. Usted no tiene que contestarlo.",
        "says": "Lo que se informa", "rule": "La regla", "day": "Día", "rests": "En qué se basa",
        "not_counted": "Lo que se miró y no cuenta", "added": "Otras pruebas",
        "helps": "Lo demás que hay en su expediente y puede ayudarle",
        "ask_to_see": "Usted o su abogado pueden pedir ver cada registro que se nombra aquí.",
        "nothing": "Ningún registro: no consta nada.", "none": "Nada.",
        "heard": "Usted tiene derecho a ser escuchado", "hearing": "La próxima fecha en este caso es {}, {}.",
        "no_hearing": "Todavía no hay fecha. Se le avisará la fecha.",
        "counsel": "Un abogado", "contest": "Si usted no está de acuerdo", "by": "Hágalo a más tardar el {}.",
        "within": "Hágalo dentro de {} días desde el día en que recibió este aviso.",
        "until": "Puede hacerlo hasta la audiencia.", "help": "Idioma, discapacidad, otra ayuda",
        "interpreter": "SE NECESITA INTÉRPRETE: {}. Lea este aviso a la persona con un intérprete.",
        "from": "De", "RECORD": "Un registro de una agencia", "POLICE": "Un informe de la policía",
        "DEVICE": "Una alerta de dispositivo que una persona revisó",
    },
}  # fmt: skip
