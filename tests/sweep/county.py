"""A county for the sweeps: two of every office, one case with a row in every table, an account for every role.

`build` lays it down; `hide` adds to a copy of it whatever one role may not know of. Rows are found and copied by the
tables themselves, so a table that is added tomorrow is swept without anybody thinking of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from monitor import audit, packets
from monitor.access.matrix import CLASS_OF, Seen, class_of, hidden
from monitor.access.reach import reach_of
from monitor.access.roles import KIND_OF, Role
from monitor.access.scope import Reach
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import (
    Agency,
    Base,
    ConflictAlert,
    Contact,
    GridDraft,
    Hearing,
    KeptAnswer,
    Order,
    ProtectedParty,
    SheetProfile,
    Upload,
    UploadRow,
    Wall,
)
from monitor.models.base import random_id
from tests import builders
from tests.builders import Matter, Town
from tests.matrix import adopt
from tests.office import hearing, supervised
from tests.sweep import cared
from tests.sweep.asked import asked_to_call
from tests.sweep.consulted import consulted, on_the_list
from tests.sweep.prosecuted import prosecuted
from tests.sweep.referred import referred_out
from tests.web.accounts import SECRET, sign_in_as

HIDDEN = "Zanzibarov"  # the family name of the hidden case: nobody else has it
# words of columns that no check of their table holds
UNCHECKED = {"approved_by": ["provider"], "authorized_by": ["provider"], "decided_by": ["COURT"]}
LEFT_OUT = {"dirty", "context_review"}  # a case of everyday has none of these
TRAIL = "audit_head", "audit_entry", "audit_block"
SAID = "hidden words 7f3a"


class Account(msgspec.Struct):
    """Somebody signed in."""

    role: Role
    agency: int
    user: int
    token: str


class County(msgspec.Struct):
    """Ids of what was laid down. ``far``: of the other offices, by those of our own."""

    now: datetime
    near: Town
    matter: Matter
    far: dict[int, int]
    accounts: dict[Role, Account]
    stranger: int
    ids: dict[str, list[int]] = {}


def build(database: Database) -> County:
    """Two towns, one case of the first, evaluated; every case table has at least one row of it."""
    now = datetime.now(UTC).replace(microsecond=0)
    with database.system("test: a county") as session, session.begin():
        near, far = (builders.build_town(session, code=code) for code in ("near", "far"))
        for kind in {*KIND_OF.values()} - {"court", "probation", "program"}:
            for code in ("near", "far"):
                name = f"{code} {kind}"
                session.add(Agency(id=random_id(), kind=kind, name=name, code=f"{code}-{kind}", zone=near.zone))
    with database.system("test: whose agency") as session:
        agencies = {row.code: row.id for row in session.execute(sa.select(Agency.code, Agency.id))}
    accounts = {role: _account(database, role, agencies) for role in Role}
    with database.system("test: a case") as session, session.begin():
        stranger = builders.add_user(session, far.office, "officer", "stranger@far.example")
        matter = _case(session, near, accounts[Role.OFFICER].user, now)
        cared.share(session, matter.case, agencies["near-victim_witness"])
        adopt(
            session, near.office, accounts[Role.OFFICER].user, accounts[Role.OFFICER_SUPERVISOR].user,
            now.date() - timedelta(days=90), now,
        )  # fmt: skip
    evaluate_now(database, switched_on(), now)
    prosecuted(database, near, matter, accounts[Role.PROSECUTOR], now)
    _sheet(database, now)
    with database.system("test: a page frozen for the bench") as session, session.begin():
        for hearing_id in session.scalars(sa.select(Hearing.id).where(Hearing.starts_at > now)).all():
            packets.take(session, hearing_id, now, switched_on())
    with database.system("test: a row of every table") as session, session.begin():
        referred_out(session, near, matter, accounts[Role.OFFICER].user, now)
        _fill(session, matter)
        on_the_list(session, near.office, matter.case, now)
    others = {agencies[f"near-{kind}"]: agencies[f"far-{kind}"] for kind in KIND_OF.values()}
    same = {getattr(near, name): getattr(far, name) for name in ("court", "judge", "program", "group")}
    return County(now, near, matter, others | same, accounts, stranger, ids_of(database))


def _account(database: Database, role: Role, agencies: dict[str, int]) -> Account:
    kind = KIND_OF.get(role, "probation")
    user, token = sign_in_as(database, role, agencies[f"near-{kind}"], f"Near {role.value.replace('_', ' ')}")
    return Account(role, agencies[f"near-{kind}"], user, token)


def _case(session: Session, town: Town, officer: int, now: datetime) -> Matter:
    today = now.date()
    matter = supervised(session, town, officer, "Abara", "Ann", ordered_on=today - timedelta(days=120))
    missed = builders.absent(session, matter, *(today - timedelta(days=back) for back in (30, 23, 16)))
    builders.attended(session, matter, today - timedelta(days=37))
    builders.adjudicate(session, missed, "UNEXCUSED", today - timedelta(days=14))
    builders.contact(session, matter, today - timedelta(days=20), note="An ordinary note")
    builders.cover(session, matter, today - timedelta(days=40), today - timedelta(days=12))
    builders.report(session, matter, "PROGRESS", today - timedelta(days=15), "PROGRAM", "PROBATION")
    hearing(session, matter, now - timedelta(days=40), "CONTINUED")
    hearing(session, matter, now + timedelta(days=2))
    return matter


def _sheet(database: Database, now: datetime) -> None:
    """A sheet that waits for answers: one row of our own person, one of a name that nobody knows."""
    day = (now.date() - timedelta(days=9)).isoformat()
    sheet = f"Name,Date,Status\nAnn Abara,{day},Present\nSomebody Else,{day},Present\nAnn Abara,{day},Qq\n"
    import_attendance(database, "near-p", "sheet.csv", sheet.encode(), now)
    with database.system("test: what was answered about the sheet") as session, session.begin():
        upload = session.scalars(sa.select(Upload)).one()
        session.add(_kind_of_sheet(upload.agency_id, upload.program_id, {"qq": "P"}, "Name, Date"))


def _kind_of_sheet(agency: int, program: int, values: dict[str, str], columns: str) -> SheetProfile:
    at = datetime(2026, 2, 2, 12, tzinfo=UTC)
    return SheetProfile(
        id=random_id(), agency_id=agency, program_id=program, signature=f"{random_id():064x}", columns=columns,
        answers={"values": values}, settled_at=at, settled_by_id=None, used_at=None,
    )  # fmt: skip


def _fill(session: Session, matter: Matter) -> None:
    """A row of the case in every table that holds cases and has none of it yet, made up from the columns."""
    for table in Base.metadata.sorted_tables:
        if "case_id" not in table.c or table.name in LEFT_OUT:
            continue
        there = session.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.case_id == matter.case))
        if not there:
            _try(session, table, _made_up_row(session, table, matter))


def _made_up_row(session: Session, table: sa.Table, matter: Matter) -> dict[str, Any]:
    wanted = (column for column in table.c if not column.nullable or column.name in ("occurred_on", "note"))
    return {column.name: _made_up(session, column, matter) for column in wanted}


def _made_up(session: Session, column: sa.Column[Any], matter: Matter) -> Any:
    """A value that the column takes: its own case's ids for what it refers to, the first word that a check allows."""
    # what is noted of a hearing is its court's
    court = "hearing_id" in column.table.c
    agency = matter.town.court_agency if court else matter.town.office
    known = {"id": random_id(), "case_id": matter.case, "agency_id": agency, "user_id": None}
    if known.get(column.name) is not None:
        return known[column.name]
    for key in column.foreign_keys:
        other = key.column.table
        where = other.c.case_id == matter.case if "case_id" in other.c else sa.true()
        return session.scalar(sa.select(key.column).where(where).limit(1))
    if words := _allowed_words(column):
        return words[0]
    if column.name == "expires_on":
        return date(2027, 2, 2)
    kind = column.type.python_type if not isinstance(column.type, sa.TypeDecorator) else datetime
    samples: dict[type, Any] = {
        str: "x", int: 1, bool: False, date: date(2026, 2, 2), datetime: datetime(2026, 2, 2, 12, tzinfo=UTC),
        bytes: b"x", dict: {}, list: [],
    }  # fmt: skip
    return samples.get(kind)


def _allowed_words(column: sa.Column[Any]) -> list[str]:
    if column.name in UNCHECKED:
        return UNCHECKED[column.name]
    for rule in column.table.constraints:
        if isinstance(rule, sa.CheckConstraint):
            found = re.search(rf"\b{column.name} in \(([^)]*)\)", str(rule.sqltext))
            if found:
                return re.findall(r"'([^']*)'", found[1])
    return []


def _try(session: Session, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert, unless the table itself refuses such a row."""
    try:
        with session.begin_nested():
            session.execute(table.insert().values(**values))
    except DatabaseError:  # a trigger refuses in other words on PostgreSQL
        return False
    return True


def ids_of(database: Database) -> dict[str, list[int]]:
    """Ids by table."""
    with database.system("test: ids") as session:
        return {
            name: list(session.scalars(sa.select(table.c.id).limit(50)))
            for name, table in Base.metadata.tables.items() if "id" in table.c and name != "audit_entry"
        }  # fmt: skip


# ── what a role may not know of ─────────────────────────────────────────────────────────────────────────────────────


def hide(database: Database, county: County, role: Role) -> set[str]:
    """Add what the matrix, the scope and the walls hide from ``role``'s account; returns the tables that grew."""
    return hide_elsewhere(database, county, role) | hide_in_our_case(database, county, role)


def hide_elsewhere(database: Database, county: County, role: Role = Role.OFFICER) -> set[str]:
    """The case of the other offices, and what others did."""
    with database.system("test: hidden things") as session, session.begin():
        # an advocate's list is of every court: of other offices' cases nothing is hidden but what every case hides
        grown = set() if role is Role.ADVOCATE else _elsewhere(session, county)
        _others_acts(session, county, role)
    return grown


def hide_in_our_case(database: Database, county: County, role: Role) -> set[str]:
    """In the case that ``role`` may see: rows of the classes that it may not."""
    with database.system("test: hidden things") as session, session.begin():
        return (
            _in_our_case(session, county, role) | _reduced(session, county, role) | _walled(session, county, role)
            | (set() if role is Role.OFFICER else asked_to_call(session, county)) | consulted(session, county, role)
        )


def _elsewhere(session: Session, county: County) -> set[str]:
    """The whole case once more, as a case of the other offices."""
    grown, _person = _copy_of_case(session, county, county.far)
    alert = ConflictAlert(agency_id=county.far[county.near.office], recipient_id=county.stranger, sealed=b"x",
                          raised_at=county.now)  # fmt: skip
    session.add(alert)
    session.flush()
    return grown | {"conflict_alert"}


def _walled(session: Session, county: County, role: Role) -> set[str]:
    """The whole case once more in our own offices, about somebody whom a wall stands against (safeguard D1)."""
    grown, person = _copy_of_case(session, county, {})
    keeper = county.far[county.near.court_agency]
    wall = Wall(agency_id=keeper, user_id=county.accounts[role].user, person_id=person, sealed_why=b"x",
                entered_by_id=county.stranger, entered_at=county.now - timedelta(days=1))  # fmt: skip
    session.add(wall)
    session.flush()
    return grown | {"wall"}


def _copy_of_case(session: Session, county: County, others: dict[int, int]) -> tuple[set[str], int]:
    """Every row about the case anew, with ``others`` in place of its offices; the tables, and the new person."""
    ids = dict(others)
    grown = set()
    for table in Base.metadata.sorted_tables:
        if table.name in ("person", "court_case") or ("case_id" in table.c and table.name not in LEFT_OUT):
            for row in _rows(session, table, county):
                new = {name: ids.get(value, value) if isinstance(value, int) else value for name, value in row.items()}
                new["id"] = ids[row["id"]] = random_id()
                if table.name == "person":
                    new["family_name"] = HIDDEN
                if _try(session, table, _unlike(table, new)):
                    grown.add(table.name)
                else:
                    del ids[row["id"]]
    return grown, ids[county.matter.person]


def _in_our_case(session: Session, county: County, role: Role) -> set[str]:
    """In the case that the role may see: one more row of each table that it does not reach, or reaches in part."""
    grown = set()
    for table in Base.metadata.sorted_tables:
        if "case_id" not in table.c or table.name in ("dirty", "case_agency"):
            continue
        if table.name == "context_review" and role is Role.OFFICER:
            continue  # suggestions rest, as G4 asks: that shows, and what is asked does not
        reach = _reach(table, role)
        seen = class_of(table.name, reach)
        if reach is None or (seen and hidden(seen, role)) or reach in (Reach.OWN, Reach.REVIEWED, Reach.BETWEEN):
            if any([_try(session, table, row) for row in _more_rows(session, table, county, reach)]):
                grown.add(table.name)
    return grown


def _more_rows(session: Session, table: sa.Table, county: County, reach: Reach | None) -> list[dict[str, Any]]:
    """Rows like those that the case has in the table, of another agency or not reviewed where only such are hidden."""
    found = [_unlike(table, {**row, "id": random_id()}) for row in _rows(session, table, county)[:2]]
    for row in found:
        if reach in (Reach.OWN, Reach.BETWEEN):
            owners = {"agency_id", "program_id", "from_agency_id"} & set(row)
            row |= {name: county.far.get(row[name], row[name]) for name in owners}
        if reach is Reach.REVIEWED and table.name in ("flag", "allegation_step"):
            row |= {"state": "OPEN"} if table.name == "flag" else {"kind": "SAVED"}
    return found or [_made_up_row(session, table, county.matter)]


def _reach(table: sa.Table, role: Role) -> Reach | None:
    entity = next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)
    return reach_of(role.value, entity)


def _reduced(session: Session, county: County, role: Role) -> set[str]:
    """Where the matrix gives a reduced form: what the reduction leaves out says something else."""
    grown = set()
    if role in (Role.JUDGE, Role.CLERK) or hidden(Seen.CONTACT_NOTES, role):
        session.execute(sa.update(Contact).where(Contact.case_id == county.matter.case).values(note=SAID))
        grown.add("contact")
    if hidden(Seen.PROTECTED_IDENTITY, role) or role in (Role.OFFICER, Role.JUDGE):
        party = ProtectedParty(id=random_id(), agency_id=county.near.court_agency, sealed_name=b"\x01" + SAID.encode())
        session.add(party)
        session.flush()
        session.execute(sa.update(Order).where(Order.case_id == county.matter.case).values(protected_party_id=party.id))
        grown |= {"protected_party", "court_order"}
    if role not in (Role.PROSECUTOR, Role.LAW_ENFORCEMENT, Role.VICTIM_WITNESS):
        keeper = county.accounts[Role.MEDICAL]
        cared.notify(session, county.matter.case, keeper.agency, keeper.user, county.now)
        grown.add("record_notice")
    if role is not Role.PROGRAM:
        session.execute(sa.update(Upload).values(file_name=f"{SAID}.csv"))
        grown.add("upload")
        session.add(
            UploadRow(id=random_id(), agency_id=county.near.program_agency, upload_id=county.ids["upload"][0], row=9,
                      outcome="error", content={"note": SAID})
        )  # fmt: skip
        grown.add("upload_row")
        upload = session.get_one(Upload, county.ids["upload"][0])
        session.add(_kind_of_sheet(upload.agency_id, upload.program_id, {"zz": "U"}, SAID))
        session.add_all([
            KeptAnswer(agency_id=upload.agency_id, key_hash=random_id().to_bytes(32), body_hash=b"x" * 32,
                       upload_id=upload.id, content=SAID.encode(), made_at=county.now),
            GridDraft(agency_id=upload.agency_id, user_id=county.stranger, group_id=county.near.group,
                      held_on=_some_day(county), marks={"1": SAID}, kept_at=county.now),
        ])  # fmt: skip
        grown |= {"sheet_profile", "kept_answer", "grid_draft"}
    return grown


def _some_day(county: County) -> date:
    """A day of its own a call: one person keeps one draft of a group and day, and hidden things are added often."""
    return county.now.date() - timedelta(days=random_id() % 3650)


def _others_acts(session: Session, county: County, role: Role) -> None:
    """Somebody of the other offices looked and tried, and so did somebody of another role, whose trail is not ours."""
    other = county.accounts[Role.MEDICAL if role is Role.ADVOCATE else Role.ADVOCATE]
    key = audit.audit_key(SECRET)
    for user, agency in ((county.stranger, county.far[county.near.office]), (other.user, other.agency)):
        act = audit.Act(event="person.read", user_id=user, agency_id=agency, subjects=(county.matter.person,))
        audit.append(session, act, key, county.now - timedelta(minutes=5))


def _rows(session: Session, table: sa.Table, county: County) -> list[dict[str, Any]]:
    where: dict[str, Callable[[], Any]] = {
        "person": lambda: table.c.id == county.matter.person, "court_case": lambda: table.c.id == county.matter.case,
    }  # fmt: skip
    found = where.get(table.name, lambda: table.c.case_id == county.matter.case)()
    return [dict(row) for row in session.execute(sa.select(table).where(found)).mappings()]


def _unlike(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row, different in every column that must be unique."""
    if "supersedes_id" in row:
        row["supersedes_id"] = None
    keys = [list(rule.columns) for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)]
    keys += [list(index.columns) for index in table.indexes if index.unique]
    for columns in keys:
        free = (one for one in columns if not one.foreign_keys and one.name != "id" and not _allowed_words(one))
        column = next(free, None)
        if column is not None and isinstance(value := row.get(column.name), str | int) and not isinstance(value, bool):
            # of a copy's copy only the first word is taken over, or it would outgrow its column
            row[column.name] = f"{value.partition('~')[0]}~{random_id() % 9999}" if isinstance(value, str) else (
                random_id() % 10**6
            )
    return row


def sweepable() -> set[str]:
    """Tables about cases: each must have grown for somebody, else nothing shows that it stays hidden."""
    return {name for name, seen in CLASS_OF.items() if seen is not None and name not in TRAIL}
