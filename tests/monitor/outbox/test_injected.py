"""No word of the record becomes a header or another reader of a letter (mail-header injection): a real mail server."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from monitor.models import User
from monitor.users import AccountError, _address
from tests.monitor.outbox.test_sending import post, reader, send, settings, states, write

__all__ = ["post", "reader", "settings"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVIL = "evil@elsewhere.example"


@pytest.mark.parametrize("address", [
    f"a@b.example\r\nBcc: {EVIL}", f"a@b.example\nBcc: {EVIL}", f"a@b.example,{EVIL}", f"a@b.example {EVIL}",
    f"<{EVIL}>", f"a@b.example\x0b{EVIL}", "a@b.example\u2028Bcc", f"{EVIL}%0aBcc:a@b.example", "a@b.example\x00",
])  # fmt: skip
def test_no_account_gets_an_address_that_says_more_than_an_address(database, address):
    with pytest.raises(AccountError):
        _address(address)


@pytest.mark.parametrize("field", ["subject", "address"])
def test_a_line_break_that_got_in_all_the_same_ends_in_no_letter_and_stops_no_other(
    database, reader, post, settings, field
):
    """Whatever put it there: nobody else is written to, and the next letter leaves."""
    write(database, reader, "good:1")
    if field == "subject":
        write(database, reader, "bad:1", subject=f"1 item\r\nBcc: {EVIL}")
    else:
        with database.system("test: another account, spoilt") as session, session.begin():
            other = session.get_one(User, reader)
            spoilt = User(**{c.key: getattr(other, c.key) for c in sa.inspect(User).column_attrs if c.key != "id"})
            spoilt.email = f"x@agency.example\r\nBcc: {EVIL}"
            session.add(spoilt)
            session.flush()
            number = spoilt.id
        write(database, number, "bad:1")
    send(database, settings)
    assert [letter["To"] for letter in post.letters] == ["reyes@agency.example"]
    assert not any(EVIL in letter.as_string() or letter["Bcc"] for letter in post.letters)
    assert states(database)["good:1"] == "SENT" and states(database)["bad:1"] != "SENT"
