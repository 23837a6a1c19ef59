"""From plain data to the typed scenario, with every fault of shape as a sentence at its line.

Facts and readings are converted one by one, so that one fault does not hide the next.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from rules.scenarios.document import Document, Place, Problem
from rules.scenarios.shape import Evaluation, Scenario
from rules.scenarios.shape_facts import AnyFact

UNREAD: dict[str, Any] = {"facts": [], "evaluate": [{"as_of": "2000-01-01", "expect": []}]}


def shaped(document: Document) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, or None and what is wrong with the shape of its parts."""
    if not isinstance(document.data, dict):
        return None, [document.problem((), "A scenario is a map of fields.")]
    problems = [*_head(document), *_items(document, "facts", AnyFact), *_items(document, "evaluate", Evaluation)]
    if problems:
        return None, problems
    return msgspec.convert(document.data, Scenario), []


def _head(document: Document) -> list[Problem]:
    data = dict(document.data)
    for part, stand_in in UNREAD.items():
        if isinstance(data.get(part), list) and data[part]:
            data[part] = stand_in
    return _faults(document, data, Scenario, ())


def _items(document: Document, part: str, shape: Any) -> list[Problem]:
    items = document.data.get(part)
    if not isinstance(items, list):
        return []
    return [fault for number, item in enumerate(items) for fault in _faults(document, item, shape, (part, number))]


def _faults(document: Document, data: Any, shape: Any, place: Place) -> list[Problem]:
    try:
        msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        unknown = re.search(r"unknown field `([^`]+)`", message)
        inner = (*_place(path.rstrip("`")), *(unknown.groups() if unknown else ()))
        return [document.problem((*place, *inner), _sentence(message, (*place, *inner)))]
    return []


def _place(path: str) -> Place:
    parts: list[str | int] = []
    for name, number in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path):
        parts.append(int(number) if number else name)
    return tuple(parts)


def _sentence(message: str, place: Place) -> str:
    where = ".".join(str(part) for part in place if not isinstance(part, int))
    message = message.replace("`", "").replace("Object ", "the record ").strip()
    return f"{where or 'scenario'}: {message[:1].lower()}{message[1:]}."
