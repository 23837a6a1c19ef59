"""Flags about reports that a program, an officer or a court owes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.rules.reference.clock import business_days_later, month_later
from tests.rules.reference.life import due_day, flag, lateness, overdue
from tests.rules.reference.record import Rec, View
from tests.rules.reference.rules_enrollment import enrollments, first_day, reports
from tests.rules.reference.sessions import Session, absences, credited, sessions, treatment_start

Flags = Iterator[dict[str, Any]]
DAY = timedelta(days=1)


def progress_report(view: View) -> Flags:
    months, _ = view.term("report.progress_interval_max")
    start = treatment_start(view)
    if start is None or months is None or not view.order.has("PROGRESS_REPORT_OVERDUE"):
        return
    given = [rec.day for rec in reports(view, "progress")]
    due = due_day(view, "PROGRESS_REPORT_OVERDUE", month_later(max([start, *given]), months))
    if not any(rec.day <= due for rec in view.of("certificate")):
        yield from overdue(view, "PROGRESS_REPORT_OVERDUE", due, None)


def report_deadline(view: View, start: date) -> tuple[date | None, str] | None:
    """When the program's report is due and where the number comes from; no number gives no date."""
    if not view.order.has("PROGRAM_REPORT_DUE"):
        return None
    if view.order.pack == "us_wa":
        return start + view.order.pack_value("report.noncompliance.deadline") * DAY, "law"
    count, basis = view.term("report.immediately_means")
    if basis is None or count is None:
        return None, "law"
    return business_days_later(start, count, view.case.holidays), basis


def about_session(one: Session, found: list[Rec], by: str) -> date | None:
    return first_day([rec for rec in found if rec.get("by") == by and rec.get("about") in one.names])


def program_reports(view: View) -> Flags:
    for one in absences(view, "pending", "unexcused", any_era=True):
        start = view.local(one.turned_absent) if one.turned_absent else one.day
        deadline = report_deadline(view, start)
        if deadline is None or one.id.startswith("?"):
            continue
        due, basis = deadline
        done = about_session(one, reports(view, "noncompliance"), "provider")
        if done is None and (due is None or view.today <= due):
            yield flag(view, "PROGRAM_REPORT_DUE", start, about=one.id, due=due, basis=basis)
        if due is not None:
            yield from lateness(view, "PROGRAM_REPORT_LATE", due, done, about=one.id, basis=basis)


def intake_failure(view: View) -> Flags:
    if view.order.pack != "us_tn":
        return
    for rec in enrollments(view, "intake_failed"):
        due = rec.day + view.order.pack_value("report.intake_failure.deadline") * DAY
        found = [one for one in reports(view, "noncompliance") if one.get("by") == "provider"]
        names = {version.id for version in view.versions(rec.id)}
        done = first_day([one for one in found if one.get("about") in names])
        yield from lateness(view, "PROGRAM_REPORT_LATE", due, done, about=rec.id, basis="law")


def officer_report(view: View) -> Flags:
    count, basis = view.term("report.officer_to_court")
    for one in absences(view, "unexcused", any_era=True):
        if basis is None or one.verdict is None or one.verdict.get("by", "probation") != "probation":
            continue
        due = business_days_later(view.local(one.verdict.known), count, view.case.holidays)
        done = about_session(
            one, [rec for rec in reports(view, "noncompliance") if rec.get("to") == "court"], "probation"
        )
        yield from lateness(view, "OFFICER_REPORT_LATE", due, done, about=one.id, basis=basis)


def report_unanswered(view: View) -> Flags:
    days, basis = view.term("hearing.response_within_days")
    if basis is None:
        return
    first: dict[str, list[Rec]] = {}
    for rec in reports(view, "noncompliance"):
        if rec.get("to") == "court":
            first.setdefault(matter_of(view, rec.get("about") or rec.id), []).append(rec)
    # "A reported non-compliance": one session is one matter, however often its record was corrected or it was reported
    # again; the court's time runs from the first report (rules/CODES.md).
    for matter, filed in first.items():
        about = stands_for(view, filed[0].get("about") or filed[0].id)
        due = due_day(view, "REPORT_UNANSWERED", filed[0].day + days * DAY)
        names = {about, matter} | {name for rec in filed for name in (rec.id, rec.get("about")) if name}
        answered = first_day([other for other in view.of("decision") if answers(other, names)])
        yield from overdue(view, "REPORT_UNANSWERED", due, answered, about=about, basis=basis)


def matter_of(view: View, name: str) -> str:
    """The first version of the record that stands where several tell of one session."""
    line = view.versions(stands_for(view, name))
    return line[0].id if line else name


def stands_for(view: View, name: str) -> str:
    """The record that stands where several tell of one session."""
    found = [one for one in sessions(view) if not one.conflict and name in {rec.id for rec in one.records[1:]}]
    return found[0].id if found else name


def answers(rec: Rec, names: set[str]) -> bool:
    kinds = {"response_recorded", "flag_resolved", "breach_resolved"}
    return rec.get("by") == "court" and rec.get("kind") in kinds and rec.get("about") in names


def discharge_reports(view: View) -> Flags:
    if not view.order.has("DISCHARGE_REPORT_OVERDUE"):
        return
    for rec in enrollments(view, "discharged"):
        count = view.order.pack_value("report.discharge.deadline")
        due = business_days_later(rec.day, count, view.case.holidays)
        yield from overdue(
            view, "DISCHARGE_REPORT_OVERDUE", due, first_day(after(rec, reports(view, "discharge_notice")))
        )
        until = rec.moment + timedelta(hours=view.order.pack_value("report.discharge.victim_deadline"))
        told = after(rec, reports(view, "victim_notice"))
        if view.now > until and not told:
            yield flag(view, "VICTIM_NOTICE_OVERDUE", until, due=until)


def after(rec: Rec, found: list[Rec]) -> list[Rec]:
    """Reports about this event: named or, without a name, made since and not by another program."""
    unnamed = [one for one in found if one.get("about") is None and one.get("program") in (None, rec.program)]
    return [*(one for one in found if one.get("about") == rec.id), *(one for one in unnamed if since(one, rec))]


def since(one: Rec, rec: Rec) -> bool:
    return one.moment >= rec.moment if one.timed and rec.timed else one.day >= rec.day


def summary_report(view: View) -> Flags:
    if not view.order.has("SUMMARY_REPORT_OVERDUE"):
        return
    done = sorted(one.day for one in credited(view, view.today))
    given = reports(view, "summary")
    in_time = [rec for rec in given if sum(day <= rec.day for day in done) >= 32]
    if len(done) >= 36 and not in_time:
        yield flag(view, "SUMMARY_REPORT_OVERDUE", done[35], counter=[rec.id for rec in given])


def exit_summary(view: View) -> Flags:
    if not view.order.has("EXIT_SUMMARY_OVERDUE"):
        return
    prepared: dict[str, Rec] = {}
    for rec in enrollments(view, "exited"):
        first = min(after(rec, reports(view, "exit_summary")), key=lambda one: one.moment, default=None)
        yield from overdue(view, "EXIT_SUMMARY_OVERDUE", rec.day + 30 * DAY, first.day if first else None)
        if first is not None:
            prepared[first.id] = first
    for one in prepared.values():  # one summary, one copy, though it may speak of two exits
        copies = [rec for rec in reports(view, "exit_summary_copy") if since(rec, one) and same_program(rec, one)]
        due = business_days_later(one.day, 7, view.case.holidays)
        yield from overdue(view, "EXIT_SUMMARY_COPY_OVERDUE", due, first_day(copies))


def same_program(one: Rec, other: Rec) -> bool:
    """As far as both say of which program they are."""
    return None in (one.get("program"), other.get("program")) or one.program == other.program


RULES = [
    progress_report, program_reports, intake_failure, officer_report, report_unanswered, discharge_reports,
    summary_report, exit_summary,
]  # fmt: skip
