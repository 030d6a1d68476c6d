"""Answers of the provider that must not be believed: a refusal, a row, and nobody signed in."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import update

from bot.clock import now
from bot.oidc.attempt import GOOD_FOR
from bot.store import Database, SignInAttempt
from tests.connectors.serving import Front
from tests.desk.oidc.signing_in import (
    COOKIE,
    QUEUE,
    come_back,
    refused_page,
    sent_to,
    sessions,
    trail,
)
from tests.support.provider import CLIENT, StandInProvider


def moved(**claims: Any) -> Callable[[StandInProvider], None]:
    return lambda provider: provider.changes.update(claims)


def signing(sign: Callable[[StandInProvider, Any], str]) -> Callable[[StandInProvider], None]:
    def change(provider: StandInProvider) -> None:
        provider.sign = lambda claims: sign(provider, claims)

    return change


def _by_public_key(provider: StandInProvider, claims: Any) -> str:
    """HS256 whose shared secret is the provider's public key, which everybody has."""
    public = provider.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    unsigned = provider.signed(claims).split(".")[1]
    head = urlsafe_b64encode(b'{"alg":"HS256","kid":"rsa-1"}').decode().rstrip("=")
    digest = hmac.HMAC(public, hashes.SHA256())
    digest.update(f"{head}.{unsigned}".encode())
    return f"{head}.{unsigned}.{urlsafe_b64encode(digest.finalize()).decode().rstrip('=')}"


def _unsigned(_: StandInProvider, claims: Any) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "rsa-1"})


def _by_another_key(provider: StandInProvider, claims: Any) -> str:
    return provider.signed(claims, rsa.generate_private_key(65537, 2048))


def _by_unknown_key(provider: StandInProvider, claims: Any) -> str:
    return provider.signed(claims, kid="rsa-9")


def _with_curve_named_rsa(provider: StandInProvider, claims: Any) -> str:
    """The other key's name over this one's signature."""
    return provider.signed(claims, kid="ec-1")


def _cut(provider: StandInProvider, claims: Any) -> str:
    return provider.signed(claims).rpartition(".")[0]


def _no_token(_: StandInProvider, __: Any) -> str:
    return "no.token"


def ago(**time: float) -> Any:
    return now() - timedelta(**time)


WRONG: dict[str, tuple[Callable[[StandInProvider], None], str]] = {
    "other nonce": (moved(nonce="x" * 43), "nonce"),
    "no nonce": (moved(nonce=None), "nonce"),
    "other audience": (moved(aud="another"), "audience"),
    "more audiences": (moved(aud=[CLIENT, "another"]), "audience"),
    "other party": (moved(azp="another"), "audience"),
    "expired": (lambda p: p.changes.update(exp=ago(seconds=75)), "expired"),
    "no end": (moved(exp=None), "token"),
    "not yet": (lambda p: p.changes.update(nbf=ago(seconds=-90)), "early"),
    "other issuer": (moved(iss="https://login.example"), "issuer"),
    "no issuer": (moved(iss=None), "token"),
    "public key as secret": (signing(_by_public_key), "algorithm"),
    "unsigned": (signing(_unsigned), "algorithm"),
    "other key": (signing(_by_another_key), "signature"),
    "unknown key": (signing(_by_unknown_key), "key"),
    "other kind of key": (signing(_with_curve_named_rsa), "token"),
    "cut": (signing(_cut), "token"),
    "no token": (signing(_no_token), "token"),
    "one factor": (moved(amr=["pwd"]), "factors"),
    "no factor": (moved(amr=None), "factors"),
    "nobody of ours": (moved(sub="another"), "unknown"),
    "empty subject": (moved(sub=" "), "claim"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_token_gets_the_same_page_and_a_row(
    browser: httpx.Client, provider: StandInProvider, database: Database, name: str
) -> None:
    change, why = WRONG[name]
    change(provider)
    answer = come_back(browser, provider)
    assert (answer.status_code, sessions(database)) == (403, 0)
    assert answer.text == refused_page(browser)
    assert browser.get(QUEUE).status_code == 401
    assert ("desk_refused", None, why) in trail(database)


def test_a_clock_that_is_off_by_less_than_a_minute_keeps_nobody_out(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    provider.changes = {"exp": ago(seconds=30), "iat": ago(seconds=-30), "nbf": ago(seconds=-30)}
    assert come_back(browser, provider).status_code == 200


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "x" * 43}, "state"),
        ({"state": ""}, "state"),
        ({"code": ""}, "denied"),
        ({"code": "made up"}, "code"),
        ({"iss": "https://login.example"}, "issuer"),
    ],
    ids=str,
)
def test_an_answer_that_was_changed_on_its_way(
    browser: httpx.Client, provider: StandInProvider, database: Database,
    change: dict[str, str], why: str,
) -> None:  # fmt: skip
    answer = come_back(browser, provider, change)
    assert answer.status_code == 403
    assert answer.text == refused_page(browser)
    assert ("desk_refused", None, why) in trail(database)
    assert sessions(database) == 0


def test_an_answer_counts_once(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    asked = sent_to(browser)
    held = browser.cookies[COOKIE]
    answer = dict(parse_qsl(urlsplit(provider.authorize(asked)).query))
    assert browser.get("/oidc/callback", params=answer).status_code == 200
    # Even with a fresh code, and in the browser that still holds the cookie.
    again = dict(parse_qsl(urlsplit(provider.authorize(asked)).query))
    cookie = {"Cookie": f"{COOKIE}={held}", "Accept-Language": "en"}
    replayed = browser.get("/oidc/callback", params=again, headers=cookie)
    assert replayed.status_code == 403
    assert trail(database)[-1] == ("desk_refused", None, "state")
    assert sessions(database) == 1


def test_an_answer_counts_in_the_browser_that_asked(
    browser: httpx.Client, provided: Front, provider: StandInProvider, database: Database
) -> None:
    address = provider.authorize(sent_to(browser))
    answer = httpx.get(address, timeout=30)
    assert answer.status_code == 403
    with httpx.Client(base_url=provided.url, timeout=30) as other:
        sent_to(other)
        assert other.get(address).status_code == 403
    assert sessions(database) == 0


def test_an_answer_that_comes_after_ten_minutes_is_too_late(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    address = provider.authorize(sent_to(browser))
    with database.write() as session:
        session.execute(update(SignInAttempt).values(created_at=now() - GOOD_FOR))
    assert browser.get(address).status_code == 403
    assert sessions(database) == 0
