"""What a site with real people's cases may not be started with (bars F-09, H-03, I-07)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from monitor.config import LOOPBACK, Settings, SettingsError
from monitor.site_keys import read_ring

OURS = ("127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/32", "::1/128", "fe80::/10")
DEBUGGERS = ("LITESTAR_DEBUG", "LITESTAR_PDB", "MONITOR_DEBUG", "PYTHONBREAKPOINT", "PYTHONASYNCIODEBUG")
# words that secrets in examples and tutorials are made of
EXAMPLES = ("changeme", "change-me", "change_me", "secret key", "example", "placeholder", "your-secret", "test site")
# file systems over a network, where SQLite's locks do not hold
NETWORKED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "glusterfs", "ceph", "afs")


def is_production(settings: Settings) -> bool:
    """Whether others than this machine reach the site."""
    return urlsplit(settings.base_url).hostname not in LOOPBACK


def refuse_unsafe(settings: Settings, environ: Mapping[str, str], mounts: str = "/proc/mounts") -> None:
    """Raise `SettingsError`, with what to do, for an unsafe start. A site on loopback may do as it likes."""
    if not is_production(settings):
        return
    if found := [name for name in DEBUGGERS if environ.get(name, "0") not in ("", "0", "false")]:
        raise SettingsError(f"{found[0]} is set: debugging shows the inside of cases. Unset it and start again.")
    if any(is_guessable(secret) for secret in read_ring(settings.secret_key).secrets.values()):
        raise SettingsError("MONITOR_SECRET_KEY reads like an example; make one: python3 -c 'import secrets; "
                            "print(secrets.token_urlsafe(48))'.")  # fmt: skip
    _refuse_own_networks(settings)
    if file := _open_to_others(settings, environ):
        raise SettingsError(f"{file} can be read by others on this machine; chmod 600 it, and start again.")
    if not settings.proxies():
        raise SettingsError("MONITOR_TRUSTED_PROXIES is not set: name the proxy that does TLS in front of this site, "
                            "or the audit trail cannot say where anybody came from.")  # fmt: skip
    if mode := _unverified(settings):
        raise SettingsError(f"MONITOR_DATABASE_URL goes to another machine with sslmode={mode}: add "
                            "?sslmode=verify-full&sslrootcert=FILE: encrypted, and to a known server.")  # fmt: skip
    if kind := _networked(settings, mounts):
        raise SettingsError(f"The SQLite file lies on {kind}, where its locks do not hold; use a disk of this machine "
                            "or PostgreSQL.")  # fmt: skip


def _refuse_own_networks(settings: Settings) -> None:
    if near := [str(one) for one in settings.webhook_own_networks() if _holds_our_own(one)]:
        raise SettingsError(f"MONITOR_WEBHOOK_NETWORKS names {near[0]}, this machine's own services or its host's; "
                            "name the networks of agencies.")  # fmt: skip


def _holds_our_own(network: IPv4Network | IPv6Network) -> bool:
    """Whether a network holds this machine's own addresses, or those on which a host's keeper answers its machines."""
    ours = (ip_network(one) for one in OURS)
    return any(one.version == network.version and one.overlaps(network) for one in ours)


def is_guessable(secret: str) -> bool:
    """Whether a secret looks made up by hand: an example's words, or few different characters."""
    return len(set(secret)) < 12 or any(word in secret.lower() for word in EXAMPLES)


def _open_to_others(settings: Settings, environ: Mapping[str, str]) -> str:
    """The file of keys or of the database, if it is not its owner's alone."""
    url = make_url(settings.database_url)
    database = url.database if url.get_backend_name() == "sqlite" else None
    for name in (environ.get("MONITOR_SECRET_KEY_FILE"), database):
        if name and Path(name).is_file() and Path(name).stat().st_mode & 0o077:
            return name
    return ""


def _unverified(settings: Settings) -> str:
    """How a connection over a network would be left open: the sslmode that is not enough. Empty: none is."""
    url = make_url(settings.database_url)
    host = url.query.get("host", url.host or "")
    hosts = host if isinstance(host, tuple) else (host,)
    if url.get_backend_name() == "sqlite" or all(one in ("", *LOOPBACK) or one.startswith("/") for one in hosts):
        return ""
    mode = str(url.query.get("sslmode", "prefer"))
    return "" if mode == "verify-full" else mode


def _networked(settings: Settings, mounts: str) -> str:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database or not Path(mounts).is_file():
        return ""
    file = Path(url.database).absolute()
    lines = (line.split() for line in Path(mounts).read_text(encoding="utf-8").splitlines())
    over = [(len(where), kind) for _what, where, kind, *_ in lines if file.is_relative_to(where)]
    kind = max(over, default=(0, ""))[1]
    return kind if kind in NETWORKED else ""
