"""What leaves as a file: a print opens in the browser, a file is saved; the trail is told how much it was.

The name is always ours and never somebody's words. Nothing else in `web` says how an answer is to be kept.
"""

from __future__ import annotations

from litestar import Response

from web.database import DB, note
from web.site import Answer


def as_print(db: DB, content: bytes, name: str) -> Answer:
    """A PDF shown in the browser. ``name``: of plain letters, digits, dashes and points, chosen here."""
    note(db, bytes=len(content))
    return Response(content, media_type="application/pdf", headers=disposition("inline", name))


def as_file(db: DB, content: bytes | str, name: str, media_type: str) -> Answer:
    """A file that the browser saves and never opens by itself."""
    body = content.encode() if isinstance(content, str) else content
    rows = {"rows": body.count(b"\n")} if media_type.startswith("text/csv") else {}
    note(db, bytes=len(body), **rows)
    return Response(body, media_type=media_type, headers=disposition("attachment", name))


def disposition(how: str, name: str) -> dict[str, str]:
    """The header; whatever is no plain letter, digit, dash, underscore or point of ``name`` becomes an underscore."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    return {"content-disposition": f'{how}; filename="{plain}"'}
