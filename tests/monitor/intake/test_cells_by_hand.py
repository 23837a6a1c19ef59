"""Workbooks laid by hand, as programs of strangers write them: what a cell shows is what is read, or it is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Refused, Table
from monitor.intake.reading.workbook import read_workbook
from tests.monitor.intake.hostile import CELL, HEADER, MAIN, OFFICE, PERSON, workbook

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="h:mm:ss"/></numFmts>'
    '<fonts><font><name val="Calibri"/></font><font><strike/></font><font><strike val="0"/></font></fonts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="170"/><xf fontId="1"/>'
    '<xf fontId="2"/><xf numFmtId="14" fontId="99"/></cellXfs></styleSheet>'
)
PLAIN, DAY, TIME, SECONDS, STRUCK, UNSTRUCK, STRANGE_FONT = range(7)
SHARED = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'


def read(content: bytes, **limits: int) -> Table:
    return read_workbook(content, Limits(**limits))[0][0]


def of_cells(*cells: str, **parts: str) -> bytes:
    """A workbook with these cells in the first column, one below the other."""
    rows = "".join(f'<row r="{n}">{cell.format(at=f"A{n}")}</row>' for n, cell in enumerate(cells, 1))
    return workbook(rows, {"xl/styles.xml": STYLES})


def number(value: str, style: int = PLAIN) -> str:
    return f'<c r="{{at}}" s="{style}"><v>{value}</v></c>'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (number("46000", DAY), "2025-12-09"),
        (number("46000.5", DAY), "2025-12-09 12:00"),
        (number("46000", STRANGE_FONT), "2025-12-09"),
        (number("0.75", DAY), "18:00"),
        (number("0.75", TIME), "18:00"),
        (number("0.7291666", SECONDS), "17:30"),
        (number("0", TIME), "0:00"),
        (number("1", TIME), "1"),
        (number("1", DAY), "1899-12-31"),
        (number("2958465", DAY), "9999-12-31"),
        (number("2958466", DAY), "2958466"),
        (number("-3", DAY), "-3"),
        (number("12.50"), "12.5"),
        (number("1E3"), "1000"),
        (number("no number"), "no number"),
        ('<c r="{at}" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="{at}" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="{at}" t="d"><v>2026-11-09</v></c>', "2026-11-09"),
    ],
)
def test_a_cell_is_read_as_its_program_shows_it(cell: str, shown: str) -> None:
    assert read(of_cells(cell)).rows == [[shown]]


@pytest.mark.parametrize("value", ["NaN", "inf", "-inf"])
def test_what_is_no_number_at_all_is_an_empty_cell(value: str) -> None:
    assert read(of_cells(number("7"), number(value), number("8"))).rows == [["7"], [], ["8"]]


def test_whatever_way_a_cell_is_struck_through_it_counts_as_struck_through() -> None:
    rich = '<c r="{at}" t="inlineStr"><is><r><rPr><strike/></rPr><t>Doe</t></r><r><t>, Jan</t></r></is></c>'
    not_struck = rich.replace("<strike/>", '<strike val="false"/>')
    told = read(of_cells(number("1", STRUCK), rich, number("2", UNSTRUCK), not_struck))
    assert told.rows == [["1"], ["Doe, Jan"], ["2"], ["Doe, Jan"]]
    assert told.struck == [(1, 1), (2, 1)]


def test_a_shared_text_that_is_struck_through_in_a_part_is_so_in_every_cell_that_shows_it() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>Roe, Kim</t></si><si>a remark beside it<r><rPr><strike/></rPr><t>Doe</t></r>'
        "<r><t>, Jan</t></r></si></sst>"
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{of}</v></c></row>' for n, of in enumerate((1, 0, 1), 1))
    told = read(workbook(cells, {"xl/sharedStrings.xml": strings}, more=SHARED))
    assert told.rows == [["Doe, Jan"], ["Roe, Kim"], ["Doe, Jan"]]
    assert told.struck == [(1, 1), (3, 1)]


@pytest.mark.parametrize("index", ["-1", "1", "x", "1.0"])
def test_a_cell_that_points_at_no_text_is_a_broken_file(index: str) -> None:
    cells = f'<row r="1"><c r="A1" t="s"><v>{index}</v></c></row>'
    strings = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>Roe, Kim</t></si></sst>'}
    with pytest.raises(Refused, match="F-CORRUPT"):
        read(workbook(cells, strings, more=SHARED))


def sheet_of(columns: str, rows: str, after: str = "") -> bytes:
    body = f'<worksheet xmlns="{MAIN}"><cols>{columns}</cols><sheetData>{rows}</sheetData>{after}</worksheet>'
    return workbook(parts={"xl/worksheets/sheet1.xml": body})


def test_columns_that_are_hidden_are_told_of_where_they_hold_something() -> None:
    hidden = '<col min="2" max="2" hidden="1"/><col min="4" max="16384" hidden="true"/><col min="1" hidden="0"/>'
    assert read(sheet_of(hidden, HEADER + PERSON)).hidden_columns == [2]


def test_no_more_hidden_rows_are_counted_than_a_file_may_have() -> None:
    rows = HEADER + "".join(f'<row r="{n}" hidden="1"/>' for n in range(2, 40))
    assert read(sheet_of("", rows), rows=20).hidden == list(range(2, 22))


def test_a_merged_range_of_nothing_or_without_measure_fills_nothing() -> None:
    merges = '<mergeCells><mergeCell ref="C1:C4"/><mergeCell ref="A2:B90000"/><mergeCell ref="A1"/></mergeCells>'
    told = read(sheet_of("", HEADER + PERSON, merges))
    assert told.rows == [["Name", "11/9/2026"], ["Doe, Jan", "P"]]
    assert not told.filled_down


@pytest.mark.parametrize(
    ("cell", "limits", "detail"),
    [
        (CELL.format("XA1", "x"), {}, "columns|625|400"),
        (CELL.format("A1", 5000 * "x"), {}, "cell|4,096"),
        (CELL.format("A1", 20 * "<![CDATA[x]]>"), {"cell": 10}, "cell|10"),
        (CELL.format("A1", "xxxxxx") + CELL.format("B1", "xxxxxx"), {"characters": 10}, "unpacked|0"),
    ],
)
def test_a_sheet_beyond_its_measure_is_refused_and_says_which(cell: str, limits: dict[str, int], detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read(workbook(f'<row r="1">{cell}</row>'), **limits)
    assert (refused.value.code, refused.value.detail) == ("F-SIZE", detail)


def test_a_sheet_that_is_named_and_is_not_there_leaves_the_others_to_be_read() -> None:
    listed = '<sheets><sheet name="Gone" sheetId="2" r:id="rId9"/><sheet name="A" sheetId="1" r:id="rId1"/></sheets>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{listed}</workbook>'
    tables, notes = read_workbook(workbook(parts={"xl/workbook.xml": book}), Limits())
    assert [table.sheet for table in tables] == ["A"]
    assert notes == []


def test_a_comment_is_read_from_the_workbook_itself_and_of_a_long_one_the_beginning() -> None:
    long = f'<comment ref="A2"><text>{"".join(f"<t>{n:04}</t>" for n in range(2000))}</text></comment>'
    nowhere = '<comment ref="somewhere"><text><t>of no cell</t></text></comment><comment ref="B2"><text/></comment>'
    beside = (
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/comments" Target="../comments2.xml"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/hyperlink" Target="../comments1.xml"/></Relationships>'
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": beside,
        "xl/comments1.xml": f'<comments xmlns="{MAIN}"><commentList>{nowhere}{long}</commentList></comments>',
    }
    [(row, column, words)] = read(workbook(parts=parts), cell=100).remarks
    assert (row, column) == (2, 1)
    assert words.startswith("000000010002") and len(words) <= 300


@pytest.mark.parametrize(
    ("name", "detail"), [("XL/workbook.xml", "twice"), ("xl/SharedStrings.xml", "names"), ("xl/Styles.xml", "names")]
)
def test_a_part_in_another_spelling_is_refused_for_two_readers_would_see_two_workbooks(name: str, detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read(workbook(parts={name: "<x/>"}))
    assert (refused.value.code, refused.value.detail) == ("F-CORRUPT", detail)


def test_a_part_that_is_packed_in_a_way_of_its_own_is_a_broken_file() -> None:
    content = bytearray(workbook())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        at = package.getinfo("xl/worksheets/sheet1.xml").header_offset
    central = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 8 : at + 10] = content[central + 10 : central + 12] = (99).to_bytes(2, "little")
    with pytest.raises(Refused, match="F-CORRUPT"):
        read(bytes(content))


def text(content: str, **limits: int) -> list[list[str]]:
    return read_text(content.encode(), Limits(**limits))[0][0].rows


@pytest.mark.parametrize("content", ["", "\r\n", " \t \n\n"])
def test_a_file_of_blanks_is_empty(content: str) -> None:
    with pytest.raises(Refused, match="F-EMPTY"):
        text(content)


def test_empty_cells_at_the_end_of_a_line_are_no_columns_and_full_ones_are() -> None:
    assert text("Name,Status\nDoe,P" + 500 * ",") == [["Name", "Status"], ["Doe", "P"]]
    with pytest.raises(Refused) as refused:
        text("Name,Status\nDoe,P" + 500 * ",x")
    assert refused.value.detail == "columns|502|400"


def test_blank_lines_without_end_are_no_rows_and_one_more_that_holds_something_is_too_many() -> None:
    lines = "Name,Status\n" + 30 * "Doe,P\n"
    assert len([row for row in text(lines + 500 * ",\n", rows=30) if any(row)]) == 31
    with pytest.raises(Refused, match="F-ROWS"):
        text(lines + 500 * ",\n" + "Roe,P\n", rows=30)
