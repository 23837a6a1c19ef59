"""A result's page is of a named case: a reader who is not assigned is asked why, and the trail names it."""

from __future__ import annotations

import pytest

from tests.web.test_results import Court, clerk, court, lite

__all__ = ["clerk", "court"]


@lite
@pytest.mark.parametrize(("asks", "status"), [(True, 200), (False, 404)])
def test_a_results_page_that_forgot_to_ask_why_is_shown_to_nobody(
    court: Court, clerk, monkeypatch: pytest.MonkeyPatch, asks, status
):
    if not asks:
        monkeypatch.setattr("web.results.of_case", lambda *_told: None)
    assert clerk.get(court.path).status_code == status
