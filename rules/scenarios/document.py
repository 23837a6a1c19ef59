"""A YAML list as plain data in which every value still knows its line.

Only text, whole numbers, true/false, lists and maps exist in a scenario. A date that is not quoted, a key given
twice or a fraction is a problem with a line, not a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from rules.pack_files import LOADER

Place = tuple[str | int, ...]
TAG = "tag:yaml.org,2002:"


class Problem(NamedTuple):
    """One fault of a file, in a sentence."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        """`file:line: sentence`, as editors understand it."""
        return f"{self.file}:{self.line}: {self.text}"


@dataclass
class Document:
    """One item of a scenario file: plain data, the line of each value, and the faults of its writing."""

    file: Path
    data: Any
    lines: dict[Place, int]
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, text: str) -> Problem:
        """A fault at a place of this item."""
        return Problem(self.file, self.line(place), text)


def documents(file: Path) -> Iterator[Document]:
    """The items of one scenario file, or of the files of a folder; what is no YAML list gives one faulty document."""
    if file.is_dir():
        yield from _in_folder(file)
        return
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER)
    except (OSError, UnicodeDecodeError) as error:
        yield Document(file, {}, {}, [Problem(file, 1, f"The file cannot be read: {error}.")], readable=False)
        return
    except yaml.YAMLError as error:
        problem = Problem(file, _error_line(error), f"This is not YAML: {_first_line(error)}.")
        yield Document(file, {}, {}, [problem], readable=False)
        return
    if not isinstance(root, yaml.SequenceNode):
        yield Document(file, {}, {}, [Problem(file, 1, "A scenario file is a YAML list of scenarios.")], readable=False)
        return
    for node in root.value:
        yield _item(Document(file, {}, {}), node)


def _item(document: Document, node: yaml.Node) -> Document:
    try:
        document.data = _plain(node, (), document)
    except RecursionError:
        text = "The scenario holds itself, or is nested too deeply."
        return Document(document.file, {}, {}, [Problem(document.file, node.start_mark.line + 1, text)], readable=False)
    return document


def _in_folder(folder: Path) -> Iterator[Document]:
    files = sorted(folder.glob("*.yaml"))
    for one in files:
        yield from documents(one)
    if not files:
        problem = Problem(folder, 1, "The folder holds no scenario file (*.yaml).")
        yield Document(folder, {}, {}, [problem], readable=False)


def _plain(node: yaml.Node, place: Place, document: Document) -> Any:
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, number), document) for number, item in enumerate(node.value)]
    return _scalar(node, place, document)


def _mapping(node: yaml.MappingNode, place: Place, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key_node.tag != TAG + "str":
            fault = f"The key {key!r} is not text; YAML reads it otherwise."
            document.problems.append(Problem(document.file, line, fault))
        if key in found:
            document.problems.append(Problem(document.file, line, f"The key {key!r} is given twice."))
        found[key] = _plain(value_node, (*place, key), document)
    return found


def _scalar(node: yaml.Node, place: Place, document: Document) -> Any:
    text = str(node.value)
    kind = node.tag.removeprefix(TAG)
    if kind == "str":
        return text
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    if kind == "int":
        return _whole_number(text, place, document)
    if kind == "timestamp":
        document.problems.append(document.problem(place, f"Put the date {text} in quotes, so that it stays text."))
        return text
    document.problems.append(document.problem(place, f"The value {text!r} is neither text nor a whole number."))
    return text


def _whole_number(text: str, place: Place, document: Document) -> Any:
    try:
        return int(text)
    except ValueError:
        document.problems.append(document.problem(place, f"Put {text} in quotes, or write it as a plain whole number."))
        return text


def _error_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _first_line(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
