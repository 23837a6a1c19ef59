"""The key for an authenticator app: as a picture, as letters to type, as a link for an app on the same device."""

from __future__ import annotations

import segno

from monitor.access.totp import set_up_link


def app_key(secret: str, email: str) -> dict[str, str]:
    """What the set-up part of a page shows (``key``, ``link``, ``picture``)."""
    link = set_up_link(secret, email)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"key": spaced, "link": link, "picture": segno.make(link).svg_data_uri(scale=4, light="#ffffff")}
