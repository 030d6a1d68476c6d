"""The figures at the desk: for supervisors, as charts with tables, as a file, as metrics."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Page

from bot.clock import now
from bot.handoff import claim, close, request, speak
from bot.store import Database, Handoff
from tests.bot.figures.counted import PAST, rated, talked
from tests.bot.handoff.desk import add_agent
from tests.browser.test_accessibility import check
from tests.connectors.serving import Front, running_desk
from tests.desk.conftest import NewAgent
from tests.desk.staff import check_widths, sign_in_page

TOKEN = "a-token-of-the-monitoring-system"


@pytest.fixture
def month(database: Database) -> None:
    """Some days of conversations of all kinds."""
    with database.write() as session:
        agent = add_agent(session, "Quokka")
        for day in range(12):
            at = now() - PAST - timedelta(days=day)
            for place in range(8):
                words = ("check_status", "nlu_fallback") if place == 7 else ("check_status",)
                here = talked(session, *words, at=at, language="fr" if place % 2 else "en")
                if place < 2:
                    _handed_over(session, here, agent, at, place)
                else:
                    rated(session, here, 5 - place % 3)


def _handed_over(session: object, here: str, agent: object, at: object, place: int) -> None:
    row: Handoff = request(session, here, ("asked", "complaint")[place])
    claim(session, row.id, agent)
    speak(session, here, "Hello", "en", agent)
    close(session, here, agent, "solved")
    row.asked_at = at
    row.claimed_at = at + timedelta(minutes=2 + place)
    row.ended_at = at + timedelta(minutes=9)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_supervisor_sees_charts_and_the_same_as_tables(
    agent: NewAgent, month: None, language: str
) -> None:
    page = agent("dev").get(f"/{language}/figures?days=30").text
    assert page.count('<svg class="chart" role="img" aria-labelledby=') == 9
    assert page.count('<details class="twin">') == 9
    assert "style=" not in page
    assert "Quokka" not in page


def test_the_file_has_the_tables_of_the_page(agent: NewAgent, month: None) -> None:
    dev = agent("dev")
    answer = dev.get("/fr/figures/csv?days=7")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="passage-[0-9-]+\.csv"', answer.headers["content-disposition"]
    )
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    titles = [row[0] for row in rows if len(row) == 1]
    page = dev.get("/fr/figures?days=7").text
    assert len(titles) == 9
    assert all(f">{title}</h2>" in page for title in titles)


@pytest.mark.parametrize("path", ["/en/figures", "/en/figures/csv", "/metrics"])
@pytest.mark.parametrize("login", ["ada", "chantal", "elise"])
def test_figures_are_for_supervisors(agent: NewAgent, path: str, login: str) -> None:
    assert agent(login).get(path).status_code == 403


def test_nobody_else_sees_figures(desk: Front) -> None:
    assert httpx.get(f"{desk.url}/en/figures").status_code == 303
    assert httpx.get(f"{desk.url}/metrics").status_code == 401
    without = {"Authorization": "Bearer x"}
    assert httpx.get(f"{desk.url}/metrics", headers=without).status_code == 401


def test_a_period_is_one_of_three(agent: NewAgent) -> None:
    assert agent("dev").get("/en/figures?days=8").status_code == 404


@pytest.fixture
def watched(front: Front, database: Database) -> Iterator[Front]:
    with running_desk(front.settings, database, metrics_token=TOKEN) as found:
        yield found


def test_a_monitoring_system_has_a_token(watched: Front, month: None) -> None:
    def asks(token: str) -> httpx.Response:
        return httpx.get(f"{watched.url}/metrics", headers={"Authorization": f"Bearer {token}"})

    assert asks(TOKEN[:-1]).status_code == asks("x").status_code == 401
    answer = asks(TOKEN)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'passage_agents_available{language="en"} 0.0' in answer.text


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    desk: Front, month: None, new_page: Callable[..., Page], language: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    sign_in_page(page, desk.url, "dev", language)
    page.goto(f"{desk.url}/{language}/figures?days=30")
    check(page)
    check_widths(page)
    for twin in page.locator(".twin summary").all():
        twin.click()
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("window.violations") == []
