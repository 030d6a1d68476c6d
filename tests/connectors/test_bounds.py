"""Whatever is sent, the answer is below 500 and the front goes on."""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.store import Database
from connectors.webchat import plain
from tests.conftest import KEYS, make_settings
from tests.connectors.serving import Front, running_front

POSTS = [
    "conversations", "messages", "identify", "code", "language", "stay", "end", "sessions/end",
    "landing/declaration", "landing/error", "address", "address/send", "address/code",
    "photo/choose", "confirmation/link", "notices",
]  # fmt: skip
GETS = [
    "conversation", "events", "transcript", "kept", "sessions", "photo/nothing",
    "confirmation/nothing",
]  # fmt: skip


@pytest.fixture(scope="module")
def one_front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One front for thousands of requests."""
    home: Path = tmp_path_factory.mktemp("bounds")
    database = Database(f"sqlite:///{home / 'test.db'}", KEYS)
    database.migrate()
    with running_front(make_settings(home, database.url), database) as found:
        yield found
    database.close()


@pytest.fixture(scope="module")
def caller(one_front: Front) -> Iterator[httpx.Client]:
    headers = {"Origin": one_front.url}
    with httpx.Client(base_url=one_front.url, headers=headers, timeout=30) as client:
        client.post("/api/chat/conversations", json={"language": "en"})
        yield client


def post(client: httpx.Client, path: str, body: bytes, **headers: str) -> httpx.Response:
    kind = {"Content-Type": "application/json", **headers}
    return client.post(f"/api/chat/{path}", content=body, headers=kind)


def message(text: str) -> bytes:
    return json.dumps({"client_id": "message-1", "text": text}).encode()


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"client_id": "message-1", "text": "\\u0000"}',
        b'{"client_id": "message-1", "text": "\\ud800"}',
        b'{"client_id": "message-1", "text": "\xed\xa0\x80"}',
        b'{"code": "\\u0000\\u0000"}',
        b'{"language": "\\udc00"}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"client_id": 1' + b"0" * 5_000 + b"}",
        b"NaN",
        b'{"client_id": NaN}',
        '{"language": "en"}'.encode("utf-16"),
        gzip.compress(b'{"language": "en"}', mtime=0),
    ],
)  # fmt: skip
def test_a_malformed_body_is_a_400(caller: httpx.Client, path: str, body: bytes) -> None:
    answer = post(caller, path, body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


@pytest.mark.parametrize("size", [32 * 1024 + 1, 1_000_000, 10_000_000])
def test_a_body_over_32_kb_is_a_413(one_front: Front, size: int) -> None:
    """Refused before the body is read: a client may find the line cut while it is sending."""
    with socket.create_connection(("127.0.0.1", one_front.settings.port)) as line:
        head = f"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        line.sendall(head.encode())
        assert b" 413 " in line.recv(65536).split(b"\r\n")[0]


def test_a_chunked_body_over_32_kb_is_a_413(one_front: Front) -> None:
    with socket.create_connection(("127.0.0.1", one_front.settings.port)) as line:
        line.sendall(b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\n")
        line.sendall(b"Transfer-Encoding: chunked\r\n\r\n10000\r\n" + b"x" * 40_000)
        assert b" 413 " in line.recv(65536).split(b"\r\n")[0]


def test_the_largest_legal_message_fits(caller: httpx.Client) -> None:
    assert post(caller, "messages", message("é" * 1000)).status_code == 202


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
@pytest.mark.parametrize("path", POSTS)
def test_what_is_not_json_is_a_415(caller: httpx.Client, path: str, kind: str) -> None:
    answer = caller.post(f"/api/chat/{path}", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert answer.json()["code"] == "media_type"


RAW = [
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /api/chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
    b"Content-Length: 9\r\n\r\n{}",
    b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /en/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //// HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://other.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET /en HTTP/1.1\r\nHost: x\r\nAccept-Language: ;q=;;,q,\r\n\r\n",
    b"GET /en HTTP/1.1\r\nHost: x\r\nCookie: passage=\x01\xff\r\n\r\n",
    b"GET /api/chat/events HTTP/1.1\r\nHost: x\r\nCookie: passage=\xff\r\n"
    b"Last-Event-ID: \xff\r\n\r\n",
    b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"nonsense\r\n\r\n",
    b"\x16\x03\x01\x02\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nno-colon\r\n\r\n",
    b"POST /en/plain/message HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n\xff\xfe",
]


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_a_malformed_request_is_refused_and_the_front_goes_on(one_front: Front, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", one_front.settings.port)) as line:
        line.sendall(raw)
        line.shutdown(socket.SHUT_WR)
        first = line.recv(65536).split(b"\r\n")[0]
    assert first == b"" or int(first.split()[1]) < 500, first
    assert httpx.get(f"{one_front.url}/healthz").status_code == 200


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
known = st.sampled_from(
    ["client_id", "text", "choice", "language", "code", "uci", "number", "sender", "metadata", "id"]
)
texts = st.text(st.characters(), max_size=50) | st.sampled_from(["message-1", "en", "12345678"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from([path for path in POSTS if path != "end"]),
    body=values | st.dictionaries(known, values | texts),
)
@example(path="messages", body={"client_id": "message-1", "text": "/restart"})
@example(path="code", body={"code": "٣" * 8})
def test_no_body_makes_the_front_fail(caller: httpx.Client, path: str, body: Any) -> None:
    raw = json.dumps(body).encode()
    assert post(caller, path, raw).status_code < 500


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(POSTS), body=st.binary(max_size=200))
def test_no_bytes_make_the_front_fail(caller: httpx.Client, path: str, body: bytes) -> None:
    assert 400 <= post(caller, path, body).status_code < 500


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(GETS),
    query=st.dictionaries(st.sampled_from(["cursor", "format", "embed", "x"]), st.text()),
)
def test_no_query_makes_the_front_fail(
    caller: httpx.Client, path: str, query: dict[str, str]
) -> None:
    query = {name: value.encode("utf-8", "ignore").decode() for name, value in query.items()}
    answer = caller.get(f"/api/chat/{path}", params={"wait": 0, **query})
    assert answer.status_code < 500


@pytest.fixture(scope="module")
def form_token(caller: httpx.Client) -> Iterator[str]:
    """What our own forms carry; and nobody waits for an assistant that is not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "SETTLE_SECONDS", 0)
        yield re.findall(r'name="form_token" value="([^"]+)"', caller.get("/en/plain").text)[0]


ACTS = ["start", "message", "choice", "identify", "code", "language", "sessions", "nothing"]
FIELDS = [
    "text", "choice", "code", "uci", "birth_year", "birth_place", "who", "party_id", "session",
    "client_id", "x",
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    act=st.sampled_from(ACTS),
    form=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40) | texts),
)
@example(act="message", form={"text": "\0", "client_id": "abcdefgh"})
@example(act="sessions", form={"text": "\0"})
@example(act="sessions", form={})
@example(act="identify", form={"birth_year": "1990", "uci": "\ud800"})
def test_no_form_makes_the_front_fail(
    caller: httpx.Client, form_token: str, act: str, form: dict[str, str]
) -> None:
    fields = {"client_id": "message-2", **form, "form_token": form_token}
    body = urlencode(fields, errors="surrogatepass")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = caller.post(f"/en/plain/{act}", content=body, headers=headers)
    assert answer.status_code < 500
    # Nobody is signed in here, so the one form that asks for it says so; unless it is malformed.
    assert (answer.status_code in (400, 403)) if act == "sessions" else answer.status_code != 403
