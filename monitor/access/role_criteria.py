"""What a scope adds to a statement: conditions on each entity, put on a SELECT when it is compiled and not at each run.

SQLAlchemy keeps compiled statements by their shape. One option a role, of three words in that shape, brings the
conditions of all that the role reaches; the tables of a statement are looked for once. Who asks comes in with each run,
as parameters that have no value of their own: a run without them is refused.

`CriteriaOption` is meant for SQLAlchemy's own options, which do the work here. Should ours be passed over one day,
`check_compiled` refuses every statement: each run is held against what its compiled form was made under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Column, CompoundSelect, Label, Select, SelectBase, Table, TextClause, bindparam
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlalchemy.sql.visitors import InternalTraversal, iterate

from monitor.access.matrix import class_of
from monitor.access.reach import READS, Entity, entity_of, predicate, reach_of, writable
from monitor.access.scope import Reach, Scope, ScopeError
from monitor.models.base import BigId

NAMED = (Column, Label)  # what a row has under the same name whoever reads it; a function without a label has two
LEAVES = (ColumnClause, BindParameter)  # most of a statement, and nothing to find in them
MADE: Final = "monitor_scope"  # in what a compiled statement keeps for itself: the option that it was made under
LOOKED: Final = "monitor_looked"  # and that its tables are all in reach
FEW: Final = "monitor_few"  # in what a statement keeps while it is compiled: that it said so, with `FewRows`
WIDE: Final = frozenset({"agency_id", "county_id", "court_id", "judge_id", "program_id"})  # many cases have the same
USER: Final = bindparam("scope_user", type_=BigId, required=True)
AGENCY: Final = bindparam("scope_agency", type_=BigId, required=True)
WALLED: Final = bindparam("scope_walled", type_=BigId, required=True, expanding=True)
PLACES: Final = bindparam("scope_places", type_=BigId, required=True, expanding=True)
FOUND: Final = bindparam("scope_found", type_=BigId, required=True, expanding=True)


_NARROWED: WeakKeyDictionary[Any, dict[RoleCriteria, Any]] = WeakKeyDictionary()


class RoleCriteria(CriteriaOption):
    """All that one role's scope asks of a SELECT. ``walled``: some cases do not exist for whoever asks.

    ``shows``: the classes of data that the route may show; None: all that the role reaches. Where a statement names its
    rows, shared cases are looked for row by row.
    """

    __slots__ = ("role", "shape", "shows", "walled")
    _cache_key_traversal = [("shape", InternalTraversal.dp_string)]

    def __init__(self, role: str, shows: frozenset[str] | None, walled: bool) -> None:
        self.role, self.shows, self.walled = role, shows, walled
        # in words, since SQLAlchemy leaves what is empty out of a statement's shape: "nothing" would be taken for "all"
        self.shape = f"{role} {'everything' if shows is None else sorted(shows)} {walled}"

    def process_compile_state(self, compile_state: Any) -> None:
        """Called by SQLAlchemy, once for each shape of statement."""
        statement = getattr(compile_state, "select_statement", None)
        statement = compile_state.statement if statement is None else statement
        by_row = FEW in compile_state.global_attributes or names_rows(statement)
        for option in _of_all(self.role, self.walled, by_row):
            option.process_compile_state(compile_state)
        compile_state.global_attributes[MADE] = self


class FewRows(CriteriaOption):
    """Said by a statement about a whole office whose rows are few for another reason: they are new, open or ahead.

    Each is then held against the shared cases by itself, as where a statement names its rows. The same rows come.
    """

    __slots__ = ()
    _cache_key_traversal: list[Any] = []

    def process_compile_state(self, compile_state: Any) -> None:
        """Called by SQLAlchemy, before the option of the role, which comes later."""
        compile_state.global_attributes[FEW] = True


class EntityCriteria(LoaderCriteriaOption):
    """A condition on each appearance of an entity, under whichever name it appears.

    SQLAlchemy leaves the condition of an alias that is joined on the columns of the table itself: the alias would then
    stand open wherever that table is in the same statement.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals  # the same words in the shape of a statement

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        found = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(found) if ext_info.is_aliased_class else found


def names_rows(statement: Any) -> bool:
    """Whether a statement names what it is about: a case, a person, a row or somebody's work, at any depth.

    Its rows are then few, and each is held against the shared cases by itself. The rows of a whole office are many, and
    its cases are better worked out at once. Either way the same rows come.
    """
    return any(
        isinstance(part, BinaryExpression)
        and isinstance(part.right, BindParameter)
        and isinstance(part.left, Column)
        and (part.left.name == "id" or (part.left.name.endswith("_id") and part.left.name not in WIDE))
        for part in iterate(statement)
    )


@lru_cache(maxsize=1024)
def of_role(role: str, shows: frozenset[str] | None, walled: bool) -> RoleCriteria:
    """The one option of a role, for routes that show these classes."""
    return RoleCriteria(role, shows, walled)


def narrowed(statement: Any, option: RoleCriteria) -> Any:
    """``statement`` under ``option``. One that is built once and kept is narrowed once: its shape is not read anew."""
    kept = _NARROWED.setdefault(statement, {})
    if option not in kept:
        kept[option] = statement.options(option)
    return kept[option]


def of_columns(statement: Any) -> bool:
    """Whether a statement of mapped classes is a SELECT whose rows are values, of which no object is made."""
    if isinstance(statement, CompoundSelect):
        return of_columns(statement.selects[0])  # the others give no more than rows to its columns
    if not isinstance(statement, Select) or statement._propagate_attrs.get("compile_state_plugin") != "orm":
        return False
    return all(isinstance(column, NAMED) for column in statement._raw_columns)


def check_compiled(wanted: RoleCriteria, compiled: Any) -> None:
    """Before a statement runs: it was compiled under ``wanted``, and touches nothing beyond. Raises `ScopeError`."""
    kept = compiled._global_attributes
    made = kept.get(MADE)
    if made is not wanted and (
        made is None or (made.role, made.shows, made.walled) != (wanted.role, wanted.shows, wanted.walled)
    ):
        raise ScopeError("a statement that was compiled without its scope")
    if LOOKED not in kept:
        for table in tables_of(compiled.statement):
            _reached(wanted.role, table, True, wanted.shows)
        refuse_bare(compiled.statement)
        kept[LOOKED] = True


def tables_of(statement: Any) -> frozenset[str]:
    """Names of all tables at any depth; a column or value has none below it that the select above does not name."""
    found, left = set[str](), [statement]
    while left:
        for element in left.pop().get_children():
            if isinstance(element, Table):
                found.add(element.name)
            elif not isinstance(element, LEAVES):
                left.append(element)
    return frozenset(found)


def refuse_bare(statement: Any) -> None:
    """Conditions go on entities alone: in no select may a table that is none of its entities, or text. `ScopeError`."""
    selects = [statement]
    while selects:
        below = list(_of_select(selects.pop(), selects))
        known = {part._annotations["parententity"] for part in below if "parententity" in part._annotations}
        held = {entity.local_table if entity.is_mapper else entity.selectable for entity in known}
        if any(_is_text(part) or _bare(part) - held for part in below):
            raise ScopeError("only mapped classes may be queried in a scoped session, at any depth")


def _of_select(select: Any, beyond: list[Any]) -> Iterator[Any]:
    """All that stands in a select itself; selects within it go to ``beyond``."""
    left = [*select.get_children()]
    left += (join[0] for join in getattr(select, "_setup_joins", ()))
    while left:
        element = left.pop()
        if isinstance(element, SelectBase):
            beyond.append(element)
        else:
            yield element
            left += () if _is_alias(element) else element.get_children()


def _is_text(element: Any) -> bool:
    literal = isinstance(element, ColumnClause) and element.is_literal
    return isinstance(element, TextClause) or (literal and element.name != "*" and not element.name.isdecimal())


def _is_alias(part: Any) -> bool:
    return isinstance(part, AliasedReturnsRows) and isinstance(part.element, Table)


def _bare(part: Any) -> set[Any]:
    """The table, or the alias of one, that this is or is a column of; nothing where it is an entity's."""
    if "parententity" in part._annotations:
        return set()
    part = part.table if isinstance(part, Column) else part
    return {part} if isinstance(part, Table) or _is_alias(part) else set()


@lru_cache(maxsize=4096)
def criteria(
    scope: Scope, tables: frozenset[str], shows: frozenset[str] | None, walled: tuple[int, ...],
    places: tuple[int, ...] = (),
) -> tuple[Any, ...]:  # fmt: skip
    """The options that narrow a change to the agency's own rows, of those that the role reads. Raises `ScopeError`."""
    entities = [_reached(scope.role, table, False, shows) for table in sorted(tables)]
    out: dict[str, Any] = {"walled": walled, "places": places}
    reached = ((entity, predicate(entity, READS[scope.role][entity], scope, **out)) for entity in entities)
    owned = ((entity, predicate(entity, Reach.OWN, scope, **out)) for entity in entities)
    return _options([*reached, *owned])


@lru_cache(maxsize=64)
def _of_all(role: str, walled: bool, by_row: bool) -> tuple[Any, ...]:
    """Options for every entity that the role reads; parameters stand for who asks."""
    who = Scope(USER, role, AGENCY)  # type: ignore[arg-type]
    beyond, places = (WALLED, PLACES) if walled else ((), ())
    read = READS.get(role, {}).items()
    return _options((entity, predicate(entity, reach, who, beyond, FOUND, by_row, places)) for entity, reach in read)


def _options(conditions: Iterable[tuple[Entity, Any]]) -> tuple[Any, ...]:
    return tuple(
        EntityCriteria(entity, where, include_aliases=True) for entity, where in conditions if where is not None
    )


def _reached(role: str, table: str, reading: bool, shows: frozenset[str] | None) -> Entity:
    entity = entity_of(table)
    reach = reach_of(role, entity) if entity else None
    if entity is None or reach is None or not (reading or writable(role, entity)):
        raise ScopeError(f"a {role} does not reach {table}")
    if shows is not None and (seen := class_of(table, reach)) is not None and seen not in shows:
        raise ScopeError(f"this route does not show {seen}, so it does not read {table}")
    return entity
