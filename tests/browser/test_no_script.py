"""A real browser with scripts switched off gets all the way to its case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from bot.texts import say
from tests.browser.script import ASK
from tests.connectors.people import DETAILS, OWN, add_helene, mailed_code, newest_mail
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


def test_the_usual_page_leads_to_the_plain_one_and_that_to_the_case(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{front.url}/en")
    page.get_by_role("link", name="Use the simple version").click()
    page.get_by_role("button", name="Start a conversation").click()
    page.get_by_role("button", name=ASK["en"]["form"]).click()
    page.get_by_role("button", name="Send my details").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a UCI")
    for label, name in (
        ("Unique client identifier", "uci"),
        ("Application number", "number"),
        ("Family name", "family_name"),
        ("Given names", "given_names"),
        ("Place of birth", "birth_place"),
    ):
        page.get_by_label(label, exact=name.endswith(("name", "names"))).fill(DETAILS[name])
    for label, part in zip(("Year", "Month", "Day"), DETAILS["birth_date"].split("-"), strict=True):
        page.get_by_label(label, exact=True).fill(part)
    page.get_by_role("button", name="Send my details").click()
    page.get_by_label("Code from the e-mail").fill(mailed_code(database))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Sponsored spouse: in progress.")).to_be_visible()
    page.get_by_role("button", name="Continuer en français").click()
    page.get_by_label("Votre message").fill("merci")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator(".bubble").last).to_have_text("fr: merci")
    page.get_by_role("button", name="Fermer la session").click()
    expect(page.get_by_role("button", name="Commencer une conversation")).to_be_visible()
    expect(page.locator(".bubble")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_own_fields_of_a_representative_appear_without_any_script(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    language: str,
) -> None:  # fmt: skip
    add_helene(database)
    page = new_page(java_script_enabled=False)
    page.goto(f"{front.url}/{language}/plain")
    page.get_by_role("button", name=say(language, "page.plain.start")).click()
    page.get_by_role("button", name=ASK[language]["form"]).click()
    own = page.get_by_label(say(language, "cards.identify.party_id"), exact=True)
    client = page.get_by_text(say(language, "cards.identify.part_client"))
    expect(own).to_be_hidden()
    expect(client).to_be_hidden()
    page.get_by_label(say(language, "cards.identify.who_representative")).check()
    expect(client).to_be_visible()
    for name, value in {**DETAILS, **OWN}.items():
        if name != "birth_date":
            page.get_by_label(say(language, f"cards.identify.{name}"), exact=True).fill(value)
    for part, value in zip(("year", "month", "day"), DETAILS["birth_date"].split("-"), strict=True):
        page.get_by_label(say(language, f"page.plain.{part}"), exact=True).fill(value)
    page.get_by_role("button", name=say(language, "cards.identify.submit")).click()
    expect(page.get_by_label(say(language, "cards.code.label"))).to_be_visible()
    assert newest_mail(database).recipient == "helene@example.ca"
