"""The answer, as the page, the text form and CAD get it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.verify.beside import Beside
from monitor.verify.standing import LIVE, Standing, Verdict
from monitor.verify.words import FIREARMS, SAYS, SERVED_BY


class Card(msgspec.Struct, frozen=True):
    """One order that is in force or ahead. ``exceptions`` come before ``may_not`` wherever it is shown."""

    verdict: Verdict
    order_id: str
    name: str
    born_on: date
    case_number: str
    order_number: str | None
    court: str
    served_at: datetime | None
    served_how: str
    from_at: datetime
    changed: bool
    expires_at: datetime | None
    exceptions: tuple[str, ...]
    may_not: tuple[str, ...]
    firearm_ban: bool
    surrender_proof: bool
    cautions: tuple[str, ...]

    @property
    def number(self) -> str:
        """What is said on the radio."""
        return self.order_number or self.case_number


class Likely(msgspec.Struct, frozen=True):
    """Somebody whose name is like it: never the first hit, and only the year of birth."""

    name: str
    born_year: int


class Answer(msgspec.Struct, frozen=True):
    """The verdict first. ``caller``: of a caller's name only whether it is the one on an order shown here."""

    verdict: Verdict
    as_of: datetime
    said: str
    matched_on: str = ""
    cards: tuple[Card, ...] = ()
    possible: tuple[Likely, ...] = ()
    caller: str | None = None
    beside: Beside | None = None

    def with_caller(self, found: str) -> Answer:
        """The same, and whether the caller's name matched: YES, NO, CANNOT CONFIRM; or WHOLE NAME, TOO MANY WORDS."""
        return msgspec.structs.replace(self, caller=found)


class Facts(msgspec.Struct, frozen=True):
    """What a card is made of, besides where the order stands."""

    order_id: str
    name: str
    born_on: date
    case_number: str
    order_number: str | None
    court: str
    served_how: str
    surrender_proof: bool
    change_waits: bool = False  # a change of it is to be served still


def card(facts: Facts, stands: Standing) -> Card:
    """One order in words."""
    version = stands.version
    assert version is not None and stands.verdict in LIVE, "an order that is over has no card"
    lines = [line for line in version.lines if line.code in SAYS]
    banned = any(line.code in FIREARMS for line in lines)
    allowed = [each for line in lines for each in line.exceptions]
    return Card(
        stands.verdict, facts.order_id, facts.name, facts.born_on, facts.case_number, facts.order_number, facts.court,
        stands.served_at, SERVED_BY.get(facts.served_how, "") if stands.served_at else "", version.effective_from,
        changed=stands.served_at is not None and version.change != "NEW" and facts.change_waits,
        expires_at=version.expires_at, exceptions=tuple(dict.fromkeys(allowed)),
        may_not=tuple(dict.fromkeys(SAYS[line.code] for line in lines)), firearm_ban=banned,
        surrender_proof=facts.surrender_proof,
        cautions=("FIREARM ACCESS",) if banned and not facts.surrender_proof else (),
    )  # fmt: skip
