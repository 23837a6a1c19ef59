"""Flags about finishing the program: in time, in full, not too early, and what a transfer does to credit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import month_later
from tests.rules.reference.life import due_day, flag, in_force, in_life, pauses
from tests.rules.reference.record import Rec, View
from tests.rules.reference.sessions import NO_SESSION, attended, credited, sessions, treatment_start, without_program

Flags = Iterator[dict[str, Any]]
DAY = timedelta(days=1)


def minutes(view: View, until: date) -> int:
    return sum(one.minutes for one in credited(view, until))


def sessions_needed(view: View) -> int | None:
    anchors = view.order.anchors
    if pilot(view):
        if pilot_input_missing(view):
            return None
        if anchors["county"] in law.PILOT_COUNTIES:
            return int(anchors["assessed_length_weeks"])
    value, _ = view.term("bip.sessions_min")
    return None if value is None else int(value)


def pilot(view: View) -> bool:
    return view.order.pack == "us_ca" and view.order.anchors.get("program_type") == "pilot_1203_099"


def pilot_input_missing(view: View) -> bool:
    """Whether the exception holds, or how long the program then is, cannot be told."""
    anchors = view.order.anchors
    in_pilot = anchors.get("county") in law.PILOT_COUNTIES
    return anchors.get("county") is None or (in_pilot and anchors.get("assessed_length_weeks") is None)


def certificate_input(view: View) -> Flags:
    """A certificate that cannot be judged for want of a county, an assessed length or a level."""
    for certificate in view.of("certificate")[:1]:
        if pilot(view) and pilot_input_missing(view):
            yield flag(view, "INPUT_MISSING", certificate.day, of_code="COMPLETION_NOT_MET")
        if (
            view.order.pack == "us_wa"
            and view.term("bip.length_min")[0] is None
            and level_lacks(view, certificate)
        ):
            yield flag(view, "INPUT_MISSING", certificate.day, of_code="COMPLETION_BEFORE_MINIMUM")


def level_lacks(view: View, certificate: Rec) -> bool:
    """Whether the length to be served cannot be told: no level on the day, or no day on which the program began."""
    start = treatment_start(view)
    if start is None:
        return True
    return start >= date.fromisoformat(law.WA_NEW_RULE_FROM) and level_on(view, certificate.day) is None


def extensions(view: View, until: date) -> list[Rec]:
    return [rec for rec in view.of("decision") if rec.get("kind") == "extension_granted" and rec.day <= until]


def completion_end(view: View, as_of: date) -> date | None:
    """End of the statutory time, as extended by a decision up to that day."""
    granted = view.order.day("granted_on")
    months, _ = view.term("bip.completion_deadline")
    if granted is None or months is None or not view.order.has("COMPLETION_OVERDUE"):
        return None
    end = month_later(granted, months)
    for rec in extensions(view, as_of):
        if rec.get("until"):
            end = date.fromisoformat(rec.get("until"))
    return due_day(view, "COMPLETION_OVERDUE", end)


def completion_overdue(view: View) -> Flags:
    end, need = completion_end(view, view.today), sessions_needed(view)
    if end is None or need is None or view.today <= end or not in_life(view, view.today):
        return
    have = len(credited(view, view.today))
    if have < need:
        yield flag(view, "COMPLETION_OVERDUE", end + DAY, due=end, have=have, need=need, unit="sessions")


def completion_at_risk(view: View) -> Flags:
    if not at_risk(view, view.today):
        return
    end, need = completion_end(view, view.today), sessions_needed(view)
    first, floor = view.today, view.today - 2000 * DAY
    # an extension ends the flag (rules/CODES.md); where the new end does not fit either, another one begins that day
    while first > floor and at_risk(view, first - DAY) and completion_end(view, first - DAY) == end:
        first -= DAY
    if in_life(view, view.today):
        have = len(credited(view, view.today))
        yield flag(view, "COMPLETION_AT_RISK", first, due=end, have=have, need=need, unit="sessions")


def at_risk(view: View, day: date) -> bool:
    """Whether, as things stood on that day, the sessions left no longer fit at one in seven days."""
    end, need = completion_end(view, day), sessions_needed(view)
    if end is None or need is None:
        return False
    done = credited(view, day)
    left = need - len(done)
    if left <= 0:
        return False
    latest_next = end - 7 * (left - 1) * DAY
    last = max((one.day for one in done), default=None)
    return day > latest_next or (last is not None and last + 7 * DAY > latest_next)


def window_start(view: View) -> date | None:
    return treatment_start(view)


def window_end(view: View) -> date | None:
    """The day by which the whole program must fit, as extended."""
    start = window_start(view)
    if start is None or view.order.pack not in law.WINDOW:
        return None
    unit, length = law.WINDOW[view.order.pack]
    end = start + 7 * length * DAY if unit == "weeks" else month_later(start, length)
    for rec in extensions(view, view.today):
        if rec.get("until"):
            end = date.fromisoformat(rec.get("until"))
    return end


def window_test(view: View, until: date) -> tuple[int, int, str] | None:
    """What there is, what is needed, and in which unit."""
    if view.order.pack == "us_nc":
        hours, _ = view.term("bip.hours_min")
        return minutes(view, until), int(hours) * 60, "minutes"
    need: int | None = sessions_needed(view)
    if view.order.pack == "us_az" and need is None:
        need = law.AZ_SESSIONS.get(view.order.anchors.get("offense_number"))  # type: ignore[arg-type]
    return None if need is None else (len(credited(view, until)), need, "sessions")


def grounds(view: View, end: date) -> bool:
    """Custody or hospital inside the window, or a hospital's letter."""
    start = window_start(view) or end
    times = pauses(view, "custody", "hospital")
    if any(begin.day <= end and (over is None or over.day > start) for begin, over in times):
        return True
    return any(rec.get("kind") == "hospital" and start <= rec.day <= end for rec in view.of("letter"))


def completion_window(view: View) -> Flags:
    end = window_end(view)
    if end is None or view.today <= end or not in_life(view, view.today):
        return
    test = window_test(view, end)
    if test is None or test[0] >= test[1]:
        return
    have, need, unit = test
    ground = ["extension_ground"] if grounds(view, end) else []
    values = {"due": end, "have": have, "need": need, "unit": unit, "mitigation": ground}
    yield flag(view, "COMPLETION_WINDOW_EXCEEDED", end + DAY, **values)
    decided = any(rec.get("kind") in {"extension_granted", "extension_denied"} for rec in view.of("decision"))
    if view.order.has("EXTENSION_DECISION_MISSING") and ground and not decided:
        yield flag(view, "EXTENSION_DECISION_MISSING", end + DAY)


def completion_not_met(view: View) -> Flags:
    for certificate in view.of("certificate"):
        for have, need, unit in failed_tests(view, certificate):
            yield flag(
                view, "COMPLETION_NOT_MET", certificate.day, have=have, need=need, unit=unit, certificate=certificate.id
            )


def failed_tests(view: View, certificate: Rec) -> list[tuple[int, int, str]]:
    held, time = len(credited(view, certificate.day)), minutes(view, certificate.day)
    if view.order.pack == "us_mn":
        return either_test(view, certificate, held, time)
    failed = []
    need, (hours, _) = sessions_needed(view), view.term("bip.hours_min")
    if need is not None and held < need:
        failed.append((held, need, "sessions"))
    if hours is not None and time < hours * 60:
        failed.append((time, hours * 60, "minutes"))
    return failed


def either_test(view: View, certificate: Rec, held: int, time: int) -> list[tuple[int, int, str]]:
    """Minnesota: sessions or hours; the officer may have recommended fewer sessions."""
    set_by_order, _ = view.term("bip.sessions_min")
    need = 24 if set_by_order is None else set_by_order
    for rec in view.of("decision"):
        said = rec.get("kind") == "fewer_sessions_recommended" and rec.get("by") != "provider"
        if said and rec.day <= certificate.day:
            need = rec.get("value")
    return [] if held >= need or time >= 36 * 60 else [(held, need, "sessions")]


def completion_before_minimum(view: View) -> Flags:
    for certificate in view.of("certificate"):
        earliest = earliest_end(view, certificate)
        if earliest is not None and certificate.day < earliest:
            values = {"earliest": earliest, "certificate": certificate.id}
            yield flag(view, "COMPLETION_BEFORE_MINIMUM", certificate.day, **values)


def earliest_end(view: View, certificate: Rec) -> date | None:
    start = treatment_start(view)
    if start is None:
        return None
    weeks, source = view.term("bip.length_min")
    if weeks is not None and not (source == "provider_policy" and falls_short_of_months(view.order.pack, weeks)):
        return start + 7 * weeks * DAY
    if view.order.pack == "us_az":
        return month_later(start, law.AZ_MONTHS_MIN)
    return washington_end(view, start, certificate) if view.order.pack == "us_wa" else None


def falls_short_of_months(pack: str, weeks: int) -> bool:
    """Whether weeks are less than the months that Arizona's rule asks for: thirteen are, by a quarter of a day."""
    return pack == "us_az" and 7 * weeks * 12 < law.AZ_MONTHS_MIN * 365


def washington_end(view: View, start: date, certificate: Rec) -> date | None:
    new_from = date.fromisoformat(law.WA_NEW_RULE_FROM)
    chosen = chosen_version(view)
    if chosen == law.WA_OLD_RULE or (chosen is None and certificate.day < new_from):
        return month_later(start, law.WA_OLD_MONTHS)
    if chosen is None and start < new_from:
        return None
    level = level_on(view, certificate.day)
    return month_later(start, law.WA_MONTHS[level]) if level in law.WA_MONTHS else None


def chosen_version(view: View) -> str | None:
    found = [rec for rec in view.of("decision") if rec.get("kind") == "rule_version_chosen"]
    return found[-1].get("value") if found else None


def level_on(view: View, day: date) -> str | None:
    begun = [item for item in view.order.anchors.get("levels", []) if date.fromisoformat(item["from"]) <= day]
    return max(begun, key=lambda item: item["from"])["level"] if begun else None


def rule_version(view: View) -> Flags:
    start, new_from = treatment_start(view), date.fromisoformat(law.WA_NEW_RULE_FROM)
    if view.order.pack != "us_wa" or start is None or start >= new_from or chosen_version(view):
        return
    done = any(rec.day < new_from for rec in view.of("certificate"))
    if view.today >= new_from and not done and in_life(view, new_from):
        yield flag(view, "RULE_VERSION_CHOICE_NEEDED", new_from)


def completion_reopened(view: View) -> Flags:
    then = view.on_record()
    told = set()
    for certificate in then.of("certificate"):
        for about, names, known in lost_attendance(then, certificate):
            if about not in told:
                yield flag(view, "COMPLETION_REOPENED", then.local(known), about=about, subjects=names)
            told.add(about)


def lost_attendance(view: View, certificate: Rec) -> Iterator[tuple[str, list[str], Any]]:
    """Corrections recorded after the certificate that took attendance away from before it."""
    for rec in view.case.records:
        line = view.versions(rec.id)
        if rec.type != "session" or len(line) < 2 or line[-1] is not rec or rec.known > view.known:
            continue
        before, names = line[-2], [version.id for version in line]
        mine = rec.get("order") in (None, view.order.id) and before.day <= certificate.day
        if mine and gave(before) and not gave(rec) and rec.known > certificate.moment:
            yield rec.id, names, rec.known
    for rec in (one for one in view.of("retraction") if one.known > certificate.moment):
        target = next((one for one in view.case.records if one.id == rec.get("retracts")), None)
        if target is not None and target.type == "session" and gave(target) and target.day <= certificate.day:
            yield target.id, [target.id], rec.known


def gave(rec: Rec) -> bool:
    return rec.get("outcome") in {"attended", "late", "sent_away_provider"} and rec.get("kind") not in NO_SESSION


def break_too_long(view: View) -> Flags:
    if not view.order.has("BREAK_TOO_LONG"):
        return
    limit = view.order.pack_value("bip.break_max")
    found = [one for one in sessions(view) if attended(one)]
    done = min((rec.day for rec in view.of("certificate")), default=None)
    for number, one in enumerate(found):
        back = found[number + 1].day if number + 1 < len(found) else None
        due = approved_until(view, one.day + limit * DAY, back)
        too_long = view.today > due and (back is None or back > due) and in_force(view, due + DAY)
        if too_long and (done is None or done > due + DAY) and not left_since(view, one.day, due + DAY):
            yield flag(view, "BREAK_TOO_LONG", due + DAY, limit=limit, due=due, subjects=list(one.names))


def left_since(view: View, last: date, day: date) -> bool:
    """The person left the program after the last class and was in none again: no longer the program's to report."""
    enrolled = [*view.of("enrollment"), *view.of("transfer")]
    back = any(rec.day > last and (rec.type == "transfer" or rec.get("event") == "enrolled") for rec in enrolled)
    out = {"discharged", "exited", "rejected"}
    gone = any(rec.get("event") in out and last <= rec.day < day for rec in view.of("enrollment"))
    return gone and not back and without_program(view, day)


def approved_until(view: View, due: date, back: date | None) -> date:
    """The day up to which a break is allowed: the limit, or a longer time approved before it ran out."""
    for rec in view.of("decision"):
        if rec.get("kind") == "break_approved" and rec.day <= due and rec.get("until"):
            due = max(due, date.fromisoformat(rec.get("until")))
    return due


def transfers(view: View) -> Flags:
    for rec in view.of("transfer"):
        allowed = set(rec.get("authorized_by"))
        fits = {
            "us_ga": bool(allowed & {"court", "referrer"}) and "original_program" in allowed,
            "us_or": bool(allowed & {"lsa", "mandating_authority"}),
        }.get(view.order.pack, True)
        if not fits:
            yield flag(view, "TRANSFER_UNAUTHORIZED", rec.day, about=rec.id)


def credit_denied(view: View) -> Flags:
    if not view.order.has("CREDIT_DENIED"):
        return
    moved = 0
    for rec in view.of("transfer"):
        by_choice = rec.get("reason") != "program_closed"
        moved += 1 if by_choice else 0
        have = minutes(view, rec.day - DAY)
        if have and ((by_choice and moved > 1) or "referrer" not in rec.get("authorized_by")):
            yield flag(view, "CREDIT_DENIED", rec.day, have=have, unit="minutes", subjects=[rec.id])


def credit_reset(view: View) -> Flags:
    if not view.order.has("CREDIT_RESET"):
        return
    hours, _ = view.term("bip.hours_min")
    for start, _end in pauses(view, "custody"):
        have = minutes(view, start.day - DAY)
        if start.get("basis") == "sentence" and 0 < have < hours * 60:
            yield flag(view, "CREDIT_RESET", start.day, have=have, unit="minutes", subjects=[start.id])


RULES = [
    completion_overdue, completion_at_risk, certificate_input, completion_window, completion_not_met,
    completion_before_minimum, rule_version, completion_reopened, break_too_long, transfers,
    credit_denied, credit_reset,
]  # fmt: skip
