"""A small OpenID Connect provider on loopback, with keys of its own: what it signs can be changed.

It keeps to what a real one does: a code works once, for the client, address and PKCE challenge
that it was given for.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from bot.settings import Oidc

CLIENT, SECRET = "passage desk", "a secret: of + the % client"
Claims = dict[str, Any]


class StandInProvider:
    """`subject` is who signs in; `changes` go over the claims (None removes one); `sign` makes the
    token of them; `broken` lists addresses that answer 500; `description` changes the document.
    While `answers` is not set, nobody gets an answer."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec_key = ec.generate_private_key(ec.SECP256R1())
        self.kid = "rsa-1"
        self.issuer = ""
        self.subject = "4f1c-ada"
        self.changes: Claims = {}
        self.sign: Callable[[Claims], str] = self.signed
        self.description: dict[str, Any] = {}
        self.broken: set[str] = set()
        self.answers = threading.Event()
        self.answers.set()
        self.asked: list[str] = []
        self.requests: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def settings(self, **changes: Any) -> Oidc:
        usual = {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "factors": "amr",
            "factor_values": ("mfa",),
        }
        return Oidc(**{**usual, **changes})

    def signed(self, claims: Claims, key: Any = None, alg: str = "RS256", **head: Any) -> str:
        return jwt.encode(claims, key or self.key, alg, headers={"kid": self.kid, **head})

    def claims(self, asked: dict[str, str]) -> Claims:
        moment = datetime.now(timezone.utc)
        usual = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + timedelta(minutes=5),
            "nonce": asked["nonce"],
            "amr": ["pwd", "mfa"],
        }
        changed = {**usual, **self.changes}
        return {name: value for name, value in changed.items() if value is not None}

    def document(self) -> dict[str, Any]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "code_challenge_methods_supported": ["S256"],
        }
        return {**usual, **self.description}

    def keys(self) -> dict[str, Any]:
        first = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        second = json.loads(ECAlgorithm.to_jwk(self.ec_key.public_key()))
        return {
            "keys": [
                {**first, "kid": self.kid, "use": "sig", "alg": "RS256"},
                {**second, "kid": "ec-1", "use": "sig"},
                {"kty": "oct", "k": "c2VjcmV0", "kid": "oct-1"},
            ]
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent when the person agreed."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.requests.append(asked)
        self._codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{answer}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form.get("code", ""), None)
        if not _is_client(authorization):
            return 401, {"error": "invalid_client"}
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.sign(self.claims(asked)), "token_type": "Bearer"}


def _is_client(authorization: str) -> bool:
    decoded = b64decode(authorization.removeprefix("Basic ")).decode()
    name, _, secret = decoded.partition(":")
    return (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)


@contextmanager
def running_provider() -> Iterator[StandInProvider]:
    """Serve a provider until the block ends."""
    provider = StandInProvider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _page(title: str, link: str) -> bytes:
    href = link.replace("&", "&amp;")
    page = (
        f"<!doctype html><html lang=en><title>{title}</title>"
        f"<main><h1>{title}</h1><a id=go href='{href}'>Go on</a></main>"
    )
    return page.encode()


class _Handler(BaseHTTPRequestHandler):
    provider: StandInProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if not self._is_up(parts.path):
            return
        if parts.path == "/.well-known/openid-configuration":
            self._json(200, self.provider.document())
        elif parts.path == "/keys":
            self._json(200, self.provider.keys())
        elif parts.path == "/authorize":
            self._answer(200, _page("Who are you?", self.provider.authorize(asked)), "text/html")
        elif parts.path == "/end":
            back = asked["post_logout_redirect_uri"]
            self._answer(200, _page("Signed out", back), "text/html")
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._is_up(self.path):
            form = dict(parse_qsl(body))
            self._json(*self.provider.token(form, self.headers.get("Authorization", "")))

    def _is_up(self, path: str) -> bool:
        self.provider.asked.append(path)
        self.provider.answers.wait(60)
        if path in self.provider.broken:
            self._json(500, {"error": "down"})
        return path not in self.provider.broken

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._answer(status, json.dumps(body).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Tests print enough."""
