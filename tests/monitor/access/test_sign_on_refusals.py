"""What an agency's sign-on may answer that opens nothing here: late, too long, no JSON, another's name, no subject."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from monitor.access import sign_on
from monitor.access.door import Door
from monitor.config import Settings
from tests.web.accounts import BASE, SECRET
from tests.web.test_passkeys import whys
from tests.web.test_sign_on import TOLD, provider  # noqa: F401 (a fixture)

NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
chained = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is of one database


@pytest.fixture
def door(database, provider, tmp_path):  # noqa: F811
    """A site whose agency has its own sign-on, with a secret for it in a file."""
    (tmp_path / "secret").write_text("the site's own secret\n")
    file = tmp_path / "sign_on.toml"
    file.write_text(
        f'[agency]\nname = "Agency"\nissuer = "{provider}"\nclient_id = "monitor"\n'
        f'client_secret_file = "{tmp_path / "secret"}"\n'
        f'[other]\nname = "Other"\nissuer = "{provider}"\nclient_id = "monitor"\n'
        f'[tenant]\nname = "Tenant"\nissuer = "{provider}/tenant"\nclient_id = "monitor"\n'
    )
    return Door(database, Settings(secret_key=SECRET, base_url=BASE, sign_on_file=str(file)))


asked_before = sign_on._told


def places(door, agency):
    """What the browser is sent away with."""
    address, _ = sign_on.start(door, agency, "/", NOW)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def back(door, told=None, now=NOW, **changed):
    """Go away and come back with what the provider is told to say."""
    address, kept = sign_on.start(door, "agency", "/", NOW)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    dated = {"iat": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 900}  # by this test's clock, not the provider's
    said = {name: asked[of] for name, of in TOLD.items()} | (told or {})
    said["claims"] = dated | said.get("claims", {})
    code = urlsafe_b64encode(json.dumps(said).encode()).decode()
    came = sign_on.CameBack(changed.get("at", "agency"), asked["state"], code, changed.get("iss", ""))
    return sign_on.finish(door, changed.get("kept", kept), came, now, None)


@chained
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"says": "no JSON at all"}, "provider"),
        ({"says": '["a list"]'}, "provider"),
        ({"says": '{"id_token": "' + 200_001 * "x" + '"}'}, "provider"),
        ({"says": '{"id_token": 7}'}, "token"),
        ({"says": "{}"}, "token"),
        ({"status": 302}, "provider"),
        ({"status": 201}, "provider"),
        ({"claims": {"sub": 256 * "u"}}, "subject"),
        ({"claims": {"sub": 255 * "u"}}, "unknown"),
        ({"claims": {"aud": ["monitor"]}}, "unknown"),
        ({"claims": {"aud": ["another", "monitor"]}}, "audience"),
        *(({"claims": {name: None}}, "token") for name in ("iss", "aud", "exp", "iat", "sub", "nonce")),
        ({"secret": "another secret"}, "provider"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_an_answer_of_another_shape_opens_nothing_and_says_why_in_the_trail(door, database, told, why):
    assert back(door, told) is None
    assert whys(database) == [why]


@chained
def test_a_sign_on_begun_ten_minutes_ago_is_over_and_a_second_before_it_is_not(door, database):
    assert back(door, None, NOW + sign_on.LIVES - timedelta(seconds=1)) is None
    assert whys(database) == ["unknown"]
    assert back(door, None, NOW + sign_on.LIVES) is None
    assert sorted(whys(database)) == ["too_late", "unknown"]


@chained
@pytest.mark.parametrize("kept", ["", "00", "no hexadecimal", "00" * 40])
def test_a_cookie_that_we_did_not_seal_began_nothing(door, database, kept):
    assert back(door, kept=kept) is None
    assert whys(database) == ["not_started"]


@chained
def test_another_agency_s_sign_on_that_leads_on_to_an_honest_one_gets_no_code_of_it(door, database, monkeypatch):
    heard = []
    monkeypatch.setattr(sign_on, "_told", lambda address, form=None: heard.append(form) or asked_before(address, form))
    assert back(door, at="tenant") is None
    assert whys(database) == ["issuer"] and not any(heard), "the code stays here"
    addresses = {places(door, one)["redirect_uri"] for one in ("agency", "other")}
    assert addresses == {f"{BASE}/sign-in/agency/return/{one}" for one in ("agency", "other")}


@chained
def test_the_token_lives_as_long_as_it_says_and_half_a_minute_more(door, database):
    ends = {"claims": {"exp": int(NOW.timestamp()) + 60}}
    assert back(door, ends, NOW + timedelta(seconds=89)) is None
    assert whys(database) == ["unknown"]
    assert back(door, ends, NOW + timedelta(seconds=91)) is None
    assert sorted(whys(database)) == ["token", "unknown"]


@chained
def test_an_agency_that_the_site_does_not_know_and_one_under_anothers_name_are_not_gone_to(door):
    with pytest.raises(sign_on.SignOnError, match="no_provider"):
        sign_on.start(door, "no such agency", "/", NOW)
    with pytest.raises(sign_on.SignOnError, match="issuer"):
        sign_on.start(door, "tenant", "/", NOW)


@chained
def test_without_a_file_there_is_no_agency_to_go_to(door):
    nobody = msgspec.structs.replace(door, settings=Settings(secret_key=SECRET, base_url=BASE))
    with pytest.raises(sign_on.SignOnError, match="no_provider"):
        sign_on.start(nobody, "agency", "/", NOW)


@chained
def test_a_browser_is_sent_away_with_one_question_and_its_proof(door):
    asked = places(door, "agency")
    assert set(asked) >= {"client_id", "redirect_uri", "state", "nonce", "code_challenge"}
    said = asked["response_type"], asked["scope"], asked["code_challenge_method"]
    assert said == ("code", "openid", "S256")
