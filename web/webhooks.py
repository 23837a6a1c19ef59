"""The administrator says where an agency's own software is told that something waits. Nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.clock import utc_now
from monitor.webhooks import endpoints
from monitor.webhooks.endpoints import EndpointError, NewEndpoint, Shown
from monitor.webhooks.looking import endpoints_of
from web.forms import Form, Line, Name, Several, several
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/admin/webhooks"
Act = Callable[[Door, Identity, int, datetime], bool]


class EndpointForm(Form):
    """An endpoint to add."""

    agency: Name = ""
    url: Line = ""
    kinds: Several = ""

    def chosen(self) -> tuple[str, ...]:
        """One box comes as a word, several as a list."""
        return several(self.kinds)


@get(LIST, sync_to_thread=True)
def show(request: Visit) -> Answer:
    """Every endpoint, what was given up, and the form for the next."""
    return _page(request, EndpointForm())


@post(LIST, sync_to_thread=True)
def add(request: Visit, data: URLEncodedBody[EndpointForm]) -> Answer:
    """Add one; the answer shows its secret, and nothing ever does again."""
    site: Site = request.app.state.site
    new = NewEndpoint(data.agency, data.url.strip(), data.chosen())
    try:
        made = endpoints.add(site.door(request.scope), request.user, new, utc_now())
    except EndpointError as error:
        return _page(request, data, errors={error.field: str(error)})
    return _page(request, EndpointForm(), made)


@post(LIST + "/{endpoint_id:int}/secret", sync_to_thread=True)
def replace(request: Visit, endpoint_id: FromPath[int]) -> Answer:
    """Another secret, shown once; for a week both sign."""
    site: Site = request.app.state.site
    made = endpoints.replace(site.door(request.scope), request.user, endpoint_id, utc_now())
    if made is None:
        raise NotFoundException()
    return _page(request, EndpointForm(), made)


@post(LIST + "/{endpoint_id:int}/test", sync_to_thread=True)
def test(request: Visit, endpoint_id: FromPath[int]) -> Answer:
    """Have a test sent."""
    return _act(request, endpoint_id, endpoints.test, "A test goes out within a minute: see then if it came.")


@post(LIST + "/{endpoint_id:int}/pause", sync_to_thread=True)
def pause(request: Visit, endpoint_id: FromPath[int]) -> Answer:
    """Send nothing there for now."""
    return _act(request, endpoint_id, endpoints.pause, "Nothing is sent there until you resume it; it waits.")


@post(LIST + "/{endpoint_id:int}/resume", sync_to_thread=True)
def resume(request: Visit, endpoint_id: FromPath[int]) -> Answer:
    """Send there again."""
    return _act(request, endpoint_id, endpoints.resume, "What waited goes out within a minute.")


@post(LIST + "/{endpoint_id:int}/end", sync_to_thread=True)
def end(request: Visit, endpoint_id: FromPath[int]) -> Answer:
    """End one for good."""
    return _act(request, endpoint_id, endpoints.end, "Nothing is sent there any more.")


@post(LIST + "/words/{word_id:int}/again", sync_to_thread=True)
def send_again(request: Visit, word_id: FromPath[int]) -> Answer:
    """Send again what was given up."""
    return _act(request, word_id, endpoints.send_again, "It will be sent again within a minute, under the id it had.")


@post(LIST + "/words/{word_id:int}/drop", sync_to_thread=True)
def give_up(request: Visit, word_id: FromPath[int]) -> Answer:
    """Decide that it is not sent."""
    return _act(request, word_id, endpoints.give_up, "It is not sent any more.")


def _act(request: Visit, number: int, act: Act, done: str) -> Answer:
    site: Site = request.app.state.site
    if not act(site.door(request.scope), request.user, number, utc_now()):
        raise NotFoundException()
    return see_other(request, LIST, Flash(done))


def _page(
    request: Visit, form: EndpointForm, made: Shown | None = None, errors: dict[str, str] | None = None
) -> Answer:
    site: Site = request.app.state.site
    shown = {
        "seen": endpoints_of(site.database, utc_now()), "hosts": sorted(site.settings.webhook_host_names()),
        "form": form, "chosen": form.chosen(), "made": made, "errors": errors or {},
    }  # fmt: skip
    return page(request, "webhooks/list.html", shown, status=422 if errors else 200)


HANDLERS = [show, add, replace, test, pause, resume, end, send_again, give_up]
