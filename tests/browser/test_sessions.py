"""The dialog that shows where a person is signed in, and ends what they do not know."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


@pytest.fixture(params=["en", "fr"])
def two(
    request: pytest.FixtureRequest, front: Front, assistant: StandIn, database: Database,
    new_page: Callable[..., Page],
) -> tuple[Chat, Chat]:  # fmt: skip
    """The same person in two browsers."""
    first, second = (Chat(new_page(), front.url).open(request.param) for _ in range(2))
    for chat in (first, second):
        chat.sign_in(database)
    return first, second


def test_a_session_elsewhere_is_ended_from_here(two: tuple[Chat, Chat]) -> None:
    here, there = two
    dialog = here.open_sessions()
    expect(dialog.get_by_role("heading")).to_be_focused()
    entries = dialog.get_by_role("listitem")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text(here.text("page.chat.sessions.this"))
    expect(entries.first.get_by_role("button")).to_have_count(0)
    day = here.page.evaluate(
        f"new Date().toLocaleDateString('{here.language}-CA', {{dateStyle: 'long'}})"
    )
    which = re.compile(f"^{here.text('page.chat.sessions.end')} \\(.*{day}")
    entries.last.get_by_role("button", name=which).click()
    expect(dialog.get_by_role("status")).to_contain_text(here.text("page.chat.sessions.ended"))
    expect(dialog.get_by_role("heading")).to_be_focused()
    expect(entries).to_have_count(1)
    expect(dialog.get_by_role("button")).to_have_count(1)
    expect(there.button(there.word("new"))).to_be_visible()
    assert "F000000101" not in there.page.locator("passage-chat").inner_text()


def test_all_others_are_ended_at_once_and_this_one_goes_on(two: tuple[Chat, Chat]) -> None:
    here, there = two
    dialog = here.open_sessions()
    dialog.get_by_role("button", name=here.text("page.chat.sessions.end_others")).click()
    expect(dialog.get_by_role("status")).to_contain_text(here.text("page.chat.sessions.only"))
    expect(there.button(there.word("new"))).to_be_visible()
    here.button(here.text("page.chat.sessions.back")).click()
    expect(dialog).to_be_hidden()
    here.ask("time")
    expect(here.page.locator(".links a")).to_have_count(1)


def test_the_dialog_works_by_keyboard_and_gives_the_focus_back(two: tuple[Chat, Chat]) -> None:
    here, _ = two
    keys = here.page.keyboard
    menu = here.page.locator(".menu summary")
    menu.focus()
    keys.press("Enter")
    for _ in range(3):
        keys.press("Tab")
    keys.press("Enter")
    dialog = here.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(8):
        keys.press("Tab")
        # Never the page behind; the browser's own controls are another matter.
        assert here.page.evaluate(
            "document.activeElement === document.body || "
            "document.querySelector('dialog').contains(document.activeElement)"
        )
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()


def test_ending_it_from_elsewhere_takes_the_open_dialog_away(two: tuple[Chat, Chat]) -> None:
    here, there = two
    dialog = here.open_sessions()
    there.open_sessions().get_by_role("button").last.focus()
    there.page.get_by_role("dialog").get_by_role(
        "button", name=there.text("page.chat.sessions.end_others")
    ).click()
    expect(dialog).to_have_count(0)
    expect(here.page.get_by_role("heading", name=here.text("page.chat.ended"))).to_be_focused()


def test_who_is_not_signed_in_has_no_such_entry(two: tuple[Chat, Chat]) -> None:
    here, _ = two
    here.button(here.word("out")).click()
    here.button(here.word("new")).click()
    expect(here.page.locator(".choices gcds-button.hydrated")).to_have_count(2)
    here.page.locator(".menu summary").click()
    entries = here.page.locator(".menu li > *:visible")
    expect(entries).to_have_count(3)
    expect(here.button(here.text("page.chat.sessions.title"))).to_have_count(0)
