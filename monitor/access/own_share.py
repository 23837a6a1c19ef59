"""A row's case held against the one that comes out of a look for it, in the form that each database does best.

Both say the same: what comes out is that case or nothing. SQLite works out ``in`` before conditions that cost nothing,
for rows that then fall out, and ``=`` after them; PostgreSQL reckons with too few rows where it reads ``=``, and makes
the look anew for every row: 720 of them for the classes of 25 people. There a row of a case that `monitor_ask` found
to be shared, assigned to the reader and behind no wall, in this very transaction, needs none.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression

from monitor.access.row_policies import NEAR


class OwnShare(BinaryExpression[bool]):
    """``case`` is what ``own`` looks up, of which at most one row comes."""

    inherit_cache = True


def is_own(case: Any, own: Select[Any]) -> OwnShare:
    """That ``case`` comes out of ``own``, which names it."""
    return OwnShare(case, own.scalar_subquery(), operators.eq)


@compiles(OwnShare)
def _equal(element: OwnShare, compiler: Any, **more: Any) -> str:
    return str(compiler.visit_binary(element, **more))


@compiles(OwnShare, "postgresql")
def _among(element: OwnShare, compiler: Any, **more: Any) -> str:
    case = compiler.process(element.left, **more)
    return f"({case} = any ({NEAR}::bigint[]) or {case} IN {compiler.process(element.right, **more)})"
