"""Many conversations or files within an hour: one alert, told to the supervisors, counted, looked
into by somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.agents.sessions import AgentView, view_of
from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.desk.alerts import OwnAlert, alerts, looked_into, show
from bot.desk.quality import reading
from bot.desk.viewing import opened
from bot.figures import metrics
from bot.handoff.rules import rules
from bot.store import Alert, AuditEntry, Database
from tests.bot.handoff.desk import add_agent, add_waiting

MOST = 25


@pytest.fixture
def ada(database: Database) -> AgentView:
    return member(database, "Ada", "agent")


@pytest.fixture
def dev(database: Database) -> AgentView:
    return member(database, "Dev", "supervisor")


def member(database: Database, name: str, role: str) -> AgentView:
    with database.write() as session:
        return view_of(add_agent(session, name, role=role))


def open_many(database: Database, me: AgentView, count: int) -> list[int]:
    """So many conversations, each twice; their hand-offs."""
    ids = []
    for _ in range(count):
        with database.write() as session:
            ids.append(int(add_waiting(session).id))
        for _ in range(2):
            with database.write() as session:
                opened(session, ids[-1], me, "en")
    return ids


def raised(database: Database, me: AgentView) -> list[tuple[str, int, bool]]:
    with database.read() as session:
        return [(one.agent, one.count, one.own) for one in alerts(session, me)]


def told(database: Database) -> str:
    with database.read() as session:
        return metrics(session).decode()


def test_the_figure_is_the_one_of_the_settings() -> None:
    assert rules().files_an_hour == MOST


def test_twenty_five_are_usual_and_the_next_is_an_alert(
    database: Database, ada: AgentView, dev: AgentView
) -> None:
    open_many(database, ada, MOST)
    assert raised(database, dev) == []
    assert 'passage_alerts_day{kind="many_files"} 0.0' in told(database)
    open_many(database, ada, 1)
    assert raised(database, dev) == [("Ada", MOST + 1, False)]
    assert 'passage_alerts_day{kind="many_files"} 1.0' in told(database)
    with database.read() as session:
        row = session.scalars(select(AuditEntry).where(AuditEntry.act == "desk.alert_raised")).one()
    assert (row.agent, row.detail) == ("ada", {"kind": "many_files", "count": MOST + 1})


def test_an_hour_has_one_alert_that_counts_on(
    database: Database, ada: AgentView, dev: AgentView
) -> None:
    open_many(database, ada, MOST + 3)
    assert raised(database, dev) == [("Ada", MOST + 3, False)]


def test_what_was_opened_an_hour_ago_counts_no_more(
    database: Database, ada: AgentView, dev: AgentView
) -> None:
    open_many(database, ada, MOST)
    with database.write() as session:
        session.execute(update(AuditEntry).values(at=now() - timedelta(hours=1)))
    open_many(database, ada, 1)
    assert raised(database, dev) == []


def test_many_files_of_one_conversation_count_too(
    database: Database, ada: AgentView, dev: AgentView
) -> None:
    """As of a representative with many clients."""
    with database.write() as session:
        here = open_conversation(session, "web", "en")
    for number in range(MOST + 1):
        assert raised(database, dev) == []
        with database.write() as session:
            show(session, "desk.file_shown", ada, here, application_id=number)
    assert raised(database, dev) == [("Ada", MOST + 1, False)]


def test_reading_for_quality_counts_too(database: Database, dev: AgentView) -> None:
    for one in open_many(database, dev, MOST):
        with database.write() as session:
            reading(session, f"h{one}", dev, "en")
    assert raised(database, dev) == []
    with database.write() as session:
        one = int(add_waiting(session).id)
        reading(session, f"h{one}", dev, "en")
    assert raised(database, dev) == [("Dev", MOST + 1, True)]


def test_each_agent_counts_alone(database: Database, ada: AgentView, dev: AgentView) -> None:
    open_many(database, ada, MOST)
    open_many(database, dev, MOST)
    assert raised(database, dev) == []


def test_whoever_it_is_about_does_not_look_into_it(database: Database, dev: AgentView) -> None:
    other = member(database, "Maia", "supervisor")
    open_many(database, dev, MOST + 1)

    def look(me: AgentView) -> bool:
        with database.write() as session:
            alert: Any = session.scalars(select(Alert)).one()
            return looked_into(session, alert.id, me)

    with pytest.raises(OwnAlert):
        look(dev)
    assert look(other)
    assert not look(other)
    assert raised(database, other) == []
    with database.read() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.agent == "maia")).all()
        assert not looked_into(session, 99, other)
    assert acts == ["desk.alert_seen"]
