"""Row-level security on PostgreSQL: what the database itself lets a session see, should our own scope ever fail.

The policies are derived from the models, so a new table has one before its author thinks of it:

- a case is there for an agency that shares it, unless the person asking is walled off from the person it is about;
- whatever has a ``case_id`` is there when its case is; a person when one of their cases is;
- whatever has only an ``agency_id`` is there for that agency; reference tables and the rest for any scope;
- of cases that a look-up found (dispatch, patrol) orders and their parts are there for that one transaction;
- a closed case takes nothing more but what `closed.GOES_ON` lists (safeguard H6), and classes held until that day;
- without a scope there is no row at all, in any table.

The cases that a reader is assigned to, or that a list of theirs names, are looked up once a transaction, by these same
policies, and their rows are held against that list. Of any other row the case is looked up in the statement itself, for
which the planner makes one look for all rows where they are many: a function that is called for each row cost sixty
times as much. A wall is looked for once a statement, and row by row only for whoever has one.

A session says who asks in `monitor.db`. ``*`` is the machine itself. This stops our mistakes, not somebody who can run
SQL of their own: such a person can say anything of themselves. SQLite has no such thing.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, MetaData, Table, text

from monitor.access.closed import GOES_ON

NEAR_AT_MOST = 300  # cases of one person that are kept ready for a transaction; each row is held against the list
# (name, body) of the functions that read what the session said; each is one look at a setting
FUNCTIONS = {
    "monitor_reads_all() returns boolean": "select coalesce(current_setting('app.read', true), '') = '*'",
    "monitor_reads() returns bigint": (
        "select case when current_setting('app.read', true) ~ '^[0-9]+$'"
        " then current_setting('app.read', true)::bigint end"
    ),
    "monitor_writes_all() returns boolean": "select coalesce(current_setting('app.write', true), '') = '*'",
    "monitor_writes() returns bigint": (
        "select case when current_setting('app.write', true) ~ '^[0-9]+$'"
        " then current_setting('app.write', true)::bigint end"
    ),
    "monitor_user() returns bigint": (
        "select case when current_setting('app.user', true) ~ '^[0-9]+$'"
        " then current_setting('app.user', true)::bigint end"
    ),
    "monitor_asks() returns boolean": r"select coalesce(current_setting('app.read', true), '') ~ '^([0-9]+|\*)$'",
    "monitor_found() returns bigint[]": "select nullif(current_setting('app.found', true), '')::bigint[]",
    "monitor_near() returns bigint[]": "select nullif(current_setting('app.near', true), '')::bigint[]",
    "monitor_near_people() returns bigint[]": "select nullif(current_setting('app.near_people', true), '')::bigint[]",
}


def _keep_near(cases: str, which: str, reader: str, asker: str) -> str:
    """Keep for the transaction the ``cases`` that are shared with the reader's agency and behind no wall."""
    return f"""select array_agg(own.case_id)::text, array_agg(own.person_id)::text into near, people
          from (select c.id as case_id, c.person_id from {cases}
                  join case_agency s on s.case_id = c.id and s.agency_id = {reader} and s.until_on is null
                 where {which}
                   and not exists (select 1 from wall w where w.user_id = {asker} and w.person_id = c.person_id
                                   and w.ended_at is null)
                 limit {NEAR_AT_MOST}) own;
        perform set_config('app.near', coalesce(near, ''), true),
                set_config('app.near_people', coalesce(people, ''), true);"""


OWN_CASES = _keep_near(
    "assignment a join court_case c on c.id = a.case_id", "a.user_id = $3::bigint and a.until_on is null",
    "$1::bigint", "$3::bigint",
)  # fmt: skip
LISTED_CASES = _keep_near(
    "court_case c", "c.id = any ($1 || coalesce(monitor_near(), '{}'))", "monitor_reads()", "monitor_user()"
)
# planned once a connection and not once a statement; a wall is looked for only where the asker has one
LOOKS = {
    "monitor_unwalled() returns boolean stable": """begin
        return not exists (select 1 from wall w where w.user_id = monitor_user() and w.ended_at is null);
    end""",
    "monitor_walled(bigint) returns boolean stable": """begin
        return exists (select 1 from wall w
                       where w.user_id = monitor_user() and w.person_id = $1 and w.ended_at is null);
    end""",
    "monitor_there(bigint) returns boolean stable": """begin
        return exists (select 1 from court_case c where c.id = $1);
    end""",
    "monitor_sees(bigint) returns boolean stable": """begin
        if not exists (select 1 from case_agency s
                       where s.case_id = $1 and s.agency_id = monitor_reads() and s.until_on is null) then
            return false;
        end if;
        if not exists (select 1 from wall w where w.user_id = monitor_user() and w.ended_at is null) then
            return true;
        end if;
        return exists (select 1 from court_case c where c.id = $1);
    end""",
    "monitor_closed(bigint) returns boolean stable": """begin
        return exists (select 1 from court_case c where c.id = $1 and c.closed_on is not null);
    end""",
    "monitor_closed_before(bigint, date) returns boolean stable": """begin
        return exists (select 1 from court_case c where c.id = $1 and c.closed_on < $2);
    end""",
    # who asks, for one transaction; a reader's own cases are looked up once, so that their rows need no look each, by
    # conditions that hold without these policies, for `own_share` goes by them too. A writer's are not: what it changes
    # itself must show at once.
    "monitor_ask(text, text, text) returns void volatile": f"""declare near text; people text;
    begin
        perform set_config('app.read', $1, true), set_config('app.write', $2, true), set_config('app.user', $3, true),
                set_config('app.near', '', true), set_config('app.near_people', '', true),
                set_config('app.found', '', true);
        if $1 !~ '^[0-9]+$' or $2 <> '' or $3 !~ '^[0-9]+$' then
            return;
        end if;
        {OWN_CASES}
    end""",
    # the same for cases that a reader's list names, as far as they are there for the reader: by the same conditions
    "monitor_draw_near(bigint[]) returns void volatile": f"""declare near text; people text;
    begin
        if monitor_reads() is null or monitor_user() is null or current_setting('app.write', true) <> '' then
            return;
        end if;
        {LISTED_CASES}
    end""",
}
ALL, READER, WRITER, ASKER, ANYBODY, NEAR, NEAR_PEOPLE, FOUND, UNWALLED = (
    f"(select monitor_{name}())"
    for name in ("reads_all", "reads", "writes", "user", "asks", "near", "near_people", "found", "unwalled")
)  # in a sub-select each is looked at once a statement, not once a row
# agencies, courts and programs are no secret among those who work here
REFERENCE = frozenset({
    "court", "judge", "program", "program_group", "group_session", "policy_term", "membership", "response_matrix",
    "certified_month",
})  # fmt: skip
SYSTEM_ONLY = frozenset({
    "auth_session", "sign_in_attempt", "mark", "removal", "machine", "calendar_feed", "callback",
    "consultation", "webhook_endpoint",
})  # fmt: skip
SYSTEM_WRITES = frozenset({"audit_block"})
UNPOLICED = frozenset({"alembic_version"})
UNCHANGED = frozenset({"audit_entry", "audit_block"})  # the application's role adds, and never changes or removes

# what a look-up by name or number may read of the cases that it found, of whatever agency: orders, and no more
LOOKED_UP = frozenset({
    "court_order", "order_version", "condition", "service", "firearm_receipt", "order_step",
})
# what an agency enters about cases that it does not share: its own entries; walls are held by the session's scope
ENTERED = frozenset({"incident", "incident_draft"})


def _shared(case: str) -> str:
    return (
        f"exists (select 1 from case_agency s where s.case_id = {case} and s.agency_id = {READER}"
        " and s.until_on is null)"
    )


READS = {
    "court_case": f"({_shared('court_case.id')} or court_case.id = any ({FOUND}::bigint[]))"
    f" and ({UNWALLED} or not monitor_walled(court_case.person_id))",
    "person": "exists (select 1 from court_case c where c.person_id = person.id)",
    "protected_party": (  # of shared cases only: a look-up does not open this table
        "exists (select 1 from court_order o where o.protected_party_id = protected_party.id"
        " and monitor_sees(o.case_id))"
    ),
    # whoever sent one never reads it again; which case it is about is the page's to look up, walls and all
    "record_notice": f"exists (select 1 from agency a where a.id = {READER}"
    " and a.kind in ('prosecution', 'law_enforcement', 'victim_witness'))",
    "audit_entry": f"agency_id = {READER} or user_id = {ASKER}",
    # the receiver does not share the case; walls are held by the session's scope
    "program_question": f"agency_id = {READER} or from_agency_id = {READER}",
    "referral_out": f"agency_id = {READER} or from_agency_id = {READER}",
    "wall": f"agency_id = {READER} or user_id = {ASKER}",
}


def reading(table: Table) -> str:
    """The condition under which a row of ``table`` is there for whoever asks."""
    if table.name == "case_agency":  # each look for a case's shares has this within: one thing less to make ready
        return f"agency_id = {READER} or monitor_reads_all()"
    if table.name in READS:
        rule = READS[table.name]
    elif table.name in SYSTEM_ONLY:
        rule = "false"
    elif "case_id" in table.c:
        own = f" or {table.name}.agency_id = {READER}" if table.name in ENTERED else ""
        case = f"{table.name}.case_id"
        rule = f"({_shared(case)} and ({UNWALLED} or monitor_there({case}))){own}"
        if table.name in LOOKED_UP:
            rule += f" or ({case} = any ({FOUND}::bigint[]) and monitor_there({case}))"
    elif "agency_id" in table.c and table.name not in REFERENCE:
        rule = f"agency_id = {READER}"
    else:
        return ANYBODY
    return f"{_near(table)}{ALL} or ({rule})"


def _near(table: Table) -> str:
    """What holds of a row of one's own cases. It comes first: whether this is the machine is then not worked out."""
    name = table.name
    if name in ("court_case", "person"):
        return f"{name}.id = any ({NEAR if name == 'court_case' else NEAR_PEOPLE}::bigint[]) or "
    whole = name in READS or name in SYSTEM_ONLY or "case_id" not in table.c
    return "" if whole else f"{name}.case_id = any ({NEAR}::bigint[]) or "


def writing(table: Table) -> str:
    """The condition under which whoever asks may add, change or remove a row of ``table``."""
    rules = ["false"] if table.name in SYSTEM_ONLY | SYSTEM_WRITES else [f"{WRITER} is not null"]
    if "agency_id" in table.c:
        own = f"agency_id = {WRITER}"
        rules.append(f"({own} or agency_id is null)" if table.c.agency_id.nullable else own)
    if "case_id" in table.c and table.name != "case_agency":
        rules.append(f"monitor_sees({table.name}.case_id)")
        if table.name == "attendance":
            rules.append("not monitor_closed_before(attendance.case_id, attendance.occurred_on)")
        elif table.name not in GOES_ON:
            rules.append(f"not monitor_closed({table.name}.case_id)")
    return f"(select monitor_writes_all()) or ({' and '.join(rules)})"


def statements(metadata: MetaData) -> list[str]:
    """Everything that lays the policies, for a database that has none."""
    made = [
        f"create or replace function {head} language sql stable as $$ {body} $$" for head, body in FUNCTIONS.items()
    ]
    made += [
        # the planner takes one for a hundred times as dear, and goes long ways round so as to have few rows for it
        f"create or replace function {head} language plpgsql cost 1 as $$ {body} $$" for head, body in LOOKS.items()
    ]
    for table in metadata.sorted_tables:
        name, read, write = table.name, reading(table), writing(table)
        made += [
            f"alter table {name} enable row level security",
            f"alter table {name} force row level security",
            f"create policy scope_read on {name} for select using ({read})",
            f"create policy scope_add on {name} for insert with check ({write})",
            f"create policy scope_change on {name} for update using ({write}) with check ({write})",
            f"create policy scope_remove on {name} for delete using ({write})",
        ]
    return made


def lay(connection: Connection, metadata: MetaData) -> None:
    """Bring the policies to what the models say; touches nothing when they are there already."""
    if are_laid(connection, metadata):
        return
    lift(connection)
    for statement in statements(metadata):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"comment on function monitor_reads_all() is '{_mark(metadata)}'")


def are_laid(connection: Connection, metadata: MetaData) -> bool:
    """Whether the policies are those of this version."""
    said = connection.scalar(text("select obj_description(to_regproc('monitor_reads_all'), 'pg_proc')"))
    return bool(said == _mark(metadata))


def _mark(metadata: MetaData) -> str:
    return hashlib.sha256("\n".join(statements(metadata)).encode()).hexdigest()


def lift(connection: Connection) -> None:
    """Take every policy of ours away, so that tables can be changed; whoever does this lays them again."""
    named = "select tablename, policyname from pg_policies where schemaname = current_schema()"
    for table, policy in connection.execute(text(f"{named} and policyname like 'scope\\_%'")).all():
        connection.exec_driver_sql(f'drop policy "{policy}" on "{table}"')
    forced = "select relname from pg_class where relnamespace = current_schema()::regnamespace and relforcerowsecurity"
    for table in connection.scalars(text(forced)).all():
        connection.exec_driver_sql(f'alter table "{table}" no force row level security')
        connection.exec_driver_sql(f'alter table "{table}" disable row level security')
    for head in (*LOOKS, *FUNCTIONS):
        connection.exec_driver_sql(f"drop function if exists {head.partition(' returns')[0]}")


def grant(connection: Connection, role: str) -> None:
    """Let ``role``, the one that the application signs in as, work with rows and with nothing else."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(f"grant usage on schema public to {quoted}")
    connection.exec_driver_sql(f"grant select, insert, update, delete on all tables in schema public to {quoted}")
    connection.exec_driver_sql(f"grant usage, update on all sequences in schema public to {quoted}")
    for name in sorted(UNCHANGED):
        connection.exec_driver_sql(f"revoke update, delete on {name} from {quoted}")
    for name in sorted(UNPOLICED):
        connection.exec_driver_sql(f"revoke insert, update, delete on {name} from {quoted}")


def role_faults(connection: Connection) -> list[str]:
    """Why the policies do not hold for the role that this connection signed in as; empty when they do."""
    row = connection.execute(
        text("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
    ).one()
    faults = [
        f"The database role {row.rolname} {why}, so row-level security does not hold it; see docs/operate.md."
        for applies, why in ((row.rolsuper, "is a superuser"), (row.rolbypassrls, "bypasses row-level security"))
        if applies
    ]
    owned = (
        "select count(*) from pg_class c where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace"
        " and pg_has_role(current_user, c.relowner, 'usage')"
    )
    if not row.rolsuper and connection.scalar(text(owned)):
        faults.append(f"The database role {row.rolname} owns the tables, and could lift row-level security from them.")
    return faults + _table_faults(connection)


def _table_faults(connection: Connection) -> list[str]:
    bare = (
        "select relname from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace"
        " and not (relrowsecurity and relforcerowsecurity) order by relname"
    )
    names = [name for name in connection.scalars(text(bare)) if name not in UNPOLICED]
    return [f"Row-level security is off for {', '.join(names)}; run `monitor db upgrade`."] if names else []
