"""Every sentence by which a practitioner would know that their row works is a test that says it, word for word.

`proofs.csv` has a line for each: its number, how many words it has and their digest (the page itself is not ours to
copy), what it is about in a few words of our own, and the test or step that carries it in its docstring.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parents[2]
WORD = re.compile(r"[a-z0-9<]+(?:[.:'-][a-z0-9]+)*")
NUMBERS = {
    "1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "4a", "4b", "5a", "5b", "6a", "6b", "7a", "7b", "7c", "8a", "8b",
    "8c", "8d", "9a", "9b", *(f"E{step}" for step in range(1, 15)),
}  # fmt: skip


class Proof(NamedTuple):
    """A line of the list. ``carries``: path::name."""

    number: str
    words: int
    digest: str
    ours: str
    carries: str


def proofs() -> Iterator[Proof]:
    with (HERE / "tests/house/proofs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Proof(row["number"], int(row["words"]), row["digest"], row["ours"], row["carries"])


def digests(text: str, length: int) -> set[str]:
    """Of each stretch of so many words."""
    words = WORD.findall(text.lower().replace("≤", "<="))
    runs = (" ".join(words[at:at + length]) for at in range(len(words) - length + 1))
    return {hashlib.sha256(one.encode()).hexdigest()[:12] for one in runs}


def function(path: str, name: str) -> ast.FunctionDef:
    tree = ast.parse((HERE / path).read_text(encoding="utf-8"))
    return next(one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name)


@pytest.mark.parametrize("proof", list(proofs()), ids=lambda one: f"{one.number} {one.ours}")
def test_the_sentence_is_said_by_a_test(proof):
    path, _, name = proof.carries.partition("::")
    said = ast.get_docstring(function(path, name)) or ""
    assert proof.digest in digests(said, proof.words), f"{proof.carries} no longer says: {proof.ours}"
    if not name.startswith("test_"):  # a step of the one scenario: somebody has to take it
        steps = "\n".join(one.read_text(encoding="utf-8") for one in (HERE / "tests/journeys").glob("*.py"))
        assert len(re.findall(rf"\b{name}\(", steps)) > 1, f"nobody takes the step {name}"


def test_none_is_missing():
    assert {one.number.rstrip("'") for one in proofs()} == NUMBERS
