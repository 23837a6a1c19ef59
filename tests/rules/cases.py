"""Random but plausible cases for Hypothesis: plain scenario data, one theme a function.

Cases avoid only what the format leaves open (two decisions recorded at one moment, two corrections of one version),
not what is hard: late records, corrections, retractions, repeats, contradictions, resets, pauses and leaves are all in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Fact = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
START = date(2026, 1, 5)
HOLIDAYS = ["2026-01-19", "2026-02-12", "2026-02-16", "2026-05-25"]
SPAN_DAYS = 130
often = st.sampled_from
maybe = st.sampled_from([False, False, False, True])
delays = st.sampled_from([0, 0, 0, 1, 2, 5, 12])
FINAL = {
    "base": ["excused", "unexcused", "unexcused", "not_counted", "rescheduled", "attended_not_complied"],
    "us_ca": ["excused", "excused", "excused", "excused", "unexcused", "not_counted"],
    "us_ok": ["unexcused"] * 9 + ["excused", "not_counted"],
    "us_fl": ["unexcused", "unexcused", "unexcused", "excused"],
}


def day(offset: int) -> str:
    return (START + timedelta(days=offset)).isoformat()


def scenario(pack: str, facts: list[Fact], *, terms: dict[str, Any] | None = None, **anchors: Any) -> dict[str, Any]:
    case = {"time_zone": "America/Los_Angeles", "holidays": HOLIDAYS, "ordered_on": day(0), **anchors}
    made = {
        "id": "BASE-99",
        "title": "A random case",
        "edge": ["pending"],
        "pack": pack,
        "provision": "none",
        "provision_confidence": "engine_policy",
        "case": case,
        "facts": facts,
        "evaluate": [{"as_of": day(0), "expect": []}],
        "why": "Made by a generator.",
    }
    return {**made, "terms": terms} if terms else made


@st.composite
def readings(draw: Draw) -> list[tuple[str, str | None]]:
    """Some moments to read at: mostly with the knowledge of the day, sometimes with less or more."""
    found = []
    for _ in range(draw(st.integers(2, 4))):
        as_of = draw(st.integers(5, SPAN_DAYS + 30))
        known = draw(often([None, None, -20, -3, 3, 20, 60]))
        found.append((day(as_of), None if known is None else day(max(0, as_of + known))))
    return found


@st.composite
def session_facts(
    draw: Draw, outcomes: list[str], program: str = "main", prefix: str = "s", most: int = 10, pack: str = "base"
) -> list[Fact]:
    """Weekly sessions with late records, decisions, corrections, retractions, repeats and contradictions."""
    facts: list[Fact] = []
    offset = draw(st.integers(1, 30))
    for number in range(draw(st.integers(min(4, most), most))):
        offset += draw(often([7, 7, 7, 7, 1, 14, 30]))
        facts.extend(draw(one_session(f"{prefix}{number}", offset, outcomes, program, pack)))
    return facts


@st.composite
def one_session(draw: Draw, name: str, offset: int, outcomes: list[str], program: str, pack: str) -> list[Fact]:
    recorded = offset + draw(delays)
    common = {"type": "session", "date": day(offset), "program": program}
    first = {**common, "id": name, "outcome": draw(often(outcomes)), "recorded_on": day(recorded)}
    facts = [first, *draw(decisions(name, recorded, first["outcome"], pack))]
    kind = draw(often(["plain"] * 12 + ["corrected", "corrected", "retracted", "repeated", "contradicted"]))
    later = recorded + draw(st.integers(1, 25))
    if kind == "corrected":
        second = {
            **common,
            "id": name + "c",
            "supersedes": name,
            "outcome": draw(often(outcomes)),
            "recorded_on": day(later),
        }
        facts += [second, *draw(decisions(name + "c", later, second["outcome"], pack))]
    elif kind == "retracted":
        facts.append(
            {"type": "retraction", "id": name + "r", "retracts": name, "date": day(later), "reason": "wrong_person"}
        )
    elif kind == "repeated":
        facts.append({**first, "id": name + "x", "recorded_on": day(later)})
    elif kind == "contradicted":
        other = "attended" if first["outcome"] != "attended" else "absent"
        facts.append({**first, "id": name + "y", "outcome": other, "recorded_on": day(later)})
    return facts


@st.composite
def decisions(draw: Draw, of: str, recorded: int, outcome: str, pack: str) -> list[Fact]:
    """Up to two decisions on an absence, one after the other."""
    if outcome != "absent":
        return []
    facts: list[Fact] = []
    when = recorded
    for number in range(draw(often([0, 1, 1, 1, 1, 1, 2]))):
        when += draw(st.integers(0 if number == 0 else 1, 9))
        fact = {"type": "adjudication", "id": f"{of}j{number}", "of": of, "date": day(when)}
        fact["decision"] = draw(often([*FINAL.get(pack, FINAL["base"]), "pending_evidence"]))
        if fact["decision"] == "pending_evidence":
            fact["evidence_due"] = day(when + draw(st.integers(2, 15)))
        facts.append(fact)
    return facts


@st.composite
def resets(draw: Draw) -> list[Fact]:
    facts = []
    for number in range(draw(often([0, 0, 0, 1, 2]))):
        kind = draw(often(["breach_resolved", "program_restarted"]))
        when = draw(st.integers(20, SPAN_DAYS)) * 2 + number
        facts.append(
            {"type": "decision", "id": f"reset{number}", "kind": kind, "by": "court", "date": day(when), "found": False}
        )
    return facts


@st.composite
def life(draw: Draw, starts_later: bool = False) -> tuple[list[Fact], dict[str, Any]]:
    """Now and then a later start, a suspension, an end or a term that runs out."""
    facts: list[Fact] = []
    anchors: dict[str, Any] = {}
    kind = draw(often(["plain"] * 5 + ["suspended", "ended", "term"] + ["later"] * starts_later))
    when = draw(st.integers(15, SPAN_DAYS))
    if kind == "later":
        anchors["effective_on"] = day(when // 2)
    if kind == "suspended":
        facts.append(order_event("suspended", when, "halt"))
        if draw(st.booleans()):
            facts.append(order_event("reinstated", when + draw(st.integers(1, 40)), "resume"))
    if kind == "ended":
        facts.append(order_event(draw(often(["terminated", "expired", "vacated"])), when, "end"))
    if kind == "term":
        anchors |= {"granted_on": day(0), "term_months": draw(st.integers(1, 4))}
    return facts, anchors


def order_event(event: str, when: int, name: str) -> Fact:
    return {"type": "order", "order": "main", "id": name, "event": event, "date": day(when)}


ABSENCE_OUTCOMES = [
    *["absent"] * 12,
    *["attended"] * 2,
    "late",
    "left_early",
    "cancelled_by_provider",
    "sent_away_provider",
    "sent_away_behaviour",
]
ABSENCE_TERMS: dict[str, list[dict[str, Any] | None]] = {
    "base": [
        None,
        {"order": {"bip.unexcused_absences_max": 2}},
        {"provider_policy": {"bip.unexcused_absences_max": 1, "bip.makeup_within_days": 10}},
        {"programs": {"main": {"bip.unexcused_absences_max": 3}, "other": {"bip.unexcused_absences_max": 1}}},
        {"local_policy": {"adjudication.due": 4, "report.officer_to_court": 2, "hearing.response_within_days": 9}},
    ],
    "us_ca": [
        None,
        {"programs": {"main": {"bip.excused_absences_max": 2}, "other": {"bip.excused_absences_max": 1}}},
        {"provider_policy": {"bip.excused_absences_max": 7}},
        {"provider_policy": {"bip.excused_absences_max": 1, "bip.unexcused_absences_max": 3}},
        {"local_policy": {"report.immediately_means": 2, "hearing.response_within_days": 12}},
        {"order": {"bip.excused_absences_max": 2}},
    ],
    "us_ga": [None, None, {"local_policy": {"bip.lateness_counts_as": "attendance"}}],
    "us_fl": [{"provider_policy": {"bip.unexcused_absences_max": 2, "bip.makeup_within_days": 14}}],
}


@st.composite
def absence_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Counting absences: limits, runs, windows, thresholds, decisions, reports about them."""
    facts = draw(session_facts(ABSENCE_OUTCOMES, pack=pack, most=14))
    if draw(maybe):
        facts += draw(session_facts(ABSENCE_OUTCOMES, program="other", prefix="o", most=4, pack=pack))
    facts += draw(resets())
    more, anchors = draw(life(starts_later=pack not in {"us_ca", "us_fl"}))
    facts += more + draw(noncompliance_reports(facts))
    facts += draw(answers(facts)) + draw(makeups(facts)) + draw(resolutions(facts))
    if pack == "us_ca" and draw(maybe):
        anchors |= {"ordered_on": day(-700), "granted_on": day(-700), "term_months": 25}
        facts.append({"type": "pause", "id": "revoked", "kind": "revocation", "event": "start", "date": day(20)})
    if pack == "us_ga":
        facts += draw(leaves())
    if pack == "us_ca" and draw(maybe):
        facts.append(good_cause(draw(st.integers(20, SPAN_DAYS)), draw(st.integers(1, 6))))
    return scenario(pack, facts, terms=draw(often(ABSENCE_TERMS.get(pack, [None]))), appeared=True, **anchors)


def good_cause(when: int, value: int) -> Fact:
    given = {"type": "decision", "id": "cause", "kind": "good_cause_found", "by": "court", "date": day(when)}
    return {**given, "param": "bip.excused_absences_max", "value": value}


@st.composite
def leaves(draw: Draw) -> list[Fact]:
    facts = []
    for number in range(draw(often([0, 1, 1, 2]))):
        when = draw(st.integers(10, SPAN_DAYS)) * 2 + number
        covers = [day(when + draw(st.integers(-20, 20))) for _ in range(draw(st.integers(1, 12)))]
        in_parts = [["referrer", "provider"], ["victim_liaison"]]
        who = draw(often([["referrer", "provider", "victim_liaison"]] * 3 + in_parts))
        facts.append({"type": "leave", "id": f"leave{number}", "date": day(when), "covers": covers, "approved_by": who})
    return facts


def absent_ids(facts: list[Fact]) -> list[tuple[str, int]]:
    """Every absence with the day after which something may be said of it."""
    return [
        (fact["id"], (date.fromisoformat(fact["recorded_on"]) - START).days)
        for fact in facts
        if fact["type"] == "session" and fact["outcome"] == "absent" and "recorded_on" in fact
    ]


@st.composite
def noncompliance_reports(draw: Draw, facts: list[Fact]) -> list[Fact]:
    found = []
    for name, recorded in absent_ids(facts):
        if not draw(maybe):
            continue
        report = {"type": "report", "id": f"rep_{name}", "kind": "noncompliance", "about": name, "to": "court"}
        report |= {"by": draw(often(["provider", "probation"])), "date": day(recorded + draw(st.integers(0, 15)))}
        found.append(report)
    return found


@st.composite
def answers(draw: Draw, facts: list[Fact]) -> list[Fact]:
    """The court's decisions on some of the absences or of the reports about them."""
    found = []
    for fact in (one for one in facts if one["type"] == "report"):
        if draw(st.booleans()):
            when = (date.fromisoformat(fact["date"]) - START).days + draw(st.integers(0, 25))
            answer = {"type": "decision", "kind": "response_recorded", "by": "court", "date": day(when)}
            found.append({**answer, "id": f"ans_{fact['id']}", "about": draw(often([fact["id"], fact["about"]]))})
    return found


@st.composite
def makeups(draw: Draw, facts: list[Fact]) -> list[Fact]:
    found = []
    for name, recorded in absent_ids(facts):
        if draw(maybe) and draw(st.booleans()):
            # A program of its own keeps the make-up from being another record of a regular session.
            when = day(recorded + draw(st.integers(0, 20)))
            made = {"type": "session", "id": f"make_{name}", "outcome": "attended", "program": f"make_{name}"}
            found.append({**made, "makeup_for": name, "date": when, "recorded_on": when})
    return found


@st.composite
def resolutions(draw: Draw, facts: list[Fact]) -> list[Fact]:
    found = []
    for name, recorded in absent_ids(facts):
        if draw(maybe) and draw(maybe):
            when = day(recorded + draw(st.integers(1, 30)))
            found.append(
                {
                    "type": "decision",
                    "id": f"res_{name}",
                    "kind": "flag_resolved",
                    "by": "probation",
                    "about": name,
                    "date": when,
                }
            )
    return found
