"""The forms of landing in the chat: filled in, refused, cut off, in both languages, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.browser.landing_cards import (
    LINES,
    MEMBER,
    PROPOSAL,
    Landing,
    croppable_photo,
    file_of,
    landing_card,
    wrong_photo,
)
from tests.browser.test_accessibility import SCHEMES
from tests.browser.test_accessibility import check as check_axe
from tests.browser.test_layout import check as check_width
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser

NOT_DUE = {"error": "This step is not due now.", "code": "not_now"}


# -- the way --------------------------------------------------------------------------------------


def test_the_steps_are_a_list_that_says_where_one_is(landing: Landing) -> None:
    card = landing.put(landing_card(landing.chat.language))
    steps = card.locator("ol > li")
    expect(steps).to_have_count(7)
    here = card.locator("[aria-current=step]")
    expect(here).to_have_count(1)
    expect(here).to_contain_text(landing.chat.text("landing.step.address_given"))
    expect(here).to_contain_text(landing.chat.text("landing.step_state.now"))
    expect(steps.first).to_contain_text(landing.chat.text("landing.step_state.done"))
    expect(card.locator(".family li strong")).to_have_text(["Zoé", "Léo"])
    card.locator("summary").click()
    expect(card.locator("details")).to_contain_text(
        "next step" if landing.chat.language == "en" else "prochaine"
    )
    stopped = landing.put(landing_card(landing.chat.language, stopped=True))
    expect(stopped.locator("[aria-current=step]")).to_contain_text(
        landing.chat.text("landing.step_state.stopped")
    )


# -- the declaration ------------------------------------------------------------------------------


def test_a_declaration_is_sent_and_leaves_one_line(landing: Landing) -> None:
    card = landing.form("declaration")
    expect(landing.page.locator("input:focus")).to_have_attribute("value", "yes")
    landing.fill_declaration()
    landing.answer("/landing/declaration", 202, {"accepted": True})
    landing.press("declaration.submit")
    expect(card.locator(".card__folded")).to_have_text(landing.text("declaration.done"))
    expect(card.locator(".card__folded p")).to_be_focused()
    (sent,) = landing.sent
    assert len(sent.pop("client_id")) >= 8
    assert sent == {
        "member": MEMBER, "in_canada": "yes", "nothing_changed": "yes", "city": "Gatineau",
        "province": "QC", "since": "2024-03-31", "true": "yes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "stop"), [("in_canada_no", "abroad"), ("nothing_changed_no", "changed")]
)
def test_a_no_asks_nothing_more_and_is_sent_as_it_is(
    landing: Landing, answer: str, stop: str
) -> None:
    card = landing.form("declaration")
    landing.fill_declaration()
    landing.page.get_by_label(landing.text(f"declaration.{answer}"), exact=True).check()
    expect(landing.chat.field("city")).to_have_count(0)
    expect(card.get_by_role("status").first).to_have_text(landing.text(f"declaration.stop_{stop}"))
    landing.answer("/landing/declaration", 202, {"accepted": True})
    landing.press("declaration.submit_answer")
    expect(card.locator(".card__folded")).to_be_visible()
    (sent,) = landing.sent
    assert (sent["city"], sent["province"], sent["since"], sent["true"]) == ("", "", "", "")
    assert "no" in (sent["in_canada"], sent["nothing_changed"])


def test_what_is_wrong_stands_by_its_field_and_in_the_summary(landing: Landing) -> None:
    card = landing.form("declaration")
    names = ("in_canada", "nothing_changed", "city", "province", "since", "true")
    errors = {name: landing.chat.text(f"landing.field.{name}") for name in names}
    landing.answer("/landing/declaration", 422, {"errors": errors})
    landing.press("declaration.submit")
    summary = card.locator("gcds-error-summary")
    for number, name in enumerate(names):
        expect(summary.get_by_role("link").nth(number)).to_have_accessible_name(errors[name])
    group = card.get_by_role("group", name=landing.text("declaration.in_canada"))
    expect(group).to_have_accessible_description(errors["in_canada"])
    expect(card.get_by_label(landing.text("declaration.true"))).to_have_accessible_description(
        errors["true"]
    )
    expect(card.locator("gcds-select select")).to_have_accessible_description(errors["province"])
    for name, focused in ((0, "input[value=yes]:focus"), (3, "gcds-select:focus")):
        summary.get_by_role("link").nth(name).click()
        expect(card.locator(focused)).to_have_count(1)
    landing.page.get_by_label(landing.text("declaration.in_canada_yes"), exact=True).check()
    expect(group).to_have_accessible_description("")


def test_not_due_any_more_is_said_in_the_card(landing: Landing) -> None:
    card = landing.form("declaration")
    landing.fill_declaration()
    landing.answer("/landing/declaration", 409, NOT_DUE)
    landing.press("declaration.submit")
    expect(card.get_by_role("alert")).to_have_text(NOT_DUE["error"])
    expect(landing.chat.field("city")).to_have_value("Gatineau")


def test_without_a_connection_nothing_is_lost_and_the_retry_has_the_same_name(
    landing: Landing,
) -> None:
    card = landing.form("declaration")
    landing.fill_declaration()
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.post_data_json["client_id"])
        route.abort()

    landing.cut_off("/landing/declaration", lose)
    landing.press("declaration.submit")
    expect(card.get_by_role("alert")).to_have_text(landing.text("step.unreachable"))
    expect(card.locator("gcds-button[type=submit]")).to_be_focused()
    landing.chat.other_language()
    landing.answer("/landing/declaration", 202, {"accepted": True})
    landing.press("declaration.submit")
    expect(landing.page.locator(".card__folded")).to_have_text(landing.text("declaration.done"))
    assert lost == [landing.sent[0]["client_id"]]


def test_while_it_is_sent_it_cannot_be_sent_again(landing: Landing) -> None:
    card = landing.form("declaration")
    landing.fill_declaration()
    held: list[Route] = []
    landing.cut_off("/landing/declaration", lambda route: held.append(route))
    landing.press("declaration.submit")
    expect(card).to_have_attribute("aria-busy", "true")
    expect(card.locator("gcds-button[type=submit] button")).to_be_disabled()
    expect(card.get_by_text(landing.text("step.sending"))).to_be_visible()
    landing.chat.field("city").press("Enter")
    landing.page.wait_for_function("() => true")
    assert len(held) == 1
    held[0].fulfill(status=202, json={"accepted": True})
    expect(card.locator(".card__folded")).to_be_visible()


def test_a_change_of_language_keeps_every_answer(landing: Landing) -> None:
    landing.form("declaration")
    landing.fill_declaration()
    landing.chat.other_language()
    page = landing.page
    for name in ("in_canada_yes", "nothing_changed_yes", "true"):
        expect(page.get_by_label(landing.text(f"declaration.{name}"), exact=True)).to_be_checked()
    expect(landing.chat.field("city")).to_have_value("Gatineau")
    expect(page.locator("gcds-select[name=province] select")).to_have_value("QC")
    expect(page.locator("gcds-date-input input").first).to_have_value("2024")


def test_a_line_that_says_sent_closes_the_form_here_and_in_other_tabs(landing: Landing) -> None:
    card = landing.form("declaration")
    landing.put({"kind": "sent", "form": "declaration"}, author="user")
    expect(card.locator(".card__folded")).to_have_text(landing.text("declaration.done"))
    landing.page.reload()
    expect(landing.page.locator(".card--declaration .card__folded")).to_have_count(1)


def test_a_newer_form_goes_on_with_what_was_typed(landing: Landing) -> None:
    first = landing.form("declaration")
    landing.chat.field("city").fill("Laval")
    second = landing.form("declaration", name="Léo")
    expect(first.locator(".card__folded")).to_have_text(landing.text("identify.old"))
    expect(second.locator(".card__for")).to_contain_text("Léo")
    expect(landing.chat.field("city")).to_have_value("Laval")


# -- the address ----------------------------------------------------------------------------------


def propose(landing: Landing) -> None:
    landing.fill_address()
    landing.answer("/address", 200, {"proposal": PROPOSAL, "lines": LINES})
    landing.press("address.submit")
    expect(landing.page.locator(".envelope span")).to_have_text(LINES)


def test_an_address_is_shown_for_a_yes_then_confirmed_by_its_code(landing: Landing) -> None:
    card = landing.form("address", fields={"city": "Québec"})
    expect(landing.chat.field("city")).to_have_value("Québec")
    propose(landing)
    expect(card.locator("h2")).to_be_focused()
    landing.answer("/address/send", 202, {"accepted": True})
    landing.press("address.send")
    expect(card.locator(".card__folded")).to_contain_text(", ".join(LINES))
    sent = dict(landing.sent[-1])
    assert len(sent.pop("client_id")) >= 8
    assert sent == {"member": MEMBER, **PROPOSAL}
    code_card = landing.put({"kind": "address_code"})
    code = landing.chat.field("code")
    expect(code).to_be_focused()
    wrong = landing.chat.text("identity.code_wrong", tries="2")
    landing.answer("/address/code", 422, {"error": wrong, "code": "code_wrong", "tries_left": 2})
    code.fill("1111 1111")
    code.press("Enter")
    expect(code).to_be_focused()
    expect(code).to_have_accessible_description(f"{landing.text('address_code.hint')} {wrong}")
    landing.answer("/address/code", 200, {"confirmed": True})
    landing.press("address_code.submit")
    for done in (card, code_card):
        expect(done.locator(".card__folded")).to_have_text(landing.text("address.done"))
    assert landing.sent[-1] == {"code": "1111 1111"}


def test_a_new_code_goes_to_the_same_address(landing: Landing) -> None:
    landing.form("address")
    propose(landing)
    landing.answer("/address/send", 202, {"accepted": True})
    landing.press("address.send")
    landing.put({"kind": "address_code"})
    landing.press("code.again")
    expect(
        landing.page.get_by_role("status").get_by_text(landing.text("address_code.sent_again"))
    ).to_have_count(1)
    first, second = landing.sent[-2:]
    assert {**first, "client_id": ""} == {**second, "client_id": ""}
    assert first["client_id"] != second["client_id"]
    landing.answer("/address/send", 429, {"error": "Too many codes.", "code": "x"})
    landing.press("code.again")
    expect(landing.page.locator(".card--address_code .card__refusal")).to_have_text(
        "Too many codes."
    )


def test_a_wrong_address_says_why_and_can_be_changed_after_the_proposal(landing: Landing) -> None:
    card = landing.form("address")
    box = landing.chat.text("address.problem.po_box")
    landing.answer("/address", 422, {"errors": {"street": box}})
    landing.chat.field("street").fill("CP 12")
    landing.press("address.submit")
    expect(card.get_by_role("link", name=box)).to_have_count(1)
    propose(landing)
    landing.press("address.change")
    expect(landing.chat.field("street")).to_be_focused()
    expect(landing.chat.field("street")).to_have_value("12 rue st denis")
    expect(card.locator("gcds-error-summary")).to_have_count(0)


def test_a_card_in_print_and_a_lost_connection_are_said_below_the_address(
    landing: Landing,
) -> None:
    card = landing.form("address")
    propose(landing)
    in_print = landing.chat.text("landing.cannot.in_print")
    landing.answer("/address/send", 409, {"error": in_print, "code": "in_print"})
    landing.press("address.send")
    expect(card.get_by_role("alert")).to_have_text(in_print)
    landing.cut_off("/address/send")
    landing.press("address.send")
    expect(card.get_by_role("alert")).to_have_text(landing.text("step.unreachable"))
    landing.chat.other_language()
    expect(landing.page.locator(".envelope span")).to_have_text(LINES)


# -- the confirmation and errors on it ------------------------------------------------------------


def test_the_confirmation_is_downloaded_by_a_link_of_its_own(landing: Landing) -> None:
    card = landing.form("confirmation")
    landing.answer("/confirmation/link", 200, {"url": "/api/chat/confirmation/abc"})
    pdf = {"Content-Disposition": 'attachment; filename="eCOPR.pdf"'}
    landing.cut_off(
        "/confirmation/abc",
        lambda route: route.fulfill(content_type="application/pdf", headers=pdf, body=b"%PDF-1.7"),
    )
    with landing.page.expect_download() as download:
        landing.press("confirmation.submit")
    assert download.value.url.endswith("/api/chat/confirmation/abc")
    link = card.get_by_role("link", name=landing.text("confirmation.link"))
    expect(link).to_have_attribute("href", "/api/chat/confirmation/abc")
    assert landing.sent == [{"member": MEMBER}]
    assert landing.page.url.endswith(f"/{landing.chat.language}")


@pytest.mark.parametrize("url", ["https://other.invalid/x", "javascript:alert(1)", "/elsewhere"])
def test_a_link_to_anywhere_else_is_not_followed(landing: Landing, url: str) -> None:
    card = landing.form("confirmation")
    landing.answer("/confirmation/link", 200, {"url": url})
    landing.press("confirmation.submit")
    expect(card).to_have_attribute("aria-busy", "false")
    expect(card.get_by_role("link")).to_have_count(0)


def test_an_error_is_reported_in_at_most_500_characters(landing: Landing) -> None:
    card = landing.form("error")
    text = card.get_by_role("textbox")
    expect(text).to_be_focused()
    landing.press("error.submit")
    expect(card.locator("gcds-error-message")).to_contain_text(landing.text("error.missing"))
    expect(text).to_be_focused()
    text.fill("My name is Zoë")
    landing.chat.other_language()
    landing.answer("/landing/error", 202, {"accepted": True})
    landing.press("error.submit")
    expect(landing.page.locator(".card__folded")).to_have_text(landing.text("error.done"))
    (sent,) = landing.sent
    assert (sent["member"], sent["text"]) == (MEMBER, "My name is Zoë")


# -- for everybody --------------------------------------------------------------------------------


def test_these_forms_stay_open_for_who_is_signed_in(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page]
) -> None:
    landing = Landing(Chat(new_page(), front.url).open("en"), front, database)
    landing.chat.sign_in(database)
    card = landing.form("declaration")
    landing.chat.ask("time")
    expect(landing.page.locator(".links a")).to_have_count(1)
    expect(card.locator("form")).to_be_visible()


@pytest.mark.parametrize(("language", "scheme"), SCHEMES)
def test_axe_finds_nothing_and_nothing_is_cut_off_on_a_phone(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    tmp_path: Path, language: str, scheme: str,
) -> None:  # fmt: skip
    page = new_page(
        color_scheme=scheme, reduced_motion="reduce", viewport={"width": 390, "height": 844},
        is_mobile=True, has_touch=True,
    )  # fmt: skip
    landing = Landing(Chat(page, front.url).open(language), front, database)

    def check() -> None:
        check_width(page)
        check_axe(page)

    landing.put(landing_card(language))
    landing.put(landing_card(language, stopped=True))
    landing.form("declaration")
    names = ("in_canada", "nothing_changed", "city", "province", "since", "true")
    errors = {name: landing.chat.text(f"landing.field.{name}") for name in names}
    landing.answer("/landing/declaration", 422, {"errors": errors})
    landing.press("declaration.submit")
    expect(page.locator("gcds-error-summary")).to_be_visible()
    check()
    page.get_by_label(landing.text("declaration.in_canada_no"), exact=True).check()
    landing.form("address")
    propose(landing)
    landing.cut_off("/address/send")
    landing.press("address.send")
    expect(page.locator(".card--address .card__refusal")).not_to_be_empty()
    check()
    card = landing.form("photo")
    card.locator("summary").click()
    landing.answer_photo(wrong_photo())
    landing.choose_photo(card, file_of(wrong_photo(), tmp_path))
    expect(card.locator("h3")).to_be_visible()
    check()
    landing.answer_photo(croppable_photo())
    landing.choose_photo(card, file_of(croppable_photo(), tmp_path), "photo.another")
    expect(card.locator(".photo__problems li")).to_have_count(
        len(croppable_photo().report.problems)
    )
    landing.press("photo.crop")
    landing.press("photo.submit")
    landing.put({"kind": "address_code"})
    landing.form("confirmation")
    landing.form("error")
    landing.press("error.submit")
    check()
    heights = page.locator(".card--form").evaluate_all(
        """(cards) => cards.flatMap((card) =>
             [...card.querySelectorAll("gcds-button, label.button, .who label")]
               .map((one) => one.getBoundingClientRect().height).filter(Boolean))"""
    )
    assert min(heights) >= 44
