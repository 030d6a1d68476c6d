"""The organisation's provider: where it sends agents, and what it says of them afterwards.

What it publishes of itself is fetched when it is first needed and kept for an hour, so the desk
starts, and serves those who are signed in, while the provider is away.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import structlog
from aiohttp import BasicAuth
from jwt import PyJWK

from bot.oidc.attempt import Attempt
from bot.oidc.fetching import SECONDS, ProviderAway, fetch
from bot.oidc.trust import NotTrusted, believed, key_id, usable_keys
from bot.settings import Oidc

KEPT_SECONDS = 3600.0
# A token that names a key we do not have: the provider may just have changed its keys. Not more
# often, or anybody could have us ask again and again.
KEYS_AGAIN_SECONDS = 60.0
_WELL_KNOWN = "/.well-known/openid-configuration"
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")

log = structlog.get_logger()


@dataclass(frozen=True)
class Kept:
    """Something fetched, and when (seconds of the monotonic clock)."""

    value: Any
    at: float

    def older_than(self, seconds: float) -> bool:
        return time.monotonic() - self.at > seconds


class Provider:
    """The provider of `settings`; `callback` is where it sends the browser back to. With `plain`,
    which is for the demo, its addresses may be http ones. A call may take `seconds`."""

    def __init__(
        self, settings: Oidc, callback: str, plain: bool = False, seconds: float = SECONDS
    ) -> None:
        self.settings, self._callback, self._plain = settings, callback, plain
        self.seconds = seconds
        self._described: Kept | None = None
        self._keys: Kept | None = None

    async def address_for(self, attempt: Attempt, language: str) -> str:
        """Where the browser goes to sign in.

        Raises:
            ProviderAway
        """
        described = await self._description()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self._callback,
            "scope": f"openid {_SCOPES.get(self.settings.claim, '')}".strip(),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
            "ui_locales": f"{language}-CA {language}",
        }
        if self.settings.factors == "acr":
            asked["acr_values"] = " ".join(self.settings.factor_values)
        return _with(described["authorization_endpoint"], asked)

    async def claims(self, answer: dict[str, str], attempt: Attempt) -> dict[str, Any]:
        """What the provider says of who came back with `answer` (the parameters of the address).

        Raises:
            NotTrusted
            ProviderAway
        """
        described = await self._description()
        self._check_answer(described, answer)
        token = await self._token(described, answer["code"], attempt)
        keys = await self._keys_for(described, key_id(token))
        return believed(token, keys, self.settings, attempt.nonce)

    async def end_address(self, back: str) -> str | None:
        """Where the browser ends its session with the provider; None when there is no such place.

        Raises:
            ProviderAway
        """
        described = await self._description()
        address = described.get("end_session_endpoint")
        if not self._is_address(address):
            return None
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return _with(str(address), asked)

    def _check_answer(self, described: dict[str, Any], answer: dict[str, str]) -> None:
        """That it is a code, and this provider's (RFC 9207, where the provider keeps to it)."""
        named = answer.get("iss")
        must = described.get("authorization_response_iss_parameter_supported") is True
        if (named is not None or must) and named != self.settings.issuer:
            raise NotTrusted("issuer")
        if not answer.get("code"):
            raise NotTrusted("denied")

    async def _token(self, described: dict[str, Any], code: str, attempt: Attempt) -> str:
        """The ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": attempt.verifier,
        }
        client, secret = self.settings.client_id, self.settings.client_secret
        ways = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in ways
        # RFC 6749, 2.3.1: both are form-encoded before they go into the header.
        auth = BasicAuth(quote_plus(client), quote_plus(secret)) if basic else None
        if not basic:
            form |= {"client_id": client, "client_secret": secret}
        status, found = await fetch(described["token_endpoint"], form, auth, self.seconds)
        if status == 400 and found.get("error") == "invalid_grant":
            raise NotTrusted("code")
        token = found.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise self._away("token", status)
        return token

    async def _keys_for(self, described: dict[str, Any], wanted: str | None) -> list[PyJWK]:
        """The provider's keys, fetched anew when the one that is wanted is not among them."""
        kept = self._keys
        missing = kept is None or not any(wanted in (None, key.key_id) for key in kept.value)
        if kept is None or kept.older_than(KEYS_AGAIN_SECONDS if missing else KEPT_SECONDS):
            status, found = await fetch(described["jwks_uri"], seconds=self.seconds)
            if status != 200:
                raise self._away("keys", status)
            kept = self._keys = Kept(usable_keys(found), time.monotonic())
        return list(kept.value)

    async def _description(self) -> dict[str, Any]:
        """What the provider publishes of itself, checked."""
        kept = self._described
        if kept is None or kept.older_than(KEPT_SECONDS):
            address = self.settings.issuer.rstrip("/") + _WELL_KNOWN
            status, found = await fetch(address, seconds=self.seconds)
            if status != 200:
                raise self._away("description", status)
            self._check_description(found)
            kept = self._described = Kept(found, time.monotonic())
        return dict(kept.value)

    def _check_description(self, found: dict[str, Any]) -> None:
        if found.get("issuer") != self.settings.issuer:
            raise self._away("other_issuer", 200)
        if not all(self._is_address(found.get(name)) for name in _NEEDED):
            raise self._away("addresses", 200)
        # Without it a code that was caught on its way could be used by whoever caught it.
        if "S256" not in found.get("code_challenge_methods_supported", ["S256"]):
            raise self._away("no_pkce", 200)

    def _is_address(self, value: object) -> bool:
        schemes = ("https", "http") if self._plain else ("https",)
        try:
            parts = urlsplit(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return parts is not None and parts.scheme in schemes and bool(parts.hostname)

    def _away(self, what: str, status: int) -> ProviderAway:
        """Said to the operator, who alone can do something; the page names no part."""
        log.error("oidc.unusable", provider_part=what, http_status=status)
        return ProviderAway(what)


# What must be asked for so that a claim is there.
_SCOPES = {"email": "email", "preferred_username": "profile", "upn": "profile", "oid": "profile"}


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
