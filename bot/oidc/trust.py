"""What an ID token must be before it is believed (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

import jwt
from jwt import PyJWK

from bot.settings import Oidc

# What each algorithm asks of a key. Nothing that a shared secret or nobody at all could sign.
KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}
LEEWAY_SECONDS = 60
LEAST_RSA_BITS = 2048
_REQUIRED = ["iss", "sub", "aud", "exp", "iat"]
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "early"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidSignatureError, "signature"),
)


class NotTrusted(Exception):
    """The provider's answer is not believed; `reason` is one of few words, for the audit trail."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def key_id(token: str) -> str | None:
    """Which key the token names; None when it names none.

    Raises:
        NotTrusted: it is no token, or of an algorithm that we take from nobody.
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise NotTrusted("token") from error
    if header.get("alg") not in KEY_TYPES:
        raise NotTrusted("algorithm")
    found = header.get("kid")
    return found if isinstance(found, str) else None


def usable_keys(document: dict[str, Any]) -> list[PyJWK]:
    """The provider's keys that may sign, of the kinds that we take; the rest is passed over."""
    found = document.get("keys")
    entries = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    keys = [_key(one) for one in entries if one.get("use", "sig") == "sig"]
    return [key for key in keys if key is not None]


def believed(token: str, keys: Sequence[PyJWK], provider: Oidc, nonce: str) -> dict[str, Any]:
    """The claims of `token`, which one of `keys` signed for us, now, for the try of this `nonce`.

    Raises:
        NotTrusted
    """
    claims = _signed(token, keys, provider)
    _check_audience(claims, provider.client_id)
    if not _same(claims.get("nonce"), nonce):
        raise NotTrusted("nonce")
    _check_factors(claims, provider)
    return claims


def subject_of(claims: dict[str, Any], claim: str) -> str:
    """Who the provider says it is: the value by which we know an agent.

    Raises:
        NotTrusted: there is none, or it is an address that the provider did not check.
    """
    value = claims.get(claim)
    if not isinstance(value, str) or not value.strip():
        raise NotTrusted("claim")
    # Some providers let people write any address into their profile.
    if claim == "email" and claims.get("email_verified") is not True:
        raise NotTrusted("claim")
    return value


def _key(entry: dict[str, Any]) -> PyJWK | None:
    """A public key whose kind and size fit an algorithm of ours."""
    kind, curve = entry.get("kty"), entry.get("crv")
    algorithm = "RS256" if kind == "RSA" else "ES256" if (kind, curve) == ("EC", "P-256") else None
    if algorithm is None or entry.get("alg", algorithm) != algorithm:
        return None
    try:
        key = PyJWK.from_dict(entry, algorithm)
    except jwt.PyJWTError:
        return None
    return None if kind == "RSA" and key.key.key_size < LEAST_RSA_BITS else key


def _signed(token: str, keys: Sequence[PyJWK], provider: Oidc) -> dict[str, Any]:
    wanted = key_id(token)
    fitting = [key for key in keys if wanted in (None, key.key_id)]
    refused = NotTrusted("key")
    for key in fitting:
        try:
            return _decoded(token, key, provider)
        except jwt.InvalidTokenError as error:
            refused = NotTrusted(_reason(error))
    raise refused


def _decoded(token: str, key: PyJWK, provider: Oidc) -> dict[str, Any]:
    # The key decides what may have been signed with it, never the token's own head.
    return jwt.decode(
        token,
        key.key,
        algorithms=[key.algorithm_name],
        audience=provider.client_id,
        issuer=provider.issuer,
        leeway=LEEWAY_SECONDS,
        options={"require": _REQUIRED},
    )


def _reason(error: Exception) -> str:
    return next((word for kind, word in _REASONS if isinstance(error, kind)), "token")


def _check_audience(claims: dict[str, Any], client_id: str) -> None:
    """For us, and for nobody besides."""
    if claims["aud"] not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise NotTrusted("audience")


def _check_factors(claims: dict[str, Any], provider: Oidc) -> None:
    """That the provider asked for what the settings say."""
    if provider.factors == "provider":
        return
    found = claims.get(provider.factors)
    given = found if isinstance(found, list) else [found]
    if not any(value in provider.factor_values for value in given if isinstance(value, str)):
        raise NotTrusted("factors")


def _same(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())
