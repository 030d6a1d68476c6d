"""The conversation on the page: sending, answering, languages, forms, what goes wrong."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import func, select, update

from bot.chat.conversations import add_line
from bot.clock import now
from bot.store import Conversation, Database, Inbox, Line, WebSession
from tests.browser.chat import Chat
from tests.connectors.people import DETAILS, mailed_code
from tests.connectors.serving import StandIn

pytestmark = pytest.mark.browser


def conversation(database: Database) -> str:
    with database.read() as session:
        return str(session.scalar(select(Conversation.id)))


def messages(database: Database) -> list[str]:
    with database.read() as session:
        rows = select(Inbox.text).where(Inbox.kind != "signal").order_by(Inbox.id)
        return list(session.scalars(rows))


def test_a_message_is_shown_at_once_and_once(chat: Chat, database: Database) -> None:
    held: list[Route] = []
    chat.page.route("**/api/chat/messages", lambda route: held.append(route))
    chat.say("hello")
    expect(chat.page.locator(".line--sending .bubble")).to_have_text("hello")
    expect(chat.bubbles).to_have_count(1)
    assert messages(database) == []
    held[0].continue_()
    expect(chat.bubbles).to_have_text([re.compile("Hello"), "hello", "en: hello"])
    expect(chat.page.locator(".log__outgoing .bubble")).to_have_count(0)
    assert messages(database) == ["hello"]


def test_a_message_that_did_not_get_through_is_sent_again_under_the_same_name(
    chat: Chat, database: Database
) -> None:
    """The first copy does arrive, only its answer is lost: the second must not be stored."""

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.evaluate("document.querySelector('passage-chat').stream.stop()")
    chat.page.route("**/api/chat/messages", lose_the_answer, times=1)
    chat.say("hello")
    expect(chat.page.locator(".line__failed")).to_contain_text("Not sent.")
    chat.button("Try again").click()
    expect(chat.page.locator(".line__failed")).to_have_count(0)
    chat.page.reload()
    expect(chat.bubbles.last).to_have_text("en: hello")
    assert messages(database) == ["hello"]


def test_messages_keep_their_order_and_go_out_when_the_connection_is_back(
    chat: Chat, database: Database
) -> None:
    chat.page.context.set_offline(True)
    for word in ("one", "two", "three"):
        chat.say(word)
    expect(chat.page.locator(".line__failed")).to_have_count(3)
    chat.page.context.set_offline(False)
    expect(chat.bubbles.last).to_have_text("en: three")
    assert messages(database) == ["one", "two", "three"]


def test_a_refusal_is_told_and_not_offered_again(chat: Chat) -> None:
    chat.say("//")
    expect(chat.page.locator(".line__failed")).to_have_text("Not sent. Type a message first.")


def test_quick_replies_serve_once(chat: Chat, database: Database) -> None:
    chat.button("how long?").click()
    expect(chat.bubbles.last).to_have_text("Times are published.")
    expect(chat.page.locator(".choices gcds-button")).to_have_count(0)
    assert messages(database) == ["how long?"]


def test_typing_and_delay_are_shown(chat: Chat, database: Database, assistant: StandIn) -> None:
    assistant.__exit__()
    chat.say("anybody?")
    expect(chat.page.locator(".typing")).to_be_visible()
    with database.write() as session:
        session.execute(update(Inbox).values(received_at=now() - timedelta(seconds=9)))
    expect(
        chat.page.get_by_text("Your message is saved. The assistant is restarting")
    ).to_be_visible()
    assistant.turn()
    expect(chat.page.locator(".typing")).to_be_hidden()
    expect(chat.page.get_by_text("Your message is saved.")).to_have_count(0)


def test_the_counter_appears_near_the_limit(chat: Chat) -> None:
    counter = chat.page.locator("#message-count")
    chat.message.fill("x" * 799)
    expect(counter).to_be_empty()
    chat.message.fill("x" * 990)
    expect(counter).to_have_text("10 characters left")
    chat.message.fill("x" * 1003)
    expect(counter).to_have_text("3 characters too many")
    chat.message.press("Enter")
    expect(chat.bubbles).to_have_count(1)


def test_the_title_counts_what_came_while_away(chat: Chat, database: Database) -> None:
    title = chat.page.title()
    chat.page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
    )
    with database.write() as session:
        for _ in range(2):
            add_line(session, conversation(database), "bot", {"text": "new", "lang": "en"})
    expect(chat.page).to_have_title(f"(2) {title}")
    chat.page.evaluate(
        "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(chat.page).to_have_title(title)


# -- languages ------------------------------------------------------------------------------------


def test_changing_language_loses_nothing(chat: Chat, database: Database) -> None:
    chat.say("before")
    expect(chat.bubbles.last).to_have_text("en: before")
    chat.ask_form()
    chat.fill_details()
    chat.message.fill("half a sen")
    chat.page.get_by_role("link", name="Français").click()
    chat.language = "fr"
    expect(chat.message).to_have_value("half a sen")
    expect(chat.page).to_have_url(f"{chat.url}/fr")
    expect(chat.page.locator("html")).to_have_attribute("lang", "fr")
    expect(chat.page.get_by_role("heading", level=1)).to_have_text(
        "Renseignez-vous sur votre demande"
    )
    expect(chat.page.get_by_text("en: before", exact=True)).to_be_visible()
    expect(chat.page.get_by_text("Nom de famille", exact=True)).to_be_visible()
    expect(chat.field("family_name")).to_have_value(DETAILS["family_name"])
    expect(chat.page.locator("gcds-date-input input").first).to_have_value("1990")
    chat.say("après")
    expect(chat.bubbles.last).to_have_text("fr: après")


def test_each_line_says_its_language(chat: Chat) -> None:
    chat.say("one")
    expect(chat.bubbles.last).to_have_text("en: one")
    chat.page.get_by_role("link", name="Français").click()
    chat.language = "fr"
    chat.say("deux")
    expect(chat.bubbles.last).to_have_text("fr: deux")
    languages = chat.page.locator(".line--bot .bubble").evaluate_all("all => all.map(b => b.lang)")
    assert languages == ["en", "en", "fr"]


def test_the_other_page_goes_on_with_the_conversation(chat: Chat) -> None:
    chat.say("before")
    expect(chat.bubbles.last).to_have_text("en: before")
    chat.page.goto(f"{chat.url}/fr")
    chat.language = "fr"
    chat.say("après")
    expect(chat.bubbles.last).to_have_text("fr: après")
    expect(chat.bubbles).to_have_count(5)


# -- forms ----------------------------------------------------------------------------------------


def test_errors_are_shown_by_field_and_in_a_summary_that_has_the_focus(chat: Chat) -> None:
    chat.ask_form()
    chat.fill_details(uci="12", birth_date="2999-01-01")
    chat.button("Send my details").click()
    summary = chat.page.locator("gcds-error-summary")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(summary.get_by_role("alert")).to_be_focused()
    expect(chat.page.locator("gcds-input[name=uci] gcds-error-message")).to_be_visible()
    summary.get_by_role("link").first.click()
    expect(chat.field("uci")).to_be_focused()
    expect(chat.field("family_name")).to_have_value(DETAILS["family_name"])


def test_the_form_folds_when_sent_and_opens_again_with_its_values(chat: Chat) -> None:
    code = chat.send_details()
    expect(code).to_be_focused()
    expect(chat.page.get_by_text("Details sent")).to_be_visible()
    expect(chat.field("uci")).to_have_count(0)
    chat.button("Change details").click()
    expect(chat.field("uci")).to_have_value(DETAILS["uci"])
    expect(chat.page.get_by_label("the applicant or the sponsor")).to_be_focused()


def test_a_right_code_opens_the_case_and_closes_the_forms(chat: Chat, database: Database) -> None:
    code = chat.send_details()
    code.fill("0000 0000")
    code.press("Enter")
    expect(chat.page.get_by_text("Tries left: 4", exact=False)).to_be_visible()
    code.fill(mailed_code(database))
    chat.button("Confirm").click()
    expect(chat.page.locator(".case")).to_be_visible()
    expect(chat.page.get_by_text("Code accepted")).to_be_visible()
    expect(chat.page.locator(".card--form form")).to_have_count(0)
    expect(chat.button("Log out")).to_be_visible()
    expect(chat.page.get_by_text("Signed in", exact=True)).to_be_visible()
    chat.page.reload()
    expect(chat.page.locator(".case")).to_be_visible()
    expect(chat.button("Log out")).to_be_visible()
    expect(chat.page.locator(".card--form form")).to_have_count(0)


def test_a_new_code_is_asked_for_with_the_details_in_memory(chat: Chat) -> None:
    chat.send_details()
    chat.button("Send a new code").click()
    expect(chat.page.get_by_text("A newer code was asked for below.")).to_be_visible()
    expect(chat.field("code")).to_have_count(1)
    expect(chat.field("code")).to_be_focused()


def test_a_new_code_without_details_in_memory_opens_the_form(chat: Chat) -> None:
    chat.send_details()
    chat.page.reload()
    expect(chat.page.get_by_text("Details sent")).to_be_visible()
    chat.button("Send a new code").click()
    expect(chat.page.get_by_label("the applicant or the sponsor")).to_be_focused()
    expect(chat.field("uci")).to_have_value("")


def test_only_the_newest_form_is_live(chat: Chat) -> None:
    chat.ask_form()
    chat.say("something else")
    expect(chat.bubbles.last).to_have_text("en: something else")
    chat.ask_form()
    expect(chat.page.get_by_text("This form was replaced by a newer one below.")).to_be_visible()
    expect(chat.field("uci")).to_have_count(1)


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_cancelling_closes_the_form_and_tells_the_assistant(
    chat: Chat, database: Database, how: str
) -> None:
    chat.ask_form()
    if how == "button":
        chat.button("Cancel").click()
    else:
        chat.field("uci").press("Escape")
    expect(chat.page.get_by_text("Form closed")).to_be_visible()
    expect(chat.message).to_be_focused()
    expect(chat.bubbles.last).to_have_text("en: cancel")
    assert messages(database)[-1] == "cancel"
    chat.page.reload()
    expect(chat.page.get_by_text("Form closed")).to_be_visible()


def test_a_form_does_not_take_the_focus_from_who_is_writing(chat: Chat, database: Database) -> None:
    chat.message.fill("I am just wri")
    chat.message.focus()
    card = {"kind": "identify", "product": "citizenship"}
    with database.write() as session:
        add_line(session, conversation(database), "bot", {"text": "?", "lang": "en", "card": card})
    expect(chat.field("uci")).to_be_visible()
    expect(chat.message).to_be_focused()
    expect(
        chat.page.get_by_role("status").get_by_text("A form is in the conversation.")
    ).to_have_count(1)


def test_the_case_is_a_picture_with_the_same_in_words(chat: Chat) -> None:
    card = chat.ask_case()
    expect(card.get_by_role("heading", level=2)).to_have_text("Sponsored spouse")
    expect(card.locator(".tile")).to_have_count(5)
    expect(card.locator(".tile--waiting_on_you")).to_contain_text("Waiting on you")
    expect(card.locator("[aria-current=step]")).to_contain_text("In progress")
    text = card.locator(f"#{card.get_attribute('aria-describedby')}")
    expect(text).to_be_hidden()
    card.get_by_text("As text").click()
    expect(text).to_contain_text("Medical exam: waiting on you")


# -- the session ----------------------------------------------------------------------------------


def test_an_idle_session_is_warned_of_and_can_be_kept(chat: Chat, database: Database) -> None:
    with database.write() as session:
        session.execute(
            update(WebSession).values(seen_at=now() - timedelta(minutes=28, seconds=30))
        )
    clock = "document.querySelector('passage-chat').clock"
    chat.page.evaluate(f"{clock}.end = Date.now(); {clock}.check()")
    dialog = chat.page.get_by_role("alertdialog", name="Are you still there?")
    expect(dialog).to_contain_text("about 1 minutes")
    expect(chat.button("Stay signed in")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(chat.message).to_be_focused()
    with database.read() as session:
        assert now() - session.scalar(select(WebSession.seen_at)) < timedelta(minutes=5)


def test_a_session_that_is_over_offers_a_new_conversation(chat: Chat, database: Database) -> None:
    with database.write() as session:
        session.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=31)))
    expect(chat.page.get_by_role("heading", name="The conversation is over")).to_be_focused()
    chat.button("Start a new conversation").click()
    expect(chat.bubbles).to_have_count(1)
    expect(chat.message).to_be_focused()
    with database.read() as session:
        assert session.scalar(select(func.count(Conversation.id))) == 2


def test_another_tab_follows_a_log_in_and_a_log_out(chat: Chat, database: Database) -> None:
    second = Chat(chat.page.context.new_page(), chat.url).open("en")
    chat.send_details().fill(mailed_code(database))
    chat.button("Confirm").click()
    expect(second.button("Log out")).to_be_visible()
    expect(second.page.locator(".case")).to_be_visible()
    second.button("Log out").click()
    expect(chat.button("Start a new conversation")).to_be_visible()


@pytest.mark.parametrize(("name", "ending"), [("web page", ".html"), ("text", ".txt")])
def test_the_conversation_can_be_saved(chat: Chat, name: str, ending: str) -> None:
    chat.say("keep this")
    expect(chat.bubbles.last).to_have_text("en: keep this")
    chat.page.get_by_text("Options", exact=True).click()
    with chat.page.expect_download() as saving:
        chat.page.get_by_role("link", name=f"Save the conversation ({name})").click()
    assert saving.value.suggested_filename.endswith(ending)
    assert "keep this" in saving.value.path().read_text("utf-8")


def test_lines_are_never_shown_twice(chat: Chat, database: Database) -> None:
    for number in range(5):
        chat.say(f"message {number}")
    expect(chat.bubbles).to_have_count(11)
    numbers = chat.page.locator(".line").evaluate_all("all => all.map(l => +l.dataset.number)")
    with database.read() as session:
        assert numbers == list(session.scalars(select(Line.number).order_by(Line.number)))
