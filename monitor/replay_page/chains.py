"""What the record told otherwise between two instants, fact by fact, in words that name no person.

Only kinds of source that stand beside the court are told of: what any other office recorded is left out, and so is all
that could tell that a protected person or an advocate was spoken with (safeguards B3, B9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from monitor.bench_page.words import MATTERS
from monitor.flag_review.rows import NAMES, row_words, say
from monitor.replay_page.page import Change
from monitor.replay_page.versions import Version
from monitor.wording import long_month_day

SOURCES: Final = {
    "program": "the program", "probation": "probation", "court": "the court", "law_enforcement": "law enforcement",
    "prosecution": "the prosecutor",
}  # fmt: skip
SAYERS: Final = {
    "OFFICER": "probation", "PROBATION": "probation", "PROGRAM": "the program", "COURT": "the court",
    "PERSON": "the participant", "PROSECUTOR": "the prosecutor", "LAW_ENFORCEMENT": "law enforcement",
}  # fmt: skip
# for the bench: what its page may show, by kind of fact (safeguard F10, access matrix rows 5 to 8)
BENCH: Final = ("attendance", "adjudication", "coverage", "check_in", "service", "test")
BENCH_MATTERS: Final = ("place", "report", "letter", "pause", "firearm", "decision")


def changes(
    versions: Sequence[Version], known_at: datetime, now: datetime, last: date, *, bench: bool
) -> list[Change]:
    """What is known at ``now`` of days up to ``last`` and was told otherwise at ``known_at``; oldest day first."""
    found = [
        change
        for chain in _chains(versions)
        if (change := _change(chain, known_at, now, last, bench)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.known_at, one.rows))


def _chains(versions: Sequence[Version]) -> Iterator[list[Version]]:
    """Versions of one fact, oldest first."""
    root: dict[int, int] = {}
    found: dict[int, list[Version]] = {}
    for one in versions:
        root[one.id] = root.get(one.supersedes or 0, one.id)
        found.setdefault(root[one.id], []).append(one)
    yield from found.values()


def _standing(chain: Sequence[Version], at: datetime) -> Version | None:
    known = [one for one in chain if one.recorded_at <= at]
    return None if not known or known[-1].retracted else known[-1]


def _change(chain: list[Version], known_at: datetime, now: datetime, last: date, bench: bool) -> Change | None:
    then, today = _standing(chain, known_at), _standing(chain, now)
    newest = [one for one in chain if one.recorded_at <= now][-1:]
    shown = today or then
    if then is today or shown is None or not newest or min(one.on for one in (then, today) if one) > last:
        return None
    if not _may_be_told(newest[0], bench) or not all(_may_be_told(one, bench) for one in (then, today) if one):
        return None
    how = _how(chain, then, today, known_at)
    said = [_words(one, bench) if one else "" for one in (then, today)]
    source = source_of(newest[0])
    if said[0] == said[1]:
        said[1] = f"{said[1]}, details corrected"
    return Change(
        how=how, what=_what(shown), then=said[0], now=said[1], on=shown.on, known_at=newest[0].recorded_at,
        source=source, clause=f"{source} {_clause(how, shown, then)}", because="" if bench else newest[0].reason,
        rows=tuple(row for one in chain if one.recorded_at <= now for row in _concerned(one)),
    )  # fmt: skip


def _concerned(one: Version) -> tuple[int, ...]:
    # what rests on an absence rests on the decision about it too
    return (one.id, one.about) if one.name == "adjudication" and one.about else (one.id,)


def _how(chain: Sequence[Version], then: Version | None, today: Version | None, known_at: datetime) -> str:
    if today is None:
        return "RETRACTED"
    if then is None:
        return "RESTORED" if chain[0].recorded_at <= known_at else "LATE"
    return "CORRECTED"


def _may_be_told(one: Version, bench: bool) -> bool:
    if one.agency_kind not in SOURCES or one.kind == "COLLATERAL":
        return False
    if one.says and one.says not in SAYERS:
        return False
    if not bench:
        return True
    if one.name == "contact":
        return one.word == "COMPLETED"
    if one.name == "report" and one.says == "PROBATION":  # what it reported stands under Alleged, or nowhere (H3)
        return False
    matter = one.name in BENCH_MATTERS and one.word in MATTERS and one.word != "HOSPITAL"
    return one.name in BENCH or matter


def source_of(one: Version) -> str:
    """By which kind of source: the program, probation, the court."""
    return SAYERS.get(one.says) or SOURCES[one.agency_kind]


def _what(one: Version) -> str:
    if one.name == "adjudication":
        return "Decision on the absence"
    return NAMES[one.name]


def _words(one: Version, bench: bool) -> str:
    # why an absence is excused (health, family) is no matter of the difference that a court reads
    more = "" if bench and one.name == "adjudication" else one.more
    told = row_words(one.name, one.word, more).partition(": ")[2]
    return told or "on record"


def _clause(how: str, shown: Version, then: Version | None) -> str:
    """What the source did, for a sentence: corrected 12 February to attended."""
    day, word = long_month_day(shown.on), say(shown.word)
    if shown.name == "adjudication":
        return {
            "RETRACTED": f"took back its decision on {day}", "CORRECTED": f"changed its decision on {day} to {word}",
        }.get(how, f"decided on {day}: {word}")  # fmt: skip
    if shown.name == "attendance":
        moved = then is not None and then.on != shown.on
        corrected = f"moved its row of {long_month_day(then.on)} to {day}" if moved and then else ""
        return {
            "RETRACTED": f"took back its row of {day}", "CORRECTED": corrected or f"corrected {day} to {word}",
        }.get(how, f"reported {day} as {word}")  # fmt: skip
    if shown.name == "coverage":
        return f"sent a sheet that is complete from {day}" if how == "LATE" else f"changed its sheet from {day}"
    name = NAMES[shown.name].lower()
    verb = {"RETRACTED": "took back", "CORRECTED": "corrected", "RESTORED": "put back"}.get(how, "recorded")
    return f"{verb} a row of {day} ({name}{': ' + word if word else ''})"
