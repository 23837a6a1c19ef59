"""A report to the court as PDF: the same words as the screen, on as many sides as it takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.allegations.facts import Matter
from monitor.allegations.page import AllegationPage
from monitor.allegations.typed import ASKS
from monitor.documents.typesetting import MARKED, has_marks, typeset
from monitor.wording import moment, short_day

TITLE = "Report to the court"


def report_pdf(page: AllegationPage, at: datetime, printed_by: str = "") -> bytes:
    """A tagged PDF. ``at``: the instant that the file bears."""
    return typeset("report.typ", content_of(page, printed_by), at)


def content_of(page: AllegationPage, printed_by: str = "") -> dict[str, Any]:
    """The report as the Typst source reads it. What stays in the office has no line here."""
    approved = next((step for step in page.steps if step.kind == "APPROVED"), None)
    stands = "" if page.is_before_the_court else "DRAFT. No supervisor has approved it; it has not gone to the court."
    content: dict[str, Any] = {
        "title": TITLE, "court": page.court, "person": page.person, "number": page.number, "stands": stands,
        "state": page.state_words if page.is_before_the_court else "", "contested": page.contested,
        "from": f"{page.agency}: {page.made_by}",
        "approved": f"Approved by {approved.who}, {moment(approved.at, page.zone)}" if approved else "",
        "asks": ASKS.get(page.typed.ask, "nothing yet"), "words": page.typed.words,
        "matters": [_matter(matter) for matter in page.facts.matters],
        "added": [one.line.words for one in page.typed.exhibits], "helps": [line.words for line in page.facts.helps],
        "dismissed": [line.words for line in page.facts.dismissed], "warnings": list(page.warnings),
        "foot": f"Printed by {printed_by}." if printed_by else "", "hash": page.facts.hash[:16],
    }  # fmt: skip
    if has_marks(content):
        content["foot"] = f"{MARKED} {content['foot']}"
    return content


def _matter(matter: Matter) -> dict[str, Any]:
    due = f"; due {short_day(matter.due_on)}" if matter.due_on else ""
    return {
        "title": matter.title, "when": f"{short_day(matter.first_on)}{due}", "sentence": matter.sentence,
        "provision": matter.provision, "rows": [line.words for line in matter.rows],
        "not_counted": [line.words for line in matter.not_counted],
    }  # fmt: skip
