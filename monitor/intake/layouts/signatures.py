"""Signatures and times of arrival that stand in place of a status, and words that are neither."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from monitor.intake.cells.dates import read_minutes
from monitor.intake.cells.people import fold, initials_of, may_stand_for
from monitor.intake.cells.statuses import AMBIGUOUS, REASONED, fold_word
from monitor.intake.vocabulary import status_codes

# what is written where nobody signed; 0:00, and any time in the hour after midnight, is an empty cell that was linked
NO_MARK = re.compile(
    r"[-–—_. ]+|n/?a|none|blank"
    r"|(?:0+(?:[.:h]\d\d)*|00\d\d|0+[.:]0+|12[.:]?\d\d(?::\d\d)?\s*a\.?m?\.?)(?:\s*am)?(?:\s+[a-z]{2,3})?",
    re.IGNORECASE,
)
# a time of day that is written in another way than we read: it has a figure and no word but these
OF_TIME = frozenset(
    "am pm hrs hr ish at about around approx arrived to sharp pst pdt pt mst mdt mt cst cdt ct est edt et utc".split()
)
# directly behind a figure: "605p", "18h00"; "A 11/9" is no time
BEHIND = re.compile(r"(?<=\d)(?:\s*[ap]\.?\s?m\.?|[aph])(?![^\W\d_])", re.IGNORECASE)
# what is written where somebody signed elsewhere or by machine, alone or with a day
SIGNED = re.compile(
    r"(?:e-?|electronically |digitally )?signed(?:[- ]in)?(?:[\s:,(–-]*(?:on|at|@)?\s*(?:[a-z]{3,9}\.? )?\d[\d/.:, -]*"
    r"(?:\s*[ap]\.?m\.?)?\)?)?|/s/|(?:e-?)?(?:sig|sign|signature|firma|firm[oó])|ok(?:ay)?",
    re.IGNORECASE,
)
# ordinary words in place of a signature; one of them, and it is none, unless somebody is called so
ORDINARY = frozenset("""
    abs absent again agent ago ahead all allowed already also ambulance and another any appointment appt april
    arrested arrive arrived as ask asked at ate attend attended attending attends attorney august ausente away awol
    ayer baby back bad band bed been before behind being believe better bill birth brother bus busy but by call
    callback called calling calls cambiada cambiado cambio came can cancel cancelada cancelado canceled cancelled
    cancelo cannot cant car carcel carro case caught child childcare cita clase class closed coche cold con confirmed
    contact copy corte could county court covid credit custody date daughter day days dead death debe deceased
    declined dejo del denied desconocido despues detained detenida detenido dice did didnt dijo discharged dismissed
    disruptive do doc doctor does doesnt domingo done dont dr drop dropped drunk due during early el ella ello
    emergency end ended enero enferma enfermo enlinea error esposa esposo esta estaba estuvo evicted exam excuse
    excused expected expelled extended falta falto family father fee fees fell fever file filed fired flu for forgot
    found fri friday from front fue funeral gave get gets girl girlfriend go going gone got group grupo guest had has
    have he health hearing held help her here hermana hermano hers hes hija hijo him his hold holiday home hospital
    hours hoy ido iglesia ill in incapacitado incarcerated injured injustificada inpatient intake into is isnt it its
    jail jailed jan january job judge jueves juez july june just justificada justificado kids knew know known knows la
    labor las last late later lawyer le leave leaves leaving left let letter libre linea link lives living llamada
    llamar llamo llegara llego lo locked logged login long los lost luego lunch lunes made madre mail make makeup mama
    man manana march marked married martes may maybe me med medical medico meds meeting mensaje message mia midnight
    miercoles might minutes miss missed missing mistake mix mom mon monday mother move moved msg muerte murio must my
    nacio nada nadie name need needed needs nego never ni niega night ninguno no nobody none noshow not note noted
    nothing notice nov noviembre now nunca of off office ok old on once one online only open or order other our out
    outside over own padre pagara pago paid papa paper papers para paro parole partial past pay payment pend pendiente
    pending people per perdido perdio permiso permission person personal phone phoned please pls pm po police por
    possible presa present preso printed prison probation problem program pronto proof proxima proximo que quien
    quiere quit ran ready received rechazo recuperar recvd referred refuse refused refuses refusing rehab rehusa
    rehuso relapse released remote removed repone reported reprogramada reprogramado request requested resched
    reschedule rescheduled rescheduling reset retirado return returned reunion sabado said salio same sat saturday
    says school se see seen sent she sheet shift should sick sign signature signs sin since sister sitting sleeping
    solo some son soon sorry spoke staff started starts stated states still stopped su sub sued sun sunday surgery sus
    suspended tarde tardy tbd temprano terminated test tested text texted than that the their them then there they
    think thinks this thu thursday time to today told tomorrow too took trabajando trabajo traffic train trans
    transfer transferred transport transportation transporte trasladado traslado travel traveling treatment trial
    tried trouble try tue tuesday two unable unexcused unknown unsigned until up upset us vacaciones vacation van ver
    verified via viaje viajo video viene viernes vino virtual visit voicemail wait waiting waived walked warned
    warrant was we weather wed wednesday week weeks well went when where while who why wife will with withdrawn
    withdrew without wont work worked working wrong ya year yet you zoom
""".split())
WORD = 4  # letters from which on a word in place of a signature is no initials
LIKE = 0.55  # how much of a signature has to agree with the name that it begins as


def _said(cell: str, name: tuple[str, str]) -> str | None:
    """What a word in place of a signature says, with or without a reason: "excused - court". Names are signatures."""
    whole = status_codes().get(fold_word(cell))
    match = None if whole else REASONED.match(fold_word(cell))
    own = {word for part in name for word in fold(part).split()}
    if match is None or {*fold(match[1]).split(), *fold(cell).split()} & own:
        return whole
    return status_codes().get(match[1].strip())


def signed(time_in: str, signature: str, name: tuple[str, str]) -> str:
    """"present" where somebody arrived or signed; a word in that place ("no show") says what it says; else nothing."""
    arrived = bool(time_in) and not NO_MARK.fullmatch(time_in.strip()) and _is_arrival(time_in)
    told = (signature,) if arrived else (time_in, signature)
    words = [cell for cell in told if cell and not NO_MARK.fullmatch(cell)]
    if not words:
        return "present" if arrived else ""
    for cell in words:
        says, letters = _said(cell, name), fold(cell).replace(" ", "")
        if says and says != "P" and letters not in initials_of(*name):
            if arrived and len(letters) < WORD:
                continue  # somebody's initials beside the time at which they came
            return "" if len(letters) < WORD and says != AMBIGUOUS else cell
        signs = _is_short if len(letters) < WORD else _is_signature
        if says is None and ("?" in cell or not signs(cell, name)):
            return cell
    return "present"


def _is_arrival(cell: str) -> bool:
    """Whether a cell in the column of arrivals is a time, also one that we do not read: "1800", "6:05 PM PST"."""
    words = re.findall(r"[^\W\d_]+", BEHIND.sub(" ", cell).lower())
    if read_minutes(cell) is not None:
        return True
    return "?" not in cell and any(letter.isdigit() for letter in cell) and all(word in OF_TIME for word in words)


def _is_short(cell: str, name: tuple[str, str]) -> bool:
    """Whether a few letters are somebody's sign: any are, but for an ordinary word ("out", "ill")."""
    letters = fold(cell).replace(" ", "")
    begins = not cell.islower() and any(word.startswith(letters) for part in name for word in fold(part).split())
    return letters not in ORDINARY or letters in initials_of(*name) or begins


def _is_signature(cell: str, name: tuple[str, str]) -> bool:
    """Whether a longer word in that place may be somebody's name, as they write it: "refused to sign" is none."""
    bare = re.sub(r"^/s/\s*(?=.)", "", cell.strip(), flags=re.IGNORECASE)
    if read_minutes(bare) is not None or SIGNED.fullmatch(bare):
        return True
    own = {word for part in name for word in fold(part).split()}
    words = fold(bare).split()
    whole = [word for word in words if word in own or any(may_stand_for(word, mine) for mine in own)]
    if not words or any(word in ORDINARY and word not in whole for word in words):
        return False
    if any(len(word) > 1 for word in whole):
        return True
    written = re.findall(r"[^\W\d_]+", bare)
    capitals = all(word[0].isupper() for word in written) and not (bare.isupper() and max(map(len, written)) > 1)
    if 1 < len(written) < WORD and capitals and "".join(word[0] for word in written).lower() in initials_of(*name):
        return True  # "Jim W" of James Whitefeather
    return len(words) <= 2 and all(any(_begins_alike(word, mine) for mine in own) for word in words)


def _begins_alike(word: str, mine: str) -> bool:
    """Whether a word may be a name in haste: it begins as that, and goes on with much of it."""
    return len(word) > 1 and word[:2] == mine[:2] and SequenceMatcher(None, word, mine).ratio() >= LIKE
