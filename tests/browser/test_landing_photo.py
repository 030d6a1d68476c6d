"""The form of the photo in the chat: chosen, checked, cropped, sent, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from bot.store import Database
from tests.browser.chat import Chat
from tests.browser.landing_cards import (
    MEMBER,
    Landing,
    crop_of,
    croppable_photo,
    file_of,
    wrong_photo,
)
from tests.connectors.serving import Front, StandIn

pytestmark = pytest.mark.browser


def test_its_hidden_fields_stay_inside_the_log(landing: Landing) -> None:
    """Where they had their place below the window, the page could be scrolled into nothing, and
    was, as soon as one of them had the focus."""
    for _ in range(4):
        landing.form("declaration")
    card = landing.form("photo")
    card.locator("input[type=file]").first.focus()
    page = landing.page
    assert page.evaluate("scrollY") == 0
    below = "document.documentElement.scrollHeight - document.body.getBoundingClientRect().bottom"
    assert page.evaluate(below) <= 1


def test_a_wrong_photo_is_marked_and_each_problem_is_in_words(
    landing: Landing, tmp_path: Path
) -> None:
    card = landing.form("photo")
    photo = wrong_photo()
    landing.answer_photo(photo)
    landing.choose_photo(card, file_of(photo, tmp_path))
    title = card.get_by_role("heading", name=landing.text("photo.wrong"))
    expect(title).to_be_focused()
    words = photo.report.to_json(landing.chat.language)
    expect(card.locator(".photo__problems li span")).to_have_text(
        [problem["text"] for problem in words["problems"]]
    )
    layer = card.locator(".photo__picture .marks")
    expect(layer.locator(".mark--not-white")).to_have_count(len(photo.report.not_white))
    expect(layer.locator(".mark--face.mark--over, .mark--frame.mark--over")).to_have_count(2)
    expect(card.locator(".legend li")).to_have_text(
        [landing.text(f"photo.mark_{mark}") for mark in ("face", "frame", "not_white")]
    )
    face = photo.report.face
    # Both at once: the log may still be on its way.
    shown, drawn = layer.evaluate(
        "layer => [layer, layer.querySelector('.mark--face.mark--over')]"
        ".map(part => part.getBoundingClientRect().toJSON())"
    )
    assert face
    assert abs(drawn["x"] - shown["x"] - face.left * shown["width"]) < 4
    assert abs(drawn["y"] - shown["y"] - face.top * shown["height"]) < 4
    landing.chat.page.wait_for_timeout(700)  # for as long as the log may be on its way
    expect(title).to_be_in_viewport()
    (sent,) = landing.sent
    assert sent["raw"] == photo.raw
    assert f"member={MEMBER}" in sent["url"]
    assert landing.chat.violations() == []


def test_a_photo_is_cropped_confirmed_and_sent(landing: Landing, tmp_path: Path) -> None:
    card = landing.form("photo")
    photo = croppable_photo()
    assert photo.cropped and not photo.cropped.problems
    landing.answer_photo(photo)
    landing.choose_photo(card, file_of(photo, tmp_path))
    landing.press("photo.crop")
    image = card.get_by_role("img", name=landing.text("photo.picture_final"))
    expect(image).to_be_visible()
    assert image.evaluate("(one) => one.naturalWidth") == photo.cropped.width
    expect(card.get_by_role("heading", name=landing.text("photo.good"))).to_be_focused()
    assert crop_of(landing.sent[-1]["url"]) == pytest.approx(photo.report.frame)
    landing.press("photo.submit")
    tick = card.get_by_label(landing.text("photo.mine"))
    expect(tick).to_be_focused()
    expect(tick).to_have_accessible_description(landing.text("photo.mine_missing"))
    tick.check()
    landing.answer("/photo/choose", 202, {"accepted": True})
    landing.press("photo.submit")
    expect(card.locator(".card__folded")).to_have_text(landing.text("photo.done"))
    sent = landing.sent[-1]
    assert (sent["member"], sent["photo"]) == (MEMBER, "photo-1")
    assert landing.chat.violations() == []


def test_a_photo_and_its_report_outlive_a_change_of_language(
    landing: Landing, tmp_path: Path
) -> None:
    card = landing.form("photo")
    photo = croppable_photo()
    landing.answer_photo(photo)
    landing.choose_photo(card, file_of(photo, tmp_path))
    spoken = landing.chat.language
    expect(card.locator(".photo__problems")).to_have_attribute("lang", spoken)
    landing.chat.other_language()
    expect(landing.page.locator(".photo__picture canvas")).to_be_visible()
    expect(landing.page.locator(".photo__problems")).to_have_attribute("lang", spoken)
    landing.press("photo.crop")
    tick = landing.page.get_by_label(landing.text("photo.mine"))
    tick.check()
    landing.chat.other_language()
    expect(landing.page.get_by_label(landing.text("photo.mine"))).to_be_checked()
    assert len(landing.sent) == 2


def test_a_check_that_is_under_way_ends_in_the_other_language(
    landing: Landing, tmp_path: Path
) -> None:
    card = landing.form("photo")
    photo = croppable_photo()
    held: list[Route] = []
    landing.cut_off("/photo?**", lambda route: held.append(route))
    landing.choose_photo(card, file_of(photo, tmp_path))
    expect(card.get_by_text(landing.text("photo.checking"))).to_be_visible()
    expect(card.locator(".photo__picture canvas")).to_be_visible()
    expect(card.locator(".photo__pick")).to_have_count(0)
    landing.chat.other_language()
    report = photo.report.to_json(landing.chat.language)
    held[0].fulfill(json={"photo": None, "report": report})
    expect(landing.page.get_by_role("heading", name=landing.text("photo.wrong"))).to_be_visible()


def test_a_refused_or_lost_photo_can_be_tried_again(landing: Landing, tmp_path: Path) -> None:
    card = landing.form("photo")
    photo = croppable_photo()
    landing.cut_off("/photo?**")
    landing.choose_photo(card, file_of(photo, tmp_path))
    expect(card.get_by_role("alert")).to_have_text(landing.text("step.unreachable"))
    landing.answer("/photo?**", 429, {"error": "Too many photos today.", "code": "too_often"})
    landing.press("photo.again")
    expect(card.get_by_role("alert")).to_have_text("Too many photos today.")
    landing.answer_photo(photo)
    landing.press("photo.again")
    expect(card.get_by_role("heading", name=landing.text("photo.wrong"))).to_be_focused()
    landing.choose_photo(card, file_of(photo, tmp_path, "second.jpg"), "photo.another")
    expect(card.get_by_role("heading", name=landing.text("photo.wrong"))).to_be_focused()


def test_a_photo_straight_from_a_phone_is_made_small_enough(
    landing: Landing, tmp_path: Path
) -> None:
    card = landing.form("photo")
    upright = Image.open(BytesIO(croppable_photo().raw)).resize((3024, 4032))
    # As cameras save it: on its side, with the note that it is to be turned.
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "phone.jpg"
    upright.transpose(Image.Transpose.ROTATE_90).save(path, exif=exif, quality=95)
    landing.answer_photo(croppable_photo())
    landing.choose_photo(card, path)
    expect(card.get_by_text(landing.text("photo.smaller"))).to_be_visible()
    arrived = Image.open(BytesIO(landing.sent[0]["raw"]))
    assert arrived.format == "JPEG"
    assert arrived.size == (2000, 2666)
    assert 0x0112 not in arrived.getexif()


def test_what_is_no_picture_goes_to_the_server_for_its_words(
    landing: Landing, tmp_path: Path
) -> None:
    card = landing.form("photo")
    path = tmp_path / "letter.jpg"
    path.write_bytes(b"%PDF-1.7 not a picture")
    sentence = landing.chat.text("photo.problem.not_a_picture")
    problem = {"kind": "not_a_picture", "label": "x", "text": sentence}
    report = {"problems": [problem], "warnings": [], "width": 0, "height": 0, "face": None,
              "frame": None, "not_white": []}  # fmt: skip
    landing.answer("/photo?**", 200, {"photo": None, "report": report})
    landing.choose_photo(card, path)
    expect(card.locator(".photo__problems li span")).to_have_text([sentence])
    expect(card.locator(".photo__picture")).to_have_count(0)


@pytest.mark.parametrize("phone", [True, False])
def test_only_a_phone_offers_its_camera(
    front: Front, assistant: StandIn, database: Database, new_page: Callable[..., Page],
    phone: bool,
) -> None:  # fmt: skip
    chat = Chat(new_page(is_mobile=phone, has_touch=phone), front.url).open("en")
    camera = Landing(chat, front, database).form("photo").get_by_text(chat.text("cards.photo.take"))
    expect(camera).to_be_visible(visible=phone)
    expect(camera.locator("input")).to_have_attribute("capture", "user")
