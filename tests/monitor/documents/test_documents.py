"""The court's documents: tagged, embedded, the same bytes again, and a name in any script."""

from __future__ import annotations

import hashlib
import io
import platform
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader

from monitor.bench_page.page import OPTIONS, Allegation, BenchPage, ConditionLine, Heading, Mark, Said, StatusWord
from monitor.docket import Docket, DocketLine
from monitor.documents import bench_pdf, compact_pdf, docket_pdf
from monitor.documents.bench import FORMS
from monitor.documents.glyphs import FONTS, REPLACEMENT, code_points, covered, printable

AT = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
NAMES = (
    "DOE, Marcus T.", "Nguyễn, Văn Minh", "Петров, Алексей", "محمد, علي", "כהן, דוד", "王, 小明", "김, 철수", 
    "たなか, はなこ", "አበበ, ቢቂላ", "ᏣᎳᎩ, ᎠᏴ", "नरेन्द्र, सिंह", "ಕನ್ನಡ, ಅ", "ហេង, ស", "བསྟན་འཛིན", "Ομήρου, Ελένη", 
    "Yılmaz, Ömer", "ʻŌpūnui, Keoni",
)  # fmt: skip


def sample(name: str = "DOE, Marcus T.", facts: int = 1) -> BenchPage:
    """A hand-made page; ``facts`` times its usual length."""
    heading = Heading(
        court="Riverbend County Court", court_code="riverbend", room="Dept 4", judge="Judge Lee", starts_at=AT,
        zone="America/Los_Angeles", day=date(2026, 3, 9), respondent=name, number="25-CR-0417-DV", review_no=3,
        custody="Out of custody", interpreter="",
    )  # fmt: skip
    moved = tuple(Said(text="Moved to another group 2 Mar", source="P") for _ in range(facts))
    duty = ConditionLine(
        title="Attend weekly, North Star", due="6 counted so far", status=StatusWord.PARTLY_MET,
        facts=(Said(text="4 of 6 attended up to 7 Mar", source="P", corrected="corrected 8 Mar"), *moved),
        strip=(Mark("28 Jan", "y"), Mark("18 Feb", "M")),
    )  # fmt: skip
    missed = Said(text="Missed class, 18 Feb", source="O", contested=True)
    return BenchPage(
        hearing_id=1, case_id=2, heading=heading, known_at=AT, as_of="9 Mar 2026, 07:40", missing=(), late=(),
        last_report="2 d",
        orders=(Said(text="No-contact order of 14 Jan", source="C"),), safety=(Said(text="Warrant: none"),),
        conditions=(duty,) * facts, last_review="9 Feb, continued", since=moved,
        alleged=(Allegation(title=missed, evidence=moved, code="ABSENCE_UNEXCUSED", response_class="B"),),
        before=(Said(text="Nothing alleged now"),), in_the_way=(Said(text="Nothing recorded"),),
        asks=(Said(text="keep Saturday group", source="O"),), options=OPTIONS, foot=("Printed by clerk K. Ito.",),
    )  # fmt: skip


def sample_docket(name: str = "DOE, Marcus T.", lines: int = 1) -> Docket:
    line = DocketLine(
        hearing_id=1, starts_at=AT, time="08:40", number="25-CR-0417-DV", respondent=name, review_no=3,
        custody="Out of custody", decide=("Missed class, 18 Feb (O) CONTESTED",), statuses=(("MET", 4),),
        classes="4 of 6", last_report="2 d", contested=True, interpreter="", ready="not recorded", rank=3, outcome="",
    )  # fmt: skip
    return Docket(
        court="Riverbend County Court", court_code="riverbend", day=date(2026, 3, 9), zone="America/Los_Angeles",
        known_at=AT, as_of="9 Mar 2026, 07:40", rooms=("Dept 4",), lines=(line,) * lines, late=(),
        strip=("Warrants older than 30 days: 0",), order="pressing", previous=None, following=None,
        order_words="Order: most pressing first.", owed=(), owed_from=date(2026, 3, 5),
    )  # fmt: skip


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_documents_are_tagged_titled_in_english_and_claim_universal_access() -> None:
    for pdf in (bench_pdf([sample()], AT), docket_pdf(sample_docket(), AT), compact_pdf(sample_docket(), AT)):
        root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
        assert bool(root["/MarkInfo"]["/Marked"])
        assert root["/Lang"].startswith("en")
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
        assert "/StructTreeRoot" in root
        assert b"pdfuaid" in root["/Metadata"].get_data()


def test_every_font_is_embedded() -> None:
    for page in PdfReader(io.BytesIO(bench_pdf([sample(name) for name in NAMES], AT))).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner)


def test_the_same_page_at_the_same_instant_is_the_same_file() -> None:
    assert bench_pdf([sample()], AT) == bench_pdf([sample()], AT)
    assert docket_pdf(sample_docket(), AT) == docket_pdf(sample_docket(), AT)
    assert bench_pdf([sample()], AT) != bench_pdf([sample("ROE, Jo")], AT)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_prints_in_its_own_script(name: str) -> None:
    assert REPLACEMENT not in printable(name)
    assert bench_pdf([sample(name)], AT)
    assert docket_pdf(sample_docket(name), AT)


def test_a_letter_that_no_font_has_is_marked_and_the_docket_still_prints() -> None:
    strange = "A\U0001f600b \U00013000"
    text = text_of(bench_pdf([sample(strange), sample()], AT))
    assert REPLACEMENT in text
    assert "the screen shows it" in text
    assert "the screen shows it" in text_of(docket_pdf(sample_docket(strange), AT))
    assert "the screen shows it" not in text_of(bench_pdf([sample()], AT))


def test_control_characters_and_hidden_marks_do_not_reach_the_paper() -> None:
    assert printable("a\x00b\u202ec\ud7ffd\ud800e") == f"a bc{printable(chr(0xD7FF))}d{REPLACEMENT}e"
    assert printable("\u0915\u094d\u200d\u0937") == "\u0915\u094d\u200d\u0937"
    assert bench_pdf([sample("x\x07\u202e\u2028y")], AT)


def test_what_looks_like_typesetting_is_text() -> None:
    odd = '#panic("x") $x^2$ *bold* \\ @ref <label> // comment'
    assert "#panic" in text_of(bench_pdf([sample(odd)], AT))


@pytest.mark.parametrize("facts", [1, 3, 5])
def test_a_long_page_is_set_smaller_and_stays_one_side(facts: int) -> None:
    assert len(PdfReader(io.BytesIO(bench_pdf([sample(facts=facts)] * 2, AT))).pages) == 2


def test_an_empty_docket_says_so_and_a_long_one_repeats_its_heads() -> None:
    empty = msgspec.structs.replace(sample_docket(), lines=())
    assert "No DV reviews on Mon 9 Mar 2026." in text_of(docket_pdf(empty, AT))
    pages = PdfReader(io.BytesIO(docket_pdf(sample_docket(lines=60), AT))).pages
    assert len(pages) > 1
    told = ["".join(page.extract_text().split()) for page in pages]
    assert all("Whatthejudgemustdecide" in text for text in told if "08:40" in text)


@pytest.mark.parametrize(("cases", "pages"), [(1, 1), (8, 1), (9, 2), (60, 8)])
def test_the_compact_form_holds_eight_cases_a_page_and_every_cell_of_the_list(cases: int, pages: int) -> None:
    pdf = compact_pdf(sample_docket(lines=cases), AT)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == pages
    said, line = " ".join(text_of(pdf).split()), sample_docket().lines[0]
    assert all(" ".join(cell.split()) in said for cell in line.cells if cell != "no")
    assert said.count("25-CR-0417-DV") == cases


def test_a_case_with_more_to_say_than_an_eighth_of_a_page_loses_no_word_of_it() -> None:
    asked = tuple(f"Matter {number} of which the court is told at some length" for number in range(40))
    line = msgspec.structs.replace(sample_docket().lines[0], decide=asked)
    pdf = compact_pdf(msgspec.structs.replace(sample_docket(), lines=(line,) * 8), AT)
    said = " ".join(text_of(pdf).split())
    assert all(said.count(one) == 8 for one in asked)


def test_the_fonts_have_the_letters_that_they_say_they_have() -> None:
    points = code_points((FONTS / "PublicSans-Regular.ttf").read_bytes())
    assert {ord("A"), ord("ễ")} <= points and ord("Ж") not in points
    assert set(range(0x20, 0x7F)) <= covered()
    assert all(chr(point) == printable(chr(point)) for point in (0x4E00, 0xAC00, 0x0416, 0x05D0))


def test_every_font_is_named_with_its_licence() -> None:
    said = (FONTS / "README.md").read_text()
    assert "OFL" in said and "Apache-2.0" in said and (FONTS / "OFL.txt").is_file()
    assert (Path(FONTS) / "DroidSansFallbackFull.ttf").is_file()


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo (poppler) is not here")
def test_a_reader_finds_headings_and_a_table_with_heads(tmp_path: Path) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(bench_pdf([sample()], AT))
    tree = subprocess.run(["pdfinfo", "-struct", str(path)], capture_output=True, text=True, check=True).stdout
    for tag in ("H1", "H2", "Table", "TH", "TD"):
        assert tag in tree, tag


# by form, what `sample` prints to with the compiler of the lock file
BYTES_OF_FORM = {1: "4ffde54a0255eb238c535cce81b3bbcc313a1c5e53ed34e7b13dc5256e1cc950"}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the bytes were taken there")
def test_a_form_in_which_packets_were_kept_prints_the_same_bytes_for_good() -> None:
    """If it fails: a new look is a new form (`monitor.documents.bench.FORMS`) with a source of its own, and the earlier
    one stays. If only the compiler is new, say in the changelog that packets print to other bytes from that day on."""
    assert set(BYTES_OF_FORM) == set(FORMS)
    for form, mark in BYTES_OF_FORM.items():
        printed = bench_pdf([msgspec.structs.replace(sample(), form=form)], AT)
        assert hashlib.sha256(printed).hexdigest() == mark, form
