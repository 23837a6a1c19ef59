"""The written notice to the person whom a report is about, as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.documents.typesetting import typeset


def notice_pdf(content: Mapping[str, Any], at: datetime) -> bytes:
    """A tagged PDF of a notice as it was frozen (`monitor.allegations.notice`). ``at``: when it was made."""
    return typeset("notice.typ", content, at)
