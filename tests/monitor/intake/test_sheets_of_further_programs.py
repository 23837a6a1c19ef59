"""Text sheets of further programs: each with what was to come of it said beforehand, and what is not taken named."""

from __future__ import annotations

import pytest

from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, errors

ROBERT = '"Smith, Robert J",24-CR-001872'
D, J, L, R = "P1003 2026-", "P1008 2026-", "P1002 2026-", "P1001 2026-"
HEAD, WIDE = "Name,Case #,Date,Status\n", "Client,Case #,11/2,11/9\n"
PLAIN = f"{HEAD}{DWAYNE},11/9/2026,P\n{JAMES},11/9/2026,NS\n"
BOTH = [f"{D}11-09 P", f"{J}11-09 U"]
SEMICOLONS = "Name;Case #;Date;Status\nO'Neal, Dwayne;25-CR-000044;11/9/2026;P\n"


def checked(sheet: str | bytes) -> Check:
    tables, notes = read_text(sheet if isinstance(sheet, bytes) else sheet.encode(), Limits())
    return examine(Reading(tables, notes), desk("a.csv", stored={})).check


def records(sheet: str | bytes) -> list[str]:
    return sorted(" ".join(record) for record in checked(sheet).records)


def told(check: Check) -> list[str]:
    """What is said of a sheet that was not wholly taken."""
    files = [f"{message.code}:{message.detail}" for message in check.messages if message.code[0] in "HW"]
    return [*errors(check), *asked(check), *files]


CONTAINERS: dict[str, tuple[str | bytes, list[str]]] = {
    "utf-16": (b"\xff\xfe" + PLAIN.encode("utf-16-le"), BOTH),
    "utf-16 the other way round": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), BOTH),
    "line ends of an old Mac": (PLAIN.replace("\n", "\r"), BOTH),
    "its separator said, with those line ends": (f"sep=;\n{SEMICOLONS}".replace("\n", "\r"), BOTH[:1]),
    "its separator said, and saved again": (f"sep=;;;;\n{SEMICOLONS}", BOTH[:1]),
    "its separator said in quotes": (f'"sep=;"\n{SEMICOLONS}', BOTH[:1]),
    "spaces that do not break": (
        "Client\xa0Name,Case\xa0#,Date,Status\n\"O'Neal,\xa0Dwayne\",25-CR-000044,Nov\xa09\u20092026,No\u202fShow\n",
        [f"{D}11-09 U"],
    ),
    "the same in old Windows": (
        "Client\xa0Name,Case\xa0#,Date,Status\n\"O’Neal,\xa0Dwayne\",25-CR-000044,Nov\xa09\xa02026,No\xa0Show\n".encode(
            "cp1252"), [f"{D}11-09 U"],
    ),
    "hyphens that do not break": (f"{HEAD}{DWAYNE},11‑9‑2026,P\n", BOTH[:1]),
    "ticks drawn in colour": (
        f"{WIDE}{DWAYNE},✔️,✅\n{JAMES},☑️,✓\n",
        [f"{D}11-02 P", f"{D}11-09 P", f"{J}11-02 P", f"{J}11-09 P"],
    ),
    "crosses drawn in colour": (f"{WIDE}{DWAYNE},❌,✅\n{JAMES},✖️,✅\n", [f"{D}11-09 P", f"{J}11-09 P"]),
    "ticks pasted from Word": (f"Client,Case #,11/2\n{DWAYNE},\uf0fc\n{JAMES},\uf0fb\n", []),
    "a face pasted from Word": (f"Client,Case #,11/2\n{DWAYNE},\uf04a\n", []),
    "texts kept from Excel": (
        f'{HEAD}Dwayne O\'Neal,="25-CR-000044","=""11/9/2026""","=""P"""\n', BOTH[:1],
    ),
    "texts with an apostrophe": (f"{HEAD}\"O'Neal, Dwayne\",'25-CR-000044,'11/9/2026,'P\n", BOTH[:1]),
    "lines within cells": (
        '"Client\nName","Case\n#","Class\nDate",Status,Notes\n'
        '"O\'Neal,\nDwayne",25-CR-000044,11/9/2026,P,"a; b\nc, d"\n',
        BOTH[:1],
    ),
    "tabs under a title with commas": (
        "North Star, BIP, Monday, 6 PM\n\nName\tCase #\tDate\tStatus\nO'Neal, Dwayne\t25-CR-000044\t11/9/2026\tP\n",
        BOTH[:1],
    ),
    "bars": ("Name|Case #|Date|Status\nO'Neal, Dwayne|25-CR-000044|11/9/2026|P\n", BOTH[:1]),
}
WHO: dict[str, tuple[str | bytes, list[str]]] = {
    "suffixes": (
        f'{HEAD}"Smith, Robert J., III",24-CR-001872,11/9/2026,P\n"O\'Neal Jr., Dwayne",25-CR-000044,11/9/2026,P\n',
        [f"{R}11-09 P", f"{D}11-09 P"],
    ),
    "two surnames": ("Name,11/9\nLuis García Ortiz,P\n\"García Ortiz, Luis\",P\n", [f"{L}11-09 P"]),
    "one of two surnames": ('Name,11/9\n"García, Luis",P\n', []),
    "how the names are written": ('"Last Name, First Name",11/9\n"Whitefeather, James",P\n', [f"{J}11-09 P"]),
    "whoever leads the class": (
        f"{WIDE}{DWAYNE},P,P\nCo-Facilitator: James Whitefeather,,P,P\nJames Whitefeather (facilitator),,P,P\n"
        "Facilitator - James Whitefeather,,P,P\n", [f"{D}11-02 P", f"{D}11-09 P"],
    ),
    "surnames of father and mother": (
        "Apellido paterno;Apellido materno;Nombre;Fecha;Estado\nGarcía;Ortiz;Luis;9 nov 2026;Presente\n", [],
    ),
    "those who came from another group": (
        f"{WIDE}{DWAYNE},P,U\nTRANSFERS IN,,,\n{JAMES},,P\n", [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-09 P"],
    ),
}
WHAT: dict[str, tuple[str | bytes, list[str]]] = {
    "NP is not present, or no pay, or took no part": (f"{WIDE}{DWAYNE},P,NP\n", [f"{D}11-02 P"]),
    "D is discharged, or disruptive": (f"{WIDE}{DWAYNE},P,D\n", [f"{D}11-02 P"]),
    "letters of Spanish words": (
        "Nombre;Caso;2 nov;9 nov;16 nov\nO'Neal, Dwayne;25-CR-000044;P;J;I\nWhitefeather, James;25-CR-001220;P;NA;NP\n",
        [f"{D}11-02 P", f"{J}11-02 P"],
    ),
    "letters under names in two languages": (
        "Nombre / Name;Caso / Case #;2 nov;9 nov\nO'Neal, Dwayne;25-CR-000044;P;J\n", [f"{D}11-02 P"],
    ),
    "Spanish words": (
        "Nombre del participante;No. de caso;Fecha de la sesión;Estatus;Observaciones\n"
        "O'Neal, Dwayne;25-CR-000044;9 de noviembre de 2026;Presente;ninguna\n"
        "Whitefeather, James;25-CR-001220;lunes 9 de noviembre del 2026;No se presentó;\n", BOTH,
    ),
    "a Spanish question": (
        "Cliente;Caso;Fecha;¿Asistió?\nO'Neal, Dwayne;25-CR-000044;9/nov/2026;Sí\n", BOTH[:1],
    ),
    "codes of their own": (
        f"Client,Case #,11/2,11/9,11/16\n{DWAYNE},P-late,A(E),½\n{JAMES},P/A,LT,T\n{LUIS},P (MU),E/A,MU\n",
        [f"{L}11-09 E", f"{L}11-16 M"],
    ),
    "a star that a footnote explains": (f"{WIDE}{DWAYNE},P*,P\n\n* left early\n", [f"{D}11-09 P"]),
    "a class of which no box was ticked": (
        f"Client,Case #,11/2,11/9,11/16\n{DWAYNE},TRUE,TRUE,FALSE\n{JAMES},TRUE,FALSE,FALSE\n",
        [f"{D}11-02 P", f"{D}11-09 P", f"{J}11-02 P", f"{J}11-09 ABS"],
    ),
    "lines for other things": (
        f"Client,Case #,Item,11/2,11/9\n{DWAYNE},Attendance,P,U\n,,Fee,25,0\n,,Homework,Y,Y\n"
        f"{JAMES},Attendance,,P\n,,Fee,,25\n,,Homework,Y,N\n", [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-09 P"],
    ),
    "such lines under no name": (
        f"Client,Case #,,11/2,11/9\n{DWAYNE},Attendance,P,U\n{DWAYNE},Homework,Y,Y\n{JAMES},Attendance,,P\n"
        f"{JAMES},Homework,Y,N\n", [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-09 P"],
    ),
    "three columns under each day": (
        f"Client,Case #,11/2,11/2,11/2,11/9,11/9,11/9\n,,Att,Paid,HW,Att,Paid,HW\n{DWAYNE},P,25,Y,,1,Y\n"
        f"{JAMES},U,,N,P,1,Y\n", [f"{D}11-02 P", f"{J}11-02 U", f"{J}11-09 P"],
    ),
    "the same over the names": (
        f",,11/2,11/2,11/2,11/9,11/9,11/9\nClient,Case #,Att,Paid,HW,Att,Paid,HW\n{DWAYNE},P,25,Y,,1,Y\n"
        f"{JAMES},U,,N,P,1,Y\n", [f"{D}11-02 P", f"{J}11-02 U", f"{J}11-09 P"],
    ),
    "two columns under each day": (
        f",,11/2,11/2,11/9,11/9\nClient,Case #,Att,HW,Att,HW\n{DWAYNE},P,Y,,Y\n{JAMES},U,N,P,Y\n",
        [f"{D}11-02 P", f"{J}11-02 U", f"{J}11-09 P"],
    ),
    "money beside each day": (
        f"Client,Case #,11/2,Paid,11/9,Paid\n{DWAYNE},P,25,U,1\n", [f"{D}11-02 P", f"{D}11-09 U"],
    ),
    "money under the days": (f"{WIDE}{DWAYNE},$25,$0\n{JAMES},25.00,1.00\n", []),
    "marks under no day": (
        f"Client,Case #,11/2,,11/16\n{DWAYNE},P,U,P\n", [f"{D}11-02 P", f"{D}11-16 P"],
    ),
    "a concern": (f"Name,Case #,Date,Status,Concern,Notes\n{DWAYNE},11/9/2026,P,Y,his wife called\n", BOTH[:1]),
    "whether somebody is still enrolled": (
        f"Client,Case #,Status,11/2,11/9\n{DWAYNE},Active,P,U\n", [f"{D}11-02 P", f"{D}11-09 U"],
    ),
}
WHEN: dict[str, tuple[str | bytes, list[str]]] = {
    "weeks in numbers": (f"Client,Case #,10/20-26,10/27-30\n{DWAYNE},P,U\n", []),
    "weeks with a month": (f"Client,Case #,Oct 20-26,Nov 9-15\n{DWAYNE},P,U\n", []),
    "a week in a row": (f"{HEAD}{DWAYNE},10/20-26,P\n", []),
    "months as Excel shows them": (f"Client,Case #,Sep-26,Oct-26,Nov-26\n{DWAYNE},1,1,0\n", []),
    "last year's roster": (f"Attendance 2025\nClient,Case #,11/3,11/10\n{DWAYNE},P,U\n", []),
    "a month of last year": (f"November 2025 attendance\n{WIDE}{DWAYNE},P,U\n", []),
    "this year's roster": (f"Attendance 2026\n{WIDE}{DWAYNE},P,U\n", [f"{D}11-02 P", f"{D}11-09 U"]),
    "a form of last year": (f"Form rev. 2025\n{WIDE}{DWAYNE},P,U\n", [f"{D}11-02 P", f"{D}11-09 U"]),
    "days down the side, and when the group began": (
        "November 2026\nStart date: 8/3/2026\nDay,James Whitefeather,Dwayne O'Neal\n2,P,P\n9,P,NS\n16,E,P\n",
        [f"{D}11-02 P", f"{D}11-09 U", f"{D}11-16 P", f"{J}11-02 P", f"{J}11-09 P", f"{J}11-16 E"],
    ),
    "days down the side of no month": (
        "Start date: 8/3/2026\nDay,James Whitefeather,Dwayne O'Neal\n2,P,P\n9,P,NS\n16,E,P\n", [],
    ),
    "a heading for a class made up": (
        "Session date: 11/16/2026\nName,Case #,Time In,Signature\n"
        f"{DWAYNE},5:55 PM,DO\nMake-up for 11/9/2026\n{JAMES},5:55 PM,JW\n", [f"{D}11-16 P", f"{J}11-16 P"],
    ),
    "no group across": (
        "Date,James Whitefeather,Dwayne O'Neal\n11/2,P,P\n11/9,NO GROUP - Veterans Day,\n",
        [f"{D}11-02 P", f"{J}11-02 P", f"{J}11-09 C"],
    ),
    "three rows of a header": (
        f"Participant,Case #,November 2026,,\n,,2,9,16\n,,Mon,Mon,Mon\n{DWAYNE},P,U,P\n",
        [f"{D}11-02 P", f"{D}11-09 U", f"{D}11-16 P"],
    ),
    "a month over the row of names": (
        f",,October 2026,,November 2026,\nParticipant,Case #,19,26,2,9\n{DWAYNE},P,U,P,E\n",
        [f"{D}10-19 P", f"{D}10-26 U", f"{D}11-02 P", f"{D}11-09 E"],
    ),
    "the header of each page": (
        f"{WIDE}{DWAYNE},P,U\nPage 2,,,\n{WIDE}{JAMES},P,P\n",
        [f"{D}11-02 P", f"{D}11-09 U", f"{J}11-02 P", f"{J}11-09 P"],
    ),
    "days in the cells of weeks": (
        "Start date: 9/28/2026\nClient,1,2,3\nJames Whitefeather,9/28,10/5,10/19\n", [],
    ),
    "days of a week": ("Week of: 11/9/2026\nClient,Mon,Tue,Wed\nJames Whitefeather,P,,\n", []),
}
ALL = CONTAINERS | WHO | WHAT | WHEN


@pytest.mark.parametrize("habit", ALL)
def test_a_sheet_of_a_further_program_is_read_as_was_said_beforehand(habit: str) -> None:
    sheet, expected = ALL[habit]
    assert records(sheet) == sorted(expected)
    assert expected or told(checked(sheet)), "what is not taken is named"


@pytest.mark.parametrize(("habit", "says"), [
    ("NP is not present, or no pay, or took no part", "Q-VALUE NP"), ("D is discharged, or disruptive", "Q-VALUE D"),
    ("letters of Spanish words", "Q-VALUE J"), ("letters of Spanish words", "Q-VALUE I"),
    ("letters of Spanish words", "Q-VALUE NA"), ("ticks pasted from Word", "Q-VALUE ✓ (SYMBOL)"),
    ("a class of which no box was ticked", "Q-VALUE (empty boxes)"), ("crosses drawn in colour", "Q-VALUE ❌"),
    ("a star that a footnote explains", "R-STATUS-UNKNOWN"), ("last year's roster", "R-DATE-YEAR"),
    ("whoever leads the class", "R-WHO-CLOSE"),
    ("lines for other things", "W-COLUMN-UNKNOWN:Homework"), ("marks under no day", "W-COLUMN-UNKNOWN:(D)"),
    ("days down the side of no month", "H-NO-MONTH:"), ("three columns under each day", "W-COLUMN-UNKNOWN:11/2 HW"),
])  # fmt: skip
def test_what_is_not_taken_of_it_is_named(habit: str, says: str) -> None:
    assert says in told(checked(ALL[habit][0]))


@pytest.mark.parametrize("title", [
    "Attendance Report - November 2026", "Asistencia noviembre 2026", "Monthly Attendance Report November 2026",
    "Attendance Report: Nov. 2026", "Reporte de asistencia - noviembre de 2026", "November 2026 Attendance Report",
    "Lista de asistencia del mes de noviembre de 2026", "BIP Monday Group - Nov 2026", "Men's Group November 2026",
    "Attendance Report for the Month of November 2026", "Informe mensual de asistencia: Noviembre 2026",
    "North Star BIP Attendance Report - November 2026 - Monday Group", "Class Attendance November 2026",
    "Registro de asistencia - Grupo lunes - nov 2026", "DV Group Attendance Summary November 2026",
])  # fmt: skip
def test_a_title_with_one_month_and_its_year_is_the_month_of_the_days(title: str) -> None:
    text = f'"{title}"\nName,Case #,2,9,16\n{DWAYNE},P,E,U\n'
    assert records(text) == [f"{D}11-02 P", f"{D}11-09 E", f"{D}11-16 U"]


@pytest.mark.parametrize("title", [
    "Attendance Report - printed November 2026", "Report due November 2026", "Started November 2026",
    "New cohort November 2026", "Certificate November 2026", "Attendance report, program year ending June 2026",
    "Revised attendance report November 2026", "Graduating November 2026", "Report to court November 2026",
    "Enrolled November 2026", "License expires November 2026", "Approved by DHS November 2026",
    "Fee increase November 2026", "Next report November 2026", "Attendance - October 2026 (entered November 2026)",
    "Inicio noviembre 2026", "Impreso noviembre 2026", "Attendance report as of November 2026",
    "Attendance through November 2026", "Last update November 2026", "Attendance Report (form rev. November 2026)",
    "Curriculum November 2026", "Training November 2026", "Facilitator April Jones", "Policy Manual November 2026",
    "New group November 2026", "Group opens November 2026", "Intake report November 2026", "Report - April Jones 2026",
])  # fmt: skip
def test_a_title_whose_month_may_be_that_of_something_else_is_asked_about(title: str) -> None:
    check = checked(f'"{title}"\nName,Case #,2,9,16\n{DWAYNE},P,E,U\n')
    assert check.records == () and "H-NO-MONTH" in {message.code for message in check.messages}


@pytest.mark.parametrize("title", [
    "Facilitator: J. Doe Date: 11/16/2026", "Program: North Star  Date: 11/16/2026", "Attendance date: 11/16/2026",
    "Fecha: 16 de noviembre de 2026", "North Star BIP Monday group 11/16/2026", "Sign-in date: 11/16/2026",
    "Today's date: 11/16/2026", "Service date: 11/16/2026", "Session 7 Date: 11/16/2026",
    "Date of service: 11/16/2026",
])  # fmt: skip
def test_the_day_of_the_class_above_a_sign_in_sheet_is_found(title: str) -> None:
    assert records(f'"{title}"\nName,Case #,Time In,Signature\n{DWAYNE},5:55 PM,DO\n') == [f"{D}11-16 P"]


@pytest.mark.parametrize("title", [
    "Report for period ending 11/16/2026", "Week ending 11/16/2026", "Invoice date: 11/16/2026",
    "Billing date 11/16/2026", "Date filed: 11/16/2026", "Scan date: 11/16/2026", "Make-up for 11/16/2026",
    "Review date: 11/16/2026", "Return by 11/16/2026", "Deadline 11/16/2026", "Entry date: 11/16/2026",
    "Mailed 11/16/2026", "Fecha de impresión: 11/16/2026", "Fecha de corte: 11/16/2026", "Vence 11/16/2026",
    "Follow-up date: 11/16/2026", "Date of report: 11/16/2026", "Date due: 11/16/2026", "Audit date: 11/16/2026",
    "Form date 11/16/2026", "Policy effective date: 11/16/2026", "Next session 11/16/2026",
    "Program: North Star Invoice Date: 11/16/2026",
])  # fmt: skip
def test_a_day_of_something_else_above_a_sign_in_sheet_is_no_class(title: str) -> None:
    """Once everybody on it had come on the day of the invoice."""
    check = checked(f'"{title}"\nName,Case #,Time In,Signature\n{DWAYNE},5:55 PM,DO\n')
    assert check.records == () and "H-NO-SESSIONS" in {message.code for message in check.messages}
