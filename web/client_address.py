"""Whose machine asks: the peer, or what a proxy that we trust says of it. Headers from anybody else are only words."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from litestar.datastructures import Headers
from litestar.types import Scope


def client_address(scope: Scope, trusted: Sequence[str]) -> str | None:
    """The asker's address; None where the server knows none, as on a Unix socket.

    ``trusted``: addresses or networks of our own proxies. Of ``X-Forwarded-For`` the last entry counts that none of
    them wrote about another of them; whatever stands before it anybody may have made up (ASVS 15.3.4).
    """
    peer = scope.get("client")
    address = _plain(peer[0]) if peer else None
    if address is None or not _of(address, trusted):
        return address
    told = Headers.from_scope(scope).get("x-forwarded-for", "")
    for hop in reversed([part.strip() for part in told.split(",") if part.strip()]):
        plain = _plain(hop)
        if plain is None:
            return address
        address = plain
        if not _of(address, trusted):
            return address
    return address


# the first one that a browser names itself by; all of them also claim to be some of the others
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(user_agent: str) -> str:
    """A coarse name for a list of sessions: "Firefox on Windows". Never what the browser wrote itself."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _of(address: str, networks: Sequence[str]) -> bool:
    one = ip_address(address)
    return any(one in ip_network(network, strict=False) for network in networks)


def _plain(text: str) -> str | None:
    try:
        return ip_address(text).compressed
    except ValueError:
        return None
