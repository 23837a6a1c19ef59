"""No file needs a file that needs it: the house can be read from the ground up, and any room built without the next."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.the_house import ROOMS, modules, read

# Scope, who reaches what, and the database ask one another inside functions. They stand together in one room and are
# read together; untie them, and this goes.
STILL_TIED = {"monitor.access.scope"}


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(text: str, files: Container[str]) -> Iterator[str]:
    """Which of the files it asks, for types and inside functions too: either ties two files as firmly."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module:
            asked = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (one if one in files else node.module for one in asked)


def in_order(texts: dict[str, str]) -> list[str]:
    """Files by name, each after all that it imports. Raises CycleError."""
    return list(TopologicalSorter({
        name: {one for one in imports(text, texts) if one in texts and one != name} for name, text in texts.items()
    }).static_order())  # fmt: skip


def test_no_import_runs_in_a_circle():
    texts = {name_of(path): read(path) for path in modules(*ROOMS) if name_of(path) not in STILL_TIED}
    assert len(in_order(texts)) == len(texts) > 500


@pytest.mark.parametrize("line", [
    "from b import two", "import b", "def one():\n    from b import two", "from p.b import two",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import Two",
])  # fmt: skip
def test_a_circle_is_noticed_however_it_is_tied(line):
    with pytest.raises(CycleError):
        in_order({"a": line, "b": "from a import one", "p.b": "import a"})
