"""The secrets of an endpoint, sealed in the database; two while one replaces the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.models import WebhookEndpoint
from monitor.sealing import SealError, SealingKeys, seal, sealing_keys, unseal

BOTH: Final = timedelta(days=7)  # in which the receiver changes over


def keep_secret(endpoint: WebhookEndpoint, text: str, site_secret: str) -> None:
    """Seal the first secret of an endpoint that has its id."""
    place = f"webhook_endpoint.sealed_secret.{endpoint.id}"
    endpoint.sealed_secret = seal(_keys(site_secret), text, place)


def replace_secret(endpoint: WebhookEndpoint, text: str, site_secret: str, now: datetime) -> None:
    """From now on ``text`` signs, and what signed until now beside it for `BOTH`, unless it does not open here."""
    keys, place = _keys(site_secret), f"webhook_endpoint.sealed_secret.{endpoint.id}"
    try:
        before = unseal(keys, endpoint.sealed_secret, place)
    except SealError:
        endpoint.sealed_earlier = endpoint.earlier_until = None
    else:
        endpoint.sealed_earlier = seal(keys, before, f"webhook_endpoint.sealed_earlier.{endpoint.id}")
        endpoint.earlier_until = now + BOTH
    keep_secret(endpoint, text, site_secret)


def secrets_of(endpoint: WebhookEndpoint, site_secret: str, now: datetime) -> tuple[str, ...]:
    """What signs now, the newest first. Raises `SealError`."""
    keys = _keys(site_secret)
    found = [unseal(keys, endpoint.sealed_secret, f"webhook_endpoint.sealed_secret.{endpoint.id}")]
    if endpoint.sealed_earlier is not None and endpoint.earlier_until is not None and now < endpoint.earlier_until:
        found.append(unseal(keys, endpoint.sealed_earlier, f"webhook_endpoint.sealed_earlier.{endpoint.id}"))
    return tuple(found)


def _keys(site_secret: str) -> SealingKeys:
    return sealing_keys(site_secret, "webhooks")
