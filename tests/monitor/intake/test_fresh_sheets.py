"""Sheets written from the upload design alone, in the habits of the 28 samples, and every word of its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.intake.check import Check, Message, Question
from monitor.intake.examine import examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading, Refused
from tests.monitor.intake.sample_county import desk

FRESH: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("fresh_sheets.yaml").read_text("utf-8"))
JAMES = '"Whitefeather, James",25-CR-001220'
HEAD, WIDE = "Name,Case #,Date,Status\n", "Client,Case #,11/9/2026,11/16/2026\n"
EMPTY: dict[str, Any] = {
    "layout": None, "records": [], "messages": [], "questions": [], "errors": [], "warnings": [], "held": 0,
    "skipped": 0, "same": 0,
}  # fmt: skip


def content_of(sheet: dict[str, Any]) -> bytes:
    """The file's bytes: what YAML holds as text, in its encoding."""
    content: bytes = sheet["text"].encode(sheet.get("encoding", "utf-8"))
    return b"\xfe\xff" + content if sheet.get("encoding") == "utf-16-be" else content


def reading_of(content: bytes) -> Reading:
    """In this process: the jail is tested elsewhere."""
    try:
        return Reading(*read_text(content, Limits()))
    except Refused as refused:
        return Reading(refused=refused.code, detail=refused.detail)


def checked(content: bytes, name: str = "a.csv") -> Check:
    return examine(reading_of(content), desk(name)).check


@pytest.mark.parametrize("name", sorted(FRESH))
def test_a_fresh_sheet_gives_what_was_written_for_it(name: str) -> None:
    sheet = FRESH[name]
    check = checked(content_of(sheet), sheet.get("file", "a.csv"))
    assert _said(check) == EMPTY | sheet["expected"]
    changes = sum(record[2].count(">") for record in check.records if len(record) == 3)
    assert (check.new, check.changed) == (len(check.records) - changes, changes)


def _said(check: Check) -> dict[str, Any]:
    return {
        "layout": check.layout, "messages": sorted(check.file_messages), "held": check.held, "same": check.same,
        "skipped": check.skipped, "questions": sorted({_asked(question) for question in check.questions}),
        "errors": sorted(map(_told, check.errors)), "warnings": sorted(map(_told, check.warnings)),
        "records": sorted(" ".join(record).replace("2026-", "").replace("->", ">") for record in check.records),
    }  # fmt: skip


def _told(message: Message) -> str:
    return f"{message.row or '-'} {message.code}{':' if message.detail else ''}{message.detail}"


def _asked(question: Question) -> str:
    value = question.values[0]
    return {
        "Q-VALUE": f"Q-VALUE {value} {question.count} {question.suggest or '?'}",
        "Q-WEEK-DATES": f"Q-WEEK-DATES {value}",
    }.get(question.code, f"{question.code} {question.row}")


# every name of a column in the table of upload.md 2.1, by its field
HEADERS = {
    "participant_id": "participant id,client id,person id,id,id no,pid,client #,client number,record number,MRN",
    "case_number": "case number,case no,case #,case,docket,docket number,docket no,docket #,cause number,cause no,"
                   "cause #,court case,court case number,CR number",
    "name": "name,client,client name,participant,participant name,full name,offender,offender name,probationer,"
            "defendant,defendant name,member,attendee,student",
    "dob": "dob,date of birth,birth date,d.o.b.",
    "group": "group,group name,group code,class,class name,cohort,section,program,activity,course id,activity id",
    "session_date": "session date,date,date of session,class date,group date,attended on,appointment date,appt date,"
                    "service date,date of service,DOS,meeting date",
    "session_number": "session,session number,session no,session #,class number,week,week number,lesson,module",
    "status": "status,attendance,attendance status,attended,attended?,present,outcome,appt status,"
              "appointment status,result,P/A,att,show/no show",
    "time_in": "time in,arrival,arrival time,clock in,sign in time",
    "time_out": "time out,departure,clock out",
    "signature": "signature,sign,initials,client signature,participant signature",
    "minutes_late": "minutes late,tardy minutes",
    "reason": "reason,absence reason,excuse",
    "note": "note,notes,comment,comments,remarks",
    "fee_paid": "fee paid,paid,amount paid,payment,pd",
    "balance": "balance,balance due,amount owed,owes",
    "last_name": "last,last name,surname,lname,family name,client last name,participant last name",
    "first_name": "first,first name,given name,fname,client first name,participant first name",
    "sessions_required": "sessions required,total required,weeks ordered",
    "sessions_completed": "sessions completed,sessions attended,credits,total present",
    "absences_total": "total absences,absences,missed",
    "absences_excused": "excused,excused absences",
    "absences_unexcused": "unexcused,unexcused absences,no shows",
    "recommendation": "recommendation,program status,compliance,compliance status",
    "rating": "rating,participation,participation rating,participation level,progress",
    "ignored": "phone,email,address,probation officer,PO,counselor,facilitator,clinician,start time,end time,duration,"
               "CPT,service,insurance,row,#,total",
}  # fmt: skip
CELLS = {
    "participant_id": "P1008", "case_number": "25-CR-001220", "name": '"Whitefeather, James"', "dob": "2/11/1987",
    "group": "MON-6PM", "session_date": "2026-11-09", "session_number": "1", "status": "P", "time_in": "5:50 PM",
    "time_out": "8:00 PM", "signature": "JW", "note": "ok", "fee_paid": "25", "balance": "50",
    "last_name": "Whitefeather", "first_name": "James", "sessions_required": "52", "sessions_completed": "8",
    "absences_total": "1", "absences_excused": "1", "absences_unexcused": "1", "recommendation": "Continue",
    "rating": "3", "ignored": "7",
}  # fmt: skip
OF_TOTALS = {"sessions_required", "sessions_completed", "absences_total", "absences_excused", "absences_unexcused",
             "recommendation", "rating"}  # fmt: skip
DATED = {"session_date": "Date", "status": "Status"}


def columns_beside(field: str) -> dict[str, str]:
    """The other columns that a table with this one has."""
    if field in OF_TOTALS:
        named = {"name": "Name", "case_number": "Case #"}
        return named | {"sessions_completed": "Sessions Attended", "absences_total": "Absences"}
    if field == "participant_id":
        return DATED
    if field in ("last_name", "first_name"):
        return {"case_number": "Case #", "last_name": "Last Name", "first_name": "First Name", **DATED}
    return {"name": "Name", "case_number": "Case #", **DATED}


@pytest.mark.parametrize("field", HEADERS)
def test_every_name_of_a_column_is_known_however_it_is_written(field: str) -> None:
    for word in HEADERS[field].split(","):
        for written in (word, word.upper(), word.title() + ":", f" {word} *"):
            named = columns_beside(field) | {field: written}
            text = f"{','.join(named.values())}\n{','.join(CELLS.get(one, '') for one in named)}\n"
            check = checked(text.encode())
            expected = {one: name.strip() for one, name in named.items() if one != "ignored"}
            assert (check.mapping, len(check.records)) == (expected, 1), text
            assert (field == "ignored") == (check.file_messages == [f"I-COLUMN-IGNORED:{written.strip()}"]), text


# every word of the table of upload.md 2.2; "?" is asked about, "N" says of a class that it is not this person's
WORDS = {
    "P": "p,pres,present,attended,y,yes,true,1,✓,✔,☑,√,show,showed,arrived,checked in,kept,complete,completed,here,"
         "presente",
    "L": "l,late,tardy,t/l,p/l,late 12,L 15 min",
    "LN": "ln,late no credit,nc,no credit,left early,le,partial,turned away late",
    "D": "disruptive,removed,asked to leave,sent home,sent home (behavior),intoxicated,uti,did not comply,aftc,atsh",
    "SX": "sent home (service issue),atss",
    "E": "e,ex,exc,excused,excused absence,ea,a/e,absent – excused,sick,medical,court,funeral,acceptable absence,"
         "justificada",
    "U": "u,unex,unexc,unexcused,unexcused absence,ua,u/a,no show,ns,n/s,ncns,no call/no show,dna,did not attend,fta,"
         "late cancel,uaab",
    "ABS": "abs,absent,n,no,0,missed,not present,cancelled,cancelled by client,rescheduled,ausente",
    "M": "m,mu,m/u,make-up,made up,M 11/2",
    "C": "c,no group,holiday,hol,provider cancelled,facilitator out,weather,snow day,closed",
    "N": "-,–,n/a,off,vac,leave,loa,hold,suspended,not enrolled",
    "J": "j,jail,in custody,inc,arrested",
    "I": "i,intake,orientation,ori,assessment",
    "Q-DISCHARGE": "term,terminated,discharged,d/c,dropped,withdrawn,transferred,graduated",
    "Q-VALUE": "A,X,O,/",
}  # fmt: skip


@pytest.mark.parametrize("code", WORDS)
def test_every_word_for_what_happened_is_known_in_both_layouts(code: str) -> None:
    for word in WORDS[code].split(","):
        for written in (word, word.upper(), word.title(), f" {word} "):
            for text in (f'{HEAD}{JAMES},11/9/2026,"{written}"\n', f'{WIDE}{JAMES},"{written}",P\n'):
                check = checked(text.encode())
                asks = code if code.startswith("Q-") else ""
                assert [question.code for question in check.questions] == [asks] * bool(asks), text
                said = [record[2] for record in check.records if record[1] == "2026-11-09"]
                assert said == ([] if asks or code == "N" else [code]) and not check.errors, text
