"""The one narrow door through which this software asks an address that somebody typed (bar E-13).

https only, hosts that the site's operator named, no redirect followed, no proxy, the certificate checked. The name is
looked up once, and the connection goes to the very address that was checked: a name that answers differently a moment
later leads nowhere else. Addresses inside a network are refused unless the operator named that network. Only the
scheduler comes through here, never a page. The answer's text is not read.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from monitor.config import Settings
from monitor.outbox.mailer import Never, NotNow

SECONDS: Final = 10.0  # in which the whole of it has to be over, however slowly the other side speaks
LONGEST: Final = 300
GONE: Final = 410
# addresses that stand for others: whoever lets one through has let any through
WRAPPED: Final = tuple(ip_network(one) for one in ("2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
# inside, although Python 3.11 takes them for public: what clouds answer their own machines on, site-local networks of
# old, and what is set apart for examples and relays
INSIDE: Final = tuple(
    ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20", "5f00::/16")
)  # fmt: skip
Address = IPv4Address | IPv6Address


class AddressError(ValueError):
    """Not an address that may be asked. The text is one sentence for the administrator."""


class Gone(Never):
    """The receiver says that it is not there any more."""


def checked(url: str, settings: Settings) -> SplitResult:
    """The parts of an address that may be asked at all. Raises `AddressError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressError("This is no address: https://host/path.") from None
    if parts.scheme != "https" or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressError("The address begins with https:// and holds plain letters.")
    if parts.username or parts.password or parts.fragment or parts.query or port == 0 or len(url) > LONGEST:
        raise AddressError(f"No name, password, ? or # in the address, and at most {LONGEST} letters.")
    if host not in settings.webhook_host_names():
        raise AddressError("The operator of this site has not named this host (MONITOR_WEBHOOK_HOSTS).")
    return parts


def trust_of(settings: Settings) -> ssl.SSLContext:
    """Whose certificates count: the machine's own list, and the site's own authority where it names one."""
    trust = ssl.create_default_context()
    if settings.webhook_ca_file:
        trust.load_verify_locations(settings.webhook_ca_file)
    return trust


def post(url: str, body: bytes, headers: Mapping[str, str], settings: Settings, trust: ssl.SSLContext) -> None:
    """Hand ``body`` over. Raises `NotNow`, or `Gone` where it need not be tried again; both say the kind of fault."""
    try:
        parts = checked(url, settings)
    except AddressError:
        raise NotNow("host not named") from None
    at = place_of(parts.hostname or "", parts.port or 443, settings)
    try:
        status = _asked(parts, at, body, headers, trust)
    except ssl.SSLCertVerificationError:
        raise NotNow("certificate") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotNow(type(error).__name__) from None
    if status == GONE:
        raise Gone(f"status {status}")
    if not 200 <= status < 300:
        raise NotNow(f"status {status}")


def place_of(host: str, port: int, settings: Settings) -> tuple[str, int]:
    """The address to connect to. Raises `NotNow` where the name has none, or any of them lies inside a network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotNow("no such host") from None
    places = [str(one[4][0]) for one in found]
    if not places or not all(may_be_reached(ip_address(one.partition("%")[0]), settings) for one in places):
        raise NotNow("address not allowed")
    return places[0], port


def may_be_reached(place: Address, settings: Settings) -> bool:
    """Whether an address is public, or lies in a network that the operator named."""
    if isinstance(place, IPv6Address):
        if place.ipv4_mapped is not None:
            return may_be_reached(place.ipv4_mapped, settings)
        if any(place in one for one in WRAPPED):
            return False
    if any(place in network for network in settings.webhook_own_networks() if network.version == place.version):
        return True
    inside = any(place in network for network in INSIDE if network.version == place.version)
    return place.is_global and not inside and not place.is_multicast and not place.is_reserved


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address, under the name that its certificate has to bear."""

    def __init__(self, host: str, at: tuple[str, int], trust: ssl.SSLContext) -> None:
        super().__init__(host, at[1], timeout=SECONDS, context=trust)
        self._at, self._trust = at, trust

    def connect(self) -> None:
        with _until(raw := socket.create_connection(self._at, SECONDS)):
            self.sock = self._trust.wrap_socket(raw, server_hostname=self.host)


def _asked(
    parts: SplitResult, at: tuple[str, int], body: bytes, headers: Mapping[str, str], trust: ssl.SSLContext
) -> int:
    asking = _Pinned(parts.hostname or "", at, trust)
    try:
        asking.connect()
        with _until(asking.sock):
            own = {"content-type": "application/json", "user-agent": "accountability-monitor", "connection": "close"}
            asking.request("POST", parts.path or "/", body, {**own, **headers})
            return asking.getresponse().status
    finally:
        asking.close()


@contextlib.contextmanager
def _until(way: socket.socket) -> Iterator[None]:
    """Close the way when the time is over: a limit on each read would let a slow sender go on for ever.

    Raises `TimeoutError` then, also where what had come until then reads like an answer.
    """
    late = threading.Event()
    over = threading.Timer(SECONDS, _close, (way, late))
    over.daemon = True
    over.start()
    try:
        yield
    finally:
        over.cancel()
        if late.is_set():
            raise TimeoutError


def _close(way: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(way, socket.SHUT_RDWR)
