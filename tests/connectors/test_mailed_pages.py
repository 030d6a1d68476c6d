"""Pages behind an address in a message (upload, undo): without a session, without script,
and opening them changes nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.chat.conversations import open_conversation
from bot.landing.photos import keep_photo, make_link, new_token
from bot.landing.place import Actor, Place
from bot.settings import Settings
from bot.store import (
    AddressChange,
    AuditEntry,
    Database,
    Photo,
    UploadLink,
)
from bot.texts import LANGUAGES, say
from connectors.rates import Rates
from connectors.webchat import upload
from tests.bot.landing.giving import GOOD
from tests.connectors.landers import (
    ADDRESS,
    FORM,
    Landers,
    add_landers,
    page_of,
    put,
    stage_of,
)
from tests.connectors.people import mailed_code, newest_mail
from tests.connectors.serving import Front, running_front

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def family(database: Database) -> Landers:
    return add_landers(database, "address_given")


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_raw: bytes, _crop: Any = None) -> Any:
        return GOOD

    monkeypatch.setattr(upload, "check_photo", check)


def link(database: Database, family: Landers, person: int | None = None) -> str:
    with database.write() as session:
        conversation = open_conversation(session, "web", "en")
        actor = Actor(person_id=family.zoe, conversation_id=conversation)
        token = new_token()
        make_link(session, Place(family.application, person or family.zoe), actor, token)
        return token


def photo_of(database: Database, family: Landers) -> str:
    with database.write() as session:
        place = Place(family.application, family.zoe)
        return keep_photo(session, place, Actor(person_id=family.zoe), GOOD)


def submit(
    front: Front, token: str, raw: bytes = b"x", language: str = "en", **headers: str
) -> httpx.Response:
    """The page's form as a browser without script sends it."""
    return httpx.post(
        f"{front.url}/{language}/upload/{token}",
        files={"photo": ("me.jpg", raw, "image/jpeg")},
        data={"recent": "yes"},
        headers={**OWN, **headers},
        timeout=30,
    )


def acts(database: Database, like: str = "%") -> list[str]:
    with database.read() as session:
        query = select(AuditEntry.act).where(AuditEntry.act.like(like))
        return list(session.scalars(query.order_by(AuditEntry.position)))


# -- upload ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_upload_page_needs_no_script_and_opening_it_changes_nothing(
    front: Front, database: Database, family: Landers, language: str
) -> None:
    token = link(database, family)
    for _ in range(3):
        page = httpx.get(f"{front.url}/{language}/upload/{token}")
    assert page.status_code == 200 and "<script" not in page.text
    assert 'enctype="multipart/form-data"' in page.text
    assert say(language, "pages.upload.title") in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["referrer-policy"] == "no-referrer"
    with database.read() as session:
        assert session.scalar(select(UploadLink.used_at)) is None
    assert acts(database) == []


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("who", ["zoe", "lina"])
def test_a_photo_is_sent_once(front: Front, database: Database, family: Landers, who: str) -> None:
    person = getattr(family, who)
    token = link(database, family, person)
    sent = submit(front, token)
    assert (sent.status_code, sent.headers["location"]) == (303, "/en/upload/done")
    assert stage_of(database, person) == "in_review"
    assert acts(database) == ["photo.kept", "landing.give_photo", "landing.send"]
    assert say("en", "pages.upload.done.title") in httpx.get(f"{front.url}/en/upload/done").text
    again = submit(front, token)
    assert again.status_code == 410
    assert say("en", "pages.upload.over.title") in again.text
    assert httpx.get(f"{front.url}/en/upload/{token}").text.count("<form") == 0
    assert len(acts(database)) == 3
    with database.read() as session:
        assert session.scalar(select(func.count(Photo.id))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_photo_that_cannot_be_used_is_told_so_in_words(
    front: Front, database: Database, family: Landers, language: str
) -> None:
    token = link(database, family)
    white = io.BytesIO()
    Image.new("RGB", (900, 1260), "white").save(white, "JPEG")
    files = {"no_face": white.getvalue(), "not_a_picture": b"<svg onload=alert(1)>"}
    for kind, raw in files.items():
        answer = submit(front, token, raw, language)
        assert answer.status_code == 422
        alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
        assert say(language, f"photo.problem.{kind}") in alert
        assert "<script" not in answer.text and "alert(1)" not in answer.text
    assert acts(database) == []
    assert httpx.get(f"{front.url}/{language}/upload/{token}").text.count("<form") == 1


@pytest.mark.usefixtures("good")
def test_crooked_forms_change_nothing(front: Front, database: Database, family: Landers) -> None:
    front.app.ctx.front.limiter.rates = Rates(not_me_per_address=100)
    token = link(database, family)
    url = f"{front.url}/en/upload/{token}"
    boundary = {"Content-Type": "multipart/form-data; boundary=x", **OWN}
    crooked = [
        (b"", {**FORM}, {415}),
        (b"x", {"Content-Type": "image/jpeg", **OWN}, {415}),
        (b"", {"Content-Type": "multipart/form-data", **OWN}, {415}),
        (b"", boundary, {400, 422}),
        (b"nonsense", boundary, {400, 422}),
        (b"--x\r\n\r\n--x--", boundary, {400, 422}),
        (b'--x\r\nContent-Disposition: form-data; name="photo"\r\n\r\nx\r\n--x--', boundary,
         {400, 422}),
        (b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n\r\n--x--',
         boundary, {400, 422}),
        (b"--x\r\nContent-Disposition: \xff\xfe\r\n\r\n\xff\r\n--x--", boundary, {400, 422}),
        (b"x" * (4 * 2**20 + 20_000), boundary, {413}),
    ]  # fmt: skip
    for body, headers, wanted in crooked:
        answer = httpx.post(url, content=body, headers=headers, timeout=30)
        assert answer.status_code in wanted, (body[:80], answer.status_code)
        assert answer.headers["content-type"].startswith("text/html")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert submit(front, token, **headers).status_code == 403
    assert acts(database) == [] and stage_of(database, family.zoe) == "address_given"
    assert submit(front, token).status_code == 303, "and it still works"


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize("token", ["x" * 32, "%00", "%ff", "é", "a.b", "x" * 3000])
def test_an_upload_address_that_never_was_is_over(
    front: Front, database: Database, family: Landers, token: str
) -> None:
    assert httpx.get(f"{front.url}/en/upload/{token}").text.count("<form") == 0
    assert submit(front, token).status_code == 410
    assert acts(database) == []


@pytest.mark.usefixtures("good")
def test_an_upload_address_is_over_when_no_photo_is_due(
    front: Front, database: Database, family: Landers
) -> None:
    token = link(database, family)
    put(database, "confirmed")
    assert submit(front, token).status_code == 410
    assert acts(database) == []


def test_uploads_without_end_are_told_to_wait(
    settings: Settings, database: Database, family: Landers
) -> None:
    with running_front(settings, database, Rates(not_me_per_address=2)) as front:
        answers = [submit(front, "x" * 32).status_code for _ in range(3)]
    assert answers == [410, 410, 429]


# -- undo -----------------------------------------------------------------------------------------


def changed(front: Front, database: Database, family: Landers) -> str:
    """The path in the notice of a change of Zoe's address."""
    put(database, "declared", family.zoe)
    with page_of(front.url, database, family.zoe) as page:
        assert page.post("address/send", **ADDRESS).status_code == 202
        code = mailed_code(database)
        answer = page.client.post("/api/chat/address/code", json={"code": code})
        assert answer.status_code == 200
    found = re.search(r"(/fr/undo/[\w-]+)", newest_mail(database).text)
    assert found, "the notice is in her language"
    return found.group(1)


def press(front: Front, path: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{front.url}{path}", headers={**FORM, **headers})


def test_opening_the_undo_page_changes_nothing_and_pressing_undoes_once(
    front: Front, database: Database, family: Landers
) -> None:
    path = changed(front, database, family)
    assert stage_of(database, family.zoe) == "address_given"
    for _ in range(3):
        page = httpx.get(f"{front.url}{path}")
    assert page.text.count("<button") == 1 and "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert acts(database, "address.%") == ["address.held"]
    done = press(front, path)
    assert (done.status_code, done.headers["location"]) == (303, "/fr/undo/done")
    assert acts(database, "address.%") == ["address.held", "address.undone"]
    assert stage_of(database, family.zoe) == "declared", "it is asked for again"
    assert press(front, path).headers["location"] == "/fr/undo/over"
    assert len(acts(database, "address.%")) == 2
    for last in ("done", "over"):
        for language in LANGUAGES:
            text = httpx.get(f"{front.url}/{language}/undo/{last}").text
            assert say(language, f"pages.undo.{last}.title") in text


@pytest.mark.parametrize("token", ["x" * 32, "%00", "%ff", "é", "done", "over", "x" * 3000])
def test_an_unknown_undo_address_undoes_nothing(
    front: Front, database: Database, family: Landers, token: str
) -> None:
    changed(front, database, family)
    answer = press(front, f"/en/undo/{token}")
    assert answer.status_code == 405 or answer.headers["location"] == "/en/undo/over"
    with database.read() as session:
        assert session.scalars(select(AddressChange.state)).all() == ["held"]


def test_another_site_undoes_nothing(front: Front, database: Database, family: Landers) -> None:
    path = changed(front, database, family)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert press(front, path, **headers).status_code == 403
    assert press(front, path, **{"Content-Type": "text/plain"}).status_code == 415
    assert acts(database, "address.%") == ["address.held"]
