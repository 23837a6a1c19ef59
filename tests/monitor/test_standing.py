"""The verdict on one order, each state at its own instant: the one before, the very one, and the one after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.verify.standing import LIVE, Line, Verdict, Version, guards, protects, standing

AT = datetime(2026, 3, 8, 10, tzinfo=UTC)
TICK, DAY, YEAR = timedelta(microseconds=1), timedelta(days=1), timedelta(days=365)
NO_CONTACT, GUNS = Line("05"), Line("07")


def version(change="NEW", start=AT, end=None, expires=AT + YEAR, number=1, lines=(NO_CONTACT,)):
    return Version(number, change, start, end, expires, lines)


def said(versions, now, served=()):
    return standing(versions, served, now).verdict


BEGINS = [version()]
SERVED_AT = AT + DAY
MODIFIED = [version(end=AT + 2 * DAY), version("MODIFIED", AT + 2 * DAY, number=2, lines=(NO_CONTACT, GUNS))]
PLANNED = [version(end=AT + 2 * DAY), version("TERMINATED", AT + 2 * DAY, expires=None, number=2)]
SUSPENDED = [version(end=AT + 2 * DAY), version("SUSPENDED", AT + 2 * DAY, number=2)]
RESUMES = [version(end=AT + DAY), version("TERMINATED", AT + DAY, AT + 3 * DAY, None, 2),
           version("REISSUED", AT + 3 * DAY, number=3)]  # fmt: skip


@pytest.mark.parametrize(("versions", "served", "turn", "before", "after"), [
    (BEGINS, (), AT, Verdict.PENDING, Verdict.NOT_SERVED),
    (BEGINS, (SERVED_AT,), SERVED_AT, Verdict.NOT_SERVED, Verdict.ACTIVE),
    (BEGINS, (SERVED_AT,), AT + YEAR, Verdict.ACTIVE, Verdict.EXPIRED),
    (BEGINS, (), AT + YEAR, Verdict.NOT_SERVED, Verdict.EXPIRED),
    (PLANNED, (SERVED_AT,), AT + 2 * DAY, Verdict.ACTIVE, Verdict.TERMINATED),
    ([version(end=AT + 2 * DAY)], (SERVED_AT,), AT + 2 * DAY, Verdict.ACTIVE, Verdict.EXPIRED),
    (SUSPENDED, (SERVED_AT,), AT + 2 * DAY, Verdict.ACTIVE, Verdict.CANNOT_CONFIRM),
    (RESUMES, (SERVED_AT,), AT + 3 * DAY, Verdict.PENDING, Verdict.ACTIVE),
], ids=["begins", "served", "expires", "expires unserved", "ended", "bare end", "suspended", "anew"])  # fmt: skip
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kolkata"])
def test_a_verdict_turns_at_its_own_instant_and_not_one_later_whatever_the_askers_clock(
    versions, served, turn, before, after, zone
):
    """The night of 8 March is the one in which clocks of Los Angeles are put forward: an instant is an instant."""
    here = ZoneInfo(zone)
    assert said(versions, (turn - TICK).astimezone(here), served) is before
    assert said(versions, turn.astimezone(here), served) is after
    assert said(versions, (turn + TICK).astimezone(here), served) is after


def test_at_the_instant_of_a_change_the_new_text_is_told_and_only_it():
    for now, number in ((AT + 2 * DAY - TICK, 1), (AT + 2 * DAY, 2)):
        stands = standing(MODIFIED, (SERVED_AT,), now)
        assert (stands.verdict, stands.version.id, stands.served_at) == (Verdict.ACTIVE, number, SERVED_AT)


def test_a_service_that_is_still_ahead_serves_nobody_and_the_last_one_before_now_is_told():
    assert standing(BEGINS, (AT + 3 * DAY,), AT + 2 * DAY).served_at is None
    assert standing(BEGINS, (AT + 3 * DAY, SERVED_AT), AT + 2 * DAY).served_at == SERVED_AT


@pytest.mark.parametrize("change", ["TERMINATED", "VACATED", "EXPIRED"])
def test_of_what_is_over_neither_text_nor_service_is_handed_on(change):
    stands = standing([version(end=AT + DAY), version(change, AT + DAY, number=2)], (AT,), AT + 2 * DAY)
    assert stands.verdict not in LIVE and stands.version is None and stands.served_at is None


@pytest.mark.parametrize("change", ["TERMINATED", "VACATED", "EXPIRED"])
def test_an_end_that_is_only_ahead_is_no_order_to_come(change):
    expired = version(end=AT + 9 * DAY, expires=AT + DAY)
    ahead = version(change, AT + 9 * DAY, number=2)
    assert said([expired, ahead], AT + 2 * DAY) is Verdict.EXPIRED


def test_an_order_of_which_nothing_is_known_is_no_match_and_one_in_force_never_is():
    assert said([], AT) is Verdict.NO_MATCH
    for versions in (BEGINS, MODIFIED, PLANNED, SUSPENDED, RESUMES):
        for hours in range(-24, 24 * 5, 3):
            assert said(versions, AT + timedelta(hours=hours)) is not Verdict.NO_MATCH


def test_an_order_without_an_end_does_not_expire():
    assert said([version(expires=None)], AT + 40 * YEAR, (AT,)) is Verdict.ACTIVE


def test_an_order_about_firearms_alone_is_one_and_leads_before_none_that_guards_somebody():
    assert protects(version(lines=(GUNS,))) and not guards(version(lines=(GUNS,)))
    assert guards(version(lines=(GUNS, NO_CONTACT))) and not protects(version(lines=(Line("PROGRAM"),)))
    assert not guards(None)
