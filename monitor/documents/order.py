"""An order as PDF: to be signed, or as it was signed. The first page is laid out as officers elsewhere know it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from monitor.documents.typesetting import MARKED, has_marks, typeset
from monitor.orders.firearms import QUESTIONS, WORDS
from monitor.orders.page import Line, Paper
from monitor.orders.words import WARNINGS
from monitor.wording import long_day

FINDINGS: Final = (
    "It has jurisdiction over the parties and the matter, under the laws of this state.",
    "The respondent has had, or will have, reasonable notice and a chance to be heard.",
)
CAUTIONS: Final = ("Weapon involved", "Access to firearms", "Armed and dangerous", "None known")
PLAIN_WARNINGS: Final = ("Only the court can change this order.",)


def order_pdf(paper: Paper, at: datetime) -> bytes:
    """A tagged PDF. ``at``: the instant that the file bears."""
    return typeset("order.typ", content_of(paper), at)


def packet_pdf(content: dict[str, Any], at: datetime) -> bytes:
    """The worksheet for the registry (`monitor.orders.packet.content_of`), tagged."""
    return typeset("packet.typ", content, at)


def content_of(paper: Paper) -> dict[str, Any]:
    """The paper as the Typst source reads it."""
    protects = any(line.coded in ("01", "04", "05") for line in paper.lines)
    content: dict[str, Any] = {
        "title": paper.title, "court": paper.court, "case_number": paper.case_number,
        "order_number": paper.order_number, "change": paper.change,
        "draft": "" if paper.signed else "TO BE SIGNED. Not an order until a judge has signed it.",
        "protected": paper.protected, "no_protected": "On the order in the court file" if protects else "None",
        "respondent": paper.respondent, "born": long_day(paper.born_on), "cautions": list(CAUTIONS),
        "findings": list(FINDINGS), "lines": [_line(line) for line in paper.lines],
        "issued": long_day(paper.issued_on), "ends": long_day(paper.ends_on) if paper.ends_on else "",
        "warnings": list(WARNINGS if protects and paper.warned else PLAIN_WARNINGS), "judge": paper.judge,
        "reads_as": paper.reads_as, "differs": list(paper.differs), "firearm": _firearm(paper, protects),
        "review": paper.review or "No date set.", "notice": [paper.notice or "To be filled in."],
        "foot": f"Template {paper.template}.",
    }  # fmt: skip
    if has_marks(content):
        content["foot"] = f"{content['foot']} {MARKED}"
    return content


def _line(line: Line) -> dict[str, Any]:
    return {"coded": line.coded, "text": line.text, "exceptions": list(line.exceptions)}


def _firearm(paper: Paper, protects: bool) -> list[str]:
    if not protects:
        return ["Not asked for this kind of order."]
    asked = [f"{said} {WORDS.get(one, 'Unknown')}." for (_, said), one in zip(QUESTIONS, paper.firearm, strict=False)]
    return [*asked, f"Flag for the registry, as the clerk confirmed it: {WORDS.get(paper.firearm[3], 'Unknown')}."]
