"""Files made to hurt: every kind that a stranger could send, generated here so that none lies in the repository."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets>'
WORKBOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{SHEETS}</workbook>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{office}/worksheet" Target="{sheet}"/>{more}</Relationships>'
)
CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
HEADER = f'<row r="1">{CELL.format("A1", "Name")}{CELL.format("B1", "11/9/2026")}</row>'
PERSON = f'<row r="2">{CELL.format("A2", "Doe, Jan")}{CELL.format("B2", "P")}</row>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(
    rows: str = HEADER + PERSON, parts: Mapping[str, str | bytes] | None = None, *,
    sheet: str = "worksheets/sheet1.xml", more: str = "",
) -> bytes:  # fmt: skip
    """A small workbook by hand; ``parts`` replaces or adds any of it."""
    made: dict[str, str | bytes] = {
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS.format(office=OFFICE, sheet=sheet, more=more),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    made |= parts or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return out.getvalue()


def _shared_bomb() -> bytes:
    text = "x" * 4_000
    cell = '<c r="{}" t="s"><v>0</v></c>'
    cells = "".join(f'<row r="{n}">{cell.format(f"A{n}")}{cell.format(f"B{n}")}</row>' for n in range(1, 4_900))
    relation = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    return workbook(cells, {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'}, more=relation)


def _huge_string() -> bytes:
    relation = f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    return workbook(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>'}, more=relation,
    )  # fmt: skip


def _locked_zip() -> bytes:
    """A zip whose entries say that they are encrypted."""
    plain = bytearray(workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = plain.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", plain, at + offset)[0]
            struct.pack_into("<H", plain, at + offset, flags | 1)
            at = plain.find(mark, at + 4)
    return bytes(plain)


def _false_sizes() -> bytes:
    """A zip whose directory lies about how much comes out."""
    made = bytearray(workbook(HEADER + PERSON * 1))
    at = made.find(b"PK\x01\x02")
    struct.pack_into("<I", made, at + 24, 7)
    return bytes(made)


def _twins() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in ("xl/workbook.xml", "XL/Workbook.xml"):
            package.writestr(name, WORKBOOK)
    return out.getvalue()


def _cells(count: int) -> str:
    letters = [_letters(n) for n in range(1, count + 1)]
    return f'<row r="1">{"".join(f"<c r={chr(34)}{name}1{chr(34)}><v>1</v></c>" for name in letters)}</row>'


def _letters(number: int) -> str:
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'

# name -> (file name, how to make it, the code of its refusal)
HOSTILE: Mapping[str, tuple[str, Callable[[], bytes], str]] = {
    # read again from its beginning with every piece that comes, until no processor is left
    "a tag that does not end": ("a.xlsx", lambda: _endless(b"<a"), "F-CORRUPT"),
    "a comment that does not end": ("a.xlsx", lambda: _endless(b"<a><!--"), "F-CORRUPT"),
    "an attribute that does not end": ("a.xlsx", lambda: _endless(b'<a b="'), "F-CORRUPT"),
    "nothing at all": ("a.csv", lambda: b"", "F-EMPTY"),
    "only blank lines": ("a.csv", lambda: b"\r\n\r\n , ,\r\n", "F-EMPTY"),
    "an empty workbook": ("a.xlsx", lambda: workbook(""), "F-EMPTY"),
    "a name with no letters but NULs inside": ("a.csv", lambda: b"Name,Date\0\nJan,P\n", "F-CORRUPT"),
    "UTF-16 without its mark": ("a.csv", lambda: "Name,11/9\nDoe,P\n".encode("utf-16-le"), "F-CORRUPT"),
    "bytes of no encoding": ("a.csv", lambda: b"Name,11/9\nD\x81\x8d,P\n", "F-CORRUPT"),
    "a quotation mark left open": ("a.csv", lambda: b'Name,11/9\n"Doe,P\nRoe,P\n' + b"x,P\n" * 9_000, "F-CORRUPT"),
    "a cell of two megabytes": ("a.csv", lambda: b"Name,11/9\n" + b"x" * 2_000_000 + b",P\n", "F-CORRUPT"),
    "10,000 columns of text": ("a.csv", lambda: b",".join([b"1"] * 10_000) + b"\n", "F-SIZE"),
    "6,000 lines": ("a.csv", lambda: b"Name,11/9\n" + b"Doe,P\n" * 6_000, "F-ROWS"),
    "five million commas": ("a.csv", lambda: b"," * 5_000_000 + b"x", "F-SIZE"),
    "a file over the limit": ("a.csv", lambda: b"x,y\n" * 1_400_000, "F-SIZE"),
    "gzip named as text": ("a.csv", lambda: gzip.compress(b"Name,11/9\n" * 5_000_000), "F-TYPE"),
    "a zip named as text": ("a.csv", workbook, "F-TYPE"),
    "text named as a workbook": ("a.xlsx", lambda: b"Name,11/9\nDoe,P\n", "F-CORRUPT"),
    "a PDF": ("a.pdf", lambda: b"%PDF-1.7\n", "F-TYPE"),
    "a PDF named as a workbook": ("a.xlsx", lambda: b"%PDF-1.7\n", "F-TYPE"),
    "a web page named as text": ("a.csv", lambda: b"<html><table><tr><td>Doe</table>", "F-TYPE"),
    "a program": ("a.csv", lambda: b"MZ\x90\0" + b"\0" * 400, "F-TYPE"),
    "old Excel": ("a.xls", lambda: OLE + b"\0" * 512, "F-OLD-EXCEL"),
    "a workbook with a password": ("a.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "F-PASSWORD"),
    "encrypted zip entries": ("a.xlsx", _locked_zip, "F-PASSWORD"),
    "a macro workbook by name": ("a.xlsm", workbook, "F-MACRO"),
    "a macro inside": ("a.xlsx", lambda: workbook(parts={"xl/vbaProject.bin": b"x"}), "F-MACRO"),
    "a binary workbook": ("a.xlsx", lambda: workbook(parts={"xl/workbook.bin": b"x"}), "F-TYPE"),
    "any other zip": ("a.xlsx", lambda: _zip({"word/document.xml": b"<w/>"}), "F-TYPE"),
    "a broken zip": ("a.xlsx", lambda: workbook()[:200], "F-CORRUPT"),
    "a directory that lies about sizes": ("a.xlsx", _false_sizes, "F-CORRUPT"),
    "two cells a mile apart": (
        "a.xlsx", lambda: workbook('<row r="1"><c r="A1"><v>1</v></c></row>'
                                   '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "F-ROWS",
    ),
    "10,000 columns": ("a.xlsx", lambda: workbook(_cells(10_000)), "F-SIZE"),
    "70,000 cells without addresses": (
        "a.xlsx", lambda: workbook(f"<row>{'<c><v>1</v></c>' * 70_000}</row>"), "F-SIZE",
    ),
    "a million rows": ("a.xlsx", lambda: workbook('<row><c><v>1</v></c></row>' * 1_000_000), "F-ROWS"),
    "an address that is none": ("a.xlsx", lambda: workbook('<row r="1"><c r="A0"><v>1</v></c></row>'), "F-CORRUPT"),
    "one text repeated ten thousand times": ("a.xlsx", _shared_bomb, "F-SIZE"),
    "a text of a million letters": ("a.xlsx", _huge_string, "F-SIZE"),
    "a reference to no text": (
        "a.xlsx", lambda: workbook('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "F-CORRUPT",
    ),
    "a zip bomb": (
        "a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 200_000_000}), "F-SIZE",
    ),
    "a thousand parts": ("a.xlsx", lambda: workbook(parts={f"xl/media/{n}.png": b"x" for n in range(1_000)}), "F-SIZE"),
    "a hundred sheets": (
        "a.xlsx", lambda: workbook(parts={"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets>'
                                          + '<sheet name="A" sheetId="1"/>' * 100 + "</sheets></workbook>"}), "F-SIZE",
    ),
    "entities that multiply": (
        "a.xlsx", lambda: workbook(parts={"xl/workbook.xml": LAUGHS + WORKBOOK.replace('name="A"', 'name="&b;"')}),
        "F-CORRUPT",
    ),
    "an entity from outside": ("a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": OUTSIDE + "<worksheet/>"}),
                               "F-CORRUPT"),
    "parts whose names differ only in case": ("a.xlsx", _twins, "F-CORRUPT"),
    "a part outside the folder": ("a.xlsx", lambda: workbook(parts={"../../etc/cron.d/x": b"x"}), "F-CORRUPT"),
    "a sheet in a hidden place": (
        "a.xlsx", lambda: workbook(sheet="hidden/s.xml", parts={"xl/hidden/s.xml": f'<worksheet xmlns="{MAIN}"/>'}),
        "F-CORRUPT",
    ),
    "a sheet that is not there": ("a.xlsx", lambda: workbook(sheet="worksheets/none.xml"), "F-CORRUPT"),
    "a link to elsewhere": (
        "a.xlsx", lambda: workbook(more='<Relationship Id="r9" Type="x/externalLink" Target="http://x.example" '
                                        'TargetMode="External"/>'), "F-CORRUPT",
    ),
    "an embedded object": ("a.xlsx", lambda: workbook(parts={"xl/embeddings/o.bin": b"x"}), "F-CORRUPT"),
    "XML that breaks off": (
        "a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row"}), "F-CORRUPT",
    ),
    "a depth of a hundred thousand": (
        "a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": "<a>" * 100_000}), "F-CORRUPT",
    ),
    "comments without end": (
        "a.xlsx", lambda: workbook(parts={
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships><Relationship Id="r1" '
            f'Type="{OFFICE}/comments" Target="../comments1.xml"/></Relationships>',
            "xl/comments1.xml": "<comments><commentList>" + '<comment ref="A1"><text><t>x</t></text></comment>' * 9_000
            + "</commentList></comments>"}), "F-SIZE",
    ),
    # sixty kilobytes that hold millions of things to look at
    "elements that say nothing": ("a.xlsx", lambda: _filled("xl/worksheets/sheet1.xml", "<x/>", 15_000_000), "F-SIZE"),
    "rows that hold nothing": ("a.xlsx", lambda: _filled("xl/worksheets/sheet1.xml", "<row/>", 10_000_000), "F-SIZE"),
    "texts that hold nothing": (
        "a.xlsx", lambda: _filled("xl/sharedStrings.xml", "<si/>", 12_000_000, about="<sst/>"), "F-SIZE",
    ),
    "a text of a million pieces": (
        "a.xlsx", lambda: _filled("xl/sharedStrings.xml", "<r><t>a</t></r>", 1_000_000, about="<si/>"), "F-SIZE",
    ),
    "a million styles": ("a.xlsx", lambda: _filled("xl/styles.xml", '<xf numFmtId="14"/>', 1_000_000,
                                                   about="<cellXfs/>"), "F-SIZE"),
    "fonts that say nothing": (
        "a.xlsx", lambda: _filled("xl/styles.xml", "<font/>", 8_000_000, about="<fonts/>"), "F-SIZE",
    ),
    "a comment before a million ends": ("a.xlsx", lambda: _comment_and_ends(), "F-SIZE"),
    "blanks among the styles": (
        "a.xlsx", lambda: _filled("xl/styles.xml", " ", 100_000_000, about="<fonts/>"), "F-SIZE",
    ),
    "a cell in a million pieces of raw text": ("a.xlsx", lambda: _inline("<![CDATA[a]]>" * 1_000_000), "F-SIZE"),
    "a cell in a million numbered letters": ("a.xlsx", lambda: _inline("&#97;" * 1_500_000), "F-SIZE"),
    "a number of a million digits": (
        "a.xlsx", lambda: workbook(f'<row r="1"><c r="A1"><v>{"9" * 1_000_000}</v></c></row>'), "F-SIZE",
    ),
    "200,000 attributes": (
        "a.xlsx", lambda: workbook(f'<row {" ".join(f"a{n}={chr(34)}{chr(34)}" for n in range(200_000))}/>'),
        "F-CORRUPT",
    ),
    "another way of squeezing": ("a.xlsx", lambda: _squeezed(zipfile.ZIP_LZMA), "F-CORRUPT"),
    "a workbook in a workbook": ("a.xlsx", lambda: workbook(parts={"xl/embeddings/a.xlsx": workbook()}), "F-CORRUPT"),
    "an entity by way of a parameter": (
        "a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY % p SYSTEM '
                                          '"http://x.example/p"> %p;]><worksheet/>'}), "F-CORRUPT",
    ),
    "an entity in UTF-16": (
        "a.xlsx", lambda: workbook(parts={"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="UTF-16"?>'
                                          f"{OUTSIDE}<worksheet/>".encode("utf-16")}), "F-CORRUPT",
    ),
    "a mark of UTF-16 in the middle": (
        "a.csv", lambda: b"Name,11/9\n\xff\xfe" + "Doe,P\n".encode("utf-16-le"), "F-CORRUPT",
    ),
    "halves of letters in UTF-16": (
        "a.txt", lambda: b"\xff\xfe" + "Name\t11/9\n".encode("utf-16-le") + b"\x00\xd8" * 100_000, "F-CORRUPT",
    ),
    "UTF-32": ("a.txt", lambda: "\ufeffName\t11/9\nDoe\tP\n".encode("utf-32-le"), "F-CORRUPT"),
    "two encodings and neither": (
        "a.csv", lambda: "Name,11/9\nGarcía,P\n".encode() + "Muñoz".encode("cp1252") + b"\x81,P\n", "F-CORRUPT",
    ),
    "a quotation mark at the head of every line": (
        "a.csv", lambda: b"Name,11/9\n" + b'"x,P\n' * 900_000, "F-CORRUPT",
    ),
    "four megabytes of nothing": ("a.csv", lambda: b"Name,11/9\n" + b"\0" * 4_000_000, "F-CORRUPT"),
}  # fmt: skip


def _filled(part: str, element: str, count: int, *, about: str = "") -> bytes:
    """A part that is one element over and over, and nothing in it."""
    kind = part.rpartition("/")[2].removesuffix(".xml")
    relation = f'<Relationship Id="rId2" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' if about else ""
    return workbook(parts={part: f"<a>{about}".encode() + element.encode() * count + b"</a>"}, more=relation)


def _inline(content: str) -> bytes:
    return workbook(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{content}</t></is></c></row>')


def _comment_and_ends() -> bytes:
    """A long comment, and behind it more ends of elements than anybody should look at."""
    relation = f'<Relationship Id="r1" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
    told = '<comment ref="A1"><text>' + f"<t>{'x' * 900}</t>" * 4_000 + "</text>" + "<x/>" * 900_000 + "</comment>"
    return workbook(parts={
        "xl/worksheets/_rels/sheet1.xml.rels": f"<Relationships>{relation}</Relationships>",
        "xl/comments1.xml": f"<comments><commentList>{told}{'<x/>' * 200_000}</commentList></comments>",
    })  # fmt: skip


def _squeezed(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        package.writestr("xl/workbook.xml", WORKBOOK)
    return out.getvalue()


def _endless(beginning: bytes) -> bytes:
    return workbook(parts={"xl/workbook.xml": beginning + b"a" * (60 << 20)})


def _zip(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()
