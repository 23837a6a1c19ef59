"""Our cookies: all by one rule, each named after the site's own."""

from __future__ import annotations

from litestar.datastructures import Cookie

from web.site import Site


def site_cookie(site: Site, value: str, seconds: int, part: str = "") -> Cookie:
    """The session's, or the one of a ``part`` beside it: no script reads it, no other site sends it. 0: it is gone."""
    return Cookie(
        key=site.cookie + part, value=value, max_age=seconds, path="/", secure=site.settings.secure, httponly=True,
        samesite="lax",
    )  # fmt: skip
