"""What was compiled once is read again, and only where nobody else can have written it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from web.compiled import PLACE, CompiledTemplates, stamp_of
from web.compiling import main
from web.pages import COMPILED, ENVIRONMENT

SAYS = "{{ 6 * 7 }}"


def said(kept: CompiledTemplates, text: str = SAYS) -> tuple[str, bool]:
    """What a page says in a process of its own, and whether that had to compile it."""
    compiled = list[str]()

    class Watched(Environment):
        def compile(self, *told, **more):
            compiled.append("")
            return super().compile(*told, **more)

    page = Watched(loader=DictLoader({"a.html": text}), bytecode_cache=kept).get_template("a.html").render()
    return page, bool(compiled)


def planted(kept: CompiledTemplates) -> Path:
    """Another's page in the place of ours, compiled as if it said what ours says."""
    assert said(kept) == ("42", True)
    [file] = kept.place.iterdir()
    other = CompiledTemplates(kept.place.parent.parent / "other")
    assert said(other, "robbed")
    [theirs] = other.place.iterdir()
    ours, code = file.read_bytes(), theirs.read_bytes()
    head = len(ours) - len(ours.partition(b"\xe3")[2]) - 1
    file.write_bytes(ours[:head] + code[code.index(b"\xe3"):])
    return file


def test_the_next_process_does_not_compile_it_again_and_another_text_is_another_page(tmp_path: Path) -> None:
    assert said(CompiledTemplates(tmp_path / "kept")) == ("42", True)
    assert said(CompiledTemplates(tmp_path / "kept")) == ("42", False)
    assert said(CompiledTemplates(tmp_path / "kept"), "{{ 6 * 8 }}") == ("48", True)


def test_what_lies_there_is_believed_so_the_next_tests_say_something(tmp_path: Path) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    planted(kept)
    assert said(kept) == ("robbed", False)


@pytest.mark.parametrize("mode", [0o646, 0o664])
def test_a_file_that_others_may_write_is_not_believed(tmp_path: Path, mode: int) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    planted(kept).chmod(mode)
    assert said(kept) == ("42", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file away")
def test_a_file_or_a_folder_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    file = planted(kept)
    os.chown(file, 65534, 65534)
    assert said(kept) == ("42", True)
    planted(CompiledTemplates(tmp_path / "again"))
    for folder in (tmp_path / "again", next((tmp_path / "again").iterdir())):
        os.chown(folder, 65534, 65534)
        assert said(CompiledTemplates(tmp_path / "again")) == ("42", True)
        os.chown(folder, 0, 0)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    file = planted(kept)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert said(kept) == ("42", True)


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_a_folder_that_others_may_write_is_neither_read_nor_written(tmp_path: Path, mode: int) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    planted(kept)
    for folder in (kept.place, kept.place.parent):
        folder.chmod(mode)
        before = {file: file.read_bytes() for file in kept.place.iterdir()}
        assert said(CompiledTemplates(tmp_path / "kept")) == ("42", True)
        assert {file: file.read_bytes() for file in kept.place.iterdir()} == before
        folder.chmod(0o755)


def test_where_nothing_can_be_written_pages_are_compiled_as_ever(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")
    assert said(CompiledTemplates(tmp_path / "kept")) == ("42", True)


def test_a_torn_file_is_no_page(tmp_path: Path) -> None:
    kept = CompiledTemplates(tmp_path / "kept")
    said(kept)
    [file] = kept.place.iterdir()
    whole = file.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert said(kept) == ("42", True)


def test_other_code_compiles_anew_and_what_is_old_is_gone(tmp_path: Path) -> None:
    for name in ("web", "monitor"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("A = 1\n")
    assert said(CompiledTemplates(tmp_path / "kept", tmp_path)) == ("42", True)
    before = stamp_of(tmp_path / "web", tmp_path / "monitor")
    (tmp_path / "monitor" / "a.py").write_text("A = 12\n")
    assert said(CompiledTemplates(tmp_path / "kept", tmp_path)) == ("42", True)
    after = stamp_of(tmp_path / "web", tmp_path / "monitor")
    assert after != before and [one.name for one in (tmp_path / "kept").iterdir()] == [after]


def test_the_site_keeps_its_pages_beside_its_own_code() -> None:
    assert COMPILED.works and COMPILED.place.parent == PLACE and ENVIRONMENT.bytecode_cache is COMPILED


def test_the_installer_compiles_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    pages = ENVIRONMENT.list_templates()
    assert capsys.readouterr().out == f"{len(pages)} pages in {COMPILED.place}\n"
    assert len(list(COMPILED.place.iterdir())) >= len(pages)


def test_a_link_that_leads_nowhere_stops_no_start(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("A = 1\n")
    before = stamp_of(tmp_path)
    (tmp_path / ".#a.py").symlink_to("somebody@elsewhere.1234")  # as an editor locks a file
    assert stamp_of(tmp_path) == before
