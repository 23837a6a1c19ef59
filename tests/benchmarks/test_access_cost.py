"""The benchmark of what scope costs has a side without it: there nothing of the scope is in any statement."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from monitor.db import Database
from monitor.models import Contact
from tests.benchmarks.access_cost import _off
from tests.monitor.access.two_offices import opened, two_offices


@pytest.mark.parametrize("what", [Contact, Contact.id], ids=["rows", "columns"])
def test_the_side_without_scope_has_none(database: Database, what: object) -> None:
    offices, sent = two_offices(database), list[str]()

    def heard(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", heard)
    with _off(), opened(database, offices) as session:
        session.execute(select(what).where(Contact.case_id == offices.theirs.case)).all()  # type: ignore[call-overload]
    assert any("FROM contact" in one for one in sent) and not any("case_agency" in one for one in sent)
