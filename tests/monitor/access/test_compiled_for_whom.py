"""A statement that was compiled for somebody else is not run, whatever part of the scope it was that differed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from monitor.access.role_criteria import LOOKED, MADE, RoleCriteria, check_compiled
from monitor.access.scope import ScopeError
from monitor.models import Case

SHOWN = frozenset({"identity"})
OURS = RoleCriteria("officer", SHOWN, True)


def compiled(made: RoleCriteria | None, **kept: bool) -> Any:
    """What SQLAlchemy keeps of a statement; its tables were looked at already."""
    return SimpleNamespace(_global_attributes={MADE: made, LOOKED: True, **kept}, statement=select(Case.id))


@pytest.mark.parametrize("made", [
    None, RoleCriteria("program", SHOWN, True), RoleCriteria("officer", None, True),
    RoleCriteria("officer", frozenset(), True), RoleCriteria("officer", SHOWN, False),
], ids=["nobody", "another role", "every class of data", "no class of data", "without the walls"])  # fmt: skip
def test_what_was_compiled_under_another_scope_is_refused(made: RoleCriteria | None) -> None:
    with pytest.raises(ScopeError, match="compiled without its scope"):
        check_compiled(OURS, compiled(made))


@pytest.mark.parametrize("made", [OURS, RoleCriteria("officer", SHOWN, True)], ids=["the very one", "its like"])
def test_what_was_compiled_under_the_same_scope_runs(made: RoleCriteria) -> None:
    check_compiled(OURS, compiled(made))
