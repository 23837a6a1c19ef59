"""Making a move: what it asks for, and the facts that it writes, which are those that the rules read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.amending import amend
from monitor.enrollment.moves import Move, State
from monitor.enrollment.page import Place
from monitor.enrollment.reading import DISCHARGES
from monitor.intake.receiver import Receiver
from monitor.models import Certificate, Enrollment, EnrollmentEvent, Leave, Letter, Transfer, random_id
from monitor.models.leave import AUTHORITIES, TRANSFER_REASONS
from monitor.safety_lint import is_clean
from monitor.wording import short_day

LONGEST_LEAVE: Final = 60
LONGEST_WAIT: Final = timedelta(days=366)
DAY, AHEAD = timedelta(days=1), timedelta(days=120)
DAYS: Final = {"on": "the day", "seat_on": "the day on which a seat is expected", "until_on": "the last day of leave"}
# of these the day is still to come, or may be
MAY_BE_AHEAD: Final = ("set_intake", "leave", "regroup")
ANY_DAY: Final = ("reach", "set_intake")  # neither says where the person is from that day on


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What the form said; days that could not be read are None. ``ability``: what is known of the ability to pay."""

    on: date | None = None
    until_on: date | None = None
    seat_on: date | None = None
    group: int | None = None
    from_program: int | None = None
    why_moved: str = ""
    agreed: tuple[str, ...] = ()
    why: str = ""
    ability: str = ""
    words: str = ""


def faults_of(place: Place, move: Move, answers: Answers, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be; each says how to go on."""
    found = {
        field: f"Give {said}, for instance 12/4/2026."
        for field, said in DAYS.items() if field in move.asks and getattr(answers, field) is None
    }  # fmt: skip
    if answers.on and (wrong := _day(place, move, answers.on, today)):
        found["on"] = wrong
    if "group" in move.asks and answers.group not in dict(place.groups):
        found["group"] = "Choose the group."
    elif move.name == "regroup" and answers.on and answers.group == place.group_on(answers.on):
        found["group"] = "That is the group of that day already. Choose another one."
    for field in ("ability", "words"):
        if not is_clean(getattr(answers, field)):
            found[field] = "These words may tell of somebody else. Leave out victims, partners, addresses and numbers."
    return found | _of_move(place, move, answers, today)


def _day(place: Place, move: Move, on: date, today: date) -> str:
    if on > today and move.name not in MAY_BE_AHEAD:
        return "That day has not come yet. Enter it when it has happened."
    if on > today + AHEAD:
        return "That is more than four months ahead. Check the year."
    if on < place.line.referred_at.date() - DAY:
        return "That is before the referral. Check the day."
    if place.not_before and on < place.not_before and move.name not in ANY_DAY:
        return (f"A later step is on record, of {short_day(place.not_before)}. "
                "Check the day, or take that step back first.")  # fmt: skip
    return ""


def _of_move(place: Place, move: Move, answers: Answers, today: date) -> dict[str, str]:
    if move.name == "leave":
        return _of_leave(place, answers, today)
    if move.name == "wait":
        return _of_waiting(answers)
    if move.name == "place":
        return _of_transfer(place, answers)
    if move.name == "discharge" and answers.why not in DISCHARGES:
        return {"why": "Choose the reason."}
    if move.name == "discharge" and answers.why == "NON_PAYMENT" and len(answers.ability.strip()) < 10:
        return {"ability": "Nobody is discharged for unpaid fees before somebody asked what the person can pay. "
                           "Say what was found, and which reduction or plan was offered."}  # fmt: skip
    if move.name == "decline" and not answers.words.strip():
        return {"words": "Say why, so that the officer can find another place."}
    if move.name == "complete" and place.lacks and not answers.words.strip():
        return {"words": "Something that the duty asks for is missing. Say why you certify all the same."}
    return {}


def _of_waiting(answers: Answers) -> dict[str, str]:
    if answers.on is None or answers.seat_on is None:
        return {}
    if answers.seat_on < answers.on:
        return {"seat_on": "The seat comes after the day on which the person was put on the list. Check both days."}
    far = answers.seat_on > answers.on + LONGEST_WAIT
    return {"seat_on": "That is more than a year ahead. Check the year."} if far else {}


def _of_transfer(place: Place, answers: Answers) -> dict[str, str]:
    """A reason without a program would be lost, and the credit with it."""
    if answers.from_program is None and (answers.why_moved or answers.agreed):
        return {"from_program": "Choose the program that the person comes from, or clear what stands below."}
    if answers.from_program and answers.from_program not in dict(place.programs):
        return {"from_program": "Choose the program from the list."}
    if answers.from_program and answers.why_moved not in TRANSFER_REASONS:
        return {"why_moved": "Choose why the person changed the program."}
    return {}


def _of_leave(place: Place, answers: Answers, today: date) -> dict[str, str]:
    if answers.on and answers.on < today:
        return {"on": "Leave is approved ahead of time. For days that are over, the officer decides on the absence."}
    if answers.on and answers.until_on and not 0 <= (answers.until_on - answers.on).days < LONGEST_LEAVE:
        return {"until_on": f"The last day comes after the first, and at most {LONGEST_LEAVE} days later."}
    twice = [day for day in place.away if answers.on and answers.until_on and answers.on <= day <= answers.until_on]
    if twice:
        return {"on": f"Leave is on record for {short_day(min(twice))} already. Choose days without leave."}
    return {} if answers.agreed else {"agreed": "Choose who approved it."}


def make(session: Session, place: Place, move: Move, answers: Answers, by: Receiver) -> None:
    """Write it, in a write transaction. ``faults_of`` has been asked before; the place's token compared."""
    assert answers.on is not None
    row = session.scalars(select(Enrollment).where(Enrollment.id == place.line.id)).one()
    if move.event:
        why = {"discharge": answers.why, "complete": "COMPLETED"}.get(move.name)
        day = by.today if move.name == "set_intake" else answers.on  # rules read when it was set
        session.add(
            EnrollmentEvent(**_fact(row, by), event=move.event, occurred_on=day, why=why or None,
                            reason=_said(move, answers)[:300] or None)
        )  # fmt: skip
    if move.name in ("place", "regroup"):
        amend(session, row, by.now, group_id=answers.group)
    if move.name == "place" and answers.from_program:
        session.add(_transfer(row, answers, by))
    if move.name == "wait":
        session.add(Letter(**_fact(row, by), kind="WAITLIST", occurred_on=answers.on, seat_on=answers.seat_on))
    if move.name == "leave":
        session.add_all(_leave(row, answers, by))
    if move.to is State.COMPLETED:
        session.add(Certificate(**_fact(row, by), occurred_on=answers.on, reason=answers.words.strip()[:300] or None))
    session.flush()


def _said(move: Move, answers: Answers) -> str:
    assert answers.on is not None
    planned = f"Intake on {short_day(answers.on)}" if move.name == "set_intake" else ""
    return "; ".join(part.strip() for part in (planned, answers.ability, answers.words) if part.strip())


def _fact(row: Enrollment, by: Receiver) -> dict[str, Any]:
    return {
        "id": random_id(), "case_id": row.case_id, "agency_id": row.agency_id, "enrollment_id": row.id,
        "recorded_at": by.now, "recorded_by_id": by.user_id,
    }  # fmt: skip


def _transfer(row: Enrollment, answers: Answers, by: Receiver) -> Transfer:
    return Transfer(
        **_fact(row, by), from_program_id=answers.from_program, to_program_id=row.program_id, why=answers.why_moved,
        occurred_on=answers.on, authorized_by=_words(answers.agreed) or None,
    )  # fmt: skip


def _leave(row: Enrollment, answers: Answers, by: Receiver) -> list[Leave]:
    assert answers.on is not None and answers.until_on is not None
    days = (answers.until_on - answers.on).days + 1
    return [
        Leave(**_fact(row, by), occurred_on=by.today, covers_on=answers.on + timedelta(days=number),
              approved_by=_words(answers.agreed))
        for number in range(days)
    ]  # fmt: skip


def _words(agreed: tuple[str, ...]) -> str:
    return ",".join(one for one in AUTHORITIES if one in agreed)
