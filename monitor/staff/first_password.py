"""The password that is handed over in person: for a first sign-in, or anew for somebody who lost theirs.

The first one follows from the second person's yes to the role. A new one for an account in use would let whoever makes
it sign in as that person, so it is asked for and takes a second person of its own (safeguard D7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from monitor.access import second_person
from monitor.access.auth_sessions import memberships_of, revoke_all
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.passwords import hash_password
from monitor.access.second_person import LATER, Ask
from monitor.models import User
from monitor.models.authenticator import Passkey, SignOnIdentity
from monitor.users import FIRST_SIGN_IN, Account, AccountError, made_up_password, start_anew

ACT: Final = "account.reset"
MOST: Final = 30  # handed over at once: each is hashed slowly, on purpose
NOBODY: Final = "Nobody is left who could say yes: another administrator, or a privacy officer of their agency."


def give_first(door: Door, who: Identity, user_ids: Sequence[int], now: datetime) -> list[Account]:
    """A password for a first sign-in to each of these who has a role and has never signed in; the others are left out.

    One that was given before, and not used, is worth nothing from now on.
    """
    made = {user_id: made_up_password() for user_id in user_ids[:MOST]}
    hashes = {one: hash_password(password, door.settings.password_profile) for one, password in made.items()}
    given = []
    with door.database.system("passwords for a first sign-in") as session, session.begin():
        for user in session.scalars(_unused(tuple(made)).order_by(User.name).with_for_update()):
            if memberships_of(session, user.id, now):
                user.password_hash, user.password_until = hashes[user.id], now + FIRST_SIGN_IN
                revoke_all(session, user.id, now)  # who was half way in with the one before
                record(session, door, "user.first_password", who.user_id, now, who=who, subjects=(user.id,))
                given.append(Account(user.id, user.email, made[user.id]))
    return given


def ask_reset(door: Door, who: Identity, user_id: int, why: str, now: datetime) -> bool:
    """Ask that somebody may get a new password; False: there is no such account, or it is one's own.

    Raises `AccountError` where no reason is given, or nobody else could say yes.
    """
    with door.database.system("asking for a new password") as session, session.begin():
        user = _in_use(session, who, user_id)
        if user is None:
            return False
        if not why.strip():
            raise AccountError("Say in a few words why, and how you know that it is them who ask.")
        if second_person.stands(session, ACT, user.id, now):
            raise AccountError("A new password for them is asked for already, or agreed to and not made yet.")
        theirs = {row.agency_id for row in memberships_of(session, user.id, now)}
        here = frozenset({who.agency_id, *theirs})
        if not second_person.able(session, ACT, who.user_id, now, here, without=(user.id,)):
            raise AccountError(NOBODY)
        asked = Ask(
            act=ACT, subject_id=user.id, beneficiary_id=user.id, detail={LATER: "reset"}, why=why.strip(), agencies=here
        )  # fmt: skip
        number = second_person.ask(session, who, asked, door.secret, now)
        record(session, door, "user.reset_asked", who.user_id, now, who=who, subjects=(user.id, number))
        return True


def reset(door: Door, who: Identity, user_id: int, now: datetime) -> Account | None:
    """The new password that a second person agreed to, once; None: nobody has, or it was made already."""
    password = made_up_password()
    hashed = hash_password(password, door.settings.password_profile)
    with door.database.system("a new password") as session, session.begin():
        user = _in_use(session, who, user_id)
        if user is None or not second_person.spend(session, ACT, user_id, who.user_id, now):
            return None
        start_anew(session, user, hashed, door.secret, now)
        record(session, door, "user.reset", who.user_id, now, who=who, subjects=(user.id,))
        return Account(user.id, user.email, password)


def _unused(user_ids: tuple[int, ...]) -> Select[User]:
    """Accounts that nobody has used: no sign-in, no password of their own, no authenticator."""
    return select(User).where(
        User.id.in_(user_ids), User.disabled_at.is_(None), User.signed_in_at.is_(None), User.totp_secret.is_(None),
        User.password_until.is_not(None), ~exists().where(Passkey.user_id == User.id),
        ~exists().where(SignOnIdentity.user_id == User.id),
    )  # fmt: skip


def _in_use(session: Session, who: Identity, user_id: int) -> User | None:
    user = session.get(User, user_id)
    return user if user is not None and user.disabled_at is None and user.id != who.user_id else None
