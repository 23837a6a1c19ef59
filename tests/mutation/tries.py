"""What became of each mutant, written down as it comes: so a draw can be stopped, counted, and gone on with."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant


class Try(NamedTuple):
    """One mutant that was tried: what it is called, which of that name, and who noticed it (None: nobody)."""

    name: str
    number: int
    variant: int
    line: int
    noticed: str | None

    @classmethod
    def of(cls, mutant: Mutant, noticed: str | None) -> Try:
        """A try that has just ended."""
        return cls(mutant.name, mutant.number, mutant.variant, mutant.line, noticed)


def kept_in(file: Path | None) -> list[Try]:
    """The tries that are written there; a line that was cut off is none."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines() if file and file.exists() else []:
        with contextlib.suppress(json.JSONDecodeError, TypeError):
            found.append(Try(**json.loads(line)))
    return found


def keep(file: Path | None, one: Try) -> None:
    """Write one more, at once."""
    if file:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps(one._asdict())}\n")


def counted(tries: list[Try], equivalent: set[str]) -> Iterator[dict[str, object]]:
    """Whoever was not noticed, then the score so far; one argued to be equivalent since counts on neither side."""
    counting = [one for one in tries if one.name not in equivalent]
    for one in counting:
        if one.noticed is None:
            yield {"survived": one.name, "line": one.line}
    yield rate(sum(one.noticed is not None for one in counting), sum(one.noticed is None for one in counting))


def rate(killed: int, survived: int) -> dict[str, object]:
    """Score with its 95 % interval (Wilson)."""
    n, z = killed + survived, 1.96
    if not n:
        return {"mutants": 0}
    share = killed / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    between = [round(100 * (middle - half), 1), round(100 * (middle + half), 1)]
    return {"mutants": n, "killed": killed, "score": round(100 * share, 1), "between": between}
