"""Unique values wherever somebody can write or a wrong value may stand: no figure shows one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.conversations import add_line, post_text
from bot.clock import now
from bot.figures import figures, metrics, sheet, tables
from bot.handoff import claim, note, request, speak
from bot.store import Database, Rating, Remark
from tests.bot.figures.counted import PAST, talked
from tests.bot.handoff.desk import add_agent

CANARY = "Quokkavessel"
NUMBER = "F731904826"


def everywhere(session: Any) -> None:
    """Six conversations, so that nothing is left out for being few, with the canary in each field
    that a person, an agent or a mistaken program fills."""
    agent = add_agent(session, f"{CANARY}a")
    for place in range(6):
        wrong = f"{CANARY} {NUMBER}"[:60]
        here = talked(session, wrong, f"check_status{NUMBER}", channel=NUMBER, language="en")
        post_text(session, here, f"message-{place}", f"I am {CANARY}, {NUMBER}")
        add_line(session, here, "bot", {"text": CANARY, "lang": "en"})
        row = request(session, here, "asked", topic=wrong)
        assert claim(session, row.id, agent)
        speak(session, here, CANARY, "en", agent)
        note(session, row.id, agent, CANARY)
        row.asked_at = row.claimed_at = now() - PAST
        row.ended_at = now()
        row.reason, row.channel = f"{CANARY}"[:20], NUMBER[:10]
        row.state, row.outcome = "closed", CANARY
        session.add(
            Rating(
                conversation_id=here, handoff_id=row.id, language="en", channel=NUMBER[:10],
                score=5, asked_at=now() - PAST, answered_at=now(),
            )
        )  # fmt: skip
        session.add(
            Remark(
                conversation_id=here, agent_id=agent.id, kind="intent", intent=wrong,
                language="en", said=CANARY, should=CANARY, created_at=now(),
            )
        )  # fmt: skip
    waiting = request(session, talked(session, "check_status", at=now()), "asked")
    waiting.channel = NUMBER


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_figure_names_anybody(database: Database, language: str) -> None:
    with database.write() as session:
        everywhere(session)
    with database.read() as session:
        shown = tables(figures(session, 7), language)
        told = metrics(session).decode()
    written = sheet(shown) + repr(shown) + told
    assert "passage_handoffs_open" in written
    assert len(shown[1].rows) == 1, "the wrong subjects are counted, as others"
    for canary in (CANARY, NUMBER, CANARY.lower()):
        assert canary not in written


def test_metrics_have_closed_labels_only(database: Database) -> None:
    allowed = {
        "state": {"requested", "queued", "active"},
        "language": {"en", "fr", "other"},
        "channel": {"web", "sms", "other"},
        "reason": {"asked", "not_understood", "form_failed", "urgent_need", "landing_problem",
                   "complaint", "other"},
        "outcome": {"solved", "referred", "no_answer", "abuse", "other", "withdrawn", "abandoned",
                    "returned"},
        "understood": {"yes", "no"},
        "score": {"1", "2", "3", "4", "5"},
        "kind": {"many_files", "other"},
    }  # fmt: skip
    with database.write() as session:
        everywhere(session)
    with database.read() as session:
        samples = list(_samples(metrics(session).decode()))
    assert {name for name, _ in samples} == {
        "passage_handoffs_open", "passage_longest_wait_seconds", "passage_answers_late",
        "passage_agents_available", "passage_handoffs_asked_day", "passage_handoffs_ended_day",
        "passage_messages_day", "passage_ratings_day", "passage_alerts_day",
    }  # fmt: skip
    for _, labels in samples:
        assert all(value in allowed[label] for label, value in labels.items()), labels


def _samples(text: str) -> Any:
    from prometheus_client.parser import text_string_to_metric_families

    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield sample.name, sample.labels
