"""What goes wrong in the API, told as RFC 9457 problem documents with codes that stay."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from web.headers import request_id
from web.site import Answer, Visit

# the code of a problem that has no nearer one
CODES = {
    400: "BAD-REQUEST", 401: "SIGN-IN", 403: "NOT-YOURS", 404: "NOTHING-HERE", 405: "METHOD", 408: "TOO-SLOW",
    409: "CONFLICT", 412: "STATE-CHANGED", 413: "TOO-LARGE", 415: "MEDIA-TYPE", 422: "NOT-USABLE", 429: "TOO-MUCH",
    500: "OUR-FAULT", 503: "BUSY",
}  # fmt: skip


class RowProblem(msgspec.Struct, frozen=True):
    """A row that was not usable, with its code of the catalogue."""

    row: int
    code: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something was not done. ``code`` stays; ``title``, ``detail`` are for people; ``request_id`` to call with."""

    type: Literal["about:blank"]
    title: str
    status: int
    code: str
    request_id: str
    detail: str = ""
    errors: tuple[RowProblem, ...] = ()


class ApiProblem(HTTPException):
    """Something is not done, for a reason of its own code. ``detail`` says what to do, and quotes nothing."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, status_code=status, extra={"code": code})


def problem(request: Visit, status: int, code: str, detail: str, errors: Any = (), title: str = "") -> Answer:
    """A problem document."""
    body: dict[str, Any] = {
        "type": "about:blank", "title": title or "We could not use that", "status": status,
        "code": code or CODES.get(status, "BAD-REQUEST" if status < 500 else "OUR-FAULT"),
        "request_id": request_id(request.scope),
    }  # fmt: skip
    body |= {"detail": detail} if detail else {}
    body |= {"errors": list(errors)} if errors else {}
    return Response(body, media_type="application/problem+json", status_code=status)
