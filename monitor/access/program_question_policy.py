"""Routes by which an officer asks a program about one class of one person, and the program answers."""

from __future__ import annotations

from monitor.access.desk_policy import ITS_PEOPLE
from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
SHOWS = (Seen.IDENTITY, Seen.ATTENDANCE)
ASKED = "/program-questions"
OF_CASE = f"{ASKED}/of/{{case_id}}"
A_QUESTION = {"place": Field.NUMBER, "kind": Field.CHOICE, "about_on": Field.DAY}

PROGRAM_QUESTIONS: dict[tuple[str, str], Policy] = {
    ("GET", OF_CASE): allow(
        "program_question:list", *OFFICERS, event="program_question.list", shows=SHOWS, named_case=True
    ),
    ("POST", OF_CASE): allow(
        "program_question:ask", *OFFICERS, event="program_question.asked", takes=A_QUESTION, shows=SHOWS,
        named_case=True,
    ),
    ("POST", f"{ASKED}/{{ask_id}}/back"): allow(
        "program_question:take_back", *OFFICERS, event="program_question.taken_back", shows=SHOWS, named_case=True
    ),
    ("POST", f"{ASKED}/{{ask_id}}/read"): allow(
        "program_question:read", *OFFICERS, event="program_question.read", shows=SHOWS, named_case=True
    ),
    ("POST", f"{ASKED}/{{ask_id}}/answer"): allow(
        "program_question:answer", Role.PROGRAM, event="program_question.answered", takes={"answer": Field.CHOICE},
        shows=ITS_PEOPLE,
    ),
}  # fmt: skip
