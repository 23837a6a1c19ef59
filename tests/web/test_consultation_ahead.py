"""A case is brought to the team's list at most sixty days ahead of the meeting: nothing lies there beyond ninety."""

from __future__ import annotations

import msgspec

from tests.office import take_over
from tests.web.consulting import DAY, TODAY, folder, keys, lite, members, office, post, rows, settings, team
from tests.web.test_callbacks import american, number_of

__all__ = ["folder", "keys", "members", "office", "settings"]


@lite
def test_no_case_lies_on_a_list_for_longer_than_a_consent_may_hold(app, database, office, members, keys):
    number, site = number_of(database, office), app.state.site
    take_over(database, members["officer"])
    consent = {"attested": "yes", "until": american(TODAY + 90 * DAY)}
    app.state.site = msgspec.structs.replace(site, team=team(first=TODAY + 61 * DAY))
    for role, more in (("officer", {}), ("law_enforcement", {}), ("advocate", consent)):
        for one in (number, "26-DV-NONE"):
            answer = post(members[role], what="bring", number=one, **more)
            assert answer.status_code == 422 and "too far ahead" in answer.text, (role, one)
    assert rows(database) == []
    app.state.site = msgspec.structs.replace(site, team=team(first=TODAY + 60 * DAY))
    assert post(members["officer"], what="bring", number=number).status_code == 303
    assert post(members["advocate"], what="bring", number=number, **consent).status_code == 303
    assert rows(database)[0].purge_on == TODAY + 90 * DAY
