"""What a prosecutor does on screen, a line each."""

from __future__ import annotations

import re

import msgspec
from sqlalchemy import select

from monitor.models import Allegation, AllegationStep, EvidencePacket, random_id
from monitor.prosecution.evidence import Evidence
from tests.office import NOW

WHY = "The roster and the proof of service stand."


def path_of(desk):
    return f"/prosecution/{desk.report}"


def token_of(browser, path):
    return re.search(r'name="token" value="([^"]*)"', browser.get(path).text).group(1)


def decide(browser, path, decision, reason, words=WHY, **form):
    form.setdefault("token", token_of(browser, path))
    return browser.post(f"{path}/decision", data={"decision": decision, "ground": reason, "words": words, **form})


def rows_offered(browser, path):
    return re.findall(r'name="row" value="(\w+)"', browser.get(path).text)


def built(browser, path, rows=None):
    """The address of a packet of the rows given, or of all."""
    answer = browser.post(f"{path}/packets", data={"row": rows or rows_offered(browser, path)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def kept(database, path):
    with database.system("test: look") as session:
        return session.get_one(EvidencePacket, int(path.rsplit("/", 1)[1]))


def evidence_of(database, path):
    return msgspec.json.decode(kept(database, path).content, type=Evidence)


def only_a_call(database, desk):
    """As if a report without any record had been let through: nothing behind it but that somebody called."""

    def without_record(content):
        for matter in content.get("facts", {}).get("matters", ()):
            matter["rows"] = [{"text": "Letter", "on": None, "source": "", "name": "letter", "mark": "TOLD"}]

    copy_of_report(database, desk, without_record)


def copy_of_report(database, desk, changed):
    """Another report with the steps of this one, its approval ``changed``; ``desk`` is about it from now on."""
    with database.system("test: by hand") as session, session.begin():
        report = session.get_one(Allegation, desk.report)
        number = random_id()
        session.add(Allegation(id=number, case_id=report.case_id, agency_id=report.agency_id,
                               made_by_id=report.made_by_id, made_at=NOW))  # fmt: skip
        session.flush()
        steps = select(AllegationStep).where(AllegationStep.allegation_id == report.id)
        for step in session.scalars(steps.order_by(AllegationStep.number)).all():
            content = msgspec.json.decode(msgspec.json.encode(step.content))
            changed(content)
            session.add(AllegationStep(allegation_id=number, case_id=step.case_id, agency_id=step.agency_id,
                                       words=step.words, content=content, number=step.number, kind=step.kind,
                                       by_user_id=step.by_user_id, at=step.at))  # fmt: skip
            session.flush()
    desk.report = number


def asks_for(database, desk, ask):
    """As if probation had asked for it: steps are only added, so a report of its own."""
    copy_of_report(database, desk, lambda content: content.get("typed", {}).update(ask=ask))
