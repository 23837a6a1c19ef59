"""Whatever a file brings into the rules has one shape: it cannot change afterwards, and a field too many is refused."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import msgspec
import pytest

import rules


def shapes() -> Iterator[type[msgspec.Struct]]:
    """Every Struct of the rules, each once."""
    for module in pkgutil.walk_packages(rules.__path__, "rules."):
        if module.name.rpartition(".")[2] == "__main__":
            continue
        for shape in vars(importlib.import_module(module.name)).values():
            if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape.__module__ == module.name:
                yield shape


SHAPES = {f"{shape.__module__}.{shape.__name__}": shape for shape in shapes()}
TALLY = "rules.folder.Counts"  # filled while a run goes on, and read from no file


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - {TALLY}))
def test_what_was_read_stays_as_it_was_read(name: str) -> None:
    assert SHAPES[name].__struct_config__.frozen


@pytest.mark.parametrize("name", SHAPES)
def test_a_field_that_nobody_knows_is_refused_and_never_passed_over(name: str) -> None:
    assert SHAPES[name].__struct_config__.forbid_unknown_fields


def test_a_record_is_told_by_its_type_and_a_form_of_a_rule_by_its_form() -> None:
    told = {shape.__struct_config__.tag_field for shape in SHAPES.values()}
    assert told == {None, "type", "form"}
