"""The officer's queue on the desk: who sees it, what is written down, what is decided once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.landing.photos import keep_photo
from bot.landing.place import Actor, Place
from bot.store import AuditEntry, Confirmation, Database, LandingPapers
from bot.texts import LANGUAGES, say
from tests.bot.landing.giving import GOOD, give_all
from tests.browser.test_accessibility import check
from tests.connectors.landers import Landers, add_landers, put, stage_of
from tests.connectors.serving import Front
from tests.desk.conftest import NewAgent
from tests.desk.staff import check_widths, form_token, sign_in_page

Officer = httpx.Client


@pytest.fixture
def family(database: Database) -> Landers:
    return add_landers(database, "address_given")


@pytest.fixture
def officer(agent: NewAgent) -> Officer:
    return agent("chantal")


def decide(officer: Officer, act: str, family: Landers, **fields: Any) -> httpx.Response:
    token = form_token(officer, "/en/landing")
    form = {"application": family.application, "person": family.zoe, "form_token": token}
    return officer.post(f"/en/landing/{act}", data={**form, **fields})


def photo_of(database: Database, family: Landers) -> str:
    with database.write() as session:
        place = Place(family.application, family.zoe)
        photo = keep_photo(session, place, Actor(person_id=family.zoe), GOOD)
        session.add(
            LandingPapers(application_id=family.application, person_id=family.zoe, photo_id=photo)
        )
        return photo


def give(database: Database, family: Landers) -> None:
    with database.write() as session:
        give_all(session, Place(family.application, family.zoe))


def shown(database: Database, agent: str = "chantal") -> list[str]:
    """What the trail says the officer was shown."""
    with database.read() as session:
        rows = session.scalars(
            select(AuditEntry.act)
            .where(AuditEntry.agent == agent, AuditEntry.act.like("%shown"))
            .order_by(AuditEntry.position)
        )
        return list(rows)


@pytest.mark.parametrize("login", ["ada", "dev", "elise"])
def test_only_officers_review_landings(
    agent: NewAgent, database: Database, family: Landers, login: str
) -> None:
    photo = photo_of(database, family)
    put(database, "in_review", family.zoe)
    other = agent(login)
    assert other.get("/en/landing").status_code == 403
    assert other.get(f"/api/desk/photo/{photo}").status_code == 403
    assert other.post("/en/landing/accept", data={}).status_code == 403
    assert shown(database, login) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_person_and_each_photo_that_is_shown_is_written_down(
    officer: Officer, database: Database, family: Landers, language: str
) -> None:
    photo = photo_of(database, family)
    put(database, "in_review", family.zoe)
    page = officer.get(f"/{language}/landing")
    assert "Zoé" in page.text and f"/api/desk/photo/{photo}" in page.text
    assert shown(database) == ["desk.landing_shown"]
    assert officer.get(f"/api/desk/photo/{photo}").content == GOOD.picture
    assert shown(database) == ["desk.landing_shown", "photo.shown"]
    assert officer.get("/api/desk/photo/nothing").status_code == 404


def test_the_officer_returns_accepts_and_corrects(
    officer: Officer, database: Database, family: Landers
) -> None:
    put(database, "in_review", family.zoe)
    assert decide(officer, "return", family, why="photo.not_recent").status_code == 303
    assert stage_of(database, family.zoe) == "returned"
    assert decide(officer, "accept", family).status_code == 409
    put(database, "in_review", family.zoe)
    give(database, family)
    assert decide(officer, "accept", family).status_code == 303
    assert decide(officer, "accept", family).status_code == 409, "once"
    assert decide(officer, "correct", family, family_name="Lefebvre").status_code == 303
    with database.read() as session:
        rows = session.scalars(select(Confirmation).order_by(Confirmation.id)).all()
    assert [(row.state, row.details["family_name"]) for row in rows] == [
        ("replaced", "Lefebvre-N’Guyen"), ("valid", "Lefebvre"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("accept", {"application": "x"}), ("accept", {"person": ""}), ("accept", {"person": "-1"}),
        ("accept", {"person": "9" * 30}), ("accept", {"application": "１"}),
        ("return", {"why": "photo.nonsense"}), ("return", {"why": "card.lost"}), ("return", {}),
        ("correct", {"birth_date": "yesterday"}), ("correct", {"family_name": ""}),
        ("correct", {"birth_date": "1990-02-30"}),
    ],
)  # fmt: skip
def test_a_crooked_decision_is_refused(
    officer: Officer, database: Database, family: Landers, act: str, fields: dict[str, str]
) -> None:
    put(database, "in_review", family.zoe)
    give(database, family)
    if act == "correct":
        decide(officer, "accept", family)
    before = stage_of(database, family.zoe)
    assert decide(officer, act, family, **fields).status_code == 400
    assert stage_of(database, family.zoe) == before
    assert officer.get("/en/landing").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_given_here_cannot_be_accepted(
    officer: Officer, database: Database, family: Landers, language: str
) -> None:
    """The case system may say "in review" for somebody who gave nothing here."""
    put(database, "in_review", family.zoe)
    photo_of(database, family)
    missing, accept = (say(language, f"pages.review.{key}") for key in ("missing", "accept"))
    page = officer.get(f"/{language}/landing").text
    assert missing in page and accept not in page
    assert decide(officer, "accept", family).status_code == 409
    assert stage_of(database, family.zoe) == "in_review"
    give(database, family)
    page = officer.get(f"/{language}/landing").text
    assert missing not in page and accept in page


def test_a_decision_needs_the_form_of_the_same_session(
    officer: Officer, database: Database, family: Landers
) -> None:
    put(database, "in_review", family.zoe)
    assert decide(officer, "accept", family, form_token="x").status_code == 403
    assert decide(officer, "nothing", family).status_code == 404
    assert stage_of(database, family.zoe) == "in_review"


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "dark"), ("fr", "light")])
def test_the_page_reads_well_at_any_width(
    desk: Front, database: Database, family: Landers, new_page: Callable[..., Page],
    language: str, scheme: str,
) -> None:  # fmt: skip
    put(database, "in_review")
    give(database, family)
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "chantal", language)
    page.goto(f"{desk.url}/{language}/landing")
    expect(page.locator("article.review")).to_have_count(2)
    check(page)
    check_widths(page)
