"""An agency's own sign-on (OpenID Connect): authorization code with PKCE S256, state and nonce. Off by default.

The site names each agency's issuer in a file (`MONITOR_SIGN_ON_FILE`); nothing is fetched from anywhere else, and no
redirect is followed. A person is known by issuer and subject, never by e-mail, and connects the two on their own
account page with a fresh factor: a stranger at the agency's sign-on is a stranger here. The agency's word counts as a
second factor only where its token says so (acr, amr); else our own code is asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import challenges
from monitor.access.auth_sessions import membership_of, open_session, renew, revoke_others
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.models.authenticator import SignOnIdentity
from monitor.models.user import User
from monitor.sealing import SealError, SealingKeys, seal, sealing_keys, unseal

RETURN_PATH = "/sign-in/agency/return"
ALGORITHMS = ["RS256", "PS256", "ES256"]
LIVES = timedelta(minutes=10)
LEEWAY_SECONDS = 30
LONGEST_ANSWER = 200_000
TIMEOUT_SECONDS = 10
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SignOnError(ValueError):
    """The provider's answer is not worth what it should be. The text is a code for the audit trail."""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One agency's sign-on. ``mfa_acr``, ``mfa_amr``: values that mean that two factors were given there."""

    name: str
    issuer: str
    client_id: str
    client_secret_file: str = ""
    mfa_acr: tuple[str, ...] = ()
    mfa_amr: tuple[str, ...] = ("mfa", "hwk", "swk", "fido")


class Started(msgspec.Struct, frozen=True):
    """A sign-on under way: what the browser keeps for us, sealed, until it is back."""

    agency: str
    state: str
    nonce: str
    verifier: str
    until: float
    next: str = "/"
    linking: str = ""


class CameBack(msgspec.Struct, frozen=True):
    """What a browser brings. ``at``: the agency whose address here it came to; ``issuer``: as RFC 9207 has it."""

    at: str
    state: str
    code: str
    issuer: str = ""


def providers(door: Door) -> dict[str, Provider]:
    """The agencies that have their own sign-on, by code; none unless the site names a file."""
    return providers_in(door.settings.sign_on_file)


def providers_in(file: str) -> dict[str, Provider]:
    """Read the site's file. Raises `SignOnError`, `OSError` or `ValueError` with what is wrong in it."""
    if not file:
        return {}
    told = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    found = msgspec.convert(told, dict[str, Provider])
    for provider in found.values():
        _require_https(provider.issuer)
    return found


def start(door: Door, agency: str, where: str, now: datetime, linking: Identity | None = None) -> tuple[str, str]:
    """The provider's address to send the browser to, and what the browser keeps. Raises `SignOnError`."""
    provider = _provider(door, agency)
    words = [secrets.token_urlsafe(32) for _ in range(2)]
    bound = linking.session.hex() if linking else ""
    until = (now + LIVES).timestamp()
    started = Started(agency, words[0], words[1], secrets.token_urlsafe(48), until, where, bound)
    challenge = urlsafe_b64encode(hashlib.sha256(started.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": _return_address(door, agency),
        "scope": "openid", "state": started.state, "nonce": started.nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
    }  # fmt: skip
    if provider.mfa_acr:
        asked["acr_values"] = " ".join(provider.mfa_acr)
    address = _discovered(provider)["authorization_endpoint"]
    return f"{address}?{urlencode(asked)}", seal(_key(door), msgspec.json.encode(started).decode(), "sign-on").hex()


def finish(
    door: Door, kept: str, came: CameBack, now: datetime, who: Identity | None
) -> tuple[str, str] | None:
    """Back from the provider: a token and where to go on, or None if anything does not fit (and is recorded).

    The token's session has both factors if the provider says so, else only the first.
    """
    try:
        started = _started(door, kept, came.state, now)
        provider = _provider(door, started.agency)
        if came.at != started.agency or (came.issuer and came.issuer != provider.issuer):
            raise SignOnError("issuer")  # another provider's answer, whose code the one we asked must not get to see
        claims = _claims(door, provider, started, came.code, now)
    except (SignOnError, httpx.HTTPError) as error:
        why = str(error) if isinstance(error, SignOnError) else "provider"
        _refuse(door, who, why, now)
        return None
    return _link(door, provider, claims, started, who, now) if started.linking else _open(
        door, provider, claims, started, now
    )


def _open(
    door: Door, provider: Provider, claims: Mapping[str, Any], started: Started, now: datetime
) -> tuple[str, str] | None:
    with door.database.system("an agency's sign-on") as session, session.begin():
        why = _spent_before(session, started, now)
        known = select(SignOnIdentity.user_id).where(
            SignOnIdentity.issuer == provider.issuer, SignOnIdentity.subject == str(claims["sub"])
        )
        user = session.get(User, session.scalar(known) or 0)
        role = membership_of(session, user.id, now) if user and user.disabled_at is None else None
        if why or user is None or role is None:
            record(session, door, "session.sign_on_refused", user.id if user else None, now, refused=True,
                   why=why or ("unknown" if user is None else "ended"))  # fmt: skip
            return None
        both = _two_factors(provider, claims)
        token = open_session(session, user.id, role, now, how="sign_on" if both else "", door=door)
        if both:
            user.signed_in_at = now
        record(session, door, "session.opened" if both else "session.sign_on_given", user.id, now, how="sign_on")
        return token, started.next if both else f"/sign-in/code?next={started.next}"


def _link(
    door: Door, provider: Provider, claims: Mapping[str, Any], started: Started, who: Identity | None, now: datetime
) -> tuple[str, str] | None:
    if who is None or not who.signed_in or not hmac.compare_digest(who.session.hex(), started.linking):
        _refuse(door, who, "session", now)
        return None
    with door.database.system("connect an agency's sign-on") as session, session.begin():
        subject = str(claims["sub"])
        taken = select(SignOnIdentity.id).where(
            SignOnIdentity.issuer == provider.issuer, SignOnIdentity.subject == subject
        )
        why = _spent_before(session, started, now) or ("taken" if session.scalar(taken) else "")
        if why:
            record(session, door, "sign_on.connected", who.user_id, now, refused=True, who=who, why=why)
            return None
        session.add(SignOnIdentity(user_id=who.user_id, issuer=provider.issuer, subject=subject, linked_at=now))
        revoke_others(session, who, now)
        token = renew(session, who, now)
        record(session, door, "sign_on.connected", who.user_id, now, who=who)
        return token, "/account"


def _started(door: Door, kept: str, state: str, now: datetime) -> Started:
    try:
        started = msgspec.json.decode(unseal(_key(door), bytes.fromhex(kept), "sign-on"), type=Started)
    except (SealError, ValueError):
        raise SignOnError("not_started") from None
    if not hmac.compare_digest(started.state.encode(), state.encode()):
        raise SignOnError("state")
    if now.timestamp() >= started.until:
        raise SignOnError("too_late")
    return started


def _claims(door: Door, provider: Provider, started: Started, code: str, now: datetime) -> Mapping[str, Any]:
    """The verified claims of the id token. Raises `SignOnError` or `httpx.HTTPError`."""
    places = _discovered(provider)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": _return_address(door, started.agency),
        "client_id": provider.client_id, "code_verifier": started.verifier,
    }  # fmt: skip
    if provider.client_secret_file:
        form["client_secret"] = Path(provider.client_secret_file).read_text(encoding="utf-8").strip()
    token = _told(places["token_endpoint"], form).get("id_token", "")
    keys = KeySet.import_key_set(_told(places["jwks_uri"]))  # type: ignore[arg-type]
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(now.timestamp()), leeway=LEEWAY_SECONDS, iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id}, exp={"essential": True}, iat={"essential": True},
        sub={"essential": True}, nonce={"essential": True, "value": started.nonce},
    )  # fmt: skip
    try:
        claims = jwt.decode(str(token), keys, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise SignOnError("token") from None
    audience = claims["aud"]
    if audience != provider.client_id and (audience != [provider.client_id]):
        raise SignOnError("audience")  # exactly us and nobody beside us
    if not claims["sub"] or len(str(claims["sub"])) > 255:
        raise SignOnError("subject")
    return claims


def _discovered(provider: Provider) -> dict[str, str]:
    """The provider's addresses; all of them on https, and the issuer is the very one that we asked."""
    told = _told(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise SignOnError("issuer")
    places = {name: str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for place in places.values():
        _require_https(place)
    return places


def _told(address: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    with httpx.Client(follow_redirects=False, timeout=TIMEOUT_SECONDS, trust_env=False) as asking:
        answer = asking.post(address, data=dict(form)) if form is not None else asking.get(address)
    if answer.status_code != 200 or len(answer.content) > LONGEST_ANSWER:
        raise SignOnError("provider")
    try:
        found = json.loads(answer.content)
    except ValueError:
        raise SignOnError("provider") from None
    if not isinstance(found, dict):
        raise SignOnError("provider")
    return found


def _two_factors(provider: Provider, claims: Mapping[str, Any]) -> bool:
    amr = claims.get("amr", [])
    told = set(amr) if isinstance(amr, list) and all(isinstance(one, str) for one in amr) else set()
    return claims.get("acr") in provider.mfa_acr or bool(told & set(provider.mfa_amr))


def _spent_before(session: Session, started: Started, now: datetime) -> str:
    return "" if challenges.spend(session, started.state.encode(), now) else "replayed"


def _refuse(door: Door, who: Identity | None, why: str, now: datetime) -> None:
    with door.database.system("an agency's sign-on that failed") as session, session.begin():
        user_id = who.user_id if who else None
        record(session, door, "session.sign_on_refused", user_id, now, refused=True, who=who, why=why)


def _provider(door: Door, agency: str) -> Provider:
    found = providers(door).get(agency)
    if found is None:
        raise SignOnError("no_provider")
    return found


def _require_https(address: str) -> None:
    parts = urlsplit(address)
    if not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        raise SignOnError("not_https")


def _return_address(door: Door, agency: str) -> str:
    """Each agency has its own, so that no provider's answer passes for another's (RFC 9700, 4.4)."""
    return f"{door.settings.base_url.rstrip('/')}{RETURN_PATH}/{quote(agency, safe='')}"


def _key(door: Door) -> SealingKeys:
    return sealing_keys(door.secret, "sign-on")
