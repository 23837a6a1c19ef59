"""Acts that one person never does alone: somebody else of the right role, freshly signed in, says yes (safeguard D7).

Asked and decided are two entries of the trail. Whoever asked does not decide, nor does whom it serves; a request that
nobody decided in time is over, and one whose asker is no longer in office: nothing goes on of an account that was
closed. What is approved is done at once, in the same transaction, or by whoever asked.

A request is decided where it was asked, or in a court, probation or prosecution office that shares its case: nobody
reads another agency's reasons (B9, D6). For who is walled off from its person there is no such request (D1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.identity import Identity
from monitor.access.in_office import in_office, works_at
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Agency, ApprovalRequest, Case, CaseAgency, Court, User, Wall
from monitor.models.base import random_id
from monitor.sealing import SealingKeys, seal, sealing_keys, unseal

LASTS = timedelta(hours=72)
LED_IN = timedelta(days=92)  # whom somebody got a role or a password is not that person's second person for so long
FRESH = timedelta(minutes=5)
# who may be the second person of each act; the first one needs the permission of the page that asks
DECIDES: Mapping[str, frozenset[Role]] = {
    "wall.remove": frozenset({Role.PRIVACY_OFFICER}),
    "role.grant": frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}),
    "account.reset": frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}),
    "record.unseal": frozenset({Role.PRIVACY_OFFICER, Role.OFFICER_SUPERVISOR}),
    "export.large": frozenset({Role.PRIVACY_OFFICER, Role.OFFICER_SUPERVISOR}),
    "case.seal": frozenset({Role.PRIVACY_OFFICER}),
    "case.expunge": frozenset({Role.PRIVACY_OFFICER}),
}
# whose office the whole site is: they decide on what was asked anywhere
EVERYWHERE = frozenset({Role.ADMINISTRATOR})
# the agencies that may read why a case is sealed, opened or walled; a program, an advocate or dispatch never
OF_THE_CASE = ("court", "probation", "prosecution")
DESIGNATED = 2
LATER = "later"  # in the detail of a request: whoever asked carries it out, whatever others of that act do
LARGE_EXPORT = 25  # cases; beyond that an export is an act of two

Effect = Callable[[Session, ApprovalRequest, datetime], None]
_EFFECTS: dict[str, Effect] = {}


class NotYours(PermissionError):
    """This person may not decide this request, or it is over; the text says which."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for. ``detail``: codes and ids; ``why``: the asker's words, kept sealed.

    ``agencies``: where it is decided besides the asker's own. ``person_id``: whose case it is about; nobody who is
    walled off from that person decides, nor anybody of ``walled``.
    """

    act: str
    subject_id: int
    why: str
    beneficiary_id: int | None = None
    detail: Mapping[str, str | int] = msgspec.field(default_factory=dict)
    agencies: frozenset[int] = frozenset()
    person_id: int | None = None
    walled: frozenset[int] = frozenset()


class Waiting(msgspec.Struct, frozen=True):
    """One request as the second person sees it."""

    id: int
    act: str
    asked_by: str
    asked_at: datetime
    until_at: datetime
    about: str
    why: str


def does(act: str) -> Callable[[Effect], Effect]:
    """Register what happens when ``act`` is approved."""

    def register(effect: Effect) -> Effect:
        _EFFECTS[act] = effect
        return effect

    return register


class Asker(Protocol):
    """Whoever asks: one account, for one agency."""

    @property
    def user_id(self) -> int: ...
    @property
    def agency_id(self) -> int: ...


def ask(session: Session, who: Asker, asked: Ask, secret: str, now: datetime) -> int:
    """Keep a request in the caller's transaction; its id. Raises KeyError for an act that is not on the list."""
    if asked.act not in DECIDES:
        raise KeyError(asked.act)
    request = ApprovalRequest(
        id=random_id(), act=asked.act, agency_id=who.agency_id, subject_id=asked.subject_id,
        beneficiary_id=asked.beneficiary_id, detail=_kept(asked), asked_by_id=who.user_id, asked_at=now,
        until_at=now + LASTS, sealed_why=b"",
    )  # fmt: skip
    request.sealed_why = seal(_key(secret), asked.why, _place(request.id))
    session.add(request)
    session.flush()
    return request.id


def waiting(database: Database, who: Identity, secret: str, now: datetime) -> list[Waiting]:
    """Requests that this person may decide now, oldest first."""
    acts = [act for act, roles in DECIDES.items() if who.role in roles]
    with database.system("requests that wait for a second person", writes=False) as session:
        found = session.execute(
            select(ApprovalRequest, User.name).join(User, User.id == ApprovalRequest.asked_by_id)
            .where(ApprovalRequest.act.in_(acts), ApprovalRequest.outcome.is_(None), ApprovalRequest.until_at > now)
            .order_by(ApprovalRequest.asked_at)
        ).all()  # fmt: skip
        mine = [(row, name) for row, name in found if _may_decide(session, row, who, now)]
        return [_shown(session, row, name, secret) for row, name in mine]


def decide(
    database: Database, who: Identity, request_id: int, approved: bool, key: bytes, now: datetime
) -> ApprovalRequest | None:
    """Approve or decline, and do what was approved. None: there is no such request for this person.

    Raises `NotYours` where the sign-in is not fresh. What is decided, refused tries too, is in the trail.
    """
    if who.mfa_at is None or who.mfa_at <= now - FRESH:
        raise NotYours("Sign in again first: this needs both factors within the last five minutes.")
    with database.system("a second person decides") as session, session.begin():
        request = session.get(ApprovalRequest, request_id, with_for_update=True)
        if request is None or not _may_decide(session, request, who, now):
            return None
        request.decided_by_id, request.decided_at = who.user_id, now
        request.outcome = "APPROVED" if approved else "DECLINED"
        session.flush()
        if approved and at_once(request):
            _EFFECTS[request.act](session, request, now)
        act = audit.Act(
            event="approval.decided", user_id=who.user_id, agency_id=who.agency_id,
            subjects=(request.id, request.subject_id), session_mark=audit.session_mark(who.session),
            detail={"act": request.act, "outcome": request.outcome, "asked_by": request.asked_by_id},
        )  # fmt: skip
        audit.append(session, act, key, now)
        return request


def too_late(database: Database, who: Identity, request_id: int, now: datetime) -> bool:
    """Whether this person might have decided a request that is still in time, and somebody was faster.

    Of every other it says no, as of one that is not there (safeguard B7).
    """
    with database.system("who came too late to decide", writes=False) as session:
        request = session.get(ApprovalRequest, request_id)
        return request is not None and request.outcome is not None and _theirs(session, request, who, now)


def approved(session: Session, act: str, subject_id: int, asked_by: int, now: datetime) -> bool:
    """Whether a live approval stands for this act of this person: what the act itself asks before it goes on."""
    return session.scalars(_agreed(act, subject_id, asked_by, now)).first() is not None


def spend(session: Session, act: str, subject_id: int, asked_by: int, now: datetime) -> bool:
    """Use up a live approval of this act of this person; whether there was one. A yes is worth one act."""
    found = session.scalars(_agreed(act, subject_id, asked_by, now).with_for_update()).first()
    if found is None:
        return False
    use_up(found)
    return True


def use_up(request: ApprovalRequest) -> None:
    """A yes is worth one act: from now on it is over, for whoever pressed in the same moment, too."""
    request.until_at = request.asked_at


def agencies_of(session: Session, case_id: int) -> frozenset[int]:
    """Where an act about this case may be decided: its court's agency, and the offices that share it now."""
    shares = select(CaseAgency.agency_id).join(Agency, Agency.id == CaseAgency.agency_id).where(
        CaseAgency.case_id == case_id, CaseAgency.until_on.is_(None), Agency.kind.in_(OF_THE_CASE)
    )  # fmt: skip
    its_court = select(Court.agency_id).join(Case, Case.court_id == Court.id).where(Case.id == case_id)
    return frozenset(session.scalars(shares)) | frozenset(session.scalars(its_court))


def walled_off(session: Session, user_id: int, person_id: int) -> bool:
    """Whether this person's cases do not exist for that user."""
    stands = Wall.user_id == user_id, Wall.person_id == person_id, Wall.ended_at.is_(None)
    return session.scalar(select(Wall.id).where(*stands).limit(1)) is not None


def stands(session: Session, act: str, subject_id: int, now: datetime) -> bool:
    """Whether such a request about that subject is open, or agreed to and not carried out yet, whoever asked."""
    open_or_agreed = ApprovalRequest.outcome.is_(None) | (ApprovalRequest.outcome == "APPROVED")
    found = session.scalars(_in_time(act, subject_id, now).where(open_or_agreed)).all()
    return any(works_at(session, one.asked_by_id, one.agency_id, now) for one in found)


def led_in(session: Session, asked_by: int, now: datetime) -> frozenset[int]:
    """Whom this person asked a role or a password for lately: they do not decide on what that person asks, for whoever
    hands over a password could sign in with it and agree with themself."""
    theirs = select(ApprovalRequest.beneficiary_id).where(
        ApprovalRequest.asked_by_id == asked_by, ApprovalRequest.asked_at > now - LED_IN,
        ApprovalRequest.act.in_(("role.grant", "account.reset")), ApprovalRequest.outcome == "APPROVED",
    )  # fmt: skip
    return frozenset(one for one in session.scalars(theirs) if one is not None)


def able(
    session: Session, act: str, asker: int | None, now: datetime, agencies: Iterable[int] | None = None,
    without: Iterable[int] = (),
) -> int:  # fmt: skip
    """How many people could say yes to ``act`` today, leaving out ``asker``, whom the asker led in, and ``without``.

    ``agencies``: where it would be decided; None: anywhere on the site. Nobody counts who has never opened the account.
    """
    anywhere = agencies is None
    here = frozenset(agencies or ())
    asked = {
        one.user_id for one in in_office(session, DECIDES[act], now)
        if one.password_until is None and (anywhere or one.agency_id in here or one.role in EVERYWHERE)
    }  # fmt: skip
    left_out = {*without, asker} | (led_in(session, asker, now) if asker else frozenset())
    return len(asked - left_out)


def lonely(database: Database, who: Identity, now: datetime) -> list[str]:
    """Acts of this reader's agency that fewer than two people may decide: where one of them asks, nobody is left.

    An administrator, who gives accounts, reads it of the whole site.
    """
    here = None if who.role in EVERYWHERE else (who.agency_id,)
    with database.system("how many could be the second person", writes=False) as session:
        return [act for act in DECIDES if able(session, act, None, now, here) < DESIGNATED]


def at_once(request: ApprovalRequest) -> bool:
    """Whether a yes does it in the same moment; else whoever asked carries it out."""
    return request.act in _EFFECTS and LATER not in request.detail


def words_of(row: ApprovalRequest, secret: str) -> str:
    """The asker's words; nothing where they left with a case, in the record or in a copy that came back."""
    return unseal(_key(secret), row.sealed_why, _place(row.id)) if row.sealed_why else ""


def _in_time(act: str, subject_id: int, now: datetime) -> Select[ApprovalRequest]:
    return select(ApprovalRequest).where(
        ApprovalRequest.act == act, ApprovalRequest.subject_id == subject_id, ApprovalRequest.until_at > now
    )  # fmt: skip


def _agreed(act: str, subject_id: int, asked_by: int, now: datetime) -> Select[ApprovalRequest]:
    mine = ApprovalRequest.asked_by_id == asked_by, ApprovalRequest.outcome == "APPROVED"
    return _in_time(act, subject_id, now).where(*mine)


def _kept(asked: Ask) -> dict[str, object]:
    scope: dict[str, object] = {
        "agencies": sorted(asked.agencies), "person": asked.person_id, "walled": sorted(asked.walled)
    }  # fmt: skip
    return dict(asked.detail) | {name: value for name, value in scope.items() if value}


def _may_decide(session: Session, request: ApprovalRequest, who: Identity, now: datetime) -> bool:
    return request.outcome is None and _theirs(session, request, who, now)


def _theirs(session: Session, request: ApprovalRequest, who: Identity, now: datetime) -> bool:
    """Whether it is in time and this person may be its second person, whatever became of it."""
    here = who.role in EVERYWHERE or who.agency_id in (request.agency_id, *request.detail.get("agencies", ()))
    person = request.detail.get("person")
    return (
        who.role in DECIDES[request.act]
        and here
        and who.user_id not in (request.asked_by_id, request.beneficiary_id, *request.detail.get("walled", ()))
        and request.until_at > now
        and works_at(session, request.asked_by_id, request.agency_id, now)
        and not (person and walled_off(session, who.user_id, person))
        and who.user_id not in led_in(session, request.asked_by_id, now)
    )


def _shown(session: Session, row: ApprovalRequest, name: str, secret: str) -> Waiting:
    whom = session.get(User, row.beneficiary_id) if row.beneficiary_id else None
    about = f"{whom.name}, {whom.email}" if whom else ""
    return Waiting(row.id, row.act, name, row.asked_at, row.until_at, about, words_of(row, secret))


def _key(secret: str) -> SealingKeys:
    return sealing_keys(secret, "second person")


def _place(request_id: int) -> str:
    return f"approval_request.sealed_why.{request_id}"
