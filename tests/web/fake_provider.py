"""An agency's sign-on for tests, in a process of its own: it signs what the test tells it to, lies included.

`python fake_provider.py PORT`. The code that it takes is the test's instruction in base 64: ``claims`` over the honest
ones, ``alg``, ``key`` ("own", "other", "public-as-secret"), and the PKCE challenge that an honest provider remembers;
``says`` and ``status``: an answer that is no token's; ``secret``: what it knows the site by, if it must know that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

PORT = int(sys.argv[1])
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"}, private=True)
OTHER = RSAKey.generate_key(2048, parameters={"kid": "k1"}, private=True)


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(told: dict, claims: dict) -> str:
    """The id token as told."""
    alg, key = told.get("alg", "RS256"), told.get("key", "own")
    head = b64(json.dumps({"alg": alg, "kid": "k1"}).encode()) + "." + b64(json.dumps(claims).encode())
    if alg == "none":
        return head + "."
    if key == "public-as-secret":
        return f"{head}.{b64(hmac.digest(KEY.as_pem(private=False), head.encode(), hashlib.sha256))}"
    return jwt.encode({"alg": alg, "kid": "k1"}, claims, OTHER if key == "other" else KEY, algorithms=[alg])


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys and tokens; the person's own page is the test's part."""

    def do_GET(self) -> None:
        if self.path.endswith("/openid-configuration"):
            self.tell({
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
            })  # fmt: skip
        else:
            self.tell({"keys": [KEY.as_dict(private=False)]})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        told = json.loads(urlsafe_b64decode(form["code"]))
        if b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != told["challenge"]:
            self.tell({"error": "invalid_grant"}, 400)
            return
        asked = {"grant_type": "authorization_code", "client_id": "monitor", "redirect_uri": told["redirect_uri"]}
        if any(form.get(name) != value for name, value in asked.items()):
            self.tell({"error": "invalid_request"}, 400)
            return
        if form.get("client_secret", "") != told.get("secret", form.get("client_secret", "")):
            self.tell({"error": "invalid_client"}, 401)
            return
        now = int(time.time())
        honest = {"iss": ISSUER, "aud": "monitor", "sub": "u-1", "iat": now, "exp": now + 60, "nonce": told["nonce"],
                  "amr": ["pwd", "mfa"], "email": "somebody@agency.example"}  # fmt: skip
        claims = {name: value for name, value in (honest | told.get("claims", {})).items() if value is not None}
        honest_answer = {"id_token": signed(told, claims), "token_type": "Bearer", "access_token": "x"}
        self.send(told.get("says", json.dumps(honest_answer)).encode(), told.get("status", 200))

    def tell(self, what: dict, status: int = 200) -> None:
        self.send(json.dumps(what).encode(), status)

    def send(self, body: bytes, status: int) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        return


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Provider).serve_forever()
