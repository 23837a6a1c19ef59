"""All that is said of a sheet, word for word: of the 28 samples, and of sheets that hold many troubles at once.

What stands in the two files was read line by line when it was written down: a line that changes is looked at again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.intake.examine import examine
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.whole import examined_of, read, said_of

HERE = Path(__file__).parent
OF_SAMPLES: dict[str, list[str]] = yaml.safe_load((HERE / "samples" / "whole.yaml").read_text("utf-8"))
SHEETS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "whole_sheets.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(OF_SAMPLES))
def test_all_that_is_said_of_a_sample(name: str) -> None:
    content = (HERE / "samples" / name).read_bytes()
    assert said_of(examine(read(content), desk(name))) == OF_SAMPLES[name]


@pytest.mark.parametrize("name", SHEETS)
def test_all_that_is_said_of_a_sheet_with_many_troubles(name: str) -> None:
    assert said_of(examined_of(SHEETS[name])) == SHEETS[name]["said"]
