"""What a request may carry, from the policy table: other fields, doubled ones and unsafe words are refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar import Request
from litestar.enums import MediaType
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from monitor.access.fields import ALWAYS, KEPT, Field
from monitor.access.policy import Policy
from monitor.models.base import is_id
from monitor.safety_lint import lint
from web.csrf import FORMS, SAFE
from web.site import Connection, policy_of

LINTED = "linted"  # in a request's state: what the lint found and why it was kept, for the audit trail
_SKIPPED = frozenset({"request", "state", "scope", "headers", "cookies", "body", "socket", "db", "data"})


class HeldWords(HTTPException):
    """Free text that seems to tell of a protected person. ``found``: kinds of information by field."""

    status_code = 422

    def __init__(self, found: Mapping[str, tuple[str, ...]], form: Mapping[str, str]) -> None:
        super().__init__("Some words need another look.", extra=dict(found))
        self.found, self.form = found, form


class NotAForm(HTTPException):
    """A body of another kind than a form, where a page takes one (E-11)."""

    status_code = 415


def fields_of(handler: HTTPRouteHandler, path_names: Iterable[str]) -> set[str] | None:
    """The names that a handler takes from its form and its query; None: a free mapping, which the policy narrows."""
    parameters = handler.parsed_fn_signature.parameters
    found = {_as_sent(name, one) for name, one in parameters.items() if name not in {*_SKIPPED, *path_names}}
    if (data := parameters.get("data")) is None:
        return found
    if isinstance(data.annotation, type) and issubclass(data.annotation, msgspec.Struct):
        return found | (set(data.annotation.__struct_fields__) - ALWAYS)
    return None


def _as_sent(name: str, parameter: Any) -> str:
    """A parameter may bear another name in the address: Litestar keeps ``state`` for itself."""
    return getattr(parameter.kwarg_definition, "name", None) or name


def allowed(name: str, policy: Policy) -> bool:
    """Whether the policy lets a field of this name in."""
    return _kind(name, policy) is not None or name in ALWAYS


async def check_fields(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: only the fields of the policy, each once; free text passes the lint; what can be no id is not there."""
    if any(isinstance(value, int) and not is_id(value) for value in connection.path_params.values()):
        raise NotFoundException()
    policy = policy_of(connection.scope)
    sent = list(connection.query_params.multi_items())
    _refuse(sent, policy)
    if connection.scope["method"] in SAFE or not isinstance(connection, Request):  # type: ignore[typeddict-item]
        return
    if connection.content_type[0] in FORMS:
        form = list((await connection.form()).multi_items())
        _refuse(form, policy)
        check_words(connection, policy, dict(form))
    elif _has_body(connection):
        if not connection.url.path.startswith("/api/"):
            # a handler would read it as a form all the same, and what is above would not have looked at it
            raise NotAForm("A page takes a form and nothing else.")
        if connection.content_type[0] != MediaType.JSON:
            raise ClientException("Send JSON as application/json.")
        read_once(await connection.body())


def read_once(body: bytes) -> None:
    """Raises `ClientException` where JSON says one name twice: two programs would not read the same (E-11)."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) or any("\x00" in text for text in found.values() if isinstance(text, str)):
            raise ClientException("A field came more than once, or holds a character that no text has.")
        return found

    try:
        json.loads(body, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise ClientException("This is no JSON.") from None


def _has_body(connection: Connection) -> bool:
    told = connection.headers
    return "transfer-encoding" in told or told.get("content-length", "0").strip() != "0"


def check_words(connection: Connection, policy: Policy, form: Mapping[str, Any]) -> None:
    """Hold back free text that the lint stops, unless a reason to keep it is given; the trail keeps which."""
    texts = {name: text for name, text in form.items() if _kind(name, policy) is Field.WORDS and isinstance(text, str)}
    found = {name: kinds for name, text in texts.items() if (kinds := lint(text))}
    if not found:
        return
    if form.get("kept") not in KEPT:
        raise HeldWords(found, {name: text for name, text in form.items() if isinstance(text, str)})
    kept = sorted({kind for each in found.values() for kind in each})
    connection.scope["state"][LINTED] = {"lint_kept": " ".join(kept), "lint_reason": str(form["kept"])}


def _refuse(sent: Iterable[tuple[str, Any]], policy: Policy) -> None:
    sent = list(sent)
    if any(isinstance(value, str) and "\x00" in value for _, value in sent):
        raise ClientException("A field holds a character that no text has.")  # PostgreSQL keeps none of these
    counts = Counter(name for name, _ in sent)
    for name, count in counts.items():
        if not allowed(name, policy):
            raise ClientException("There is a field that this page does not have.")
        if count > 1 and _kind(name, policy) is not Field.SEVERAL:
            raise ClientException("A field came more than once.")


def _kind(name: str, policy: Policy) -> Field | None:
    if name in policy.fields_in:
        return policy.fields_in[name]
    family, dot, _ = name.partition(".")
    return policy.fields_in.get(f"{family}.*") if dot else None
