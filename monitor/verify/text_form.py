"""The answer in twenty-four lines of eighty letters, for a terminal in the dispatch room."""

from __future__ import annotations

import textwrap

from monitor.verify.answer import Answer, Card
from monitor.verify.beside import Beside
from monitor.verify.saying import aloud, caller_said, calls, firearms, served, until, warrant
from monitor.verify.words import ADVICE
from monitor.wording import moment

WIDE, HIGH = 80, 24


def text_form(answer: Answer, zone: str) -> str:
    """At most 24 lines of at most 80; what does not fit is said to be missing, never cut off silently."""
    lines = [f"{answer.verdict}   as of {moment(answer.as_of, zone)}"]
    lines += _wrapped("", answer.said) if answer.said else []
    lines += _wrapped("CALLER", caller_said(answer.caller)) if answer.caller else []
    lines += [f"  {one.name[:60]}, born {one.born_year}" for one in answer.possible]
    if answer.cards:
        lines += [f"Matched on {answer.matched_on}."]
    lines += _about(answer.beside, zone) if answer.beside else []
    tail = _wrapped("", ADVICE)
    for number, one in enumerate(answer.cards):
        more = _card(one, answer, zone)
        if number == 0 and len(lines) + len(more) + len(tail) + (len(answer.cards) > 1) > HIGH:
            more = _card(one, answer, zone, aloud_too=False)  # the terms say it; the order itself is never left out
        left = len(answer.cards) - number - 1
        if len(lines) + len(more) + len(tail) + (1 if left else 0) > HIGH:
            lines += [f"{len(answer.cards) - number} MORE: ask by the number of the order, or open the page."]
            break
        lines += more
    return "\n".join([*lines, *tail][:HIGH]) + "\n"


def _about(about: Beside, zone: str) -> list[str]:
    lines = _wrapped("WARRANT", said) if (said := warrant(about, zone)) else []
    lines += _wrapped("CALLS", calls(about, zone)) if about.calls else []
    more = f"; {len(about.findings) - 1} more, see the page" if len(about.findings) > 1 else ""
    return lines + (_wrapped("FOUND", f"{about.findings[0]}{more}") if about.findings else [])


def _card(one: Card, answer: Answer, zone: str, *, aloud_too: bool = True) -> list[str]:
    lines = [f"{one.verdict} · {one.name} · born {one.born_on.isoformat()}"[:WIDE]]
    lines += _wrapped("ORDER", f"{one.number}, {one.court}. {served(one, zone)} {until(one, zone, answer.as_of)}")
    lines += _wrapped("EXCEPTIONS", ("May " + "; ".join(one.exceptions)) if one.exceptions else "none on record here")
    lines += _wrapped("MAY NOT", "; ".join(one.may_not))
    lines += _wrapped("FIREARMS", firearms(one))
    lines += _wrapped("CAUTION", ", ".join(one.cautions)) if one.cautions else []
    return lines + (_wrapped("SAY", aloud(one, zone)) if aloud_too else [])


def _wrapped(label: str, text: str) -> list[str]:
    head = f"{label:<11}" if label else ""
    return textwrap.wrap(text, WIDE, initial_indent=head, subsequent_indent=" " * len(head))
