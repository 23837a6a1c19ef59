"""Answers that are no page: JSON that the browser's own script reads."""

from __future__ import annotations

from litestar import Response
from litestar.enums import MediaType

from web.site import Answer


def json_text(text: str) -> Answer:
    """JSON that is text already."""
    return Response(text.encode(), media_type=MediaType.JSON)
