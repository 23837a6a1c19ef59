"""One more role for somebody: an administrator asks, somebody else decides on *Second person*."""

from __future__ import annotations

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor.access.roles import TITLES, Role
from monitor.clock import utc_now
from monitor.role_grants import Wanted, ask_as
from monitor.users import AccountError
from web.database import DB
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

OPTIONS = [(role.value, TITLES[role]) for role in Role]


class GrantForm(Form):
    """Whose account, which role, at which agency, and why."""

    email: Line = ""
    role: Line = ""
    agency: Line = ""
    why: Line = ""


@get("/admin/roles", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """The form."""
    return _page(request, GrantForm())


@post("/admin/roles", sync_to_thread=True)
def ask(request: Visit, data: URLEncodedBody[GrantForm]) -> Answer:
    """Ask for it; nothing is given yet."""
    if data.role not in dict(OPTIONS):
        return _page(request, data, {"role": "Choose a role."}, status=422)
    site: Site = request.app.state.site
    wanted = Wanted(email=data.email, role=Role(data.role), agency_code=data.agency.strip(), why=data.why)
    try:
        ask_as(site.door(request.scope), request.user, wanted, utc_now())
    except AccountError as fault:
        return _page(request, data, {"email": str(fault)}, status=422)
    said = "Asked. They have the role once another administrator or a privacy officer agrees."
    return see_other(request, "/admin", Flash(said))


def _page(request: Visit, form: GrantForm, errors: dict[str, str] | None = None, status: int = 200) -> Answer:
    shown = {"form": form, "errors": errors or {}, "roles": OPTIONS}
    return page(request, "admin/roles.html", shown, status=status)


HANDLERS = [show, ask]
