"""The details form: who fills it in, what is filled in already, why no code comes, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.settings import Settings
from bot.store import Conversation, Database, Inbox
from bot.vault import keeping
from tests.browser.chat import Chat
from tests.connectors.people import DETAILS, OWN, add_helene, mailed_code, newest_mail
from tests.connectors.serving import Front, StandIn, running_front

pytestmark = pytest.mark.browser


@pytest.fixture(params=["en", "fr"])
def chat(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn, database: Database,
    new_page: Callable[..., Page],
) -> Chat:  # fmt: skip
    add_helene(database)
    return Chat(new_page(), front.url).open(request.param)


def test_nine_fields_bring_the_code_to_the_representative(chat: Chat, database: Database) -> None:
    form = chat.ask_form()
    expect(chat.field("party_id")).to_have_count(0)
    legends = form.locator("legend:visible:not(gcds-date-input *)")
    expect(legends).to_have_text([chat.text("cards.identify.who")])
    chat.choose_representative()
    expect(legends).to_have_text(
        [chat.text(f"cards.identify.{one}") for one in ("who", "part_client", "part_own")]
    )
    expect(chat.field("own_family_name")).to_have_count(1)
    expect(
        chat.page.get_by_role("status").get_by_text(chat.text("cards.identify.more_fields"))
    ).to_have_count(1)
    chat.fill_details()
    chat.fill_own()
    chat.button(chat.word("details")).click()
    expect(chat.field("code")).to_be_focused()
    assert newest_mail(database).recipient == "helene@example.ca"
    chat.field("code").fill(mailed_code(database))
    chat.field("code").press("Enter")
    expect(chat.page.locator(".case")).to_be_visible()


def test_errors_of_the_own_fields_are_in_the_summary_too(chat: Chat) -> None:
    chat.ask_form()
    chat.choose_representative()
    chat.fill_details()
    chat.button(chat.word("details")).click()
    summary = chat.page.locator("gcds-error-summary")
    expect(summary.get_by_role("link")).to_have_count(3)
    for name in OWN:
        expect(summary.get_by_role("link", name=chat.text(f"identity.error.{name}"))).to_have_count(
            1
        )
    summary.get_by_role("link").first.click()
    expect(chat.field("party_id")).to_be_focused()


def test_going_back_to_applicant_sends_six_fields(chat: Chat, database: Database) -> None:
    chat.ask_form()
    chat.choose_representative()
    chat.fill_details()
    chat.field("party_id").fill("?")
    chat.page.get_by_label(chat.text("cards.identify.who_self"), exact=True).check()
    expect(chat.field("party_id")).to_have_count(0)
    chat.button(chat.word("details")).click()
    expect(chat.field("code")).to_be_visible()
    assert newest_mail(database).recipient == "zoe@example.ca"


def test_by_keyboard_alone_and_back_without_losing_anything(chat: Chat, database: Database) -> None:
    keys = chat.page.keyboard
    chat.ask_form()
    chat.page.get_by_label(chat.text("cards.identify.who_self"), exact=True).focus()
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(chat.field("uci")).to_be_focused()
    for name in ("uci", "number", "family_name", "given_names"):
        keys.type(DETAILS[name])
        keys.press("Tab")
    for part in DETAILS["birth_date"].split("-"):
        keys.type(part)
        keys.press("Tab")
    keys.type(DETAILS["birth_place"])
    for value in OWN.values():
        keys.press("Tab")
        keys.type(value)
    keys.press("Enter")
    expect(chat.field("code")).to_be_focused()
    assert newest_mail(database).recipient == "helene@example.ca"
    chat.button(chat.text("cards.identify.change")).click()
    chosen = chat.page.get_by_label(chat.text("cards.identify.who_representative"), exact=True)
    expect(chosen).to_be_focused()
    expect(chat.field("own_given_names")).to_have_value(OWN["own_given_names"])


def test_a_change_of_language_keeps_the_choice_and_all_nine_fields(chat: Chat) -> None:
    chat.ask_form()
    chat.choose_representative()
    chat.fill_own()
    chat.page.locator("[data-language]").first.click()
    chat.language = "fr" if chat.language == "en" else "en"
    chosen = chat.page.get_by_label(chat.text("cards.identify.who_representative"), exact=True)
    expect(chosen).to_be_checked()
    for name, value in OWN.items():
        expect(chat.field(name)).to_have_value(value)


def test_the_browser_offers_its_owner_s_names_in_their_own_fields_only(chat: Chat) -> None:
    chat.ask_form()
    expect(chat.field("family_name")).to_have_attribute("autocomplete", "family-name")
    chat.choose_representative()
    expect(chat.field("family_name")).to_have_attribute("autocomplete", "off")
    expect(chat.field("own_family_name")).to_have_attribute("autocomplete", "family-name")


# -- what is filled in already --------------------------------------------------------------------


def keep(database: Database, **values: str) -> None:
    with database.write() as session:
        conversation_id = session.scalar(select(Conversation.id))
        for kind, value in values.items():
            keeping.keep(session, conversation_id, kind, value)


def test_what_was_typed_into_the_chat_stands_in_the_form_and_says_so(
    chat: Chat, database: Database
) -> None:
    keep(database, uci="0000-0777", application_number="F000000777")
    chat.ask_form()
    note = chat.page.get_by_text(chat.text("cards.identify.kept"))
    expect(chat.field("uci")).to_have_value("0000-0777")
    expect(chat.field("number")).to_have_value("F000000777")
    expect(note).to_have_count(2)
    chat.field("uci").fill("0000-0778")
    expect(note).to_have_count(1)
    chat.say("something else")
    chat.ask_form()
    expect(chat.field("uci")).to_have_value("0000-0777")


def test_what_the_person_wrote_into_the_form_is_not_overwritten(
    chat: Chat, database: Database
) -> None:
    keep(database, uci="0000-0777")
    held = []
    chat.page.route("**/api/chat/kept", lambda route: held.append(route))
    chat.ask_form()
    chat.field("uci").fill("0000-0999")
    chat.page.wait_for_function("() => true")
    held[0].continue_()
    chat.page.wait_for_timeout(300)
    expect(chat.field("uci")).to_have_value("0000-0999")
    expect(chat.page.get_by_text(chat.text("cards.identify.kept"))).to_have_count(0)


# -- why no code comes ----------------------------------------------------------------------------


def test_the_help_stands_under_both_forms_in_the_same_words(chat: Chat, database: Database) -> None:
    chat.ask_form()
    form = chat.page.locator(".card__help:visible")
    before = form.inner_text()
    chat.fill_details(uci="0000-0999")
    chat.button(chat.word("details")).click()
    expect(chat.field("code")).to_be_visible()
    assert chat.page.locator(".card__help:visible").inner_text() == before
    chat.page.locator(".card__help:visible summary").click()
    expect(chat.page.locator(".card__help:visible li")).to_have_count(8)
    chat.button(chat.text("cards.help.person")).click()
    expect(chat.bubbles.last).to_contain_text(chat.text("cards.help.person_message"))
    expect(chat.message).to_be_focused()
    with database.read() as session:
        assert chat.text("cards.help.person_message") in list(session.scalars(select(Inbox.text)))


# -- refusals -------------------------------------------------------------------------------------


@pytest.fixture(params=["en", "fr"])
def limited(
    request: pytest.FixtureRequest, settings: Settings, database: Database, assistant: StandIn,
    new_page: Callable[..., Page],
) -> Iterator[Chat]:  # fmt: skip
    """A chat that is no demo: details may be given five times."""
    with running_front(settings, database, demo=False) as front:
        yield Chat(new_page(), front.url).open(request.param)


def test_too_many_codes_are_refused_in_the_card_in_words(limited: Chat) -> None:
    code = limited.send_details()
    again = limited.button(limited.text("cards.code.again"))
    for _ in range(4):
        lines = limited.page.locator(".log__lines .line").count()
        again.click()
        expect(limited.page.locator(".log__lines .line")).to_have_count(lines + 2)
        expect(code).to_be_focused()
    again.click()
    words = limited.text("identity.too_often", minutes="60")
    expect(limited.page.locator(".card__refusal:visible")).to_have_text(words)
    expect(limited.page.get_by_role("alert").get_by_text(words)).to_be_in_viewport()
    expect(code).to_have_count(1)
    limited.button(limited.text("cards.identify.change")).last.click()
    expect(limited.page.locator(".card__refusal:visible")).to_have_text([words])
    limited.button(limited.word("details")).click()
    expect(limited.page.locator(".card__refusal:visible")).to_have_text([words, words])
    expect(limited.page.locator("gcds-error-message:visible")).to_have_count(0)


def test_who_signed_in_in_another_tab_is_told_to_log_out_first(
    chat: Chat, database: Database
) -> None:
    """The tab's forms go away by themselves; this is the moment before."""
    chat.ask_form()
    chat.fill_details()
    chat.page.evaluate("document.querySelector('passage-chat').stream.stop()")
    second = Chat(chat.page.context.new_page(), chat.url)
    second.language = chat.language
    second.page.goto(chat.page.url)
    expect(second.page.locator("gcds-date-input.hydrated")).to_have_count(1)
    second.fill_details()
    second.button(second.word("details")).click()
    expect(second.field("code")).to_be_visible()
    second.field("code").fill(mailed_code(database))
    second.field("code").press("Enter")
    expect(second.page.locator(".case")).to_be_visible()
    chat.button(chat.word("details")).click()
    expect(chat.page.locator(".card__refusal")).to_have_text(
        chat.text("identity.already_signed_in")
    )
