"""Sessions as facts: versions, repeats and conflicts, the officer's word on an absence, credit, expected sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import days_between
from tests.rules.reference.life import NOTHING_EXPECTED, event_in_force, in_current_era, in_force, paused
from tests.rules.reference.record import Rec, View

OUT_OF_COUNTS = {"not_counted", "rescheduled"}
NO_SESSION = {"intake", "orientation"}


@dataclass
class Session:
    """One session of one person after repeats are merged."""

    id: str
    names: set[str]
    records: list[Rec]
    day: date
    moment: datetime
    timed: bool
    program: str
    outcome: str
    minutes: int
    kind: str
    makeup_for: str | None
    recorded: datetime
    turned_absent: datetime | None
    decision: str
    verdict: Rec | None
    conflict: bool = False
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def absent(self) -> bool:
        return self.outcome == "absent" and not self.conflict


def sessions(view: View) -> list[Session]:
    if view.remembered is None:
        view.remembered = found_sessions(view)
    return list(view.remembered)


def found_sessions(view: View) -> list[Session]:
    found = [merged(view, group) for group in same_sessions(view)]
    found += [sheet(view, program, day) for program, day in view.gaps.sheets if view.gaps.fill]
    return sorted(found, key=lambda one: (one.day, one.moment, one.id))


def same_sessions(view: View) -> list[list[Rec]]:
    groups: list[list[Rec]] = []
    for rec in sorted(view.of("session"), key=lambda rec: (rec.known, rec.id)):
        for group in groups:
            if all(one_session(rec, other) for other in group):
                group.append(rec)
                break
        else:
            groups.append([rec])
    return groups


def one_session(rec: Rec, other: Rec) -> bool:
    if (rec.program, rec.day) != (other.program, other.day):
        return False
    return not (rec.timed and other.timed) or rec.moment == other.moment


def merged(view: View, group: list[Rec]) -> Session:
    first = group[0]
    alike = all(
        (rec.get("outcome"), rec.get("minutes")) == (first.get("outcome"), first.get("minutes")) for rec in group
    )
    decision, verdict = judged(view, first, {rec.id for rec in group})
    names = {version.id for rec in group for version in view.versions(rec.id)}
    return Session(
        first.id, names, group, first.day, first.moment, first.timed, first.program, first.get("outcome"),
        first.get("minutes") or 0, first.get("kind", "group"), first.get("makeup_for"), first.known,
        turned_absent(view, first), decision, verdict, conflict=not alike,
    )  # fmt: skip


def judged(view: View, first: Rec, ids: set[str]) -> tuple[str, Rec | None]:
    """The last decision on this version; none or pending evidence leaves an absence pending."""
    found = [rec for rec in view.of("adjudication") if rec.get("of") in ids]
    verdict = max(found, key=lambda rec: (rec.known, rec.id), default=None)
    decision = verdict.get("decision") if verdict else "pending_evidence"
    if first.get("outcome") != "absent":
        return ("attended_not_complied" if decision == "attended_not_complied" else "none"), verdict
    if decision != "pending_evidence":
        return decision, verdict
    return {"worst": "unexcused", "best": "not_counted"}.get(view.gaps.fill or "", "pending"), verdict


def turned_absent(view: View, rec: Rec) -> datetime | None:
    """When a correction made an absence out of something else."""
    line = view.versions(rec.id)
    if rec.get("outcome") != "absent" or all(version.get("outcome") == "absent" for version in line):
        return None
    last_other = max(n for n, version in enumerate(line) if version.get("outcome") != "absent")
    return line[last_other + 1].known


def sheet(view: View, program: str, day: date) -> Session:
    """What an outstanding sheet might show."""
    worst = view.gaps.fill == "worst"
    moment = datetime.combine(day, datetime.min.time()).astimezone()
    return Session(
        f"?{day}", {f"?{day}"}, [], day, moment, False, program, "absent" if worst else "attended", 120, "group",
        None, view.now, None, "unexcused" if worst else "none", None,
    )  # fmt: skip


def binds(view: View, one: Session) -> bool:
    return event_in_force(view, one.day, one.moment, one.timed)


def counts(view: View, one: Session) -> bool:
    """In force and in the current era."""
    return binds(view, one) and in_current_era(view, one.day)


def absences(view: View, *decisions: str, any_era: bool = False) -> list[Session]:
    """Absences in force; a reset ends the counts of earlier ones, but not the lapses of others about them."""
    here = binds if any_era else counts
    return [one for one in sessions(view) if one.absent and one.decision in decisions and here(view, one)]


def by_program(found: list[Session]) -> dict[str, list[Session]]:
    programs: dict[str, list[Session]] = {}
    for one in found:
        programs.setdefault(one.program, []).append(one)
    return programs


def credited(view: View, until: date) -> list[Session]:
    """Sessions that give credit up to a day, one make-up at most for a missed session."""
    all_of_them = [one for one in sessions(view) if one.day <= until and not one.conflict]
    plain = [one for one in all_of_them if one.makeup_for is None and gives_credit(view, one)]
    return plain + list(makeups(view, all_of_them).values())


def lateness_is_absence(view: View) -> bool:
    word, source = view.term("bip.lateness_counts_as")
    return word == "absence" if source else view.order.pack in law.LATENESS_IS_ABSENCE


def gives_credit(view: View, one: Session) -> bool:
    late_is_absence = lateness_is_absence(view)
    outcomes = {"attended", "sent_away_provider"} | (set() if late_is_absence else {"late"})
    return one.outcome in outcomes and one.kind not in NO_SESSION and one.decision != "attended_not_complied"


def makeups(view: View, found: list[Session]) -> dict[str, Session]:
    """Missed session to the one make-up that counts for it: the earliest inside the make-up time."""
    chosen: dict[str, Session] = {}
    for one in found:
        missed = [other for other in found if one.makeup_for in other.names and other.absent]
        if not missed or not gives_credit(view, one) or missed[0].id in chosen:
            continue
        within, _ = view.term("bip.makeup_within_days", missed[0].program, missed[0].day)
        if within is None or (one.day - missed[0].day).days <= within:
            chosen[missed[0].id] = one
    return chosen


def attended(one: Session) -> bool:
    return one.outcome in {"attended", "late"} and not one.conflict


def treatment_start(view: View) -> date | None:
    anchor = view.order.day("treatment_started_on")
    if anchor:
        return anchor
    days = [one.day for one in sessions(view) if attended(one) and one.kind not in NO_SESSION]
    return min(days) if days else None


def certificate_days(view: View) -> list[date]:
    return [rec.day for rec in view.of("certificate")]


def without_program(view: View, day: date) -> bool:
    """An enrollment had ended before that day and no new one had begun."""
    now_in, ended = set(), False
    for rec in sorted([*view.of("enrollment"), *view.of("transfer")], key=lambda rec: (rec.moment, rec.known)):
        if rec.day > day:
            break
        if rec.type == "transfer":
            now_in = (now_in - {rec.get("from_program")}) | {rec.get("to_program")}
        elif rec.get("event") == "enrolled":
            now_in.add(rec.program)
        elif rec.get("event") in {"discharged", "exited", "rejected"} and rec.day < day:
            now_in.discard(rec.program)
            ended = True
    return ended and not now_in


def expected_on(view: View, day: date) -> bool:
    if paused(view, day, *NOTHING_EXPECTED) or not in_force(view, day):
        return False
    return not any(day > done for done in certificate_days(view)) and not without_program(view, day)


def on_leave(view: View, day: date) -> bool:
    needed = law.LEAVE_NEEDS.get(view.order.pack, set())
    for rec in view.of("leave"):
        approved = set(rec.get("approved_by"))
        if approved and needed <= approved and day.isoformat() in rec.get("covers"):
            return True
    return False


def covered(view: View, day: date, program: str | None) -> bool:
    return any(
        rec.get("covers_from") <= day.isoformat() < rec.get("covers_to")
        for rec in view.of("submission")
        if program is None or rec.program == program
    )


def scheduled(view: View, of: str) -> list[tuple[str, date]]:
    found = {
        (rec.program, date.fromisoformat(day))
        for rec in view.of("schedule")
        if rec.get("of") == of
        for day in rec.get("dates")
    }
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def outstanding_sheets(view: View) -> list[tuple[str, date]]:
    """Scheduled sessions that are over, neither recorded nor covered."""
    recorded = {(rec.program, rec.day) for rec in view.of("session")}
    return [
        (program, day)
        for program, day in scheduled(view, "session")
        if day < view.today
        and (program, day) not in recorded
        and expected_on(view, day)
        and not covered(view, day, program)
    ]


@dataclass
class Window:
    """One attendance window that is over and expected."""

    start: date
    to: date
    held: bool
    covered: bool


def windows(view: View) -> list[Window]:
    start = treatment_start(view)
    if start is None or scheduled(view, "session"):
        return []
    found = []
    while start <= view.today:
        every = window_length(view, start)
        days = days_between(start, start + timedelta(days=every or 1))
        other = [day for day in days if window_length(view, day) != every]
        if other or not every:
            start = min(other, default=start + timedelta(days=1))  # a new cadence begins with a window of its own
            continue
        if days[-1] < view.today and all(expected_on(view, day) and not on_leave(view, day) for day in days):
            held = any(rec.day in days for rec in view.of("session"))
            found.append(
                Window(start, start + timedelta(days=every), held, all(covered(view, day, None) for day in days))
            )
        start += timedelta(days=every)
    return found


def window_length(view: View, day: date | None = None) -> int | None:
    """Days between sessions; None while the rule sleeps or cannot be told."""
    value, _ = view.term("bip.attendance_every_days", day=day)
    return int(value) if value else None
