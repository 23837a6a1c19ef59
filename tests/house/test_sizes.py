"""Nothing grows until nobody reads it (style of the house: sizes, names, READMEs)."""

from __future__ import annotations

import re

import pytest

from tests.house.the_house import ROOMS, ROOT, modules, ours, read

EVERYWHERE = (*ROOMS, "tests")
GENERATED = "monitor/migrations/versions/"
VAGUE = {"utils", "helpers", "services", "managers", "util", "helper", "common", "misc"}


def test_no_module_is_longer_than_four_hundred_lines():
    long = [
        f"{path}: {count} lines"
        for path in modules(*EVERYWHERE)
        if not str(path).startswith(GENERATED) and (count := read(path).count("\n")) > 400
    ]
    assert not long, f"Split by noun; a file that outgrew itself becomes a folder of the same name: {long}"


def test_no_module_is_named_after_nothing():
    vague = [str(path) for path in modules(*EVERYWHERE) if VAGUE & {path.stem, *path.parts}]
    assert not vague, f"Name the noun instead; utils, helpers, services and managers hide what is inside: {vague}"


def test_every_module_says_what_it_is():
    silent = [str(path) for path in modules(*EVERYWHERE) if not re.match(r'\s*("""|r""")', read(path))]
    assert not silent, f"Give each module one line at its top that says what lives there: {silent}"


def test_no_package_file_lies_below_tests():
    found = [str(path) for path in ours() if path.parts[0] == "tests" and path.name == "__init__.py"]
    assert not found, f"With one, `import rules` would find tests/rules. Remove: {found}"


@pytest.mark.parametrize("room", [*EVERYWHERE, "docs"])
def test_every_room_has_a_readme_short_enough_to_be_read(room):
    readme = ROOT / room / "README.md"
    assert readme.is_file(), f"Write {room}/README.md: what lives here, what it may import, how to add one."
    lines = readme.read_text(encoding="utf-8").count("\n")
    assert lines <= 60, f"{room}/README.md has {lines} lines; a README of a room is read in one go: 60 at most."


def test_the_readme_and_the_room_readmes_link_to_files_that_are_there():
    broken = []
    for path in ours():
        if path.suffix == ".md":
            for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(path)):
                if "://" not in target and not (ROOT / path.parent / target).exists():
                    broken.append(f"{path}: {target}")
    assert not broken, f"Mend these links: {broken}"
