"""Which addresses may be asked at all: https, named hosts, and nothing inside a network that nobody named."""

from __future__ import annotations

import secrets
from ipaddress import ip_address

import pytest

from monitor.config import Settings, SettingsError, load_settings
from monitor.outbox.mailer import NotNow
from monitor.production import refuse_unsafe
from monitor.webhooks import reaching
from monitor.webhooks.reaching import AddressError, checked, may_be_reached, place_of

NAMED = Settings(webhook_hosts="ehr.example, cad.county.example")


@pytest.mark.parametrize(
    "url",
    [
        "http://ehr.example/hooks", "https://elsewhere.example/", "https://ehr.example.evil.example/", "https://",
        "https://user:word@ehr.example/", "https://ehr.example/#x", "https://ehr.example/?a=b", "ftp://ehr.example/",
        "https://ehr.example@evil.example/", "https://ehr.example:0/", "https://ehr.example:99999/", "javascript:1",
        "https://ehr.example/\n", "https://ehr.example/ x", "https://ehr.example/" + "x" * 300, "//ehr.example/",
        "https://[::1", "https://ehr.example\\@evil.example/", "https://еhr.example/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plainly_a_named_hosts_is_refused(url):
    with pytest.raises(AddressError):
        checked(url, NAMED)


def test_a_named_host_may_be_asked_on_any_port():
    assert checked("https://EHR.example:8443/hooks/monitor", NAMED).port == 8443


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::7f00:1", "2002:7f00:1::", "64:ff9b::a00:1", "198.18.0.1", "192.0.2.1", "2001:db8::1",
        "192.0.0.192", "168.63.129.16", "::ffff:192.0.0.192", "fec0::1", "feff:ffff::1", "3fff::1", "192.88.99.1",
    ],
)  # fmt: skip
def test_no_address_inside_a_network_is_reached_however_it_is_written(place):
    assert not may_be_reached(ip_address(place), NAMED)


def test_public_addresses_are_reached_and_networks_that_the_operator_named():
    county = Settings(webhook_networks="10.20.0.0/16, fd00:20::/32")
    assert may_be_reached(ip_address("8.8.8.8"), NAMED) and may_be_reached(ip_address("2606:4700::1111"), NAMED)
    assert may_be_reached(ip_address("10.20.7.7"), county) and may_be_reached(ip_address("::ffff:10.20.7.7"), county)
    assert not may_be_reached(ip_address("10.21.0.1"), county)


def test_a_name_that_leads_to_a_public_and_an_inner_address_leads_nowhere(monkeypatch):
    """A name server that mixes them waits for us to take the inner one."""
    both = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_a, **_k: both)
    with pytest.raises(NotNow, match="not allowed"):
        place_of("ehr.example", 443, NAMED)


def test_the_connection_goes_to_the_very_address_that_was_checked(monkeypatch):
    """A name that answers "public" once and "inside" a moment later is asked once."""
    asked, reached = [], []

    def look_up(host, *_a, **_k):
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8" if len(asked) == 1 else "10.0.0.1", 443))]

    def connect(at, *_a, **_k):
        reached.append(at)
        raise ConnectionRefusedError

    monkeypatch.setattr(reaching.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(reaching.socket, "create_connection", connect)
    with pytest.raises(NotNow):
        reaching.post("https://ehr.example/", b"{}", {}, NAMED, reaching.trust_of(NAMED))
    assert (asked, reached) == (["ehr.example"], [("8.8.8.8", 443)])


def test_a_site_for_others_does_not_start_with_this_machine_as_a_network(tmp_path):
    for network in ("127.0.0.0/8", "0.0.0.0/0", "169.254.0.0/16", "::/0"):
        told = Settings(
            secret_key=secrets.token_urlsafe(32), base_url="https://monitor.example", trusted_proxies="10.0.0.1",
            webhook_networks=network,
        )  # fmt: skip
        with pytest.raises(SettingsError, match="MONITOR_WEBHOOK_NETWORKS"):
            refuse_unsafe(told, {})


def test_a_network_that_is_none_stops_the_program_with_one_sentence():
    with pytest.raises(SettingsError, match="MONITOR_WEBHOOK_NETWORKS"):
        load_settings({"MONITOR_WEBHOOK_NETWORKS": "ten dot something"})
