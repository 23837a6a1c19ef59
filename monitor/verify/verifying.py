"""From what was typed to the answer: look up ids, read those orders as the asker, say where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.db import keep_found, looking_wide
from monitor.models import (
    Case,
    Condition,
    Court,
    FirearmReceipt,
    Order,
    OrderStep,
    OrderVersion,
    Person,
    ProtectedParty,
    Service,
)
from monitor.name_words import agrees, agrees_in_part, is_whole, too_long, words
from monitor.orders.steps import open_service
from monitor.party_names import party_words
from monitor.verify.answer import Answer, Card, Facts, Likely, card
from monitor.verify.asked import Asked
from monitor.verify.beside import beside
from monitor.verify.finding import AT_MOST, Found, find
from monitor.verify.standing import LIVE, Line, Standing, Verdict, Version, guards, protects, standing
from monitor.verify.words import GAVE_UP, NOTHING, SPELLING, allowed

NOBODY = "No order in force found under these identifiers. This does not prove there is none."
MORE = f"More than {AT_MOST} people have this name. Ask for the date of birth."
MORE_BORN = f"More than {AT_MOST} people have this name. Ask for the number of the order."
MORE_ALIKE = f"More than {AT_MOST} people have a name like this one, and are not all shown: check the spelling."
ALIKE = "Only alike. Do not act on this: ask for the date of birth or the number of the order."
ALIKE_BORN = "Only alike. Do not act on this: ask for the whole name as it is listed, the day, or the order's number."
OF_SEVERAL = "Several people have a case or order of this number. Do not act on it: ask for name and date of birth."
UNSURE = "Nobody was found for sure under these identifiers. Look the person up first."
OVER = {
    Verdict.EXPIRED: "The order with this number has expired. It is not in force.",
    Verdict.TERMINATED: "The court has ended the order with this number. It is not in force.",
}
LEADS = list(Verdict)


def verify(session: ScopedSession, asked: Asked, now: datetime) -> tuple[Answer, tuple[int, ...]]:
    """The answer at ``now``, and the ids of all orders it tells anything of, for the trail: those that are over, and
    those of people who are only alike, too. One look-up a session."""
    found = find(session, asked, now)
    if asked.number is None and found.people > AT_MOST:
        return Answer(Verdict.POSSIBLE, now, MORE_BORN if asked.born_on else MORE), ()
    keep_found(session, found.cases)
    rows = _orders(session, found)
    stands = {row.id: one for row, one in zip(rows, _standings(session, rows, now), strict=True)}
    live = [row for row in rows if stands[row.id].verdict in LIVE]
    if not live and found.more:
        return Answer(Verdict.POSSIBLE, now, f"Nobody was found with this name as it was typed. {MORE_ALIKE}"), ()
    if not live:
        over = _over(asked, stands, now)
        return over, tuple(one for one in stands if over.verdict in OVER)
    if not _sure(asked, found, live):
        said = OF_SEVERAL if asked.number else ALIKE_BORN if asked.born_on else ALIKE
        said = f"{said} {MORE_ALIKE}" if found.more else said
        return Answer(Verdict.POSSIBLE, now, said, possible=_likely(live)), tuple(row.id for row in live)
    cards = _cards(session, live, stands)
    on = "number" if asked.number else "name and date of birth" if found.by_birth else "name only: check who it is"
    about = beside(session, live[0].person_id, live[0].zone, now)
    warned = tuple(msgspec.structs.replace(one, cautions=(*about.cautions, *one.cautions)) for one in cards)
    return Answer(warned[0].verdict, now, "", on, warned, beside=about), tuple(row.id for row in live)


def card_of_order(session: ScopedSession, case_id: int, order_id: int, now: datetime) -> tuple[Card, str] | None:
    """The card of one order of a case that this session has found, and its court's zone; None: it is over, or none."""
    found = Found((case_id,), 1, orders=(order_id,))
    rows = _orders(session, found)
    stands = {row.id: one for row, one in zip(rows, _standings(session, rows, now), strict=True)}
    live = [row for row in rows if stands[row.id].verdict in LIVE]
    return (_cards(session, live, stands)[0], live[0].zone) if live else None


class Whom(msgspec.Struct, frozen=True):
    """Whose case an incident is filed in, the order that it touches, and the case's number. Opaque in text."""

    case_id: int
    order_id: int | None = None
    number: str = ""

    def __repr__(self) -> str:
        return "<whom>"


def whom(
    session: ScopedSession, asked: Asked, codes: Sequence[str], now: datetime
) -> tuple[Whom | None, tuple[int, ...]]:
    """The case of the one person who answers, by the order that forbids one of ``codes``, None: nobody for sure; and
    the ids of the orders that were looked at, for the trail.

    Hidden, alike and absent are all told `UNSURE`. One look-up a session.
    """
    found = find(session, asked, now)
    if asked.number is None and found.people > AT_MOST:
        return None, ()
    keep_found(session, found.cases)
    rows = _orders(session, found)
    stands = {row.id: one for row, one in zip(rows, _standings(session, rows, now), strict=True)}
    live = sorted((row for row in rows if stands[row.id].verdict in LIVE), key=lambda row: _leads(row, stands, codes))
    if not live:
        return None, ()
    about = Whom(live[0].case_id, live[0].id, live[0].case_number)
    return about if _sure(asked, found, live) else None, tuple(row.id for row in live)


def _leads(row: Any, stands: dict[int, Standing], codes: Sequence[str]) -> tuple[bool, int]:
    version = stands[row.id].version
    forbids = version is not None and any(line.code in codes for line in version.lines)
    return not forbids, LEADS.index(stands[row.id].verdict)


def matches(session: ScopedSession, orders: Sequence[int], name: str, secret: str) -> str:
    """Whether ``name`` is the protected name on one of ``orders``: YES, NO, or CANNOT CONFIRM where it is half of it,
    without a word of which half; or what to say instead, whatever the order holds. It shows no name.

    One try tests one name: what is longer is not looked up at all.
    """
    said = words(name)
    if too_long(name):
        return "TOO MANY WORDS"
    with looking_wide(session, "whether a caller's name is on an order that is on the screen"):
        kept = session.execute(
            select(ProtectedParty.id, ProtectedParty.sealed_name)
            .join(Order, Order.protected_party_id == ProtectedParty.id).where(Order.id.in_(orders))
        ).all()
        names = [party_words(secret, row.id, row.sealed_name) for row in kept]
    if any(one is not None and agrees(one, said) for one in names):
        return "YES"
    if not is_whole(said):
        return "WHOLE NAME"
    return "CANNOT CONFIRM" if any(one is None or agrees_in_part(one, said) for one in names) else "NO"


def _orders(session: ScopedSession, found: Found) -> Sequence[Any]:
    wanted = (
        select(Order.id, Order.case_id, Order.number.label("order_number"), Case.number.label("case_number"),
               Court.name.label("court"), Court.zone, Person.id.label("person_id"), Person)
        .join(Case, Case.id == Order.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).order_by(Order.id)
    )  # fmt: skip
    if found.orders is not None:
        wanted = wanted.where(Order.id.in_(found.orders))
    return session.execute(wanted.where(Order.case_id.in_(found.cases))).all()


def _standings(session: ScopedSession, rows: Sequence[Any], now: datetime) -> list[Standing]:
    """Where each order stands; an order that forbids nothing on scene is none here."""
    ids = [row.id for row in rows]
    lines, versions, served = defaultdict(list), defaultdict(list), defaultdict(list)
    for one in session.scalars(
        select(Condition).join(OrderVersion, OrderVersion.id == Condition.order_version_id)
        .where(OrderVersion.order_id.in_(ids)).order_by(Condition.line)
    ):  # fmt: skip
        lines[one.order_version_id].append(Line(one.code, tuple(allowed(each) for each in one.exceptions)))
    for each in session.scalars(select(OrderVersion).where(OrderVersion.order_id.in_(ids))):
        versions[each.order_id].append(
            Version(each.id, each.change, each.effective_from, each.effective_to, each.expires_at,
                    tuple(lines[each.id]))
        )  # fmt: skip
    for proof in session.scalars(select(Service).where(Service.order_id.in_(ids), current(Service))):
        served[proof.order_id].append(proof.occurred_at)
    return [_standing(versions[one], served[one], now) for one in ids]


def _standing(versions: list[Version], served: list[datetime], now: datetime) -> Standing:
    if not any(protects(version) for version in versions):
        return Standing(Verdict.NO_MATCH)
    found = standing(versions, served, now)
    return Standing(Verdict.NO_MATCH) if found.version and not protects(found.version) else found


def _over(asked: Asked, stands: dict[int, Standing], now: datetime) -> Answer:
    """Nothing is in force: by name that is all; by an exact number it is said that it is over, and nothing of it."""
    ended = [one.verdict for one in stands.values() if one.verdict in OVER] if asked.number else []
    if not ended:
        return Answer(Verdict.NO_MATCH, now, NOTHING if asked.number else f"{NOTHING} {SPELLING}")
    verdict = min(ended, key=LEADS.index)
    return Answer(verdict, now, OVER[verdict], "number")


def _sure(asked: Asked, found: Found, live: Sequence[Any]) -> bool:
    people = {row.person_id: row.Person for row in live}
    if len(people) != 1:
        return False
    if asked.number is not None:
        return True
    person = next(iter(people.values()))
    if found.by_birth:
        return True
    if found.wide or asked.born_on is not None:
        return False  # the words in another order, joined or of two last names one; or another date of birth
    return asked.is_name(person.given_name, person.middle_name, person.family_name)


def _likely(live: Sequence[Any]) -> tuple[Likely, ...]:
    people = {row.person_id: row.Person for row in live}
    if len(people) > AT_MOST:
        return ()  # of a number that many courts gave
    return tuple(sorted((Likely(one.listed_name, one.born_on.year) for one in people.values()),
                        key=lambda one: (one.name, one.born_year)))  # fmt: skip


def change_waits(done: list[OrderStep], stands: Standing) -> bool:
    """Whether the version that stands is to be served still: by the steps of service, and of an order that has none
    (the registry knows nothing of it) by the instants."""
    if done:
        return open_service(done) is not None
    version, served = stands.version, stands.served_at
    return version is not None and served is not None and served < version.effective_from


def _cards(session: ScopedSession, live: Sequence[Any], stands: dict[int, Standing]) -> tuple[Card, ...]:
    proofs = session.scalars(
        select(FirearmReceipt.case_id).where(
            FirearmReceipt.case_id.in_({row.case_id for row in live}), FirearmReceipt.event.in_(GAVE_UP),
            current(FirearmReceipt),
        )
    ).all()  # fmt: skip
    how: dict[tuple[int, datetime | None], str] = {
        (row.order_id, row.occurred_at): row.method
        for row in session.scalars(
            select(Service).where(Service.order_id.in_([one.id for one in live]), current(Service))
        )
    }
    done: dict[int, list[OrderStep]] = defaultdict(list)
    told = select(OrderStep).where(OrderStep.order_id.in_([row.id for row in live]))
    with looking_wide(session, "whether a change of an order that is on the screen waits for service"):
        for step in session.scalars(told.order_by(OrderStep.recorded_at, OrderStep.id)):
            done[step.order_id].append(step)
    # a sentence that forbids firearms is served in court: its word may not stand for a no-contact order that is not
    led = sorted(live, key=lambda row: (not guards(stands[row.id].version), LEADS.index(stands[row.id].verdict)))
    return tuple(
        card(
            Facts(str(row.id), row.Person.listed_name, row.Person.born_on, row.case_number, row.order_number, row.court,
                  how.get((row.id, stands[row.id].served_at), ""), row.case_id in proofs,
                  change_waits(done[row.id], stands[row.id])),
            stands[row.id],
        )
        for row in led
    )  # fmt: skip
