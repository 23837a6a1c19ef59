"""Tests that share a world go to one worker: what is built for a whole file is built once."""

from __future__ import annotations

from pathlib import Path

from tests.together import FILES, bundle_of

ROOT = Path(__file__).parents[2]


def test_tests_of_a_file_with_a_world_are_one_bundle_for_each_kind_of_database():
    file = "tests/sweep/test_canaries.py"
    on_sqlite = {bundle_of(f"{file}::test_words[sqlite-{word}]") for word in ("two words", "[odd]", "a@b")}
    assert len(on_sqlite) == 1
    assert bundle_of(f"{file}::test_words[postgres-one]") not in on_sqlite


def test_any_other_test_goes_by_itself():
    one, other = (f"tests/web/test_app.py::test_{name}[sqlite]" for name in ("this", "that"))
    assert bundle_of(one) == one != bundle_of(other)


def test_each_of_these_files_is_there_and_builds_something_for_all_of_its_tests():
    for file in FILES:
        text = (ROOT / file).read_text()
        assert 'scope="module"' in text or "@cache" in text, file


def test_no_test_is_marked_for_a_group_that_nobody_makes():
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    marked = "mark.xdist" + "_group"
    assert [str(file.relative_to(ROOT)) for file in files if marked in file.read_text()] == []
