"""The page as a person uses it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from bot.store import Database
from bot.texts import say
from tests.browser.script import ASK
from tests.connectors.people import DETAILS, OWN, mailed_code

WORDS = {
    "en": {
        "message": "Your message", "send": "Send", "details": "Send my details",
        "confirm": "Confirm", "out": "Log out", "new": "Start a new conversation",
    },
    "fr": {
        "message": "Votre message", "send": "Envoyer", "details": "Envoyer mes renseignements",
        "confirm": "Confirmer", "out": "Fermer la session",
        "new": "Commencer une nouvelle conversation",
    },
}  # fmt: skip


class Chat:
    """One open page with the chat on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.language = page, url, "en"

    def open(self, language: str, path: str = "") -> Chat:
        """Open the page and wait for the greeting and its buttons."""
        self.language = language
        self.page.goto(f"{self.url}/{language}{path}")
        expect(self.page.locator(".choices gcds-button.hydrated")).to_have_count(2)
        return self

    def other_language(self) -> None:
        """Change it at the top of the page."""
        self.page.locator("[data-language]").first.click()
        self.language = "fr" if self.language == "en" else "en"
        expect(self.message).to_be_visible()

    def word(self, name: str) -> str:
        return WORDS[self.language][name]

    @property
    def message(self) -> Locator:
        return self.page.get_by_label(self.word("message"), exact=True)

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".log__lines .bubble")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def say(self, text: str) -> None:
        """Type `text` and press Enter."""
        self.message.fill(text)
        self.message.press("Enter")

    def ask(self, what: str) -> None:
        self.say(ASK[self.language][what])

    def ask_form(self) -> Locator:
        """Ask for the details form; it is there when this returns."""
        self.ask("form")
        form = self.page.locator(".card--form form:visible")
        expect(form.locator("gcds-date-input.hydrated")).to_have_count(1)
        return form

    def ask_case(self) -> Locator:
        self.ask("case")
        card = self.page.locator(".case").last
        expect(card).to_be_visible()
        return card

    def fill_details(self, **changes: str) -> None:
        details = {**DETAILS, **changes}
        for name in ("uci", "number", "family_name", "given_names", "birth_place"):
            self.field(name).fill(details[name])
        for number, part in enumerate(details["birth_date"].split("-")):
            self.page.locator("gcds-date-input input").nth(number).fill(part)

    def text(self, key: str, **values: str) -> str:
        """A text of the page in its language."""
        return say(self.language, key, **values)

    def choose_representative(self) -> None:
        self.page.get_by_label(self.text("cards.identify.who_representative"), exact=True).check()
        expect(self.field("party_id")).to_be_visible()

    def fill_own(self) -> None:
        for name, value in OWN.items():
            self.field(name).fill(value)

    def sign_in(self, database: Database) -> None:
        self.send_details().fill(mailed_code(database))
        self.field("code").press("Enter")
        expect(self.page.locator(".case")).to_be_visible()

    def open_sessions(self) -> Locator:
        """The dialog with the person's sessions."""
        self.page.locator(".menu summary").click()
        self.button(self.text("page.chat.sessions.title")).click()
        dialog = self.page.get_by_role("dialog", name=self.text("page.chat.sessions.title"))
        expect(dialog).to_be_visible()
        return dialog

    def field(self, name: str) -> Locator:
        return self.page.locator(f"gcds-input[name={name}]:visible input")

    def send_details(self) -> Locator:
        """Ask for the form, fill and send it; the field for the code is there when this returns."""
        self.ask_form()
        self.fill_details()
        self.button(self.word("details")).click()
        expect(self.field("code")).to_be_visible()
        return self.field("code")

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.violations")
        return found
