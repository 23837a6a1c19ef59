"""The administrator gives a program's software an account of its own, and takes it away. Nothing of any case."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access.machines import DAYS, MachineError, Made, NewMachine, list_of, revoke_as
from monitor.clock import utc_now
from monitor.machine_grants import add_as
from web.forms import Form, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/admin/machines"
ASKED = (
    "It waits for a second person: another administrator, or a privacy officer of that agency, has 72 hours. Then add "
    "it here once more, by the same name and for as long."
)


class MachineForm(Form):
    """A machine to add."""

    name: Name = ""
    program: Name = ""
    days: Name = "180"


@get(LIST, sync_to_thread=True)
def show(request: Visit) -> Answer:
    """Every machine, and the form for the next."""
    return _page(request, MachineForm())


@post(LIST, sync_to_thread=True)
def add(request: Visit, data: URLEncodedBody[MachineForm]) -> Answer:
    """Add one; the answer shows its secret, and nothing ever does again. One that reads orders is asked for first."""
    site: Site = request.app.state.site
    days = id_of(data.days)
    try:
        new = NewMachine(data.name.strip(), data.program, days)
        made = add_as(site.door(request.scope), request.user, new, utc_now())
    except MachineError as error:
        return _page(request, data, errors={"name": str(error)})
    if made is None:
        return see_other(request, LIST, Flash(ASKED))
    return _page(request, MachineForm(), made)


@post(LIST + "/{machine_id:int}/revoke", sync_to_thread=True)
def revoke(request: Visit, machine_id: FromPath[int]) -> Answer:
    """End one at once."""
    site: Site = request.app.state.site
    if not revoke_as(site.door(request.scope), request.user, machine_id, utc_now()):
        raise NotFoundException()
    return see_other(request, LIST, Flash("The machine is revoked: its next request is refused."))


def _page(request: Visit, form: MachineForm, made: Made | None = None, errors: dict[str, str] | None = None) -> Answer:
    site: Site = request.app.state.site
    lines, programs = list_of(site.database, utc_now())
    days = [(str(one), f"{one} days") for one in DAYS]
    shown = {"machines": lines, "programs": programs, "days": days, "form": form, "made": made, "errors": errors or {}}
    return page(request, "machines/list.html", shown, status=422 if errors else 200)


HANDLERS = [show, add, revoke]
