"""Sign-in with the organisation's provider: the way, and every answer that must not be believed."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from bot.agents.adding import Account, add_provided_agent, end_agent
from bot.agents.demo import load_demo_agents
from bot.clock import now
from bot.oidc.attempt import GOOD_FOR
from bot.store import AgentSession, AuditEntry, Database, SignInAttempt
from bot.texts import say
from tests.browser.test_accessibility import check
from tests.connectors.serving import Front, running_desk
from tests.desk.staff import check_widths, door_form, form_token
from tests.support.provider import CLIENT, StandInProvider, running_provider

QUEUE = "/api/desk/queue"
COOKIE = "passage-desk-door"
SUBJECT = "4f1c-ada"


@pytest.fixture
def provider() -> Iterator[StandInProvider]:
    with running_provider() as found:
        yield found


@pytest.fixture
def provided(front: Front, database: Database, provider: StandInProvider) -> Iterator[Front]:
    """A desk whose agents the provider signs in; `mara` is known to both."""
    add(database, provider, "mara", SUBJECT)
    with running_desk(front.settings, database, oidc=provider.settings()) as found:
        yield found


@pytest.fixture
def browser(provided: Front) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=provided.url, headers={"Origin": provided.url}, timeout=30) as found:
        yield found


def add(database: Database, provider: StandInProvider, login: str, subject: str) -> None:
    with database.write() as session:
        add_provided_agent(
            session, login, login.title(), role="agent", languages=("en", "fr"), by="test",
            account=Account(provider.issuer, subject),
        )  # fmt: skip


def sent_to(browser: httpx.Client, language: str = "en") -> dict[str, str]:
    """What the provider is asked for."""
    answer = browser.get(f"/{language}/sign-in/provider")
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def come_back(
    browser: httpx.Client, provider: StandInProvider, change: dict[str, str] | None = None
) -> httpx.Response:
    """Through the provider and back, with another answer where `change` says so."""
    address = provider.authorize(sent_to(browser))
    answer = dict(parse_qsl(urlsplit(address).query))
    return browser.get("/oidc/callback", params={**answer, **(change or {})})


def trail(database: Database) -> list[tuple[str, str | None, Any]]:
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.act.like("desk_%")))
        return [(row.act, row.agent, row.detail.get("why")) for row in rows]


def sessions(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(AgentSession)) or 0)


def test_whom_the_provider_knows_and_we_know_comes_in(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    answer = come_back(browser, provider)
    assert answer.status_code == 200
    assert 'content="0;url=/en"' in answer.text
    assert browser.get(QUEUE).status_code == 200
    assert trail(database) == [("desk_signed_in", "mara", None)]
    cookies = answer.headers.get_list("set-cookie")
    assert any(c.startswith("passage-desk=") and "SameSite=Strict" in c for c in cookies)
    assert any(c.startswith(f"{COOKIE}=;") and "Max-Age=0" in c for c in cookies)


def test_what_is_asked_of_the_provider(browser: httpx.Client, provider: StandInProvider) -> None:
    asked, again = sent_to(browser), sent_to(browser)
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].endswith("/oidc/callback")
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) == 43 and asked[name] != again[name]
    assert browser.cookies[COOKIE].split(".")[0] not in str(again)


def test_a_token_by_an_elliptic_curve_is_taken_too(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    provider.sign = lambda claims: provider.signed(claims, provider.ec_key, "ES256", kid="ec-1")
    assert come_back(browser, provider).status_code == 200
    assert browser.get(QUEUE).status_code == 200


# --- answers that are not believed ---


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


def refused_page(browser: httpx.Client) -> str:
    answer = browser.get("/oidc/callback", params={"state": "x"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert say("en", "desk.door.refused") in answer.text
    return answer.text


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


def test_an_agent_who_left_is_refused_by_name_in_the_trail(
    browser: httpx.Client, provider: StandInProvider, database: Database
) -> None:
    with database.write() as session:
        end_agent(session, "mara", "test")
    answer = come_back(browser, provider)
    assert answer.text == refused_page(browser)
    assert ("desk_refused", "mara", "ended") in trail(database)
    assert sessions(database) == 0


def test_the_same_subject_of_another_provider_is_nobody(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    with running_provider() as former:
        add(database, former, "mara", SUBJECT)
    with running_desk(front.settings, database, oidc=provider.settings()) as desk:
        browser = httpx.Client(base_url=desk.url, timeout=30)
        assert come_back(browser, provider).status_code == 403
    assert sessions(database) == 0


def test_the_role_is_the_one_of_our_own_table(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    provider.changes = {"role": "supervisor", "roles": ["administrator"], "groups": ["supervisor"]}
    assert come_back(browser, provider).status_code == 200
    assert browser.get("/en/board").status_code == 403
    assert browser.get("/en/agents").status_code == 403


# --- what the settings change ---


@pytest.mark.parametrize(
    ("how", "claims", "status"),
    [
        ({"factors": "provider"}, {"amr": None}, 200),
        ({"factors": "acr", "factor_values": ("high",)}, {"acr": "high"}, 200),
        ({"factors": "acr", "factor_values": ("high",)}, {"acr": "low"}, 403),
        ({"claim": "email"}, {"email": SUBJECT, "email_verified": True, "sub": "x"}, 200),
        ({"claim": "email"}, {"email": SUBJECT, "sub": "x"}, 403),
        ({"claim": "oid"}, {"oid": SUBJECT, "sub": "x"}, 200),
        ({"claim": "oid"}, {}, 403),
        ({"client_secret": "wrong"}, {}, 503),
    ],
    ids=str,
)
def test_what_an_agent_is_known_by_and_how_is_a_setting(
    front: Front, database: Database, provider: StandInProvider,
    how: dict[str, Any], claims: dict[str, Any], status: int,
) -> None:  # fmt: skip
    add(database, provider, "mara", SUBJECT)
    provider.changes = claims
    with running_desk(front.settings, database, oidc=provider.settings(**how)) as desk:
        browser = httpx.Client(base_url=desk.url, timeout=30)
        assert come_back(browser, provider).status_code == status
    asked = provider.requests[-1]
    assert asked.get("acr_values") == ("high" if how.get("factors") == "acr" else None)


def test_no_password_opens_a_desk_with_a_provider(
    browser: httpx.Client, database: Database
) -> None:
    load_demo_agents(database)
    page = browser.get("/en/sign-in").text
    assert "/en/sign-in/provider" in page and 'name="password"' not in page
    for login in ("ada", "elise"):
        assert browser.post("/en/sign-in", data=door_form(login)).status_code == 404
    assert browser.get("/en/sign-in/password").status_code == 404


def test_the_other_way_in_is_for_administrators(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    load_demo_agents(database)
    oidc = provider.settings(break_glass=True)
    with running_desk(front.settings, database, oidc=oidc) as desk:
        browser = httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)
        assert "/en/sign-in/password" in browser.get("/en/sign-in").text
        assert 'name="password"' in browser.get("/en/sign-in/password").text
        for login in ("ada", "dev", "chantal"):
            assert browser.post("/en/sign-in", data=door_form(login)).status_code == 422
        assert browser.post("/en/sign-in", data=door_form("elise")).status_code == 303
        # Who came without the provider is led nowhere else afterwards.
        token = form_token(browser, "/en/agents")
        out = browser.post("/en/sign-out", data={"form_token": token})
        assert (out.status_code, out.headers["location"]) == (303, "/en/sign-in")
    assert provider.asked == []


def test_a_desk_without_a_provider_has_no_such_way(desk: Front) -> None:
    for path in ("/en/sign-in/provider", "/oidc/callback", "/en/sign-in/password"):
        assert httpx.get(desk.url + path, timeout=30).status_code == 404


# --- the provider itself ---


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"], ids=str)
def test_while_the_provider_is_away_the_page_says_so(
    browser: httpx.Client, provider: StandInProvider, database: Database, language: str, path: str
) -> None:
    provider.broken = {path}
    sent = browser.get(f"/{language}/sign-in/provider")
    if sent.status_code == 303:
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        sent = browser.get(provider.authorize(asked))
    assert sent.status_code == 503
    assert say(language, "desk.door.away") in sent.text
    provider.broken = set()
    assert come_back(browser, provider).status_code == 200


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://login.example"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
    ids=str,
)
def test_a_provider_that_cannot_be_right_is_not_used(
    browser: httpx.Client, provider: StandInProvider, description: dict[str, Any]
) -> None:
    provider.description = description
    assert browser.get("/en/sign-in/provider").status_code == 503


def test_a_provider_that_does_not_answer_is_not_waited_for_long(
    browser: httpx.Client, provided: Front, provider: StandInProvider
) -> None:
    provided.app.ctx.front.provider.seconds = 0.2
    provider.answers.clear()
    assert browser.get("/en/sign-in/provider").status_code == 503
    provider.answers.set()


def test_a_provider_that_does_not_answer_holds_up_nobody_else(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    """While many wait for it, the desk serves whoever is signed in."""
    load_demo_agents(database)
    oidc = provider.settings(break_glass=True)
    with running_desk(front.settings, database, oidc=oidc) as desk:
        desk.app.ctx.front.provider.seconds = 60.0
        elise = httpx.Client(base_url=desk.url, headers={"Origin": desk.url}, timeout=30)
        assert elise.post("/en/sign-in", data=door_form("elise")).status_code == 303
        provider.answers.clear()
        with ThreadPoolExecutor(20) as many:
            asked = [many.submit(ask, desk.url) for _ in range(20)]
            while len(provider.asked) < 20:
                time.sleep(0.01)
            assert elise.get("/en/agents").status_code == 200
            assert not any(one.done() for one in asked)
            provider.answers.set()
            assert {one.result() for one in asked} == {303}


def ask(url: str) -> int:
    return httpx.get(f"{url}/en/sign-in/provider", timeout=60).status_code


def test_new_keys_of_the_provider_are_fetched(
    browser: httpx.Client, provider: StandInProvider, provided: Front,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert come_back(browser, provider).status_code == 200
    provider.key, provider.kid = rsa.generate_private_key(65537, 2048), "rsa-2"
    # Not at once: anybody could have us ask again and again.
    assert come_back_anew(provided, provider).status_code == 403
    assert provider.asked.count("/keys") == 1
    monkeypatch.setattr("bot.oidc.provider.KEYS_AGAIN_SECONDS", 0.0)
    assert come_back_anew(provided, provider).status_code == 200


def come_back_anew(desk: Front, provider: StandInProvider) -> httpx.Response:
    return come_back(httpx.Client(base_url=desk.url, timeout=30), provider)


def test_signing_out_leads_to_the_provider_where_it_has_a_place_for_it(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    come_back(browser, provider)
    token = form_token(browser, "/en")
    out = browser.post("/en/sign-out", data={"form_token": token})
    assert out.status_code == 200
    assert f"{provider.issuer}/end?client_id=passage+desk&amp;post_logout_redirect_uri=" in out.text
    assert browser.get(QUEUE).status_code == 401


def test_over_https_the_cookie_of_a_try_is_bound_to_the_host(
    front: Front, database: Database, provider: StandInProvider
) -> None:
    own = {"desk_url": "https://desk.example.ca", "oidc": provider.settings()}
    with running_desk(front.settings, database, **own) as desk:
        cookie = httpx.get(f"{desk.url}/en/sign-in/provider", timeout=30).headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    wanted = {"Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"}
    assert wanted <= set(cookie.split("; "))


def test_who_asks_again_and_again_is_slowed_down(
    browser: httpx.Client, provider: StandInProvider
) -> None:
    found = [browser.get("/oidc/callback").status_code for _ in range(31)]
    assert found == [403] * 30 + [429]


# --- in a browser ---


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_the_whole_way_in_a_browser_by_keyboard(
    provided: Front, provider: StandInProvider, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{provided.url}/{language}")
    expect(page.get_by_role("heading", name=say(language, "desk.door.title"))).to_be_visible()
    check(page)
    page.get_by_role("link", name=say(language, "desk.door.provider")).focus()
    page.keyboard.press("Enter")
    page.locator("#go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("desk-queue")).to_be_visible()
    assert page.url == f"{provided.url}/{language}"
    assert page.evaluate("window.violations") == []
    page.get_by_role("button", name=say(language, "desk.sign_out")).press("Enter")
    page.locator("#go").press("Enter")
    expect(page.get_by_role("link", name=say(language, "desk.door.provider"))).to_be_visible()
    assert page.url == f"{provided.url}/{language}/sign-in"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("wrong", ["refused", "away"])
def test_a_refusal_reads_well(
    provided: Front, provider: StandInProvider, new_page: Callable[..., Page],
    language: str, wrong: str,
) -> None:  # fmt: skip
    provider.changes = {"sub": "another"}
    provider.broken = {"/token"} if wrong == "away" else set()
    page = new_page(reduced_motion="reduce")
    page.goto(f"{provided.url}/{language}/sign-in")
    page.get_by_role("link", name=say(language, "desk.door.provider")).press("Enter")
    page.locator("#go").press("Enter")
    expect(page.get_by_role("alert")).to_have_text(say(language, f"desk.door.{wrong}"))
    check(page)
    check_widths(page)
