"""A family of four, on a phone: from the invitation to four confirmations, through the real front,
engine and sender; with a returned photo, an error that is corrected, and an absence.

Priya does it in English, for herself and for Meena and Ravi, who are under 18; her grown son Arjun
in French. The officer works at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from bench.running import fresh_service
from bot.cases.generating import demo_people
from bot.texts import say
from tests.browser.chat import Chat
from tests.browser.landing_cards import Landing
from tests.browser.test_layout import check as check_width
from tests.campaigns.photo_portraits import portraits
from tests.campaigns.photo_scenes import Scene, compose, encoded, plain
from tests.desk.staff import sign_in_page
from tests.support.applicant import mailed_code, mailed_codes
from tests.support.processes import Service

pytestmark = [pytest.mark.browser, pytest.mark.engine]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
START = {"en": "I want to confirm my permanent residence",
         "fr": "je veux confirmer ma résidence permanente"}  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with fresh_service() as found:
        found.start("front", "engine", "sender", "desk")
        found.wait_ready()
        yield found


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of a real face that keeps to the rules."""
    path: Path = tmp_path_factory.mktemp("photo") / "me.jpg"
    path.write_bytes(encoded(compose(portraits()[0], Scene((1200, 1680)), plain(247)), quality=92))
    return path


class Phone:
    """One person's phone: the chat, signed in, and the steps as they are pressed."""

    def __init__(self, page: Page, url: str, language: str, person: dict[str, Any]) -> None:
        self.page, self.url, self.person = page, url, person
        self.chat = Chat(page, url)
        self.chat.language = language
        page.goto(f"{url}/{language}")
        expect(page.locator(".choices gcds-button.hydrated")).to_have_count(4)
        self.cards = Landing(self.chat, None, None)  # type: ignore[arg-type]

    def text(self, key: str, **values: str) -> str:
        return say(self.chat.language, key, **values)

    def press(self, key: str, **values: str) -> None:
        """The newest quick reply with this text."""
        self.chat.button(self.text(key, **values)).last.click()

    def sees(self, key: str, **values: str) -> None:
        """The newest stepper, or the line above it, says so."""
        line = self.page.locator(".log__lines > *:has(.landing)").last
        expect(line).to_contain_text(self.text(key, **values))

    def sign_in(self) -> None:
        self.chat.say(START[self.chat.language])
        self.press("landing.sign_in")
        expect(self.page.locator("gcds-date-input.hydrated")).to_have_count(1)
        typed = {**self.person, "number": self.person["application_number"]}
        for name in ("uci", "number", "family_name", "given_names", "birth_place"):
            self.chat.field(name).fill(str(typed[name]))
        for number, part in enumerate(str(typed["birth_date"]).split("-")):
            self.page.locator("gcds-date-input input").nth(number).fill(part)
        before = self.codes()
        self.chat.button(self.chat.word("details")).click()
        self.chat.field("code").fill(mailed_code(self.url, self.person["email"], before))
        self.chat.field("code").press("Enter")
        self.sees("landing.now.invited")

    def codes(self) -> int:
        return len(mailed_codes(self.url, self.person["email"]))

    def agree_and_declare(self) -> None:
        self.press("landing.button.agree")
        self.sees("landing.now.profile_ready")
        self.declare()

    def declare(self) -> None:
        self.press("landing.button.declare")
        expect(self.page.locator("gcds-select[name=province]:visible")).to_have_count(1)
        self.cards.fill_declaration()
        self.cards.press("declaration.submit")
        expect(self.page.locator(".log__lines")).to_contain_text(self.text("landing.done.declare"))

    def give_address(self) -> None:
        self.press("landing.button.give_address")
        expect(self.page.locator("gcds-input[name=street]:visible")).to_have_count(1)
        self.cards.fill_address()
        self.cards.press("address.submit")
        before = self.codes()
        self.cards.press("address.send")
        expect(self.chat.field("code")).to_be_visible()
        self.chat.field("code").fill(mailed_code(self.url, self.person["email"], before))
        self.chat.field("code").press("Enter")
        self.sees("landing.now.address_given")

    def give_photo(self, picture: Path, child: str = "") -> None:
        self.press("landing.button.give_photo")
        card = self.page.locator(".card:visible").last
        expect(card.get_by_text(self.cards.text("photo.choose"), exact=True)).to_be_visible()
        self.cards.choose_photo(card, picture)
        mine = self.cards.text("photo.mine_other", name=child) if child else None
        tick = card.get_by_label(mine or self.cards.text("photo.mine"), exact=True)
        tick.check()
        self.cards.press("photo.submit")
        self.sees("landing.now.in_review")

    def whole_way(self, picture: Path, child: str = "") -> None:
        self.agree_and_declare()
        self.give_address()
        self.give_photo(picture, child)

    def download(self) -> bytes:
        """From the card that answers, not from one of before."""
        cards = self.page.locator(".log__lines .card--confirmation")
        before = cards.count()
        self.press("landing.button.download")
        expect(cards).to_have_count(before + 1)
        with self.page.expect_download() as found:
            self.cards.press("confirmation.submit")
        return Path(found.value.path()).read_bytes()

    def ask_again(self) -> None:
        self.chat.say(START[self.chat.language])


class Officer:
    """An officer at the desk."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        sign_in_page(page, url, "chantal")

    def item(self, name: str) -> Any:
        self.page.goto(f"{self.url}/en/landing")
        return self.page.locator("article.review", has_text=name)

    def accept(self, name: str) -> None:
        self.item(name).get_by_role("button", name=say("en", "pages.review.accept")).click()
        expect(self.page.locator("article.review", has_text=name)).to_have_count(0)

    def send_back(self, name: str, why: str) -> None:
        item = self.item(name)
        expect(item.locator("img")).to_have_js_property("complete", True)
        item.locator("select").select_option(why)
        item.get_by_role("button", name=say("en", "pages.review.return")).click()
        expect(self.page.locator("article.review", has_text=name)).to_have_count(0)

    def correct(self, name: str, **details: str) -> None:
        item = self.item(name)
        for field, value in details.items():
            item.locator(f"[name={field}]").fill(value)
        item.get_by_role("button", name=say("en", "pages.review.correct")).click()
        expect(self.page.locator("article.review", has_text=name)).to_have_count(0)


def words(pdf: bytes) -> str:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked, "tagged"
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    return re.sub(r"\s+", " ", text)


def test_a_family_of_four_lands(
    service: Service, picture: Path, new_page: Callable[..., Page]
) -> None:
    people = {person["name"].split()[0]: person for person in demo_people()}
    officer = Officer(new_page(), service.settings.desk_url)

    priya = Phone(new_page(**PHONE), service.url, "en", people["Priya"])
    priya.sign_in()
    expect(priya.page.locator(".log__lines")).not_to_contain_text("Arjun")
    priya.whole_way(picture)
    check_width(priya.page)
    for child in ("Meena", "Ravi"):
        priya.ask_again()
        priya.press("landing.button.member", name=child)
        priya.sees("landing.for_child", name=child)
        priya.whole_way(picture, child)

    arjun = Phone(new_page(**PHONE), service.url, "fr", people["Arjun"])
    arjun.sign_in()
    arjun.whole_way(picture)
    check_width(arjun.page)

    _an_absence(arjun)
    _a_returned_photo(priya, officer, picture)
    for name in ("Meena", "Ravi", "Arjun", "Priya"):
        officer.accept(name)

    arjun.ask_again()
    arjun.sees("landing.now.confirmed")
    first = words(arjun.download())
    assert "Arjun" in first and "SPECIMEN" in first and "Chennai" in first
    _an_error(arjun, officer)
    corrected = words(arjun.download())
    assert "Madras" in corrected and "Chennai" not in corrected

    # A robot is quicker than the 20 messages a minute that are taken of one person.
    priya.page.wait_for_timeout(30_000)
    priya.ask_again()
    printed = {"Priya": words(priya.download())}
    for child in ("Meena", "Ravi"):
        priya.ask_again()
        priya.press("landing.button.member", name=child)
        priya.sees("landing.for_child", name=child)
        printed[child] = words(priya.download())
    for name, text in printed.items():
        others = {"Priya", "Meena", "Ravi", "Arjun"} - {name, "Priya"}
        assert f"Given names Prénoms {name}" in text
        assert not any(other in text for other in others)
    # A parent signs for Meena, who is under 14; Ravi signs himself.
    assert "Priya Raman" in printed["Meena"] and "Priya" not in printed["Ravi"]
    assert priya.chat.violations() == arjun.chat.violations() == []


def _an_absence(arjun: Phone) -> None:
    arjun.press("landing.button.leaving")
    arjun.sees("landing.now.away")
    arjun.press("landing.button.come_back")
    arjun.sees("landing.now.profile_ready")
    arjun.declare()
    arjun.sees("landing.now.in_review")


def _a_returned_photo(priya: Phone, officer: Officer, picture: Path) -> None:
    officer.send_back("Priya", "photo.not_recent")
    priya.ask_again()
    priya.sees("landing.reason.not_recent")
    priya.give_photo(picture)


def _an_error(arjun: Phone, officer: Officer) -> None:
    arjun.press("landing.button.error")
    arjun.page.locator(".card textarea:visible").last.fill("Lieu de naissance : Madras")
    arjun.cards.press("error.submit")
    arjun.sees("landing.now.correcting")
    officer.correct("Arjun", birth_place="Madras")
    arjun.ask_again()
    arjun.sees("landing.now.confirmed")
