"""Who is asking: one person, in one role, for one agency, in one signed-in session."""

from __future__ import annotations

from datetime import datetime

import msgspec

from monitor.access.roles import TITLES, Role
from monitor.access.scope import Scope


class Identity(msgspec.Struct, frozen=True):
    """Handlers get it as ``request.user``. ``zone`` is the agency's IANA time zone.

    ``session`` is the hash of the session's token. ``mfa_at`` is None between the password and the code; such a
    session reaches nothing but the rest of the sign-in. ``how``: the factor given last (totp, recovery, passkey,
    sign_on). ``locked``: thirty minutes without work, or by the person; nothing but unlocking is reached.
    ``opened_until``: a case that they are not assigned to stays open so long. ``machine_id``: no person at all, but a
    machine (of a program: ``program_id``) with its secret; only routes whose policy says ``machine`` ever get one.
    ``wall``: some case may not exist for them (safeguard D1); False only where that was looked for just now.
    """

    user_id: int
    name: str
    email: str
    role: Role
    agency_id: int
    agency_name: str
    zone: str
    session: bytes
    mfa_at: datetime | None
    has_totp: bool = True
    has_passkey: bool = False
    how: str = ""
    locked: bool = False
    membership_id: int | None = None
    opened_until: datetime | None = None
    must_change_password: bool = False
    machine_id: int | None = None
    program_id: int | None = None
    wall: bool = True
    agency_code: str = ""

    @property
    def signed_in(self) -> bool:
        """Whether both factors were given and the screen is not locked."""
        return self.mfa_at is not None and not self.locked

    @property
    def scope(self) -> Scope:
        """What a scoped session is opened with."""
        return Scope(user_id=self.user_id, role=self.role.value, agency_id=self.agency_id)

    @property
    def role_title(self) -> str:
        """The role in words for a page."""
        return TITLES[self.role]
