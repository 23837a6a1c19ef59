"""What the form of an order gives back as it was typed, and what a later print of a signed order bears."""

from __future__ import annotations

import re

import msgspec
import pytest
from litestar import Litestar

from monitor.local_law import LocalLaw
from tests.web.conftest import Browser
from tests.web.order_desk import Desk, words_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_later_print_of_a_signed_order_bears_the_warnings_that_were_signed_whatever_was_confirmed_since(
    desk: Desk, clerk: Browser, app: Litestar
) -> None:
    confirmed = app.state.site.law
    clerk.post(desk.path, data=desk.form())
    app.state.site = msgspec.structs.replace(app.state.site, law=LocalLaw())
    clerk.post(desk.path, data=desk.form(number="PO-778", party=str(desk.made().protected_party_id), given="",
                                         family="") | {"review_on": str(desk.review)})  # fmt: skip
    with_them, without = (f"/orders/{desk.made(number).id}/paper" for number in ("PO-777", "PO-778"))
    for law in (LocalLaw(), confirmed):
        app.state.site = msgspec.structs.replace(app.state.site, law=law)
        assert "2265" in words_of(clerk.get(with_them).content)
        assert "2265" not in words_of(clerk.get(without).content)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_day_or_hour_that_cannot_be_read_comes_back_as_it_was_typed(desk: Desk, clerk: Browser) -> None:
    wrong = {"issued_on": "the 3rd", "ends_on": "in 3 years", "review_on": "in a fortnight", "review_at": "half one"}
    for path in (f"{desk.path}/check", f"{desk.path}/paper", desk.path):
        answer = clerk.post(path, data=desk.form(**wrong))
        assert answer.status_code == 422
        for name, typed in wrong.items():
            [field] = re.findall(f'<input[^>]* name="{name}"[^>]*>', answer.text)
            assert f'value="{typed}"' in field and 'type="text"' in field, "a date field would show nothing"
    mended = wrong | {"issued_on": desk.form()["issued_on"]}
    again = clerk.post(f"{desk.path}/check", data=desk.form(**mended)).text
    assert re.search(r'name="issued_on" type="date" value="\d{4}-', again)
