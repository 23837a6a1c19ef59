"""A case with more in it than any side holds takes no other case's paper with it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from monitor.db import Database
from monitor.documents.bench import bench_pdf
from tests.monitor.court_town import build_court_town
from tests.monitor.test_hard_docket import NOW, burdened, contested, squeezed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_that_no_side_can_hold_goes_on_overleaf_and_every_other_case_of_the_day_is_printed(
    database: Database,
) -> None:
    """It failed whole: one case of forty allegations took the paper of the day's every case with it."""
    town = build_court_town(database, NOW, cases=False)
    hearings = [burdened(town, "25-DV-000001", alleged=40), contested(town, "25-DV-000002")]
    pages = [town.page(hearing) for hearing in hearings]
    sides = [squeezed(side.extract_text()) for side in PdfReader(io.BytesIO(bench_pdf(pages, NOW))).pages]
    assert len(sides) == 3
    assert "CONTINUEDOVERLEAF" in sides[0] and "lastside" in sides[1] and "1of1" in sides[2]
    assert all(squeezed(line) in sides[0] + sides[1] for line in pages[0].alleged_lines)
