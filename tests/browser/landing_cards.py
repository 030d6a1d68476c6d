"""Cards of landing put into an open conversation, and photos with what the checks found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from bot.photos.checking import check_photo_now
from bot.photos.report import Box, PhotoReport
from bot.store import Conversation, Database
from tests.browser.chat import Chat
from tests.browser.script import pick
from tests.campaigns.photo_portraits import portraits
from tests.campaigns.photo_scenes import Scene, compose, encoded, plain
from tests.connectors.serving import Front, say_line

MEMBER = "0123456789abcdef" * 2
TYPED = {"street": "12 rue st denis", "city": "montreal", "postal_code": "h2x1k1"}
PROPOSAL = {
    "street": "12, rue Saint-Denis", "unit": "", "city": "Montréal", "province": "QC",
    "postal_code": "H2X 1K1",
}  # fmt: skip
LINES = ["12, rue Saint-Denis", "Montréal (Québec)  H2X 1K1"]
STATES = ("done", "done", "done", "now", "next", "next", "next")


@dataclass(frozen=True)
class Photo:
    """A file, and the report of the real checks on it and on the part that they propose."""

    raw: bytes
    report: PhotoReport
    cropped: PhotoReport | None


@lru_cache(maxsize=1)
def wrong_photo() -> Photo:
    """Wide, face too small, before a wall that is grey in the shadow: mended by a crop in part."""
    scene = Scene((1800, 1800), share=0.33, above=0.3, aside=0.1)
    return _photo(encoded(compose(portraits()[0], scene, plain(238), shadow=0.5), quality=88))


@lru_cache(maxsize=1)
def croppable_photo() -> Photo:
    """The same before a white wall, so that the crop is all it needs."""
    scene = Scene((1800, 1800), share=0.36, above=0.25, aside=0.05)
    return _photo(encoded(compose(portraits()[0], scene, plain(246)), quality=88))


def _photo(raw: bytes) -> Photo:
    report = check_photo_now(raw)
    cropped = check_photo_now(raw, report.frame) if report.frame else None
    return Photo(raw, report, cropped)


def file_of(photo: Photo, folder: Path, name: str = "me.jpg") -> Path:
    path = folder / name
    path.write_bytes(photo.raw)
    return path


def landing_card(language: str, stopped: bool = False) -> dict[str, Any]:
    from bot.answers.landing import STEPS
    from bot.texts import say

    states = [*STATES[:3], "stopped", *STATES[4:]] if stopped else STATES
    return {
        "kind": "landing",
        "landing": {
            "title": say(language, "landing.title"),
            "steps": [
                {
                    "code": code,
                    "label": say(language, f"landing.step.{code}"),
                    "state": state,
                    "state_label": say(language, f"landing.step_state.{state}"),
                }
                for code, state in zip(STEPS, states, strict=True)
            ],
            "now": say(language, "landing.now.declared"),
            "family": [
                {"name": name, "step": say(language, f"landing.step.{step}")}
                for name, step in (("Zoé", "address_given"), ("Léo", "declared"))
            ],
        },
    }


class Landing:
    """A chat into which cards come, and the answers of the API that a test chooses."""

    def __init__(self, chat: Chat, front: Front, database: Database) -> None:
        self.chat, self.front, self.database = chat, front, database
        self.page: Page = chat.page
        self.sent: list[dict[str, Any]] = []

    def put(self, card: dict[str, Any], author: str = "bot") -> Locator:
        """A line with this card; its section on the page."""
        language = self.chat.language
        text = pick(language, "This is the next step.", "Voici la prochaine étape.")
        with self.database.write() as session:
            # A linked phone has a conversation too, and either may come first.
            on_the_page = select(Conversation.id).where(Conversation.channel == "web")
            conversation = session.scalar(on_the_page)
            number = say_line(
                session, conversation, {"text": text, "lang": language, "card": card}, author
            )
        self.front.app.ctx.front.wake_all()
        expect(self.page.locator(f"[data-number='{number}']")).to_have_count(1)
        return self.page.locator(f"[data-number='{number}'] .card")

    def form(self, kind: str, **more: Any) -> Locator:
        return self.put({"kind": kind, "member": MEMBER, **more})

    def answer(self, path: str, status: int, body: Any) -> None:
        """From now on the API answers this; what the page sent is kept in `sent`."""

        def take(route: Route) -> None:
            raw = route.request.post_data_buffer or b""
            is_json = "json" in route.request.headers.get("content-type", "")
            self.sent.append(
                route.request.post_data_json if is_json else {"url": route.request.url, "raw": raw}
            )
            route.fulfill(status=status, json=body)

        self.cut_off(path, take)

    def cut_off(self, path: str, how: Any = None) -> None:
        """From now on nobody answers there."""
        pattern = f"**/api/chat{path}"
        self.page.unroute(pattern)
        self.page.route(pattern, how or (lambda route: route.abort()))

    def text(self, key: str, **values: str) -> str:
        return self.chat.text(f"cards.{key}", **values)

    def press(self, key: str) -> None:
        self.chat.button(self.text(key)).last.click()

    def fill_declaration(self) -> None:
        page = self.page
        page.get_by_label(self.text("declaration.in_canada_yes"), exact=True).check()
        page.get_by_label(self.text("declaration.nothing_changed_yes"), exact=True).check()
        self.chat.field("city").fill("Gatineau")
        page.locator("gcds-select[name=province]:visible select").select_option("QC")
        for number, part in enumerate(("2024", "03", "31")):
            page.locator("gcds-date-input:visible input").nth(number).fill(part)
        page.get_by_label(self.text("declaration.true"), exact=True).check()

    def fill_address(self) -> None:
        for name, value in TYPED.items():
            self.chat.field(name).fill(value)
        self.page.locator("gcds-select[name=province]:visible select").select_option("QC")

    def answer_photo(self, photo: Photo, photo_id: str | None = "photo-1") -> None:
        """The checks' own answer, whole or cropped, and the picture that was kept."""
        language = self.chat.language

        def check(route: Route) -> None:
            url, raw = route.request.url, route.request.post_data_buffer
            self.sent.append({"url": url, "raw": raw})
            report = photo.cropped if "crop=" in url and photo.cropped else photo.report
            kept = None if report.problems else photo_id
            route.fulfill(json={"photo": kept, "report": report.to_json(language)})

        self.cut_off("/photo?**", check)
        if photo.cropped and photo.cropped.picture:
            body = photo.cropped.picture
            self.cut_off(
                "/photo/photo-*", lambda route: route.fulfill(content_type="image/jpeg", body=body)
            )

    def choose_photo(self, card: Locator, path: Path, button: str = "photo.choose") -> None:
        with self.page.expect_file_chooser() as chooser:
            card.get_by_text(self.text(button), exact=True).click()
        chooser.value.set_files(path)


def crop_of(url: str) -> Box:
    from urllib.parse import parse_qs, urlsplit

    return Box(*map(float, parse_qs(urlsplit(url).query)["crop"][0].split(",")))
