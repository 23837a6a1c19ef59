"""Settings: the environment (``MONITOR_…``, secrets also as ``…_FILE``) over ``monitor.toml`` over defaults."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from monitor.site_keys import KeyRingError, read_ring

PREFIX = "MONITOR_"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(ValueError):
    """A setting cannot be read. The text is one sentence for the person who set it."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a site may set.

    ``secret_key`` signs form tokens and seals names; it must be set (32 characters or more) wherever real
    people's cases are kept. ``base_url`` is what browsers type: its scheme decides whether cookies are Secure.
    ``password_profile``, ``lockout_profile``: which book the site follows. ``waive_passkeys``: administrators need
    none, which only a demo may say. ``banner``: the site's own notice before sign-in, a blank line between paragraphs.
    ``sign_on_file``: the agencies that have a sign-on of their own (TOML, `monitor.access.sign_on`); empty: none.
    ``anchors_file``: where the newest seal of the audit trail is kept each night, outside the database; empty: nowhere.
    ``case_keys_file``: the store of keys of cases, outside the database and its copies; empty: cases have none.
    ``callback_keys_file``: the store of keys of call-back requests; empty: nobody can send one, which is the default.
    ``consultation_file``: which agencies consult together about cases, and when (TOML, `monitor.consultation.team`);
    empty: none, which is the default. ``consultation_keys_file``: the store of keys of their list.
    ``metrics_token``: what whoever reads `/metrics` brings; empty: nothing is there.
    ``traces_url``: where spans go, OTLP over HTTP (`monitor.traces`); empty: nowhere, which is the default.
    ``statement_seconds``: after how long a statement of a page is ended; 0: never.
    ``keep_dismissed_days``: after how many days a dismissed flag is deleted (safeguard H1); 0: never.
    ``local_law_file``: what the site's own court and counsel have settled (TOML, `monitor.local_law`); empty: nothing.
    ``targets_file``: how soon the site's team wants hand-offs done (TOML, `monitor.handoffs.targets`); empty: the
    starting targets.
    ``left_in_view_is_service``: paper left in view after a refusal counts as service here; counsel decides.
    ``webhook_hosts``: the hosts, with commas between, whose software an administrator may have told that something
    waits; empty: none. ``webhook_networks``: networks beyond public addresses that those hosts may lie in.
    ``webhook_ca_file``: an authority of the site's own, whose certificates count there too.
    ``scan_command``: the site's malware scanner, a program by its whole path and its words; every sheet that is
    brought in is given to it first (`monitor.intake.scanning`); empty: none. ``scan_seconds``: its time for a sheet.
    ``outgoing_folder``: where packets for the registry are written for each court's office; empty: nowhere, which is
    the default. ``outgoing_days``: after how many days its files are removed.
    ``entering_agencies``: codes, with commas between, of the law enforcement agencies that enter orders in the
    registry and say so themselves; empty: none, and the court's clerk puts their number on record.
    ``mail_url``: the mail server, ``smtp://user:password@host:587`` (STARTTLS is demanded) or ``smtps://``; empty:
    notices wait. ``mail_from``: the address that they come from.
    ``database_owner_url`` is for migrations on PostgreSQL, by the role that owns the tables; the application itself
    never uses it.
    """

    database_url: str = "sqlite:///monitor.db"
    database_owner_url: str = ""
    secret_key: str = ""
    metrics_token: str = ""
    traces_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    demo: bool = False
    waive_passkeys: bool = False
    banner: str = ""
    sign_on_file: str = ""
    anchors_file: str = ""
    case_keys_file: str = ""
    callback_keys_file: str = ""
    consultation_file: str = ""
    consultation_keys_file: str = ""
    local_law_file: str = ""
    targets_file: str = ""
    intake_folder: str = ""
    scan_command: str = ""
    scan_seconds: float = 30
    outgoing_folder: str = ""
    outgoing_days: int = 30
    entering_agencies: str = ""
    password_profile: Literal["argon2id", "fips"] = "argon2id"
    lockout_profile: Literal["cjis", "nist"] = "cjis"
    mail_url: str = ""
    mail_from: str = ""
    webhook_hosts: str = ""
    webhook_networks: str = ""
    webhook_ca_file: str = ""
    trusted_proxies: str = ""
    packs_dirs: str = ""
    order_templates_dirs: str = ""
    pool_size: int = 10
    log_level: str = "info"
    acts_per_minute: int = 300
    statement_seconds: float = 5
    keep_dismissed_days: int = 30
    calendar_initials: bool = False
    left_in_view_is_service: bool = False

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS, so cookies can be bound to it."""
        return self.base_url.startswith("https://")

    def proxies(self) -> tuple[str, ...]:
        """Addresses or networks of the proxies in front of us (``trusted_proxies``, with commas between)."""
        return tuple(part.strip() for part in self.trusted_proxies.split(",") if part.strip())

    def entering_codes(self) -> frozenset[str]:
        """The agencies of ``entering_agencies``."""
        return frozenset(part.strip() for part in self.entering_agencies.split(",") if part.strip())

    def webhook_host_names(self) -> frozenset[str]:
        """Hosts that may be told that something waits, in small letters (``webhook_hosts``)."""
        return frozenset(part.strip().lower() for part in self.webhook_hosts.split(",") if part.strip())

    def webhook_own_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks beyond public addresses in which those hosts may lie (``webhook_networks``)."""
        return tuple(ip_network(part.strip()) for part in self.webhook_networks.split(",") if part.strip())

    def own_packs(self) -> tuple[Path, ...]:
        """Folders of the site's own packs, laid beside ours (``packs_dirs``, separated like ``PATH``)."""
        return tuple(Path(part) for part in self.packs_dirs.split(os.pathsep) if part)

    def own_order_templates(self) -> tuple[Path, ...]:
        """Folders of the site's own order templates, laid over ours (``order_templates_dirs``)."""
        return tuple(Path(part) for part in self.order_templates_dirs.split(os.pathsep) if part)


def load_settings(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings; raises `SettingsError` naming the setting that is wrong."""
    env = os.environ if environ is None else environ
    values = _from_file(file or Path(env.get(f"{PREFIX}CONFIG", "monitor.toml")))
    values |= _from_environment(env)
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting cannot be read: {error}.") from None
    return _checked(settings)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}.") from None


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in Settings.__struct_fields__:
        name = PREFIX + field.upper()
        if name in env:
            values[field] = env[name]
        elif f"{name}_FILE" in env:
            values[field] = Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    return values


def _check_networks(settings: Settings) -> None:
    try:
        settings.webhook_own_networks()
    except ValueError:
        raise SettingsError("MONITOR_WEBHOOK_NETWORKS names no network; write them like 10.20.0.0/16.") from None


def _check_scanner(settings: Settings) -> None:
    try:
        words = shlex.split(settings.scan_command)
    except ValueError:
        raise SettingsError("MONITOR_SCAN_COMMAND has a quotation mark that is opened and not closed.") from None
    if words and not words[0].startswith("/"):
        raise SettingsError("MONITOR_SCAN_COMMAND must begin with the whole path of a program.")
    if not 0 < settings.scan_seconds <= 300:
        raise SettingsError("MONITOR_SCAN_SECONDS must lie between 0 and 300.")


def _checked(settings: Settings) -> Settings:
    if not 1 <= settings.port <= 65535:
        raise SettingsError(f"MONITOR_PORT is {settings.port}; it must lie between 1 and 65535.")
    for proxy in settings.proxies():
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            raise SettingsError(f"MONITOR_TRUSTED_PROXIES has {proxy!r}; give addresses or networks.") from None
    _check_networks(settings)
    _check_scanner(settings)
    if settings.outgoing_days < 1:
        raise SettingsError("MONITOR_OUTGOING_DAYS must be 1 or more.")
    _check_mail(settings)
    _check_traces(settings)
    _check_secrets(settings)
    return settings


def _check_mail(settings: Settings) -> None:
    if settings.mail_url and urlsplit(settings.mail_url).scheme not in ("smtp", "smtps"):
        raise SettingsError("MONITOR_MAIL_URL must begin with smtp:// or smtps://.")
    if settings.mail_url and "@" not in settings.mail_from:
        raise SettingsError("MONITOR_MAIL_FROM is not set: name the address that notices come from.")


def _check_traces(settings: Settings) -> None:
    where = urlsplit(settings.traces_url)
    if settings.traces_url and where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
        raise SettingsError("MONITOR_TRACES_URL must begin with https:// unless it is this machine's own 127.0.0.1.")


def _check_secrets(settings: Settings) -> None:
    if settings.metrics_token and len(settings.metrics_token) < 32:
        raise SettingsError("MONITOR_METRICS_TOKEN is too short; use 32 characters or more.")
    try:
        read_ring(settings.secret_key)
    except KeyRingError as error:
        raise SettingsError(f"MONITOR_SECRET_KEY: {error}") from None
    if not settings.demo and settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError("MONITOR_SECRET_KEY is too short; use 32 characters or more.")
