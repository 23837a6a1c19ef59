"""The check page's form into answers: field names like "values.a", "people.bobby smith", "use.P1003/2026-11-02/1"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from monitor.intake.answers import Answers, Choice
from monitor.intake.cells.dates import read_date

MOST = 2_000
LONGEST = 300
MAPS = ("values", "people", "columns", "unsigned", "remarks")


def merge(answers: Answers, form: Mapping[str, str], today: date) -> Answers:
    """What was settled before, with what the form says. Empty fields settle nothing; unknown ones are ignored."""
    fields = {name: value.strip()[:LONGEST] for name, value in list(form.items())[:MOST]}
    found: dict[str, object] = {
        name: {**getattr(answers, name), **_part(fields, f"{name}.")} for name in MAPS if _part(fields, f"{name}.")
    }
    if fields.get("day_first") in ("yes", "no"):
        found["day_first"] = fields["day_first"] == "yes"
    if week_one := read_date(fields.get("week_one", ""), today).on:
        found["week_one"] = week_one
    if "remarks.shown" in fields:  # a comment that is no longer ticked is not taken
        found["remarks"] = {key: said for key, said in _part(fields, "remarks.").items() if key != "shown"}
    found["changes"] = {**answers.changes, **_choices(fields)}
    found["everyone"] = fields.get("everyone") == "yes"
    return msgspec.structs.replace(answers, **found)


def day_of(text: str, today: date) -> date | None:
    """A day as a form sends it; None for anything else."""
    return read_date(text.strip(), today).on


def needs_check(before: Answers, after: Answers) -> bool:
    """Whether the file has to be judged again; choices on changes only matter when it is saved."""
    settled = ("values", "people", "columns", "unsigned", "remarks", "day_first", "week_one")
    return any(getattr(before, name) != getattr(after, name) for name in settled)


def _part(fields: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in fields.items() if name.startswith(prefix) and value}


def _choices(fields: Mapping[str, str]) -> dict[str, Choice]:
    return {
        key: Choice(use=value == "file", reason=fields.get(f"reason.{key}", ""))
        for key, value in _part(fields, "use.").items()
    }
