"""The forms of landing, as a page sends them: one way through, every refusal, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pypdfium2
import pytest
import time_machine
from sqlalchemy import func, select

from bot.clock import now
from bot.landing import reviewing
from bot.landing.place import Place
from bot.settings import Settings
from bot.store import (
    AddressChange,
    AuditEntry,
    Challenge,
    Conversation,
    Database,
    LandingMove,
    LandingPapers,
    Outbound,
    Person,
    Tally,
)
from bot.texts import say
from connectors.rates import Rates
from connectors.webchat import photos
from tests.bot.landing.giving import GOOD, give_all
from tests.connectors.landers import (
    ADDRESS,
    DECLARED,
    Landers,
    Page,
    add_landers,
    another_person,
    page_of,
    put,
    stage_of,
)
from tests.connectors.people import DETAILS, add_helene, add_zoe, mailed_code, sign_in
from tests.connectors.serving import Front, running_front

FORMS: dict[str, dict[str, Any]] = {
    "landing/declaration": DECLARED,
    "landing/error": {"text": "My name is wrong"},
    "address": ADDRESS,
    "address/send": ADDRESS,
    "address/code": {"code": "12345678"},
    "photo/choose": {"photo": "abc"},
    "confirmation/link": {},
}
WITHOUT_ID = {"address", "address/code", "confirmation/link"}
# The stage at which each is due, and one at which it is not.
DUE = {
    "landing/declaration": ("profile_ready", "invited"),
    "landing/error": ("confirmed", "card_ordered"),
    "photo/choose": ("address_given", "declared"),
}


def form(page: Page, path: str, person_id: int | None = None, **changes: Any) -> dict[str, Any]:
    body = {**FORMS[path], **changes}
    if path != "address/code":
        body.setdefault("member", page.ref(person_id))
    if path not in WITHOUT_ID:
        body.setdefault("client_id", "request-1")
    return body


def send(page: Page, path: str, body: Any, **headers: str) -> httpx.Response:
    return page.client.post(f"/api/chat/{path}", json=body, headers=headers)


@pytest.fixture
def family(database: Database) -> Landers:
    return add_landers(database)


@pytest.fixture
def page(front: Front, database: Database, family: Landers) -> Iterator[Page]:
    with page_of(front.url, database, family.zoe) as found:
        yield found


@pytest.fixture
def good_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_raw: bytes, _crop: Any = None) -> Any:
        return GOOD

    monkeypatch.setattr(photos, "check_photo", check)


def counts(database: Database) -> list[int]:
    """What a form could have changed."""
    tables = (LandingMove.id, AddressChange.id, Outbound.id, AuditEntry.position, Challenge.id)
    with database.read() as session:
        return [int(session.scalar(select(func.count(column)))) for column in tables]


# -- the whole way --------------------------------------------------------------------------------


@pytest.mark.usefixtures("good_photos")
def test_one_person_goes_all_the_way(
    client: httpx.Client, database: Database, family: Landers, front: Front
) -> None:
    sign_in(client, database, "en")
    with page_of(front.url, database, family.zoe) as page:
        page.client.headers["Cookie"] = f"passage={client.cookies['passage']}"
        with database.read() as session:
            query = select(Conversation.id).order_by(Conversation.created_at).limit(1)
            page.conversation = session.scalar(query)
        go_all_the_way(page, family)


def go_all_the_way(page: Page, family: Landers) -> None:
    database = page.database
    assert page.post("landing/declaration", **DECLARED).status_code == 202
    assert stage_of(database, family.zoe) == "declared"
    proposed = send(page, "address", form(page, "address")).json()
    assert proposed["lines"] == ["4B-123 Main Street", "Ottawa ON  K1A 0B1"]
    assert page.post("address/send", **proposed["proposal"]).status_code == 202
    right = send(page, "address/code", {"code": mailed_code(database)})
    assert (right.status_code, right.json()) == (200, {"confirmed": True})
    assert stage_of(database, family.zoe) == "address_given"
    photo = page.client.post(
        "/api/chat/photo", params={"member": page.ref()}, content=b"a photo",
        headers={"Content-Type": "image/jpeg"},
    ).json()["photo"]  # fmt: skip
    assert page.post("photo/choose", photo=photo).status_code == 202
    assert stage_of(database, family.zoe) == "in_review"
    assert send(page, "confirmation/link", {"member": page.ref()}).status_code == 404
    with database.write() as session:
        reviewing.accept(session, Place(family.application, family.zoe), "officer")
    assert page.post("landing/error", text="My family name").status_code == 202
    said = [line["text"] for line in page.lines() if line["author"] == "user"]
    assert [text.split("\n")[0] for text in said][-5:] == [
        say("en", f"landing.sent.{what}")
        for what in ("declaration", "address", "address_code", "photo", "error")
    ]
    assert stage_of(database, family.lina) == "profile_ready", "the child's own stays"


def test_a_parent_does_it_for_a_child(page: Page, family: Landers) -> None:
    assert page.post("landing/declaration", family.lina, **DECLARED).status_code == 202
    assert page.post("address/send", family.lina, **ADDRESS).status_code == 202
    code = mailed_code(page.database)
    assert send(page, "address/code", {"code": code}).status_code == 200
    assert stage_of(page.database, family.lina) == "address_given"
    assert stage_of(page.database, family.zoe) == "profile_ready"


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FORMS)
def test_without_a_session_it_is_a_401(front: Front, page: Page, path: str) -> None:
    answer = httpx.post(f"{front.url}/api/chat/{path}", json=form(page, path))
    assert (answer.status_code, answer.json()["code"]) == (401, "no_session")


@pytest.mark.parametrize("path", FORMS)
def test_whoever_has_not_proved_who_they_are_gets_a_403(
    front: Front, database: Database, family: Landers, path: str
) -> None:
    before = counts(database)
    with page_of(front.url, database, None) as anybody:
        answer = send(anybody, path, form(anybody, path, family.zoe))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_signed_in")
    assert counts(database) == before


@pytest.mark.parametrize("path", FORMS)
def test_another_site_gets_a_403(page: Page, path: str) -> None:
    before = counts(page.database)
    cross_site = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    for headers in ({"Origin": "https://evil.example"}, cross_site):
        answer = send(page, path, form(page, path), **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert counts(page.database) == before


@pytest.mark.parametrize("path", [path for path in FORMS if path != "address/code"])
def test_a_name_from_elsewhere_is_a_403(
    front: Front, database: Database, page: Page, family: Landers, path: str
) -> None:
    put(database, DUE.get(path, ("confirmed",))[0])
    other = another_person(database)
    with page_of(front.url, database, family.zoe) as hers_elsewhere:
        refs = [hers_elsewhere.ref(), page.ref(other), "0" * 32]
    before = counts(database)
    for ref in refs:
        answer = send(page, path, form(page, path, member=ref))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert counts(database) == before


# What a representative may do about themselves: nothing, and nothing is there.
HERS = {"landing/declaration": 409, "landing/error": 409, "photo/choose": 409, "address": 200,
        "confirmation/link": 404}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_representative_gets_a_403_or_nothing(
    front: Front, database: Database, family: Landers, path: str
) -> None:
    add_helene(database)
    put(database, DUE.get(path, ("confirmed",))[0])
    before = counts(database)
    with database.read() as session:
        helene = session.scalar(select(func.max(Person.id)))
    with page_of(front.url, database, helene) as page:
        for person in (family.zoe, family.lina, helene):
            answer = send(page, path, form(page, path, person))
            own = HERS.get(path, 403) if person == helene else 403
            wanted = 409 if path == "address/code" else own
            assert answer.status_code == wanted
    assert counts(database) == before


@pytest.mark.parametrize("path", FORMS)
def test_what_is_not_json_is_a_415_and_of_another_shape_a_400(page: Page, path: str) -> None:
    url, good = f"/api/chat/{path}", form(page, path)
    assert page.client.post(url, data=good).status_code == 415
    first = next(iter(good))
    crooked = [
        {}, [], "x", {**good, "more": 1}, {**good, first: 5}, {**good, first: None},
        {k: v for k, v in good.items() if k != first}, {**good, first: "\0"},
        {**good, first: "x" * 2001} if path != "address/code" else {},
    ]  # fmt: skip
    for body in crooked:
        answer = send(page, path, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), body


@pytest.mark.parametrize("path", FORMS)
def test_without_end_it_is_a_429(
    settings: Settings, database: Database, family: Landers, path: str
) -> None:
    with (
        running_front(settings, database, Rates(forms_per_session=2)) as front,
        page_of(front.url, database, family.zoe) as page,
    ):
        answers = [send(page, path, {}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert answers[-1].json()["seconds"] > 0 and answers[-1].headers["Retry-After"]


@pytest.mark.parametrize("path", DUE)
def test_what_is_not_due_is_a_409_and_changes_nothing(
    page: Page, family: Landers, path: str
) -> None:
    put(page.database, DUE[path][1])
    before = counts(page.database)
    answer = send(page, path, form(page, path))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    assert counts(page.database) == before
    assert page.lines() == []


def test_who_has_no_landing_has_nothing_to_do(front: Front, database: Database) -> None:
    add_zoe(database)
    with database.read() as session:
        zoe = session.scalar(select(Person.id))
    with page_of(front.url, database, zoe) as page:
        statuses = {path: send(page, path, form(page, path)).status_code for path in FORMS}
    assert statuses == {
        "landing/declaration": 409, "landing/error": 409, "address": 200, "address/send": 202,
        "address/code": 422, "photo/choose": 409, "confirmation/link": 404,
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"city": ""}, {"since": "2999-01-01"}, {"since": "x"}, {"province": "XX"},
              {"in_canada": ""}, {"true": ""}],
)  # fmt: skip
def test_a_declaration_says_which_fields_are_wrong(page: Page, wrong: dict[str, str]) -> None:
    answer = page.post("landing/declaration", **{**DECLARED, **wrong})
    assert answer.status_code == 422
    assert answer.json() == {"errors": {k: say("en", f"landing.field.{k}") for k in wrong}}
    assert page.lines() == []


@pytest.mark.parametrize("path", ["address", "address/send"])
def test_an_address_says_which_fields_are_wrong(page: Page, path: str) -> None:
    body = form(page, path, street="PO Box 4", postal_code="10001")
    answer = send(page, path, body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "street": say("en", "address.problem.po_box"),
        "postal_code": say("en", "address.problem.not_canadian"),
    }
    assert counts(page.database)[1] == 0


def test_an_error_without_words_is_a_422(page: Page) -> None:
    put(page.database, "confirmed")
    assert page.post("landing/error", text=" \n ").status_code == 422


# -- nothing twice --------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["yes", "abroad", "changed"])
def test_a_declaration_that_is_sent_again_adds_nothing(page: Page, answer: str) -> None:
    no = {"yes": {}, "abroad": {"in_canada": "no"}, "changed": {"nothing_changed": "no"}}[answer]
    body = form(page, "landing/declaration", **no)
    assert send(page, "landing/declaration", body).status_code == 202
    lines, before = page.lines(), counts(page.database)
    for _ in range(2):
        assert send(page, "landing/declaration", body).status_code == 202
    assert (page.lines(), counts(page.database)) == (lines, before)
    assert [line["author"] for line in lines] == ["user", "bot", "bot"]
    assert before[0] == (0 if answer == "changed" else 1)


def test_an_address_that_is_sent_again_mails_no_second_code(page: Page) -> None:
    body = form(page, "address/send")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(page, "address/send", body).status_code, range(4)))
    assert answers == [202] * 4
    assert counts(page.database)[1:3] == [1, 1]
    assert [line["author"] for line in page.lines()] == ["user", "bot"]
    assert page.lines()[1]["card"] == {"kind": "address_code"}


def test_the_right_code_again_is_right_again_and_adds_nothing(page: Page) -> None:
    page.post("address/send", **ADDRESS)
    code = mailed_code(page.database)
    first = send(page, "address/code", {"code": code})
    lines, before = page.lines(), counts(page.database)
    again = send(page, "address/code", {"code": code.replace(" ", "")})
    assert (first.status_code, again.status_code) == (200, 200)
    assert (page.lines(), counts(page.database)) == (lines, before)
    other = send(page, "address/code", {"code": "0000 0000"})
    assert (other.status_code, other.json()["code"]) == (409, "not_now")


@pytest.mark.usefixtures("good_photos")
def test_a_photo_that_is_chosen_again_adds_nothing(page: Page) -> None:
    put(page.database, "address_given")
    photo = page.client.post(
        "/api/chat/photo", params={"member": page.ref()}, content=b"x",
        headers={"Content-Type": "image/png"},
    ).json()["photo"]  # fmt: skip
    body = form(page, "photo/choose", photo=photo)
    assert send(page, "photo/choose", body).status_code == 202
    lines, before = page.lines(), counts(page.database)
    assert send(page, "photo/choose", body).status_code == 202
    assert (page.lines(), counts(page.database)) == (lines, before)


def test_an_error_that_is_sent_again_is_one_and_a_second_one_is_kept_beside_it(
    page: Page, family: Landers
) -> None:
    put(page.database, "confirmed")
    body = form(page, "landing/error")
    for _ in range(2):
        assert send(page, "landing/error", body).status_code == 202
    assert len(page.lines()) == 3
    assert page.post("landing/error", text="And my birth date").status_code == 202
    with page.database.read() as session:
        papers = session.get(LandingPapers, (family.application, family.zoe))
    assert papers.correction["said"] == "My name is wrong / And my birth date"


# -- the code -------------------------------------------------------------------------------------


def test_wrong_codes_say_how_many_tries_are_left(page: Page) -> None:
    page.post("address/send", **ADDRESS)
    code = mailed_code(page.database).replace(" ", "")
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    left = [send(page, "address/code", {"code": wrong}).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert send(page, "address/code", {"code": code}).json()["tries_left"] == 0
    for no_code in ("", "1234567", "123456789", "abcdefgh", "1" * 7 + "x" * 40):
        answer = send(page, "address/code", {"code": no_code})
        assert (answer.status_code, answer.json()["tries_left"]) == (422, None)


def test_the_code_for_signing_in_is_no_code_for_the_address(
    client: httpx.Client, database: Database, family: Landers
) -> None:
    client.post("/api/chat/conversations", json={"language": "en"})
    client.post("/api/chat/identify", json=DETAILS)
    code = mailed_code(database)
    assert client.post("/api/chat/code", json={"code": code}).status_code == 200
    assert client.post("/api/chat/address/code", json={"code": code}).status_code == 409


def test_codes_to_one_person_have_a_budget(
    settings: Settings, database: Database, family: Landers
) -> None:
    with (
        running_front(settings, database, demo=False) as front,
        page_of(front.url, database, family.zoe) as page,
    ):
        answers = [page.post("address/send", **ADDRESS) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [202] * 10 + [429]
        assert answers[-1].json()["error"] == say("en", "identity.change_codes_over")
        assert counts(database)[1:3] == [10, 10]
        with database.read() as session:
            kinds = set(session.scalars(select(Tally.kind).where(Tally.kind.like("codes%"))))
    assert kinds == {"codes.change.hour", "codes.change.day"}, "signing in is not counted"


@pytest.mark.parametrize("path", ["address/send", "address/code"])
def test_while_the_card_is_in_print_the_address_stays(page: Page, path: str) -> None:
    page.post("address/send", **ADDRESS)
    put(page.database, "card_ordered")
    before = counts(page.database)
    answer = send(page, path, form(page, path, **({"code": mailed_code(page.database)}
                                                  if path == "address/code" else {})))  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (409, "in_print")
    assert counts(page.database) == before


# -- the confirmation -----------------------------------------------------------------------------


@pytest.fixture
def confirmed(page: Page, family: Landers) -> Page:
    put(page.database, "in_review")
    with page.database.write() as session:
        for person in (family.zoe, family.lina):
            give_all(session, Place(family.application, person))
            reviewing.accept(session, Place(family.application, person), "officer")
    return page


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_link_gives_the_pdf_of_the_right_person(confirmed: Page, family: Landers) -> None:
    names = {family.zoe: "ZOÉ", family.lina: "LINA"}
    for person, name in names.items():
        url = send(confirmed, "confirmation/link", {"member": confirmed.ref(person)}).json()["url"]
        answer = confirmed.client.get(url)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith('attachment; filename="eCOPR-')
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.startswith(b"%PDF")
        found = text_of(answer.content).upper()
        assert name in found and "SPECIMEN" in found
        assert not [other for other in names.values() if other != name and other in found
                    and other != "ZOÉ"]  # fmt: skip
    with confirmed.database.read() as session:
        query = select(AuditEntry.act).where(AuditEntry.act == "ecopr.downloaded")
        assert len(session.scalars(query).all()) == 2


def test_the_link_works_for_five_minutes_in_its_own_session_only(
    front: Front, confirmed: Page, family: Landers
) -> None:
    database = confirmed.database
    url = send(confirmed, "confirmation/link", {"member": confirmed.ref()}).json()["url"]
    assert httpx.get(front.url + url).status_code == 401
    for person in (family.zoe, another_person(database), None):
        with page_of(front.url, database, person) as other:
            assert other.client.get(url).status_code == 404
    for crooked in (url[:-1], f"{url}x", f"{url[:26]}e30{url[26:]}", f"{url}é", f"{url}%ff"):
        assert confirmed.client.get(crooked).status_code == 404
    with time_machine.travel(now() + timedelta(minutes=4, seconds=50), tick=True):
        assert confirmed.client.get(url).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=5, seconds=10), tick=True):
        assert confirmed.client.get(url).status_code == 404
    with database.read() as session:
        query = select(AuditEntry.act).where(AuditEntry.act == "ecopr.downloaded")
        assert len(session.scalars(query).all()) == 1


def test_after_thirty_days_there_is_none(front: Front, confirmed: Page, family: Landers) -> None:
    with (
        time_machine.travel(now() + timedelta(days=31), tick=True),
        page_of(front.url, confirmed.database, family.zoe) as page,
    ):
        url = send(page, "confirmation/link", {"member": page.ref()})
        assert url.status_code == 404 or page.client.get(url.json()["url"]).status_code == 404
