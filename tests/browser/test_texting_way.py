"""The whole way by text message, on the simulator, in both languages, through the real front,
engine, sender and desk: a phone is linked from the page and asks where its owner's application
stands, landing is begun there and handed over to the page, and an agent takes over at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bench.running import fresh_service
from bot.cases.generating import demo_people
from bot.opening import open_database
from bot.store import Rating
from bot.texts import LANGUAGES, say
from connectors.demo.phone import PHONES, pretty
from tests.browser.simulator import Simulator, picture
from tests.browser.test_accessibility import check as check_axe
from tests.browser.test_landing_way import Phone
from tests.browser.test_layout import check as check_width
from tests.desk.test_desk_browser import AGENTS, Desk
from tests.support.processes import Service

pytestmark = [pytest.mark.browser, pytest.mark.engine]

NARROW = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}
WHO = {"en": "Priya", "fr": "Arjun"}
TEXT_ME = {"en": "text me", "fr": "écrivez-moi par texto"}
DETAIL = {"en": "my number is 1234-5678, where is my file?",
          "fr": "mon numéro est 1234-5678, où est mon dossier?"}  # fmt: skip
LAND = {"en": "I want to confirm my permanent residence",
        "fr": "je veux confirmer ma résidence permanente"}  # fmt: skip
PHOTO = {"en": "I want to send my photo", "fr": "je veux envoyer ma photo"}
# Nobody's phone: it is answered in French only once it wishes so.
STRANGER = PHONES[2]
FIRST = {"en": "english", "fr": "speak french"}
PERSON = {"en": "I want to talk to a person", "fr": "je veux parler à une personne"}
QUEUED = {"en": "I asked for an agent: you are number 1", "fr": "J’ai demandé un agent : rang 1"}
TIMES = {"en": "how long does it take to get citizenship?",
         "fr": "combien de temps faut-il pour obtenir la citoyenneté?"}  # fmt: skip
CHANGE = {"en": "Times change", "fr": "Les délais changent"}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def service(language: str) -> Iterator[Service]:
    """One for each language: a phone is texted twenty times a day and no more."""
    with fresh_service() as found:
        found.start("front", "engine", "sender", "desk")
        found.wait_ready()
        yield found


def person(name: str) -> dict[str, Any]:
    return next(one for one in demo_people() if one["name"].startswith(name))


def test_a_phone_is_linked_told_the_status_and_handed_over_to_the_page(
    service: Service, new_page: Callable[..., Page], language: str
) -> None:
    page = Phone(new_page(**NARROW), service.url, language, person(WHO[language]))
    page.sign_in()
    page.chat.say(TEXT_ME[language])
    expect(page.chat.field("phone")).to_be_focused()
    page.page.keyboard.type(pretty(PHONES[0]))
    page.page.keyboard.press("Enter")
    phone = Simulator(new_page(), service.url, language, PHONES[0])
    code = phone.code(1)
    expect(page.chat.field("code")).to_be_focused()
    page.page.keyboard.type(code)
    page.page.keyboard.press("Enter")
    expect(page.chat.button(page.text("notice.chat.by_text"))).to_be_visible()
    phone.gets(2, "STATUS" if language == "en" else "STATUT")

    status = "STATUS" if language == "en" else "STATUT"
    told = phone.asks(status, say(language, "sms.case.product.permanent_residence"))
    assert page.person["family_name"] not in told and "F0000" not in told
    _warned(phone, language)
    step = say(language, "sms.landing.step.invited")
    phone.asks(LAND[language], say(language, "sms.landing.yours", step=step))
    page.ask_again()
    page.agree_and_declare()
    page.give_address()
    handed = phone.asks(PHOTO[language], f"{service.url}/{language}/upload/")
    looked_at(phone.page, f"texting-linked-{language}")
    url = re.search(r"https?://\S+", handed)
    assert url
    upload = new_page(**NARROW)
    upload.goto(url.group())
    expect(upload.locator("input[type=file]")).to_have_count(1)
    looked_at(upload, f"texting-upload-{language}")
    assert page.chat.violations() == []


def _warned(phone: Simulator, language: str) -> None:
    """What is texted by mistake is answered with the warning, and then the question is."""
    before = phone.received.count()
    phone.text(DETAIL[language])
    phone.gets(before + 2)
    warning = phone.received.nth(before).inner_text()
    assert "1234" not in warning
    expect(phone.received.nth(before)).to_contain_text(
        say(language, "sms.talk.masked").split("’")[0].split(".")[0]
    )


def test_an_agent_answers_a_phone_and_the_bot_goes_on(
    service: Service, new_page: Callable[..., Page], language: str
) -> None:
    phone = Simulator(new_page(), service.url, language, STRANGER)
    phone.asks(FIRST[language], say(language, "sms.talk.language_set"))
    phone.asks(PERSON[language], QUEUED[language])
    first, second = AGENTS[language]
    ada = Desk(new_page(reduced_motion="reduce"), service.settings.desk_url, language)
    ada.sign_in(first)
    before = phone.received.count()
    ada.take_next()
    phone.gets(before + 1, say(language, "handoff.joined", name="").split(",")[0].strip(" ."))
    ada.write("Hello, bonjour")
    phone.gets(before + 2, "Hello, bonjour")
    # While the agent is there the bot is silent.
    phone.text("thank you, merci")
    expect(ada.lines("user").last).to_contain_text("thank you, merci")
    phone.gets(before + 2)
    # Details are not asked for by text message.
    expect(ada.page.locator("[data-act=close]")).to_be_visible()
    expect(ada.page.locator("[data-act=identity]")).to_have_count(0)
    ada.key("n")
    ada.page.keyboard.type("Writes from a bus")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator(".notes")).to_contain_text("Writes from a bus")
    looked_at(ada.page, f"texting-desk-{language}")
    ada.command("desk.keys.transfer")
    expect(ada.page.locator("#transfer-to")).to_be_focused()
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.type("Knows buses")
    ada.page.keyboard.press("Tab")
    ada.page.keyboard.press("Enter")
    phone.gets(before + 3, say(language, "handoff.transferred"))

    benoit = Desk(new_page(), service.settings.desk_url, language).sign_in(second)
    benoit.take_next()
    expect(benoit.page.locator(".notes")).to_contain_text("Knows buses")
    benoit.key("b")
    phone.gets(before + 5, say(language, "handoff.returned"))
    phone.asks(TIMES[language], CHANGE[language])

    phone.asks(PERSON[language], QUEUED[language])
    benoit.page.goto(f"{service.settings.desk_url}/{language}")
    before = phone.received.count()
    benoit.take_next()
    benoit.key("e")
    expect(benoit.page.locator("#close-outcome")).to_be_focused()
    benoit.page.keyboard.press("Tab")
    benoit.page.keyboard.press("Enter")
    phone.gets(before + 3, say(language, "sms.handoff.rating.question"), "5 ")
    phone.asks("4", say(language, "sms.handoff.rating.thanks"))
    looked_at(phone.page, f"texting-agent-{language}")
    assert newest_rating(service) == (4, "sms", language)
    for page in (ada.page, benoit.page, phone.page):
        assert page.evaluate("window.violations") == []


def newest_rating(service: Service) -> tuple[int | None, str, str]:
    database = open_database(service.settings)
    try:
        with database.read() as session:
            row = session.scalars(select(Rating).order_by(Rating.id.desc()).limit(1)).one()
            return row.score, row.channel, row.language
    finally:
        database.close()


def looked_at(page: Page, name: str) -> None:
    """axe, no scrolling sideways, and a picture for people."""
    if "/demo" in page.url:
        page.locator(".thread").scroll_into_view_if_needed()
    picture(page, name)
    check_axe(page)
    check_width(page)
