"""The smallest .xlsx that every spreadsheet program opens: cells of text, typed as text, and days; never a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from monitor.intake.cells.headers import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


Cell = str | date
# first and last column and row of the cells that offer a choice, counted from 0, and the words offered
Offer = tuple[tuple[int, int], tuple[int, int], Sequence[str]]
DAY_ZERO = date(1899, 12, 30)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write_workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], lists: Mapping[str, Offer] = MappingProxyType({}), *,
    since_1904: bool = False,
) -> bytes:
    """Sheet name to its rows; ``lists``: sheet name to the cells in which words can be chosen from a list.
    ``since_1904``: bare numbers among the texts count days from then; no cell is a day of ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _parts(sheets, lists, since_1904):
            # a fixed time: the same rows give the same bytes
            package.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), DECLARATION + text)
    return out.getvalue()


def _parts(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], lists: Mapping[str, Offer], since_1904: bool
) -> list[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPES}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(NOT_IN_A_NAME.sub(" ", name)[:31] or f"Sheet {n}")} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    counting = '<workbookPr date1904="1"/>' if since_1904 else ""
    return [
        ("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
         f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>{overrides}</Types>'),
        ("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
         f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml",
         f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{counting}<sheets>{listed}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
         f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'),
        ("xl/styles.xml", STYLES),
        *((f"xl/worksheets/sheet{n}.xml", _sheet(rows, lists.get(name)))
          for n, (name, rows) in zip(numbers, sheets.items(), strict=True)),
    ]  # fmt: skip


def _sheet(rows: Sequence[Sequence[Cell]], offer: Offer | None) -> str:
    lines = (f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    told = _choices(offer) if offer else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{told}</worksheet>'


def _choices(offer: Offer) -> str:
    (left, right), (top, bottom), words = offer
    cells = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
    listed = escape(",".join(words))
    return (
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showErrorMessage="0" '
        f'sqref="{cells}"><formula1>"{listed}"</formula1></dataValidation></dataValidations>'
    )


def _cell(text: Cell) -> str:
    if isinstance(text, date):
        return f'<c s="1"><v>{(text - DAY_ZERO).days}</v></c>'
    plain = escape(NOT_IN_XML.sub("", text))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>' if plain else "<c/>"
