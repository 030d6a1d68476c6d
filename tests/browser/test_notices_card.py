"""The form of notices in the chat: ticked, sent once, kept across the languages, accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.browser.landing_cards import Landing
from tests.browser.test_accessibility import SCHEMES
from tests.browser.test_accessibility import check as check_axe
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

BOTH = {"wanted": ["status.email", "card.sms"], "channels": ["email", "sms"], "zone": ""}


def test_what_is_ticked_is_sent_and_the_form_closes(landing: Landing) -> None:
    card = landing.form("notices", **BOTH)
    expect(card.get_by_role("checkbox")).to_have_count(12)
    expect(card.get_by_role("checkbox", checked=True)).to_have_count(2)
    topic = card.get_by_role("group", name=landing.text("notices.topic.request"))
    topic.get_by_label(landing.text("notices.channel.sms")).check()
    card.locator("select").select_option("America/Halifax")
    landing.answer("/notices", 202, {"accepted": True})
    landing.press("notices.submit")
    expect(landing.page.locator(".card__folded")).to_have_text(landing.text("notices.done"))
    (sent,) = landing.sent
    assert sorted(sent["wanted"]) == ["card.sms", "request.sms", "status.email"]
    assert sent["zone"] == "America/Halifax" and len(sent["client_id"]) >= 8


def test_what_was_ticked_stays_in_the_other_language(landing: Landing) -> None:
    card = landing.form("notices", **BOTH)
    card.get_by_role("checkbox").first.uncheck()
    landing.chat.other_language()
    card = landing.page.locator(".card--notices")
    expect(card.get_by_role("checkbox", checked=True)).to_have_count(1)
    landing.answer("/notices", 202, {"accepted": True})
    landing.press("notices.submit")
    expect(landing.page.locator(".card__folded")).to_have_text(landing.text("notices.done"))
    assert landing.sent[0]["wanted"] == ["card.sms"] and landing.sent[0]["zone"] == ""


def test_a_way_that_does_not_reach_is_not_offered_and_not_lost(
    landing: Landing,
) -> None:
    card = landing.form("notices", **{**BOTH, "channels": ["email"]})
    expect(card.get_by_role("checkbox")).to_have_count(6)
    landing.answer("/notices", 202, {"accepted": True})
    landing.press("notices.submit")
    expect(landing.page.locator(".card__folded")).to_have_text(landing.text("notices.done"))
    assert sorted(landing.sent[0]["wanted"]) == ["card.sms", "status.email"]


def test_what_is_refused_is_said_in_the_card(landing: Landing) -> None:
    card = landing.form("notices", **BOTH)
    landing.answer("/notices", 403, {"error": "Sign in first.", "code": "not_signed_in"})
    landing.press("notices.submit")
    expect(card.get_by_role("alert")).to_have_text("Sign in first.")


@pytest.mark.parametrize(("language", "scheme"), SCHEMES)
def test_the_form_is_accessible(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    shown = Landing(Chat(page, front.url).open(language), front, database)
    shown.form("notices", **BOTH)
    check_axe(page)
