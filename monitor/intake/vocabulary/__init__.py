"""The words that programs use, as data: headers, statuses, names, and what we answer. Read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def load(name: str) -> dict[str, Any]:
    """One YAML file of this folder."""
    text = files("monitor.intake.vocabulary").joinpath(name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def header_fields() -> Mapping[str, str]:
    """Normalised header to field."""
    return _turned(load("headers.yaml"))


@cache
def status_codes() -> Mapping[str, str]:
    """Normalised word to status code; ambiguous signs are under ``?``."""
    words = load("statuses.yaml")
    words["?"] = words.pop("ambiguous")
    return _turned(words)


@cache
def given_names() -> Mapping[str, frozenset[str]]:
    """Short form to the full given names it may stand for."""
    found: dict[str, set[str]] = {}
    for full, short_forms in load("names.yaml")["nicknames"].items():
        for short in short_forms:
            found.setdefault(short, set()).add(full)
    return {short: frozenset(full) for short, full in found.items()}


@cache
def suffixes() -> frozenset[str]:
    """Jr, Sr and the like, folded."""
    return frozenset(load("names.yaml")["suffixes"])


def _turned(lists: Mapping[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, words in lists.items():
        for word in words:
            found.setdefault(str(word), key)
    return found
