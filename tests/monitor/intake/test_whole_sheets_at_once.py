"""Every whole sheet in one test: dear for one who looks for a single fault, and cheap for one who tries many."""

from __future__ import annotations

from monitor.intake.examine import examine
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.test_whole_sheets import HERE, OF_SAMPLES, SHEETS
from tests.monitor.intake.whole import examined_of, read, said_of
from tests.promises import held_by


def test_all_whole_sheets_are_told_as_they_are_written_down_and_every_promise_is_held() -> None:
    with held_by("monitor.intake"):
        for name, sheet in SHEETS.items():
            assert said_of(examined_of(sheet)) == sheet["said"], name
        for name, said in OF_SAMPLES.items():
            assert said_of(examine(read((HERE / "samples" / name).read_bytes()), desk(name))) == said, name
