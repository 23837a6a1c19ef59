"""After a copy is put back nothing goes to an agency's software before a person looked, and then under its old id."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.config import Settings
from monitor.copies.restoring import Target, restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.models import Outbox, WebhookEndpoint, random_id
from monitor.outbox.looking import decide_restored
from monitor.webhooks.announcing import announce
from monitor.webhooks.secret import keep_secret
from monitor.webhooks.sending import send_words
from monitor.webhooks.signing import new_secret
from tests.builders import at, build_town
from tests.monitor.webhooks.receiver import receiving
from tests.web.accounts import SECRET

NOW = at(date(2026, 3, 4), 9)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_that_is_put_back_sends_nothing_by_itself(database, tmp_path):
    with receiving(tmp_path) as receiver:
        settings = Settings(secret_key=SECRET, webhook_hosts="127.0.0.1", webhook_networks="127.0.0.0/8",
                            webhook_ca_file=str(receiver.authority))  # fmt: skip
        with database.system("test: a word that waits") as session, session.begin():
            town = build_town(session)
            made = WebhookEndpoint(
                id=random_id(), agency_id=town.program_agency, url=receiver.url, kinds=["sheet.saved"], made_at=NOW
            )
            keep_secret(made, secret := new_secret(), SECRET)
            session.add(made)
            session.flush()
            announce(session, [town.program_agency], "sheet.saved", "sheet:1", NOW)
        write_copy(database, tmp_path / "copy", SECRET, NOW)
        assert send(database, settings, NOW) == 1  # it went out after the copy was made
        target = Target(f"sqlite:///{tmp_path / 'back.db'}")
        restore(target, tmp_path / "copy", SECRET, NOW)
        back = Database(target.url)
        later = NOW + timedelta(days=1)
        assert send(back, settings, later) == 0
        with back.system("test: the endpoint is resumed, the word not") as session, session.begin():
            [one] = session.scalars(select(WebhookEndpoint)).all()
            one.paused_at = one.paused_why = None
        assert send(back, settings, later) == 0
        with back.system("test: the cause comes again") as session, session.begin():
            assert announce(session, [town.program_agency], "sheet.saved", "sheet:1", later) == 0
            assert session.scalars(select(Outbox.state)).all() == ["SUSPECT"]
        with back.system("test: an administrator sends it") as session, session.begin():
            decide_restored(session, True, later)
        assert send(back, settings, later) == 1
        back.close()
        first, again = receiver.words
        assert first.id == again.id and again.is_signed_with(secret), "whoever has it drops the repeat"


def send(database, settings, now):
    @contextmanager
    def opened():
        with database.system("test: sending") as session, session.begin():
            yield session

    return send_words(opened, settings, lambda: now).sent
