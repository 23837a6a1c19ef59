"""No file needs a file that needs it: the house can be read from the ground up, and any room built without the next."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.the_house import ROOMS, modules, read


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


def needs(name: str, text: str, files: Container[str]) -> set[str]:
    """What has to be read before a file: what it asks for, and the packages of that which the file is not in."""
    asked = {place for one in imports(text, files) for place in (one, *packages_of(one))}
    return {one for one in asked - {name, *packages_of(name)} if one in files}


def packages_of(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def in_order(texts: dict[str, str]) -> list[str]:
    """Files by name, each after all that it needs. Raises CycleError."""
    return list(TopologicalSorter({name: needs(name, text, texts) for name, text in texts.items()}).static_order())


def test_no_import_runs_in_a_circle():
    texts = {name_of(path): read(path) for path in modules(*ROOMS)}
    assert len(in_order(texts)) == len(texts) > 500


@pytest.mark.parametrize("line", [
    "from b import two", "import b", "def one():\n    from b import two", "from p.b import two", "from q.b import two",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from b import Two",
])  # fmt: skip
def test_a_circle_is_noticed_however_it_is_tied(line):
    with pytest.raises(CycleError):
        in_order({"a": line, "b": "from a import one", "p": "", "p.b": "import a", "q": "import a", "q.b": ""})
