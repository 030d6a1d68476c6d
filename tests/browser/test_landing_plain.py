"""Landing without scripts: every form against the real services, as far as the review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.clock import today
from bot.landing.members import member_ref
from bot.store import Application, Conversation, Database, Landing, Person
from bot.texts import say
from tests.browser.landing_cards import croppable_photo, file_of, wrong_photo
from tests.browser.script import ASK
from tests.connectors.people import DETAILS, mailed_code
from tests.connectors.serving import Front, StandIn, say_line

pytestmark = pytest.mark.browser


class Plain:
    """Zoé, signed in on the plain page, with a landing at `stage`."""

    def __init__(self, page: Page, front: Front, database: Database, language: str) -> None:
        self.page, self.url, self.database, self.language = page, front.url, database, language

    def text(self, key: str, **values: str) -> str:
        return say(self.language, key, **values)

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=self.text(key), exact=True).first.click()

    def fill(self, key: str, value: str) -> None:
        self.page.get_by_label(self.text(key), exact=True).fill(value)

    def alert(self) -> Any:
        return self.page.get_by_role("alert")

    def sign_in(self) -> None:
        self.page.goto(f"{self.url}/{self.language}/plain")
        self.press("page.plain.start")
        self.page.get_by_role("button", name=ASK[self.language]["form"]).click()
        for name, value in DETAILS.items():
            if name != "birth_date":
                self.fill(f"cards.identify.{name}", value)
        parts = zip(("year", "month", "day"), DETAILS["birth_date"].split("-"), strict=True)
        for part, value in parts:
            self.fill(f"page.plain.{part}", value)
        self.press("cards.identify.submit")
        self.fill("cards.code.label", mailed_code(self.database))
        self.press("cards.code.submit")

    def land(self, stage: str) -> None:
        with self.database.write() as session:
            application = session.scalar(select(Application))
            application.overall = "closed"
            ids = {"application_id": application.id, "person_id": session.scalar(select(Person.id))}
            session.add(Landing(**ids, stage=stage, changed_on=today()))

    def put(self, kind: str) -> None:
        """The card of a form, as the assistant shows it; the page with it."""
        with self.database.write() as session:
            conversation = session.scalar(select(Conversation.id))
            member = member_ref(session, conversation, session.scalar(select(Person.id)))
            card = {"kind": kind, "member": member}
            body = {"text": "…", "lang": self.language, "card": card}
            say_line(session, conversation, body)
        self.page.goto(f"{self.url}/{self.language}/plain")


@pytest.fixture(params=["en", "fr"])
def plain(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn, database: Database,
    new_page: Callable[..., Page],
) -> Plain:  # fmt: skip
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    found = Plain(page, front, database, request.param)
    found.sign_in()
    return found


def test_from_the_declaration_to_the_photo(plain: Plain, tmp_path: Path) -> None:
    plain.land("profile_ready")
    _declare(plain)
    _give_address(plain)
    _send_photo(plain, tmp_path)
    here = plain.page.locator("[aria-current=step]")
    expect(here).to_contain_text(plain.text("landing.step.confirmed"))


def _declare(plain: Plain) -> None:
    page = plain.page
    plain.put("declaration")
    page.get_by_label(plain.text("cards.declaration.in_canada_yes")).check()
    plain.press("cards.declaration.submit")
    city = plain.text("landing.field.city")
    expect(plain.alert().get_by_role("link", name=city)).to_have_attribute("href", "#city")
    field = page.get_by_label(plain.text("cards.declaration.city"), exact=True)
    expect(field).to_have_accessible_description(
        f"{plain.text('cards.declaration.city_hint')} {city}"
    )
    expect(page.get_by_label(plain.text("cards.declaration.in_canada_yes"))).to_be_checked()
    page.get_by_label(plain.text("cards.declaration.nothing_changed_yes")).check()
    field.fill("Gatineau")
    page.get_by_label(plain.text("cards.declaration.province")).select_option("QC")
    for part, value in (("year", "2024"), ("month", "3"), ("day", "1")):
        plain.fill(f"page.plain.{part}", value)
    page.get_by_label(plain.text("cards.declaration.true")).check()
    plain.press("cards.declaration.submit")
    here = page.locator("[aria-current=step]")
    expect(here).to_contain_text(plain.text("landing.step.address_given"))
    expect(field).to_have_count(0)


def _give_address(plain: Plain) -> None:
    page = plain.page
    plain.put("address")
    plain.fill("cards.address.street", "CP 12")
    plain.press("cards.address.submit")
    expect(plain.alert()).to_contain_text(plain.text("address.problem.po_box"))
    plain.fill("cards.address.street", "12 rue Principale")
    plain.fill("cards.address.city", "gatineau")
    page.get_by_label(plain.text("cards.address.province")).select_option("QC")
    plain.fill("cards.address.postal_code", "j8x2k1")
    plain.press("cards.address.submit")
    expect(page.locator(".envelope")).to_contain_text("J8X 2K1")
    plain.press("cards.address.send")
    plain.fill("cards.code.label", "1111 1111")
    plain.press("cards.address_code.submit")
    expect(plain.alert()).to_be_visible()
    plain.fill("cards.code.label", mailed_code(plain.database))
    plain.press("cards.address_code.submit")
    here = page.locator("[aria-current=step]")
    expect(here).to_contain_text(plain.text("landing.step.photo_received"))


def _send_photo(plain: Plain, folder: Path) -> None:
    page = plain.page
    plain.put("photo")
    file = page.get_by_label(plain.text("page.plain.photo_file"))
    file.set_input_files(file_of(wrong_photo(), folder, "wrong.jpg"))
    plain.press("page.plain.check_photo")
    expect(page.locator(".photo__problems")).to_contain_text(
        plain.text("photo.problem.background_not_white")
    )
    file.set_input_files(file_of(croppable_photo(), folder))
    plain.press("page.plain.check_photo")
    expect(page.get_by_text(plain.text("page.plain.cropped"))).to_be_visible()
    image = page.get_by_role("img", name=plain.text("cards.photo.picture_final"))
    expect(image).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    plain.press("cards.photo.submit")
    expect(plain.alert()).to_contain_text(plain.text("cards.photo.mine_missing"))
    page.get_by_label(plain.text("cards.photo.mine")).check()
    plain.press("cards.photo.submit")
    expect(image).to_have_count(0)


def test_abroad_sends_nothing_but_that(plain: Plain) -> None:
    plain.land("profile_ready")
    plain.put("declaration")
    plain.page.get_by_label(plain.text("cards.declaration.in_canada_no")).check()
    expect(plain.page.get_by_label(plain.text("cards.declaration.city"))).to_be_hidden()
    plain.press("cards.declaration.submit")
    expect(plain.page.get_by_text(plain.text("landing.cannot.abroad"))).to_be_visible()


def test_what_is_not_due_is_refused_in_words(plain: Plain, tmp_path: Path) -> None:
    plain.land("in_review")
    not_now = plain.text("landing.cannot.not_now")
    plain.put("photo")
    file = plain.page.get_by_label(plain.text("page.plain.photo_file"))
    file.set_input_files(file_of(croppable_photo(), tmp_path))
    plain.press("page.plain.check_photo")
    expect(plain.alert()).to_contain_text(not_now)
    plain.put("error")
    plain.press("cards.error.submit")
    expect(plain.alert()).to_contain_text(plain.text("cards.error.missing"))
    plain.fill("cards.error.label", "My name")
    plain.press("cards.error.submit")
    expect(plain.alert()).to_contain_text(not_now)
    expect(plain.page.get_by_label(plain.text("cards.error.label"))).to_have_value("My name")
    plain.put("confirmation")
    plain.press("cards.confirmation.submit")
    expect(plain.page.get_by_role("heading", level=1)).to_be_visible()
