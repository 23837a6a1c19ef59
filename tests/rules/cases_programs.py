"""Random cases about programs: coverage and windows, enrolling, finishing, reports and discharges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.cases import SPAN_DAYS, Draw, Fact, day, delays, life, maybe, often, resets, scenario, session_facts

WINDOW_TERMS = {
    "base": [
        {"order": {"bip.attendance_every_days": 7}},
        {"order": {"bip.attendance_every_days": 10}},
        {"programs": {"main": {"bip.attendance_every_days": 7}, "other": {"bip.attendance_every_days": 10}}},
        {"programs": {"main": {"bip.attendance_every_days": 14}}},
    ]
}


@st.composite
def coverage_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Silence: schedules or windows, rosters that cover some of the days, pauses and leaves."""
    facts = draw(session_facts(["attended", "attended", "absent", "cancelled_by_provider"], most=8))
    for number in range(draw(st.integers(0, 4))):
        facts.append(draw(submission(number)))
    if draw(st.booleans()):
        facts += draw(schedules())
    facts += draw(pauses(["custody", "hospital", "provider_closed", "court_stay", "warrant"]))
    if draw(maybe):
        when = draw(st.integers(10, SPAN_DAYS))
        covers = [day(when + draw(often([3, 3, -6])))]
        facts.append({"type": "leave", "id": "v", "date": day(when), "covers": covers, "approved_by": ["probation"]})
    facts += draw(leaving())
    facts += draw(moving()) if draw(maybe) else []
    more, anchors = draw(life())
    facts, more = draw(told_later(facts)), draw(told_later(more))
    if draw(st.booleans()):
        anchors["treatment_started_on"] = day(draw(st.integers(5, 40)))
    if pack == "us_nv":
        anchors["distance_miles"] = draw(often([10, 70, 71]))
    terms = draw(often(WINDOW_TERMS.get(pack, [None])))
    return scenario(pack, facts + more, terms=terms, **anchors)


@st.composite
def moving(draw: Draw) -> list[Fact]:
    """In two programs one after another, or for a while in both."""
    first, other = draw(st.integers(0, 20)), draw(st.integers(10, SPAN_DAYS))
    told = {"type": "enrollment", "event": "enrolled"}
    facts: list[Fact] = [{**told, "id": "in", "program": "main", "date": day(first)}]
    if draw(st.booleans()):
        moved = {"type": "transfer", "id": "moved", "from_program": "main", "to_program": "other"}
        return [*facts, {**moved, "date": day(other), "reason": "moved", "authorized_by": ["court"]}]
    facts.append({**told, "id": "too", "program": "other", "date": day(other)})
    gone = day(max(first, other) + draw(st.integers(1, 30)))
    return [*facts, {**told, "id": "gone", "event": "exited", "program": draw(often(["main", "other"])), "date": gone}]


@st.composite
def leaving(draw: Draw) -> list[Fact]:
    """Out of the program and back, or done with it: seldom, for nothing is expected then."""
    facts: list[Fact] = []
    out = draw(st.integers(20, SPAN_DAYS))
    if draw(maybe):
        gone = {"type": "enrollment", "event": draw(often(["discharged", "exited"])), "program": "main"}
        facts.append({**gone, "id": "out", "date": day(out), "reason": "moved"})
        if draw(st.booleans()):
            facts.append({**gone, "id": "back", "event": "enrolled", "date": day(out + draw(st.integers(1, 40)))})
    if draw(maybe) and draw(st.booleans()):
        facts.append({"type": "certificate", "id": "done", "date": day(out + draw(st.integers(0, 30)))})
    return facts


TOLD_ON_TIME = {"session", "adjudication", "retraction"}  # session_facts has delays of its own for them


@st.composite
def told_later(draw: Draw, facts: list[Fact]) -> list[Fact]:
    """The same facts, some of them recorded weeks after the day they speak of, some of those taken back later."""
    found = []
    replaced = {fact.get("supersedes") for fact in facts}
    for fact in facts:
        fixed = fact["type"] in TOLD_ON_TIME or "supersedes" in fact or fact["id"] in replaced
        if fixed or not draw(maybe):
            found.append(fact)
            continue
        known = date.fromisoformat(fact.get("recorded_on") or fact["date"]) + timedelta(days=draw(st.integers(1, 40)))
        found.append({**fact, "recorded_on": known.isoformat()})
        if draw(maybe) and fact["type"] != "schedule":
            back = (known + timedelta(days=draw(st.integers(1, 20)))).isoformat()
            name = f"{fact['id']}r"
            found.append(
                {"type": "retraction", "id": name, "retracts": fact["id"], "date": back, "reason": "wrong_person"}
            )
    return found


@st.composite
def submission(draw: Draw, number: int) -> Fact:
    start = draw(st.integers(0, SPAN_DAYS))
    end = start + draw(st.integers(1, 45))
    covers = {"covers_from": day(start), "covers_to": day(end)}
    return {"type": "submission", "id": f"sub{number}", "date": day(end + draw(delays)), **covers}


@st.composite
def schedules(draw: Draw) -> list[Fact]:
    first = draw(st.integers(5, 60))
    dates = [day(first + 7 * number) for number in range(draw(st.integers(1, 8)))]
    facts: list[Fact] = [
        {
            "type": "schedule",
            "id": "plan",
            "of": "session",
            "date": day(first - draw(st.integers(0, 5))),
            "dates": dates,
        }
    ]
    if draw(maybe):
        new = [day(first + 7 * number + 1) for number in range(draw(st.integers(1, 8)))]
        later = day(first + draw(st.integers(1, 30)))
        facts.append({**facts[0], "id": "plan2", "supersedes": "plan", "recorded_on": later, "dates": new})
    return facts


@st.composite
def pauses(draw: Draw, kinds: list[str]) -> list[Fact]:
    facts: list[Fact] = []
    for number in range(draw(often([0, 0, 1, 2]))):
        kind = kinds[draw(st.integers(0, len(kinds) - 1))]
        if any(fact["kind"] == kind for fact in facts):
            continue
        start = draw(st.integers(5, SPAN_DAYS))
        basis = draw(often(["sentence", "pretrial", "hold"]))
        pause = {"type": "pause", "kind": kind, "basis": basis}
        facts.append({**pause, "id": f"p{number}a", "event": "start", "date": day(start)})
        if draw(often([True, True, False])):
            end = day(start + draw(st.integers(1, 40)))
            facts.append({**pause, "id": f"p{number}b", "event": "end", "date": end, "recorded_on": end})
    return facts


ENROLLMENT_TERMS: dict[str, list[dict[str, Any] | None]] = {
    "base": [{"order": {"bip.enroll_deadline": 14, "hearing.review_within_days": 30}}, None],
    "us_ca": [{"order": {"bip.enroll_deadline": 26, "hearing.review_within_days": 33}}, None],
    "us_me": [{"order": {"bip.enroll_deadline": 30}}],
    "us_fl": [None, {"order": {"bip.enroll_deadline": 20}}],
}
STEPS = [
    "contacted",
    "intake_scheduled",
    "intake_held",
    "intake_failed",
    "enrolled",
    "enrolled",
    "rejected",
    "discharged",
    "exited",
]
REPORTS = [
    "enrollment_proof", "program_choice", "progress", "discharge_notice", "victim_notice", "summary", "exit_summary",
    "exit_summary_copy", "police_report",
]  # fmt: skip


@st.composite
def enrollment_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Getting in and falling out: enrollments at two programs, letters, filings, hearings, fees."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(0, 6))):
        facts.append(draw(enrollment(number)))
    for number in range(draw(st.integers(0, 5))):
        facts.append(draw(report(number)))
    for number in range(draw(often([0, 0, 1]))):
        facts.append(
            {
                "type": "letter",
                "id": f"l{number}",
                "kind": draw(often(["waitlist", "hospital"])),
                "by": "provider",
                "date": day(draw(st.integers(0, 60))),
                **({"seat_on": day(draw(st.integers(10, 90)))} if draw(st.booleans()) else {}),
            }
        )
    if draw(st.booleans()):
        facts.append(
            {
                "type": "decision",
                "id": "held",
                "kind": "review_held",
                "by": "court",
                "date": day(draw(st.integers(5, 60))),
            }
        )
    facts += draw(fees())
    more, anchors = draw(life())
    anchors["convicted_on"] = day(draw(st.integers(0, 20)))
    anchors["granted_on"] = day(0)
    anchors["supervision"] = draw(often(["formal", "unsupervised", "none"]))
    if pack == "us_fl":
        anchors["appeared"] = draw(st.booleans())
        anchors["served_at"] = f"{day(draw(st.integers(1, 20)))}T11:00-08:00"
    facts += draw(session_facts(["attended", "cancelled_by_provider"], most=2))
    return scenario(pack, facts + more, terms=draw(often(ENROLLMENT_TERMS.get(pack, [None]))), **anchors)


@st.composite
def enrollment(draw: Draw, number: int) -> Fact:
    when = draw(st.integers(1, SPAN_DAYS // 8)) * 8 + number
    fact = {"type": "enrollment", "id": f"n{number}", "event": draw(often(STEPS)), "program": draw(often(["a", "b"]))}
    fact["reason"] = draw(often(["absences", "non_payment", "completed", "moved"]))
    if draw(st.booleans()):
        return {**fact, "date": day(when)}
    # Far from any clock change in the cases' months, so that the offset is the zone's own.
    return {**fact, "at": f"{day(when)}T15:30{'-08:00' if when < 62 else '-07:00'}"}


@st.composite
def report(draw: Draw, number: int) -> Fact:
    kind = draw(often(REPORTS))
    by = {"enrollment_proof": "offender", "program_choice": "offender", "police_report": "prosecutor"}.get(
        kind, "provider"
    )
    return {
        "type": "report",
        "id": f"r{number}",
        "kind": kind,
        "by": by,
        "to": draw(often(["prosecutor", "provider"])) if kind == "program_choice" else "court",
        "date": day(draw(st.integers(5, SPAN_DAYS))),
        **({"program": draw(often(["a", "b"]))} if by == "provider" and draw(st.booleans()) else {}),
    }


@st.composite
def fees(draw: Draw) -> list[Fact]:
    events = ["unpaid", "unpaid", "paid", "waiver_requested", "waiver_granted", "waiver_denied", "ability_found"]
    return [
        {
            "type": "fee",
            "id": f"f{number}",
            "event": draw(often(events)),
            "date": day(draw(st.integers(0, 15)) * 8 + number),
        }
        for number in range(draw(often([0, 0, 1, 3])))
    ]


@st.composite
def completion_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Finishing: long series of sessions, certificates, extensions, transfers, jail."""
    start, every = draw(often([-330, -180, 5, 20])), draw(often([2, 3, 7]))
    held = draw(st.integers(1, 40))
    minutes = draw(often([60, 90, 120]))
    series = {
        "type": "session_series",
        "id": "series",
        "first": day(start),
        "count": held,
        "every_days": every,
        "outcome": "attended",
    }
    facts: list[Fact] = [{**series, "minutes": minutes, "program": "a"}]
    end = start + every * held
    facts += draw(endings(end))
    last = {"type": "session", "id": "last", "program": "a", "outcome": "attended", "date": day(end - 1)}
    if draw(maybe):
        changed = {"id": "lastc", "supersedes": "last", "outcome": "absent", "recorded_on": day(end + 9)}
        facts += [{**last, "minutes": minutes}, {**last, **changed}]
    facts += draw(session_facts(["attended", "absent"], program="b", prefix="b", most=2)) if draw(maybe) else []
    facts += draw(resets())
    anchors: dict[str, Any] = {"granted_on": day(start - draw(often([3, 40, 160, 300])))}
    anchors["ordered_on"] = anchors["granted_on"]
    if draw(st.booleans()):
        anchors["treatment_started_on"] = day(start)
    anchors["offense_number"] = draw(often([1, 2, 3]))
    anchors["levels"] = [{"from": day(0), "level": draw(often(["1", "2"]))}]
    return scenario(pack, facts, terms=draw(often(COMPLETION_TERMS.get(pack, [None]))), **anchors)


COMPLETION_TERMS: dict[str, list[dict[str, Any] | None]] = {
    "base": [{"order": {"bip.sessions_min": 12, "bip.length_min": 10}}, {"order": {"bip.hours_min": 20}}],
    "us_ca": [None, {"order": {"bip.sessions_min": 30}}],
}


@st.composite
def endings(draw: Draw, end: int) -> list[Fact]:
    facts: list[Fact] = []
    if draw(st.booleans()):
        facts.append({"type": "certificate", "id": "k", "program": "a", "date": day(end + draw(st.integers(-5, 20)))})
    if draw(maybe):
        kind = draw(often(["extension_granted", "extension_denied"]))
        decided = {
            "type": "decision",
            "id": "ext",
            "kind": kind,
            "by": "court",
            "date": day(end + draw(st.integers(-20, 30))),
        }
        facts.append({**decided, "until": day(end + 60)} if kind == "extension_granted" else decided)
    if draw(st.booleans()):
        given = draw(often([[], ["referrer"], ["court", "original_program"], ["lsa"]]))
        moved = {
            "type": "transfer",
            "id": "t",
            "from_program": "a",
            "to_program": "b",
            "reason": draw(often(["moved", "program_closed"])),
        }
        facts.append({**moved, "authorized_by": given, "date": day(end + draw(st.integers(-30, 10)))})
    if draw(maybe):
        facts.append(
            {
                "type": "report",
                "id": "sum",
                "kind": "summary",
                "by": "provider",
                "to": "court",
                "date": day(end + draw(st.integers(-30, 20))),
            }
        )
    return facts + draw(pauses(["custody", "hospital"]))
