"""The API does what its description says, whatever is sent: schemathesis against the running site and its file."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import select

from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.models import AuditEntry, Court
from tests.monitor.intake.sample_record import write_county
from tests.monitor.patrol_town import build_place
from tests.office import hearing, open_office, take_over
from tests.web.accounts import sign_in_as
from tests.web.browsing import served
from tests.web.machines import machine_of, send, signed, software
from web.api.description import document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import CHECKS, load_all_checks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OF_PATROL = ("/api/v1/orders/lookup", "/api/v1/incidents")
OF_RECORDS = ("/api/v1/entry-packets", "/api/v1/orders/{order_id}/entry-confirmation")
CLEAN = b"Name,Date,Status\nMarcus Bell,2026-11-14,P\n"


def operations():
    return [found.ok() for found in schemathesis.openapi.from_dict(document()).get_all_operations()]


def test_every_route_of_the_table_is_described_and_nothing_else(database):
    described = {(operation.method.upper(), operation.path) for operation in operations()}
    assert described == {key for key in POLICY if key[1].startswith("/api/")}
    for (method, path), policy in POLICY.items():
        if path.startswith("/api/"):
            here = document()["paths"][path][method.lower()]
            content = here.get("requestBody", {}).get("content", {})
            body = content.get("multipart/form-data", {})
            if shape := content.get("application/json", {}).get("schema", {}).get("$ref"):
                body = {"schema": document()["components"]["schemas"][shape.rpartition("/")[2]]}
            names = {one["name"] for one in here.get("parameters", []) if one["in"] == "query"}
            assert names | set(body.get("schema", {}).get("properties", {})) == set(policy.fields_in), path


def test_the_description_is_itself_one_and_served_to_who_signed_in(database, app, client_as):
    write_county(database)
    judge = client_as("judge").get("/api/v1/openapi.json").json()
    with software(app, None) as stranger:
        assert stranger.get("/api/v1/openapi.json").status_code == 401
    with software(app, machine_of(database, "north-star")) as client:
        assert client.get("/api/v1/openapi.json").json() == document() == judge
        done = send(client, CLEAN, "one")
        schema = {"$ref": "#/components/schemas/Batch", "components": document()["components"]}
        jsonschema.validate(done.json(), schema)


def test_what_the_pages_show_goes_out_as_described(database, client_as):
    office = open_office(database)
    day = datetime.now(UTC) + timedelta(days=2)
    with database.system("test: a hearing") as session, session.begin():
        hearing(session, office.matter, day)
        court = session.scalar(select(Court.code).where(Court.id == office.town.court))
    officer, clerk = client_as("officer", office.town.office), client_as("clerk", office.town.court_agency)
    take_over(database, officer)
    path = f"/api/v1/people/{office.matter.person}/compliance"
    shown = officer.get(path)
    fits(shown, "Compliance")
    assert shown.json()["weeks"] and clerk.get(path).status_code == 403
    local = day.astimezone(ZoneInfo(office.town.zone)).date()
    docket = clerk.get(f"/api/v1/dockets/{court}/{local}")
    fits(docket, "CourtDay")
    assert [case["respondent"] for case in docket.json()["cases"]]
    assert officer.get(docket.request.url).status_code == 403
    stranger = client_as("officer", office.town.office)
    assert stranger.get(path).json()["code"] == "OPEN-FIRST"
    with database.system("test: the trail", writes=False) as session:
        told = session.execute(select(AuditEntry.event, AuditEntry.outcome, AuditEntry.detail)).all()
    assert {("ledger.read", "done"), ("docket.read", "done"), ("ledger.read", "denied")} <= {row[:2] for row in told}


def fits(answer, name: str) -> None:
    assert answer.status_code == 200, answer.text
    schema = {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
    jsonschema.validate(answer.json(), schema)


def hold(database, examples: int) -> None:
    """Each operation is sent so many cases, right and wrong ones, with a secret and without."""
    write_county(database)
    secret = machine_of(database, "north-star")
    build_place(database)
    cad, records = machine_of(database, "room"), machine_of(database, "sheriff")
    people = {"/api/v1/people": Role.OFFICER, "/api/v1/dockets": Role.JUDGE}
    with served(database, acts_per_minute=0, entering_agencies="sheriff") as base:
        for operation in operations():
            role = next((role for path, role in people.items() if operation.path.startswith(path)), None)
            session = {"cookie": f"monitor={sign_in_as(database, role, None, 'Alex Reyes')[1]}"} if role else {}
            theirs = cad if operation.path in OF_PATROL else records if operation.path in OF_RECORDS else secret
            whatever(operation, base, session or signed(theirs), examples)


def whatever(operation, base: str, headers: dict[str, str], examples: int) -> None:
    modes = schemathesis.GenerationMode
    strategy = operation.as_strategy(generation_mode=modes.POSITIVE)
    if operation.method.upper() != "GET" or operation.path_parameters:
        strategy = strategy | operation.as_strategy(generation_mode=modes.NEGATIVE)

    @given(case=strategy)
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
              phases=[Phase.explicit, Phase.generate], database=None)  # fmt: skip
    def sent(case):
        given_ones = {name: value for name, value in (case.headers or {}).items() if name.lower() != "authorization"}
        case.headers = {**given_ones, **{name.capitalize(): value for name, value in headers.items()}}
        case.cookies = {}
        answer = case.call(base_url=base)
        # where a secret or a session will do, a wrong one of one kind beside a right one of the other is let in
        either = [CHECKS.get_one("ignored_auth")] if operation.path.endswith("openapi.json") else []
        case.validate_response(answer, excluded_checks=[*NOT_ASKED, *either])
        assert answer.headers["cache-control"] == ["no-store"]

    sent()


# what is valid by its form may still be refused for what it says: a file that is none, a key that was used
load_all_checks()
NOT_ASKED = [CHECKS.get_one("positive_data_acceptance")]


def test_whatever_is_sent_the_answer_is_one_that_is_described(database):
    hold(database, 5)


@pytest.mark.slow
def test_whatever_is_sent_the_answer_is_one_that_is_described_many_times(database):
    hold(database, 200)
