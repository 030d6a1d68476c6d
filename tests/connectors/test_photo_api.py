"""Photos through the front: checked by a child, kept when good, shown to their owner only. What the
checks find has tests of its own (tests/bot/photos)."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.landing import photos as kept
from bot.photos.report import Box, PhotoReport
from bot.store import AuditEntry, Database, Photo
from bot.texts import say
from connectors.webchat import photos
from tests.bot.landing.giving import GOOD
from tests.connectors.landers import (
    Landers,
    Page,
    add_landers,
    another_person,
    page_of,
    put,
    stage_of,
)
from tests.connectors.serving import Front

URL = "/api/chat/photo"
PICTURE = {"Content-Type": "image/jpeg"}


class Checks:
    """A stand-in for the child: what it was given, and a good report for everything."""

    def __init__(self) -> None:
        self.given: list[tuple[int, Box | None]] = []

    async def __call__(self, raw: bytes, crop: Box | None = None) -> PhotoReport:
        self.given.append((len(raw), crop))
        return GOOD


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    found = Checks()
    monkeypatch.setattr(photos, "check_photo", found)
    return found


@pytest.fixture
def family(database: Database) -> Landers:
    return add_landers(database, "address_given")


@pytest.fixture
def page(front: Front, database: Database, family: Landers) -> Iterator[Page]:
    with page_of(front.url, database, family.zoe) as found:
        yield found


def send(page: Page, content: Any = b"x", person: int | None = None, **how: Any) -> httpx.Response:
    params = {"member": page.ref(person), **how.pop("params", {})}
    headers = {**PICTURE, **how}
    return page.client.post(URL, params=params, content=content, headers=headers)


def kept_photos(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(Photo.id))))


def no_face() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (900, 1260), "white").save(written, "JPEG")
    return written.getvalue()


def test_a_picture_without_a_face_is_told_so_and_not_kept(page: Page) -> None:
    found = send(page, no_face()).json()
    assert found["photo"] is None
    (problem,) = [p for p in found["report"]["problems"] if p["kind"] == "no_face"]
    assert problem["text"] == say("en", "photo.problem.no_face")
    assert kept_photos(page.database) == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0" + b"\0" * 900, b"%PDF-1.4"],
)
def test_a_hostile_file_is_a_report_and_no_failure(page: Page, raw: bytes) -> None:
    answer = send(page, raw)
    assert answer.status_code == 200
    assert answer.json()["photo"] is None and len(answer.json()["report"]["problems"]) == 1
    assert kept_photos(page.database) == 0


def test_a_good_one_is_kept_until_it_is_chosen(page: Page, family: Landers, checks: Checks) -> None:
    ids = [send(page).json()["photo"] for _ in range(3)]
    assert (
        kept_photos(page.database) == 3 and stage_of(page.database, family.zoe) == "address_given"
    )
    assert page.post("photo/choose", photo=ids[1]).status_code == 202
    assert kept_photos(page.database) == 1, "the others are gone"
    with page.database.read() as session:
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.position)))
    assert acts == ["photo.kept"] * 3 + ["landing.give_photo", "landing.send"]


def test_it_is_shown_to_its_owner_only(
    front: Front, database: Database, page: Page, family: Landers, checks: Checks
) -> None:
    photo = send(page).json()["photo"]
    childs = send(page, person=family.lina).json()["photo"]
    for name in (photo, childs):
        shown = page.client.get(f"{URL}/{name}")
        assert (shown.status_code, shown.content) == (200, GOOD.picture)
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["cache-control"] == "no-store"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{front.url}{URL}/{photo}").status_code == 401
    for person in (another_person(database), None):
        with page_of(front.url, database, person) as other:
            assert other.client.get(f"{URL}/{photo}").status_code == 404
    for name in ("x", "%00", "%ff", "é", "a" * 2000, photo.lower() + "x"):
        assert page.client.get(f"{URL}/{name}").status_code == 404


def test_nobody_chooses_the_photo_of_another(
    front: Front, database: Database, page: Page, family: Landers, checks: Checks
) -> None:
    mine, childs = send(page).json()["photo"], send(page, person=family.lina).json()["photo"]
    assert page.post("photo/choose", photo=childs).status_code == 409
    with page_of(front.url, database, another_person(database)) as other:
        assert other.post("photo/choose", photo=mine).status_code == 409
    assert kept_photos(database) == 2 and stage_of(database, family.zoe) == "address_given"


def test_who_may_not_send_one_is_told_before_it_is_read(
    front: Front, database: Database, page: Page, family: Landers, checks: Checks
) -> None:
    other = another_person(database)
    assert send(page, person=other).status_code == 403
    assert page.client.post(URL, content=b"x", headers=PICTURE).status_code == 403
    assert send(page, Origin="https://evil.example").status_code == 403
    assert httpx.post(f"{front.url}{URL}", content=b"x", headers=PICTURE).status_code == 401
    with page_of(front.url, database, None) as anybody:
        assert send(anybody, person=family.zoe).status_code == 403
    put(database, "declared")
    assert send(page).status_code == 409
    assert checks.given == [] and kept_photos(database) == 0


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "image/gif", "image/svg+xml", "application/json", "multipart/form-data", ""],
)
def test_what_is_no_picture_is_a_415(page: Page, checks: Checks, kind: str) -> None:
    assert send(page, **{"Content-Type": kind}).status_code == 415
    assert checks.given == []


@pytest.mark.parametrize("size", [4 * 2**20 + 1, 9 * 2**20])
def test_what_is_over_four_megabytes_is_a_413(page: Page, checks: Checks, size: int) -> None:
    def parts() -> Iterator[bytes]:  # of unknown length, so that only reading tells
        yield from (b"x" * 2**18 for _ in range(size // 2**18 + 1))

    for content in (b"x" * size, parts()):
        with suppress(httpx.TransportError):  # the line may be cut while we are still sending
            assert send(page, content).status_code == 413
    assert checks.given == []
    assert send(page, b"y" * 4 * 2**20).status_code == 200
    assert checks.given == [(4 * 2**20, None)]


@pytest.mark.parametrize(
    "crop",
    [
        "x", "0,0,1", "0,0,1,1,1", "0,0,0,1", "-0.1,0,1,1", "0,0,1.1,1", "nan,0,1,1",
        "0,0,inf,1", "1e400,0,1,1", "0,0,1,1;",
    ],
)  # fmt: skip
def test_a_crop_lies_inside_the_picture_or_it_is_a_400(
    page: Page, checks: Checks, crop: str
) -> None:
    assert send(page, params={"crop": crop}).status_code == 400
    assert checks.given == []


def test_a_crop_reaches_the_checks(page: Page, checks: Checks) -> None:
    assert send(page, params={"crop": "0.1,0.2,0.5,0.25"}).status_code == 200
    assert checks.given == [(1, Box(0.1, 0.2, 0.5, 0.25))]


def test_tries_have_a_budget_that_outlives_the_session(
    front: Front, database: Database, page: Page, family: Landers, checks: Checks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(kept, "TRIES", replace(kept.TRIES, most=2))
    assert [send(page).status_code for _ in range(3)] == [200, 200, 429]
    with page_of(front.url, database, family.zoe) as again:
        refused = send(again)
    assert refused.status_code == 429
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    assert refused.json()["error"] == say("en", "landing.photo_too_often", hours=24)
    assert send(page, person=family.lina).status_code == 200, "each person has their own"


def test_a_picture_that_never_ends_holds_nothing_up(
    page: Page, front: Front, checks: Checks
) -> None:
    """The line is cut in the middle of the body: nothing is kept, and the front goes on."""
    with socket.create_connection(("127.0.0.1", front.settings.port)) as line:
        head = f"POST {URL}?member={page.ref()} HTTP/1.1\r\nHost: x\r\nOrigin: {front.url}\r\n"
        cookie = f"Cookie: {page.client.headers['Cookie']}\r\n"
        line.sendall(
            f"{head}{cookie}Content-Type: image/jpeg\r\nContent-Length: 9\r\n\r\nxx".encode()
        )
    assert send(page).status_code == 200
    assert [size for size, _ in checks.given] == [1] and kept_photos(page.database) == 1
