"""Which of the catalogue's codes the engine and the naive reference were ever compared on while the flag was open.

Some of our worked scenarios open most of them; the cases here open the rest. All are fixed: what Hypothesis draws, even
with a seed of its own, depends on which modules are loaded, so on which tests ran before. A code that none opens must
be named, with the reason, or this fails: a comparison that never sees a flag says nothing about it.
"""

from __future__ import annotations

from typing import Any

from rules.catalogue import CATALOGUE
from rules.packs import load
from rules.scenarios.document import documents
from tests.rules.agreement import disagreements
from tests.rules.reference.reading import read
from tests.rules.scenario_files import OURS

Case = dict[str, Any]
NOT_COMPARED: dict[str, str] = {}  # code: why the reference cannot tell it


def case(pack: str, *facts: Case, terms: Case | None = None, **anchors: Any) -> Case:
    made = {
        "id": "BASE-99", "title": "A rare flag", "edge": ["pending"], "pack": pack, "provision": "none",
        "provision_confidence": "engine_policy", "why": "Random cases seldom open it.",
        "evaluate": [{"as_of": "2026-06-30", "expect": []}],
        "case": {"time_zone": "America/Los_Angeles", "ordered_on": "2026-01-05", **anchors}, "facts": list(facts),
    }  # fmt: skip
    return {**made, "terms": terms} if terms else made


def missed(*days: str, how: str = "absent_unexcused") -> list[Case]:
    return [{"type": "session", "id": f"m{day[5:7]}{day[8:]}", "outcome": how, "date": day} for day in days]


def weekly(first: str, count: int, minutes: int = 90, **more: Any) -> Case:
    series = {"type": "session_series", "id": "weeks", "first": first, "count": count, "every_days": 7}
    return {**series, "outcome": "attended", "minutes": minutes, **more}


MONDAYS = [f"2026-03-{day:02}" for day in (2, 9, 16, 23, 30)]
RARE = [
    case("us_ok", *missed(*MONDAYS, "2026-04-06", "2026-04-13")),
    case("us_ok", *missed(*MONDAYS[:2]), *missed(MONDAYS[2], how="absent_excused"), *missed(MONDAYS[3])),
    case(
        "us_ri", weekly("2026-01-12", 8),
        {"type": "pause", "id": "jail", "kind": "custody", "event": "start", "basis": "sentence", "date": "2026-03-20"},
    ),
    case(
        "us_or", weekly("2026-01-12", 4),
        {"type": "enrollment", "id": "out", "event": "exited", "reason": "moved", "date": "2026-03-02"},
        {"type": "report", "id": "sum", "kind": "exit_summary", "by": "provider", "to": "court", "date": "2026-03-10"},
    ),
    case(
        "us_tx",
        {"type": "pause", "id": "in", "kind": "custody", "event": "start", "basis": "hold", "date": "2026-02-02"},
        {"type": "pause", "id": "out", "kind": "custody", "event": "end", "basis": "hold", "date": "2026-03-02"},
        granted_on="2026-01-05",
    ),
    case(
        "us_fl",
        {"type": "enrollment", "id": "out", "event": "discharged", "reason": "moved", "at": "2026-03-02T10:00-08:00"},
        appeared=True,
    ),
    case("us_ca", *missed(*MONDAYS[:4], how="absent_excused")),
    case(
        "us_ca", *missed(MONDAYS[1]),
        {"type": "report", "id": "told", "kind": "noncompliance", "by": "probation", "to": "court", "about": "m0309",
         "date": "2026-03-20"},
        {"type": "pause", "id": "stop", "kind": "revocation", "event": "start", "date": "2026-04-01"},
        terms={"local_policy": {"report.officer_to_court": 2, "hearing.response_within_days": 5}},
        ordered_on="2025-04-10", granted_on="2025-04-10", term_months=12,
    ),
    case(
        "us_ca", *missed(MONDAYS[0], how="absent"),
        {"type": "session", "id": "again", "outcome": "absent", "date": MONDAYS[0], "supersedes": "m0302",
         "recorded_on": "2026-03-10"},
        *({"type": "report", "id": f"r{day}", "kind": "noncompliance", "by": "provider", "to": "court", "about": about,
           "date": f"2026-03-{day:02}"} for day, about in ((5, "m0302"), (12, "again"))),
        terms={"local_policy": {"hearing.response_within_days": 5}},
    ),
    case(
        "us_ga", {"type": "enrollment", "id": "out", "event": "discharged", "reason": "moved", "date": "2026-03-02"},
        {"type": "transfer", "id": "over", "from_program": "main", "to_program": "b", "reason": "moved",
         "authorized_by": ["court", "original_program"], "date": "2026-03-20"},
    ),
    case("us_nc", supervision="unsupervised"),
    case("us_or", weekly("2025-09-01", 40)),
    case(
        "us_az", {"type": "pause", "id": "ill", "kind": "hospital", "event": "start", "date": "2026-01-12"},
        {"type": "pause", "id": "well", "kind": "hospital", "event": "end", "date": "2026-01-20"},
        treatment_started_on="2025-03-03", offense_number=1,
    ),
    case("us_wa", ordered_on="2018-01-05", treatment_started_on="2018-02-05"),
]  # fmt: skip
MOMENTS: list[tuple[str, str | None]] = [("2026-03-26", None), ("2026-04-20", None), ("2026-06-30", None)]
WORKED = [
    "AZ-41", "BASE-06", "BASE-16", "BASE-24", "BASE-32", "BASE-45", "BASE-46", "BASE-52", "BASE-61", "BASE-66",
    "BASE-68", "BASE-75", "BASE-78", "BASE-79", "BASE-85", "BASE-94", "BASE-95", "CA-41", "CA-50", "CA-53", "CA-57",
    "CA-78", "CA-87", "ME-40", "NM-42", "NY-60", "OK-60", "OR-44", "PA-43", "RI-60", "WA-51",
]  # fmt: skip
WORKED_MOMENTS = [*MOMENTS, ("2026-03-09", None), ("2026-03-08T21:01-07:00", None)]


def opened(cases: list[Case], moments: list[tuple[str, str | None]]) -> set[str]:
    """The codes that the reference has open for these cases at these moments."""
    return {flag["code"] for one in cases for moment in moments for flag in read(one, *moment)["flags"]}


def worked() -> list[Case]:
    """The scenarios of WORKED; one that is no longer there is an error."""
    ours = {document.data["id"]: document.data for file in OURS for document in documents(file)}
    return [ours[name] for name in WORKED]


def test_rare_flags_are_compared_too() -> None:
    assert [one.text() for one in disagreements(RARE, MOMENTS, load())] == []
    assert [one.text() for one in disagreements(worked(), WORKED_MOMENTS, load())] == []


def test_every_code_is_compared_while_it_is_open_or_named_with_a_reason() -> None:
    seen = opened(worked(), WORKED_MOMENTS) | opened(RARE, MOMENTS)
    assert set(CATALOGUE) - seen == set(NOT_COMPARED)
