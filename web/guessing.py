"""A caller's name can be tried, and so it can be guessed: the fifteenth try of a minute stops here (safeguard B10)."""

from __future__ import annotations

from monitor import audit
from monitor.clock import utc_now
from monitor.db import looking_wide
from monitor.one_at_a_time import one_at_a_time
from monitor.verify import guesses
from web.database import DB
from web.site import Site, Visit
from web.trail import act_of


def guessing(request: Visit, db: DB) -> bool:
    """Whether this account, or this machine, has used up its tries; then the trail and the privacy officer know.

    Asked in the try's own transaction, each try after the other: many sent at once count, too. A machine has no
    account, so its own mark counts.
    """
    site: Site = request.app.state.site
    now, who = utc_now(), request.user
    one_at_a_time(db, who.machine_id or who.user_id)
    with looking_wide(db, "whether callers' names are guessed"):
        tried_out = (
            guesses.machine_guessing(db, audit.session_mark(who.session), now) if who.machine_id
            else guesses.guessing(db, who.user_id, now)
        )  # fmt: skip
        if not tried_out:
            return False
    db.rollback()
    with site.database.system("callers' names are guessed") as session, session.begin():
        guesses.tell(session, who.scope, now, who.machine_id)
        audit.append(session, act_of(request.scope, outcome=audit.Outcome.DENIED, detail={guesses.STOPPED: True}),
                     site.audit_key, now)  # fmt: skip
    return True
