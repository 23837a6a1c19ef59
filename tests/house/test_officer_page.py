"""docs/officer.md names a test for each sentence that is asked of the desk, or says why it does not hold."""

from __future__ import annotations

import re

from tests.house.the_house import ROOT

PAGE = (ROOT / "docs/officer.md").read_text(encoding="utf-8")
WALK = PAGE[PAGE.index("## For those who check it") :]
ROWS = [row for row in re.findall(r"^\| (.+?) \| (.+) \|$", WALK, re.M) if row[1] != "shown by"]
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")


def test_every_test_named_is_there():
    gone = [
        f"{file}::{name}" for file, name in TEST.findall(WALK)
        if not (path := ROOT / "tests" / file).is_file()
        or not re.search(rf"^def test_{name}\(", path.read_text(encoding="utf-8"), re.M)
    ]  # fmt: skip
    assert not gone, f"Renamed or gone: {gone}"


def test_what_does_not_hold_says_why():
    assert len(ROWS) > 50
    for sentence, said in ROWS:
        assert TEST.search(said) or "*not*" in said, f"{sentence} names no test"
        if "*not*" in said:
            assert len(TEST.sub("", said)) > 40, f"{sentence}: say why"
