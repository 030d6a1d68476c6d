"""The chat's forms of a phone, beside the phone itself: by keyboard only, in both languages and
colour schemes, on a narrow screen, and with what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select, update

from bot.clock import now
from bot.identity.codes import MAX_TRIES
from bot.settings import Settings
from bot.store import Challenge, Database, PhoneLink
from tests.browser.chat import Chat
from tests.browser.landing_cards import Landing
from tests.browser.simulator import NUMBER, Simulator, picture, sending
from tests.browser.test_accessibility import SCHEMES
from tests.browser.test_accessibility import check as check_axe
from tests.browser.test_layout import check as check_width
from tests.connectors.serving import Front, StandIn, running_front
from tests.support.twilio import texting

pytestmark = pytest.mark.browser

JAMAICA, TOO_SHORT = "+1 876 926 1111", "555-0142"
MASKED = "••• ••• 0142"


@pytest.fixture
def front(settings: Settings, database: Database) -> Iterator[Front]:
    with running_front(settings, database, **texting("")) as running:
        yield running


class Linking:
    """Somebody at the page who owns no mouse, with a phone beside it."""

    def __init__(self, chat: Chat, phone: Simulator, database: Database) -> None:
        self.chat, self.phone, self.database = chat, phone, database
        self.page = chat.page

    def text(self, key: str, **values: str) -> str:
        return self.chat.text(f"cards.{key}", **values)

    def card(self, kind: str) -> Locator:
        return self.page.locator(f".card--{kind}:visible").last

    def ask(self) -> None:
        """The form comes, and the focus is in its field."""
        self.chat.ask("phone")
        expect(self.chat.field("phone")).to_be_focused()

    def enter(self, field: str, value: str) -> None:
        """Type into the field that has the focus and press Enter."""
        expect(self.chat.field(field)).to_be_focused()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(value)
        self.page.keyboard.press("Enter")

    def tab_to(self, key: str) -> None:
        """Go on with the keyboard to the button with this text."""
        button = self.chat.button(self.text(key)).last
        for _ in range(6):
            self.page.keyboard.press("Tab")
            if button.evaluate("one => one === document.activeElement.shadowRoot?.activeElement"):
                return
        raise AssertionError(f"{key} is not reached by Tab")

    def refused(self, field: str, sentence: str) -> None:
        """It is said at the field, which is still there and has the focus."""
        error = self.page.locator(f"gcds-input[name={field}]:visible gcds-error-message")
        expect(error).to_contain_text(sentence)
        expect(self.chat.field(field)).to_be_focused()

    def links(self) -> int:
        with self.database.read() as session:
            return int(session.scalar(select(func.count(PhoneLink.id))))


@pytest.fixture
def linking(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page]
) -> Iterator[Callable[..., Linking]]:
    """Somebody who is signed in, in a language; more are options of their browser."""
    with ExitStack() as until_the_end:

        def make(language: str, **options: object) -> Linking:
            chat = Chat(new_page(reduced_motion="reduce", **options), front.url).open(language)
            chat.sign_in(database)
            # Not before: what is sent is forgotten, and the code is read from there.
            until_the_end.enter_context(sending(front))
            return Linking(chat, Simulator(new_page(), front.url, language), database)

        yield make


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("language", "scheme"), SCHEMES)
def test_a_phone_is_linked_by_keyboard(
    linking: Callable[..., Linking], language: str, scheme: str, width: int
) -> None:
    viewport = {"width": width, "height": 844}
    mine = linking(language, color_scheme=scheme, viewport=viewport)
    shot = f"{language}-{scheme}-{width}"

    def looked_at(name: str) -> None:
        picture(mine.page, f"phone-{name}-{shot}")
        check_axe(mine.page)
        check_width(mine.page)

    mine.ask()
    expect(mine.chat.button(mine.text("phone.submit"))).to_be_in_viewport(ratio=1)
    looked_at("form")
    for wrong in (JAMAICA, TOO_SHORT):
        mine.enter("phone", wrong)
        mine.refused("phone", mine.text("phone.not_a_number"))
    looked_at("wrong-number")
    mine.enter("phone", NUMBER)
    expect(mine.page.locator(".log__lines")).to_contain_text(
        mine.text("phone_code.ask", number=MASKED)
    )
    expect(mine.chat.button(mine.text("code.again"))).to_be_in_viewport(ratio=1)
    looked_at("code")
    mine.enter("code", "12")
    mine.refused("code", mine.chat.text("identity.code_format"))
    mine.enter("code", "0000 0000")
    mine.refused("code", mine.chat.text("identity.code_wrong", tries=str(MAX_TRIES - 1)))
    looked_at("wrong-code")
    assert mine.links() == 0
    mine.enter("code", mine.phone.code(1))
    expect(mine.page.locator(".log__lines")).to_contain_text(
        mine.text("phone_code.linked", number=MASKED)
    )
    mine.phone.gets(2, "WRONG" if language == "en" else "MAUVAIS NUMERO")
    expect(mine.page.locator(".card--phone, .card--phone_code").last).to_contain_text(
        mine.text("phone_code.done")
    )
    looked_at("linked")
    picture(mine.phone.page, f"phone-simulator-{shot}")
    assert mine.links() == 1
    assert mine.chat.violations() == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_after_too_many_tries_another_code_helps(
    linking: Callable[..., Linking], language: str
) -> None:
    mine = linking(language)
    mine.ask()
    mine.enter("phone", NUMBER)
    first = mine.phone.code(1)
    for left in range(MAX_TRIES - 1, 0, -1):
        mine.enter("code", "0000 0000")
        mine.refused("code", mine.chat.text("identity.code_wrong", tries=str(left)))
    mine.enter("code", "0000 0000")
    mine.refused("code", mine.text("phone_code.over"))
    mine.enter("code", first)
    mine.refused("code", mine.text("phone_code.over"))
    picture(mine.page, f"phone-over-{language}")
    mine.tab_to("code.again")
    mine.page.keyboard.press("Enter")
    mine.enter("code", mine.phone.code(2))
    mine.phone.gets(3)
    assert mine.links() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_code_that_is_too_old_is_said_to_be(
    linking: Callable[..., Linking], database: Database, language: str
) -> None:
    mine = linking(language)
    mine.ask()
    mine.enter("phone", NUMBER)
    code = mine.phone.code(1)
    with database.write() as session:
        session.execute(update(Challenge).values(expires_at=now()))
    mine.enter("code", code)
    mine.refused("code", mine.text("phone_code.over"))
    assert mine.links() == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_phone_is_texted_three_codes_and_no_more(
    linking: Callable[..., Linking], language: str
) -> None:
    mine = linking(language)
    mine.ask()
    mine.enter("phone", NUMBER)
    for count in (1, 2):
        mine.phone.code(count)
        mine.tab_to("code.again")
        mine.page.keyboard.press("Enter")
    mine.phone.code(3)
    mine.tab_to("code.again")
    mine.page.keyboard.press("Enter")
    expect(mine.page.get_by_role("alert").filter(visible=True).last).to_have_text(
        mine.chat.text("identity.change_codes_over")
    )
    picture(mine.page, f"phone-codes-over-{language}")
    mine.phone.gets(3)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_was_typed_stays_in_the_other_language(
    linking: Callable[..., Linking], language: str
) -> None:
    mine = linking(language)
    mine.ask()
    mine.page.keyboard.type("613-555")
    mine.page.locator("[data-language]").first.click()
    mine.chat.language = "fr" if language == "en" else "en"
    expect(mine.chat.field("phone")).to_have_value("613-555")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_linked_phone_is_shown_and_removed(
    linking: Callable[..., Linking], front: Front, database: Database, language: str
) -> None:
    mine = linking(language, viewport={"width": 390, "height": 844})
    mine.ask()
    mine.enter("phone", NUMBER)
    mine.enter("code", mine.phone.code(1))
    mine.phone.gets(2)
    card = Landing(mine.chat, front, database).put({"kind": "phone", "linked": [MASKED]})
    expect(card).to_contain_text(mine.text("phone.linked", number=MASKED))
    expect(mine.chat.field("phone")).to_have_value("")
    check_axe(mine.page)
    check_width(mine.page)
    picture(mine.page, f"phone-is-linked-{language}")
    card.get_by_role("button", name=mine.text("phone.remove", number=MASKED)).click()
    expect(mine.page.locator(".log__lines")).to_contain_text(mine.text("phone.removed"))
    picture(mine.page, f"phone-removed-{language}")
    with database.read() as session:
        assert session.scalars(select(PhoneLink.ended_why)).all() == ["person"]
