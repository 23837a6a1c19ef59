"""Verify an order: the whole page of dispatch and patrol is one field. What is typed never stands in an address."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post
from litestar.enums import MediaType
from litestar.params import URLEncodedBody

from monitor.clock import utc_now
from monitor.trouble import trouble_of
from monitor.verify.answer import Answer as Verified
from monitor.verify.asked import Asked, read
from monitor.verify.saying import aloud, caller_said, calls, firearms, served, until, warrant
from monitor.verify.standing import Verdict
from monitor.verify.text_form import text_form
from monitor.verify.verifying import matches, verify
from monitor.verify.words import ADVICE
from web.database import DB, note
from web.forms import Form, Line, Name
from web.guessing import guessing
from web.pages import page
from web.site import Answer, Site, Visit, refuse

DOWN = {
    "away": "The database does not answer.", "slow": "The database takes too long.", "full": "Nothing can be recorded.",
}  # fmt: skip
TOO_OFTEN = "Too many callers' names in one minute. Matching rests for a minute, and the privacy officer is told."


class VerifyForm(Form):
    """A name as Last, First, or a case or order number; ``format``: "", text or json."""

    words: Line = ""
    born: Name = ""
    incident: Name = ""
    format: Name = ""


class CallerForm(VerifyForm):
    """The same once more, and the name that a caller gives."""

    caller: Line = ""


@get("/verify", sync_to_thread=True)
def show(request: Visit) -> Answer:
    """The empty field."""
    return _page(request, VerifyForm(), None)


@post("/verify", sync_to_thread=True)
def check(request: Visit, db: DB, data: URLEncodedBody[VerifyForm]) -> Answer:
    """The answer to one question."""
    return _answer(request, db, data, "")


@post("/verify/caller", sync_to_thread=True)
def caller(request: Visit, db: DB, data: URLEncodedBody[CallerForm]) -> Answer:
    """Whether the caller's name is on an order that the question finds: yes or no."""
    try:
        tried_out = guessing(request, db)
    except Exception as error:
        return _cannot(request, data, error)
    if tried_out:
        return _page(request, data, None, errors={"caller": TOO_OFTEN}, status=429)
    return _answer(request, db, data, data.caller)


def _answer(request: Visit, db: DB, data: VerifyForm, name: str) -> Answer:
    asked, wrong = read(data.words, data.born, data.incident)
    if asked is None:
        return _page(request, data, None, errors=wrong, status=422)
    try:
        found = _verified(request, db, asked, name)
    except Exception as error:
        return _cannot(request, data, error)
    return _shown(request, _apart(data, asked), found)


def _apart(data: VerifyForm, asked: Asked) -> VerifyForm:
    """What goes on from here: a day that was typed behind the name in its own field, as the list's button needs it."""
    if asked.born_on is None or data.born.strip():
        return data
    return msgspec.structs.replace(data, words=asked.words, born=f"{asked.born_on:%m/%d/%Y}")


def _cannot(request: Visit, data: VerifyForm, error: Exception) -> Answer:
    """Whatever ails the database, the first word is CANNOT CONFIRM; an error of another kind is ours, and goes on."""
    if (trouble := trouble_of(error)) is None:
        raise error
    found = Verified(Verdict.CANNOT_CONFIRM, utc_now(), DOWN[trouble.value] + " Ask the court or the registry.")
    return _shown(request, data, found, status=503)


def _verified(request: Visit, db: DB, asked: Asked, name: str) -> Verified:
    site: Site = request.app.state.site
    found, orders = verify(db, asked, utc_now())
    if name:
        on_screen = orders if found.cards else ()
        found = found.with_caller(matches(db, on_screen, name, site.settings.secret_key))
    note(db, *orders, verdict=found.verdict.name, reason="verification", by="number" if asked.number else "name",
         **({"incident": asked.incident} if asked.incident else {}))  # fmt: skip
    return found


def _shown(request: Visit, data: VerifyForm, found: Verified, status: int = 200) -> Answer:
    wants = data.format or _accepted(request.headers.get("accept", ""))
    if wants not in ("text", "json"):
        return _page(request, data, found, status=status)
    if status >= 400:
        refuse(request.scope)
    if wants == "json":
        return Response(found, media_type=MediaType.JSON, status_code=status)
    return Response(text_form(found, request.user.zone), media_type=MediaType.TEXT, status_code=status)


def _accepted(accept: str) -> str:
    first = accept.partition(",")[0].partition(";")[0].strip()
    return {"application/json": "json", "text/plain": "text"}.get(first, "")


def _page(
    request: Visit, form: VerifyForm, found: Verified | None, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {
        "form": form, "found": found, "errors": errors or {}, "advice": ADVICE, "served": served, "until": until,
        "firearms": firearms, "aloud": aloud, "caller_said": caller_said,
        "warrant": warrant, "calls": calls,
    }  # fmt: skip
    return page(request, "verify/show.html", context, status=status)


HANDLERS = [show, check, caller]
