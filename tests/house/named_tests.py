"""Tests that a page names, as `web/test_week.py::name`: whether each is there."""

from __future__ import annotations

import re

from tests.house.the_house import ROOT

TEST = re.compile(r"`?([\w/]+\.py)::(\w+)`?")


def gone(page: str) -> list[str]:
    """Those that no file of tests has (any more); a name is told without its ``test_``."""
    return [
        f"{file}::{name}" for file, name in TEST.findall(page)
        if not (path := ROOT / "tests" / file).is_file()
        or not re.search(rf"^def test_{name}\(", path.read_text(encoding="utf-8"), re.M)
    ]  # fmt: skip
