"""Other sites' pages, floods, and the headers that protect a page."""

from __future__ import annotations

import httpx
import pytest

from bot.settings import Settings
from bot.store import Database
from connectors.origins import own_origins
from connectors.problems import Problem
from connectors.rates import Limiter, Rates
from tests.connectors.serving import Front, running_front

OPEN = "/api/chat/conversations"
EN = {"language": "en"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "OWN"}, 201),
        ({"Origin": "OWN", "Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 201),
        ({}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "OWN.evil.example"}, 403),
        ({"Origin": "https://evil.example", "Host": "evil.example"}, 403),
        ({"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example"}, 403),
    ],
)
def test_only_our_own_pages_may_change_anything(
    front: Front, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.replace("OWN", front.url) for name, value in headers.items()}
    answer = httpx.post(front.url + OPEN, json=EN, headers=sent)
    assert answer.status_code == status


POSTS = ["messages", "identify", "code", "language", "stay", "end", "sessions/end"]


@pytest.mark.parametrize("path", POSTS)
def test_every_post_asks_where_it_comes_from(client: httpx.Client, path: str) -> None:
    client.post(OPEN, json=EN)
    answer = client.post(f"/api/chat/{path}", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.get("/api/chat/conversation").status_code == 200


def test_the_embedded_chat_must_always_say_where_it_comes_from(front: Front) -> None:
    url = f"{front.url}{OPEN}?embed=1"
    assert httpx.post(url, json=EN).status_code == 403
    assert httpx.post(url, json=EN, headers={"Origin": front.url}).status_code == 201


def test_nobody_else_is_allowed_to_read_across_origins(front: Front) -> None:
    origin = {"Origin": "https://evil.example"}
    for path in ("/en", "/api/chat/conversation", "/openapi.json"):
        answer = httpx.get(front.url + path, headers=origin)
        assert not [name for name in answer.headers if name.startswith("access-control")]
    preflight = httpx.request("OPTIONS", front.url + OPEN, headers=origin)
    assert preflight.status_code == 405


def test_own_origins() -> None:
    assert own_origins("https://passage.example") == {"https://passage.example"}
    assert own_origins("http://localhost:8080") == {
        "http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080",
    }  # fmt: skip


# -- floods ---------------------------------------------------------------------------------------


def test_the_window_moves_and_tells_how_long_to_wait() -> None:
    moment = [0.0]
    limiter = Limiter(Rates(), clock=lambda: moment[0])
    for moment[0] in (0, 10, 20):
        limiter.hit(3, "message", "me")
    with pytest.raises(Problem) as refused:
        limiter.hit(3, "message", "me")
    assert refused.value.values == {"seconds": 40}
    limiter.hit(3, "message", "you")
    moment[0] = 60
    limiter.hit(3, "message", "me")
    with pytest.raises(Problem):
        limiter.hit(3, "message", "me")


def test_whoever_is_quiet_is_forgotten() -> None:
    moment = [0.0]
    limiter = Limiter(Rates(), clock=lambda: moment[0])
    for number in range(1000):
        limiter.hit(3, "message", str(number))
    moment[0] = 61
    limiter.hit(3, "message", "me")
    assert len(limiter._calls) == 1


@pytest.mark.parametrize(
    ("rates", "path", "body"),
    [
        (Rates(messages_per_session=2), "messages", {"client_id": "abcdefgh", "text": "x"}),
        (Rates(messages_per_address=2), "messages", {"client_id": "abcdefgh", "text": "x"}),
        (Rates(messages_per_session=2), "code", {"code": "1"}),
    ],
)
def test_too_many_calls_are_told_to_wait(
    settings: Settings, database: Database, rates: Rates, path: str, body: dict[str, str]
) -> None:
    with running_front(settings, database, rates) as front:
        client = httpx.Client(base_url=front.url)
        client.post(OPEN, json={"language": "fr"})
        answers = [client.post(f"/api/chat/{path}", json=body) for _ in range(3)]
        assert [a.status_code == 429 for a in answers] == [False, False, True]
        last = answers[-1]
        assert 1 <= int(last.headers["retry-after"]) <= 60
        assert last.json()["seconds"] == int(last.headers["retry-after"])
        assert last.json()["code"] == "too_fast"


def test_conversations_are_limited_by_address_but_going_on_is_not(
    settings: Settings, database: Database
) -> None:
    with running_front(settings, database, Rates(conversations_per_address=2)) as front:
        client = httpx.Client(base_url=front.url)
        assert [client.post(OPEN, json=EN).status_code for _ in range(4)] == [201, 200, 200, 200]
        others = [httpx.post(front.url + OPEN, json=EN).status_code for _ in range(2)]
        assert others == [201, 429]


def test_what_a_client_says_of_its_address_counts_only_behind_our_proxy(
    settings: Settings, database: Database
) -> None:
    rates = Rates(conversations_per_address=1)
    for proxies, expected in ((0, [201, 429]), (1, [201, 201])):
        with running_front(settings, database, rates, proxies=proxies) as front:
            answers = [
                httpx.post(front.url + OPEN, json=EN, headers={"X-Forwarded-For": f"10.0.0.{n}"})
                for n in range(2)
            ]
            assert [answer.status_code for answer in answers] == expected


# -- headers --------------------------------------------------------------------------------------

PAGES = [
    "/",
    "/en",
    "/fr",
    "/en/embed",
    "/en/privacy",
    "/en/plain",
    "/nothing",
    "/demo",
    "/fr/not-me/x",
]
DATA = [
    "/api/chat/conversation",
    "/api/chat/kept",
    "/api/chat/sessions",
    "/api/nothing",
    "/demo/outbox.json",
    "/openapi.json",
]
OTHER = ["/healthz", "/readyz", "/embed.js", "/static/x/nothing"]


@pytest.mark.parametrize("path", [*PAGES, *DATA, *OTHER])
def test_every_answer_carries_the_protecting_headers(front: Front, path: str) -> None:
    headers = httpx.get(front.url + path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "no-store" in headers["cache-control"] or path == "/embed.js"


def test_https_is_remembered_and_only_listed_sites_may_frame_the_embedded_chat(
    settings: Settings, database: Database
) -> None:
    origins = ("https://one.example", "https://two.example")
    shown = "https://passage.example"
    with running_front(settings, database, shown=shown, embed_origins=origins) as front:
        page = httpx.get(f"{front.url}/en").headers
        assert "max-age=31536000" in page["strict-transport-security"]
        assert "frame-ancestors 'none'" in page["content-security-policy"]
        embedded = httpx.get(f"{front.url}/fr/embed").headers["content-security-policy"]
        assert "frame-ancestors https://one.example https://two.example" in embedded
