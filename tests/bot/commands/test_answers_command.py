"""The operator sees which help content has not been compared with the official pages for long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from bot.answers import help as content
from bot.commands import answers as command
from bot.texts import LANGUAGES, say

DAY = max(content.answers().checked.values())


@pytest.fixture(autouse=True)
def the_day_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "today", lambda: DAY + timedelta(days=1))
    monkeypatch.setattr(command.output, "width", 400)
    monkeypatch.setenv("PASSAGE_LANG", "en")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.content, ["check", *words])
    return result.exit_code, result.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_listed_with_its_day_its_languages_and_its_pages(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_LANG", language)
    status, shown = run("--older", "400")
    assert status == 0
    assert say(language, "answers_cli.column.links") in shown
    assert say(language, "answers_cli.fresh", all=len(content.answers().checked), days=400) in shown
    for intent, replies in content.answers().general.items():
        (row,) = [line for line in shown.splitlines() if f" {intent} " in line]
        assert "en fr" in row and content.answers().checked[intent].isoformat() in row
        pages = [url.split("/")[-1] for reply in replies.values() for _, url in reply.links]
        assert all(page in shown for page in pages)


def test_what_is_stale_comes_first_and_the_status_says_that_it_needs_a_look() -> None:
    stale = {"apply_online": DAY - timedelta(days=400), "urgent_need": DAY - timedelta(days=200)}
    checked = {**content.answers().checked, **stale}
    table = command._table(changed(checked), DAY, 100)
    assert [row.style for row in table.rows[:3]] == ["red", "red", None]
    assert list(table.columns[2].cells)[:2] == ["apply_online", "urgent_need"]


def test_one_stale_answer_ends_the_command_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = {**content.answers().checked, "urgent_need": DAY - timedelta(days=200)}
    monkeypatch.setattr(command, "answers", lambda: changed(checked))
    status, shown = run()
    assert status == 1
    assert say("en", "answers_cli.stale", count=1, all=len(checked), days=90) in shown


def test_content_that_does_not_load_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> content.Answers:
        raise content.AnswerError("urgent_need.yml: fr lacks 'short'")

    monkeypatch.setattr(command, "answers", broken)
    status, shown = run()
    assert status == 2 and "urgent_need.yml" in shown


def changed(checked: dict[str, date]) -> content.Answers:
    return replace(content.answers(), checked=checked)
