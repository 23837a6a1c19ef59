"""What a person has settled about one file; it applies to this upload only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On a changed value: ``use`` the file or keep what we have; ``reason`` where the change takes an absence back."""

    use: bool = False
    reason: str = ""


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All answers to one file's questions; also the shape of the command line's ``--answers FILE``.

    ``values``: a sign in lower case to a status code. ``people``: a folded name to a participant code, or "nobody".
    ``week_one``: the date of week 1. ``day_first``: whether dates are day/month. ``columns``: a folded header to a
    field. ``unsigned``: "sheet!row" of a blank line on a sign-in sheet to a status code. ``changes``: the key of a
    changed record ("code/2026-11-02/1") to a choice. ``remarks``: "sheet!row!column" of a cell whose comment is taken
    as the reason, to "yes". ``reports``: the file is a table of
    monthly reports, whatever else it looks like. ``everyone``: the sheets are complete for the groups and days
    they name; only this makes a coverage record.
    """

    values: Mapping[str, str] = {}
    people: Mapping[str, str] = {}
    week_one: date | None = None
    day_first: bool | None = None
    columns: Mapping[str, str] = {}
    unsigned: Mapping[str, str] = {}
    changes: Mapping[str, Choice] = {}
    remarks: Mapping[str, str] = {}
    everyone: bool = False
    reports: bool = False
