"""An evidence packet or a certified record as PDF: the same words as the screen. Same content, same bytes."""

from __future__ import annotations

from typing import Any

from monitor.documents.typesetting import MARKED, has_marks, typeset
from monitor.prosecution.evidence import Evidence, Piece
from monitor.wording import moment, short_day

NO_WORDS = "How a keeper of records certifies them is for this court to say; no wording of it is set at this site."


def evidence_pdf(evidence: Evidence, mark: str) -> bytes:
    """A tagged PDF. ``mark``: the hash of what is kept; the file bears the instant at which it was made."""
    return typeset("evidence.typ", content_of(evidence, mark), evidence.made_at)


def content_of(evidence: Evidence, mark: str) -> dict[str, Any]:
    """As the Typst source reads it."""
    content: dict[str, Any] = {
        "title": evidence.title, "court": evidence.court, "number": evidence.number, "person": evidence.person,
        "office": evidence.office, "made": moment(evidence.made_at, evidence.zone), "sent": evidence.sent,
        "contested": evidence.contested, "period": evidence.period, "warnings": list(evidence.warnings),
        "matters": [
            {
                "title": one.title, "sentence": one.sentence, "provision": one.provision,
                "when": short_day(one.first_on) + (f"; due {short_day(one.due_on)}" if one.due_on else ""),
            }
            for one in evidence.matters
        ],
        "orders": [_piece(one) for one in evidence.orders], "rests_on": [_piece(one) for one in evidence.rests_on],
        "helps": [_piece(one) for one in evidence.helps], "dismissed": list(evidence.dismissed),
        "gaps": list(evidence.gaps), "corrections": list(evidence.corrections), "months": list(evidence.months),
        "custodians": list(evidence.custodians), "custodian_words": evidence.custodian_words or NO_WORDS,
        "record": not evidence.matters, "mark": mark, "foot": "",
    }  # fmt: skip
    if has_marks(content):
        content["foot"] = MARKED
    return content


def _piece(one: Piece) -> dict[str, str]:
    return {
        "text": one.text, "on": short_day(one.on) if one.on else "", "source": one.source,
        "custodian": one.custodian, "how": one.how,
    }  # fmt: skip
