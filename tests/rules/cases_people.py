"""Random cases about supervision: contacts and check-ins, protective orders and incidents, firearms."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.rules.cases import SPAN_DAYS, Draw, Fact, day, delays, life, maybe, often, scenario
from tests.rules.cases_programs import pauses

LEVELS = {
    "us_pa": ["minimum", "medium", "maximum", "high"],
    "us_nd": ["minimum", "medium", "maximum"],
    "us_id": ["minimum", "medium", "high"],
    "us_mo": ["medium", "high"],
    "us_ny": ["high", "greatest", "medium"],
    "us_tx": ["medium"],
}


@st.composite
def contact_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Officers' contacts on rolling, calendar and quarterly cadences, with custody, warrants and level changes."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(0, 12))):
        facts.append(draw(contact(number)))
    facts += draw(pauses(["custody", "warrant"]))
    more, anchors = draw(life())
    levels = LEVELS[pack]
    anchors["levels"] = [{"from": day(-40), "level": draw(often(levels))}]
    if pack in {"us_mo", "us_ny"} and draw(st.booleans()):
        anchors["levels"].append({"from": day(draw(st.integers(20, 90))), "level": draw(often(levels))})
    anchors["supervision_started_on"] = day(0)
    terms = (
        {"local_policy": {"contact.face_to_face": {"count": 1, "period_calendar_months": 1}}}
        if pack == "us_mo"
        else None
    )
    if pack == "us_ny":
        terms = draw(often([None, {"local_policy": {"calendar.week_starts": "sunday"}}]))
    return scenario(pack, facts + more, terms=terms, **anchors)


@st.composite
def contact(draw: Draw, number: int) -> Fact:
    when = draw(st.integers(0, SPAN_DAYS))
    fact = {"type": "contact", "id": f"c{number}", "date": day(when), "recorded_on": day(when + draw(delays))}
    fact["kind"] = draw(often(["direct", "direct", "direct", "collateral"]))
    fact["state"] = draw(often(["completed", "completed", "completed", "attempted", "cancelled"]))
    fact["method"] = draw(often(["in_person", "in_person", "phone", "video"]))
    fact["place"] = draw(often(["office", "home", "home", "work"]))
    return fact


@st.composite
def check_in_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Check-ins on local days, tests, our own outages, warrants."""
    first = draw(st.integers(3, 40))
    days = [first + 7 * number for number in range(draw(st.integers(1, 8)))]
    facts: list[Fact] = [
        {
            "type": "schedule",
            "id": "plan",
            "of": "check_in",
            "date": day(first - 3),
            "dates": [day(one) for one in days],
        }
    ]
    for number, one in enumerate(days):
        if draw(st.booleans()):
            facts.append(
                {
                    "type": "check_in",
                    "id": f"i{number}",
                    "at": f"{day(one)}T{draw(often(['07:30', '19:00', '23:30']))}:00Z",
                }
            )
        if draw(maybe):
            facts.append(
                {
                    "type": "test",
                    "id": f"t{number}",
                    "date": day(one),
                    "result": draw(often(["negative", "positive", "refused", "diluted"])),
                }
            )
    facts += draw(pauses(["custody", "warrant", "system_outage", "hospital"]))
    more, anchors = draw(life())
    if more and draw(st.booleans()):
        about = draw(often(["bip", "check_in", "testing"]))
        more = [{**fact, "condition": about} for fact in more]
    anchors["conditions"] = draw(often([["check_in", "testing"], ["check_in"], ["alcohol_abstain"], []]))
    return scenario(pack, facts + more, **anchors)


def at(offset: int, hour: int) -> str:
    return f"{day(offset)}T{hour:02d}:00:00Z"


@st.composite
def incident_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """One to three protective orders, served or not, changed and ended, and reports of acts."""
    facts: list[Fact] = []
    for number in range(draw(st.integers(0, 3))):
        facts += draw(protective_order(f"po{number}", number))
    for number in range(draw(st.integers(1, 4))):
        facts += draw(incident(number))
    more, anchors = draw(life())
    return scenario(pack, facts + more, **anchors)


@st.composite
def protective_order(draw: Draw, name: str, number: int) -> list[Fact]:
    issued = 10 * draw(st.integers(0, 6)) + number
    kind = draw(often(["criminal_no_contact", "civil_protection", "emergency_protective", "family_custody"]))
    common = {"type": "order", "order": name}
    first = {**common, "id": f"{name}i", "event": "issued", "kind": kind, "at": at(issued, 17)}
    first["contact_terms"] = draw(often(["no_contact", "no_contact", "peaceful_contact"]))
    first["stay_away"] = draw(st.booleans())
    if draw(maybe):
        first["exceptions"] = ["child_exchange"]
    if draw(maybe):
        first["until"] = at(issued + draw(st.integers(5, 60)), 20)
    facts = [first]
    if draw(often([True, True, False])):
        served = issued + draw(st.integers(0, 10))
        facts.append(
            {
                **common,
                "id": f"{name}s",
                "event": "served",
                "at": at(served, 18),
                "recorded_on": day(served + draw(delays)),
            }
        )
    if draw(maybe):
        facts.append(
            {
                **common,
                "id": f"{name}m",
                "event": "modified",
                "at": at(issued + 20, 19),
                "contact_terms": draw(often(["no_contact", "peaceful_contact"])),
            }
        )
    if draw(maybe):
        facts.append(
            {**common, "id": f"{name}e", "event": draw(often(["terminated", "vacated"])), "at": at(issued + 40, 19)}
        )
    return facts


@st.composite
def incident(draw: Draw, number: int) -> list[Fact]:
    when = draw(st.integers(1, 100))
    source = draw(often(["law_enforcement", "witness", "victim", "device"]))
    fact: Fact = {"type": "incident", "id": f"x{number}", "at": at(when, 20 + number % 4), "source": source}
    fact["kind"] = draw(often(["contact", "contact", "threat", "new_violence", "stay_away_entry"]))
    fact["channel"] = draw(often(["call", "exchange", "in_person"]))
    fact["recorded_on"] = day(when + draw(delays))
    if source == "victim":
        fact |= {"consent": draw(st.booleans()), "duty_to_warn": draw(maybe)}
    if source != "device" or draw(maybe):
        return [fact]
    word = {
        "type": "adjudication",
        "id": f"x{number}j",
        "of": f"x{number}",
        "decision": draw(often(["confirmed", "dismissed"])),
    }
    return [fact, {**word, "date": day(when + 12 + draw(st.integers(0, 9)))}]


@st.composite
def firearm_cases(draw: Draw, pack: str) -> dict[str, Any]:
    """Giving up firearms: hour clocks, forms, custody, declarations."""
    facts: list[Fact] = []
    for number, event in enumerate(["relinquished", "proof_filed", "form_filed", "no_firearms_declared"]):
        if draw(often([True, False])) and (event != "no_firearms_declared" or draw(maybe)):
            facts.append(
                {"type": "firearm", "id": f"g{number}", "event": event, "at": at(draw(st.integers(5, 40)), 19)}
            )
    anchors: dict[str, Any] = {
        "convicted_on": day(draw(st.integers(0, 30))),
        "served_at": at(draw(st.integers(1, 30)), 21),
    }
    anchors["conditions"] = draw(often([["firearm_surrender"], ["firearm_surrender"], []]))
    if draw(often([True, True, True, False])):
        anchors["in_custody"] = draw(st.booleans())
        anchors["proceeding"] = draw(often(["criminal", "civil"]))
    return scenario(pack, facts + draw(pauses(["custody"])), **anchors)
