"""What the API is, as OpenAPI 3.1: schemas from the very Structs that answers are written from, and each operation.

A test holds it to the policy table and to the handlers, and schemathesis holds the running site to it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Response, get

from monitor.intake.answers import Answers
from monitor.intake.batches import Batch, BatchChanges
from monitor.outward import Compliance, CourtDay
from monitor.verify.answer import Answer as Verified
from web.api.patrol import IncidentReport, OrderQuestion, Received
from web.api.problems import Problem
from web.api.registry import EntriesWaiting, EntryConfirmation, EntryConfirmed
from web.site import Answer, Visit

PATH = "/api/v1/openapi.json"
BATCHES, BATCH = "/api/v1/attendance-batches", "/api/v1/attendance-batches/{upload_id}"
_ALWAYS = (400, 401, 404, 405, 429, 503)
_SAID = {
    400: "Not of the form described.", 401: "No secret or session that works.",
    403: "Not for this role.", 404: "Nothing here, or not yours.",
    405: "Not done here.", 408: "The body took too long.", 409: "Too late: a decision or a month stands on it.",
    412: "It has changed since it was read.", 413: "Too large.",
    415: "Not JSON.", 422: "The file, or the key, cannot be used.",
    429: "Too much in a minute or an hour.", 503: "Others are at work; try the same again.",
}  # fmt: skip


@get(PATH, sync_to_thread=False)
def show(request: Visit) -> Answer:
    """The description."""
    return Response(document(), media_type="application/json")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole description."""
    shapes = [Batch, BatchChanges, CourtDay, Compliance, Problem, Answers, OrderQuestion, IncidentReport, Received,
              Verified, EntriesWaiting, EntryConfirmation, EntryConfirmed]  # fmt: skip
    _refs, schemas = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "Accountability Monitor", "version": "1",
            "description": "A program's own software brings its attendance sheets in. See docs/api.md.",
        },
        "security": [{"machine": []}],
        "paths": {BATCHES: {"post": _bring()}, BATCH: {"parameters": [_id()], "get": _show(), "delete": _take_back()},
                  "/api/v1/changes": {"get": _changes()}, PATH: {"get": _description()},
                  "/api/v1/orders/lookup": {"post": _look_up()}, "/api/v1/incidents": {"post": _receive()},
                  "/api/v1/entry-packets": {"get": _entries()},
                  "/api/v1/orders/{order_id}/entry-confirmation": {"parameters": [_id("order_id")],
                                                                   "post": _confirm()},
                  "/api/v1/dockets/{court}/{day}": {"get": _docket()},
                  "/api/v1/people/{person_id}/compliance": {"get": _compliance()}},
        "components": {"schemas": schemas, "securitySchemes": {
            "machine": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "__Host-monitor",
                        "description": "The session of somebody who signed in on the site."},
        }},
    }  # fmt: skip
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return found


def _bring() -> dict[str, Any]:
    parts = {
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
        "answers": {"type": "string", "maxLength": 200_000, "contentMediaType": "application/json",
                    "contentSchema": _ref("Answers")},
        "group": {"type": "string", "maxLength": 60, "description": "The code of a group of the program."},
    }  # fmt: skip
    return {
        "operationId": "bringSheet", "summary": "Check a sheet and save its good rows.",
        "parameters": [
            {"name": "dry_run", "in": "query", "schema": {"type": "boolean", "default": False},
             "description": "Say what saving would do, and keep nothing."},
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255, "minLength": 1},
             "description": "Wanted unless it is a dry run; kept for seven days."},
        ],
        "requestBody": {"required": True, "content": {"multipart/form-data": {
            "schema": {"type": "object", "properties": parts, "required": ["file"], "additionalProperties": False},
            "encoding": {"file": {"contentType": "text/csv, application/octet-stream"}},
        }}},
        "responses": {
            "200": _answer("Batch", "A dry run; or all of it is on record already."),
            "201": _answer("Batch", "Kept. `state` and `waits` say whether a person is needed.") | {
                "headers": {"Location": {"required": True, "schema": {"type": "string"}}}
            },
            **_problems(*_ALWAYS, 408, 413, 422),
        },
    }  # fmt: skip


def _show() -> dict[str, Any]:
    tag = {"ETag": {"required": True, "schema": {"type": "string"}}}
    return {
        "operationId": "showBatch", "summary": "How a batch stands now.",
        "responses": {"200": _answer("Batch", "The batch.") | {"headers": tag}, **_problems(*_ALWAYS)},
    }  # fmt: skip


def _take_back() -> dict[str, Any]:
    held = {"name": "If-Match", "in": "header", "schema": {"type": "string"}, "description": "The ETag that was read."}
    return {
        "operationId": "takeBack", "summary": "Undo a batch, or delete one that was not saved.", "parameters": [held],
        "responses": {"200": _answer("Batch", "Taken back."), **_problems(*_ALWAYS, 409, 412)},
    }  # fmt: skip


def _changes() -> dict[str, Any]:
    since = {"name": "since", "in": "query", "schema": {"type": "string", "maxLength": 200},
             "description": "What an answer called `next`; without it, from the beginning."}  # fmt: skip
    return {
        "operationId": "listChanges", "summary": "Batches whose state is new, oldest first.", "parameters": [since],
        "responses": {"200": _answer("BatchChanges", "At most a hundred."), **_problems(*_ALWAYS)},
    }  # fmt: skip


def _look_up() -> dict[str, Any]:
    return {
        "operationId": "lookUpOrder", "summary": "Where the order stands that answers to a name or number.",
        "requestBody": _body("OrderQuestion"),
        "responses": {"200": _answer("Answer", "The verdict, and what an officer needs."),
                      **_problems(*_ALWAYS, 403, 408, 413, 415, 422)},
    }  # fmt: skip


def _receive() -> dict[str, Any]:
    return {
        "operationId": "fileIncident", "summary": "Put an incident on record, in codes.",
        "description": "A report of law enforcement gives `born` beside a name, or a number: else 422 `BIRTH-NEEDED`.",
        "requestBody": _body("IncidentReport"),
        "responses": {"200": _answer("Received", "It was on record already."), "201": _answer("Received", "On record."),
                      **_problems(*_ALWAYS, 403, 408, 409, 413, 415, 422)},
    }  # fmt: skip


def _entries() -> dict[str, Any]:
    return {
        "operationId": "listEntriesWaiting", "summary": "Orders that wait for the registry, for who enters them.",
        "responses": {"200": _answer("EntriesWaiting", "The longest wait first."), **_problems(*_ALWAYS, 403)},
    }  # fmt: skip


def _confirm() -> dict[str, Any]:
    return {
        "operationId": "confirmEntry", "summary": "The registry's number of an order, from who entered it.",
        "requestBody": _body("EntryConfirmation"),
        "responses": {"200": _answer("EntryConfirmed", "It was on record already."),
                      "201": _answer("EntryConfirmed", "On record."),
                      **_problems(*_ALWAYS, 403, 408, 409, 413, 415, 422)},
    }  # fmt: skip


def _body(name: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


def _description() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    answers = {"200": {"description": "This.", "content": content}, **_problems(400, 401, 405)}
    security: list[Any] = [{"machine": []}, {"session": []}]
    return {"operationId": "describe", "summary": "This description.", "responses": answers, "security": security}


def _docket() -> dict[str, Any]:
    where = [{"name": "court", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}},
             {"name": "day", "in": "path", "required": True, "schema": {"type": "string", "format": "date"}}]
    return {
        "operationId": "showDocket", "summary": "One court's day, for its own people.", "security": [{"session": []}],
        "parameters": where, "responses": {"200": _answer("CourtDay", "The day."), **_problems(*_ALWAYS, 403)},
    }  # fmt: skip


def _compliance() -> dict[str, Any]:
    case = _id("case", "query") | {"required": False, "description": "Which case, where there are several."}
    return {
        "operationId": "showCompliance", "summary": "Weeks by duties of one case, for the office that supervises it.",
        "security": [{"session": []}], "parameters": [_id("person_id"), case],
        "responses": {"200": _answer("Compliance", "The case."), **_problems(*_ALWAYS, 403)},
    }  # fmt: skip


def _id(name: str = "upload_id", place: str = "path") -> dict[str, Any]:
    schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": (1 << 63) - 1}
    return {"name": name, "in": place, "required": True, "schema": schema}


def _answer(name: str, said: str) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": _ref(name)}}}


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    return {str(status): {"description": _SAID[status], "content": content} for status in statuses}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


HANDLERS = [show]
