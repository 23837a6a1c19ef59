"""What a check says of any of the fresh sheets, brought in one after another, is exactly what saving them does."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.db import Database
from monitor.intake.answers import Choice
from monitor.intake.check import Check
from monitor.intake.record.saving import save
from monitor.intake.uploads import Sheet, answer, answers_of, check_of, receive
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import County
from tests.monitor.intake.test_any_order import copied, on_record, template
from tests.monitor.intake.test_fresh_sheets import FRESH, content_of, reading_of

__all__ = ["template"]
TELLING = sorted(name for name, sheet in FRESH.items() if sheet["expected"]["layout"] in ("L", "W", "S", "T"))


def brought_and_saved(database: Database, county: County, name: str, use: bool) -> Check:
    """A sheet comes in, every change is settled one way, and is saved; the check that was shown last."""
    sheet = Sheet(FRESH[name].get("file", "a.csv"), f"{name} {use}", reading_of(content_of(FRESH[name])))
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, sheet, county.by())
        changes = {key: Choice(use=use, reason="letter came") for key in changes_in(check_of(upload))}
        if changes:
            answer(session, upload, msgspec.structs.replace(answers_of(upload), changes=changes), TODAY)
        told = check_of(upload)
        done = save(session, upload, county.by())
        session.commit()
    assert not (done.check_again or done.reasons_missing or done.reasons_unsafe)
    assert done.count == told.new + (told.changed if use else 0), name
    return told


def changes_in(check: Check) -> list[str]:
    return [f"{code}/{day}/1" for code, day, says in check.records if "->" in says]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(st.sampled_from(TELLING), min_size=2, max_size=6), use=st.booleans())
def test_the_counts_of_a_check_are_what_saving_does(
    template: tuple[Path, County], names: list[str], use: bool  # noqa: F811 - the fixture
) -> None:
    saved_as_told(template, names, use)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(st.sampled_from(TELLING), min_size=2, max_size=8), use=st.booleans())
def test_the_same_of_many(
    template: tuple[Path, County], names: list[str], use: bool  # noqa: F811 - the fixture
) -> None:
    saved_as_told(template, names, use)


def saved_as_told(county_file: tuple[Path, County], names: list[str], use: bool) -> None:
    with copied(county_file) as (database, county):
        for name in names:
            before = on_record(database, county)
            told = brought_and_saved(database, county, name, use)
            after = on_record(database, county)
            added = sorted((str(key[1]), says) for key, says in after.items() if key not in before)
            turned = sorted((str(key[1]), f"{says}->{after[key]}") for key, says in before.items()
                            if after[key] != says)  # fmt: skip
            assert added == sorted(one[1:] for one in told.records if "->" not in one[2]), name
            assert turned == (sorted(one[1:] for one in told.records if "->" in one[2]) if use else []), name
            again = brought_and_saved(database, county, name, use)
            assert (again.new, again.changed) == (0, 0 if use else told.changed), name
            assert on_record(database, county) == after
