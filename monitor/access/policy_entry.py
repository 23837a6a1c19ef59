"""What one entry of the table of routes says (`monitor.access.policy`), and the ways to write one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.roles import Role

STEP_UP = timedelta(minutes=5)
EVERYONE = frozenset(Role)
# what a bench page may hold
ON_THE_BENCH = (
    Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.RISK, Seen.HEARINGS,
)  # fmt: skip


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """``roles``: who may use the route. ``permission``: its name, as ``entity:act``.

    ``fields_in``: what its form and its address may carry, and of what kind each is; anything else is refused. A name
    that ends in ``.*`` allows a family of fields. ``shows``: the classes of data that may go out; the session of the
    request reads no table of another class, and no class that the matrix hides from one of the roles may stand here.
    ``event``: what the audit trail calls it; the path's ids become the entry's subjects. Empty: nothing is recorded,
    right only for pages about nobody. ``public``: no session needed. ``half_way``: a session that has given only the
    password may use it. ``step_up``: a factor within the last five minutes. ``no_slide``: does not count as being
    at work. ``big_body``: may carry a file. ``while_locked``: also with a locked screen. ``before_passkey``: also for
    somebody who must have a passkey and has not shown it. ``named_case``: about one named case, so the asker needs a
    reason to read it (safeguard D3); the handler says which with `web.database.of_case`, or nothing is shown.
    ``machine``: a machine may use it with its secret; without ``roles`` too, cookies are not even looked at.
    ``machines``: whose, a program's unless others are named.
    """

    roles: frozenset[Role] = frozenset()
    permission: str = ""
    entity: str = ""
    fields_in: Mapping[str, Field] = {}
    shows: frozenset[Seen] = frozenset()
    event: str = ""
    public: bool = False
    half_way: bool = False
    step_up: bool = False
    no_slide: bool = False
    big_body: bool = False
    while_locked: bool = False
    before_passkey: bool = False
    named_case: bool = False
    machine: bool = False
    machines: frozenset[Role] = frozenset({Role.PROGRAM})


def public(permission: str, **fields_in: Field) -> Policy:
    """Anyone, signed in or not."""
    return Policy(permission=permission, public=True, fields_in=fields_in)


def half_way(permission: str, **fields_in: Field) -> Policy:
    """Who has given the password and not yet the code."""
    return Policy(permission=permission, half_way=True, fields_in=fields_in)


def allow(
    permission: str, *roles: Role, event: str = "", takes: Mapping[str, Field] | None = None,
    shows: Iterable[Seen] = (), step_up: bool = False, big_body: bool = False, named_case: bool = False,
    no_slide: bool = False,
) -> Policy:  # fmt: skip
    """Named roles. The entity is the part of ``permission`` before the colon; ``takes`` are its fields in."""
    return Policy(
        roles=frozenset(roles), permission=permission, entity=permission.partition(":")[0], fields_in=takes or {},
        shows=frozenset(shows), event=event, step_up=step_up, big_body=big_body, named_case=named_case,
        no_slide=no_slide,
    )  # fmt: skip
