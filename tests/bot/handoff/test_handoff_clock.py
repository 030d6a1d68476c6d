"""Leases, targets and the opening: what the clock does of hand-offs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from bot import handoff
from bot.chat.conversations import post_text
from bot.clock import now
from bot.handoff.queueing import row_of
from bot.handoff.rules import rules
from bot.identity.sessions import end_sessions, open_session
from bot.store import Database
from bot.texts import say
from tests.bot.handoff.desk import add_agent, add_waiting, fresh, spoken

SUNDAY = "2026-11-29T15:00:00+00:00"
MONDAY = "2026-11-30T13:00:00+00:00"  # 8 o'clock in Toronto


def later(**length: float) -> Any:
    return time_machine.travel(now() + timedelta(**length), tick=False)


def test_a_lost_agents_conversation_waits_again_and_the_person_is_told(
    database: Database,
) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        handoff.renew(session, anne)
        handoff.claim(session, waiting.id, anne)
    with later(seconds=rules().lease.total_seconds() - 5):
        handoff.tick(database)
        with database.write() as session:
            assert fresh(session, waiting).state == "active"
            handoff.renew(session, anne)
    with later(seconds=rules().lease.total_seconds() + 5):
        handoff.tick(database)
        with database.read() as session:
            assert fresh(session, waiting).state == "active", "the page gave a sign of life"
    with later(seconds=2 * rules().lease.total_seconds() + 5):
        handoff.tick(database)
        with database.read() as session:
            row = fresh(session, waiting)
            assert (row.state, row.agent_id, row.asked_at) == ("queued", None, waiting.asked_at)
            assert row.first_due_at > now(), "whoever takes it has the whole time"
    assert spoken(database, waiting.conversation_id)[-1] == ("system", say("en", "handoff.lost"))


def test_an_agent_who_is_away_keeps_their_conversations(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        handoff.renew(session, anne, "away")
        handoff.claim(session, waiting.id, anne)
        assert handoff.present(session, "en") == []
    with later(seconds=30):
        handoff.tick(database)
        with database.read() as session:
            assert fresh(session, waiting).state == "active"


def test_a_target_is_warned_of_broken_on_the_clock_and_put_before_the_supervisor(
    database: Database,
) -> None:
    with database.write() as session:
        waiting = add_waiting(session)
    due = waiting.first_due_at
    assert due == waiting.asked_at + timedelta(minutes=rules().first["usual"])
    seen = []
    for minutes in (11, 11.5, 14.9, 15.1, 19.9, 20.1):
        with later(minutes=minutes):
            handoff.tick(database)
            with database.read() as session:
                row = fresh(session, waiting)
                seen.append((bool(row.warned_at), row.broken_at, bool(row.escalated_at)))
                assert row_of(row).broken is (row.broken_at is not None)
    assert seen == [
        (False, None, False), (True, None, False), (True, None, False),
        (True, due, False), (True, due, False), (True, due, True),
    ]  # fmt: skip


def test_the_next_answer_is_due_from_when_the_person_wrote(database: Database) -> None:
    with database.write() as session:
        anne, waiting = add_agent(session, "Anne"), add_waiting(session)
        here = waiting.conversation_id
        handoff.renew(session, anne)
        handoff.claim(session, waiting.id, anne)
        handoff.speak(session, here, "Hello", "en", anne)
        assert handoff.due_at(fresh(session, waiting)) is None
        post_text(session, here, "a", "one")
        wrote = fresh(session, waiting).wrote_at
        post_text(session, here, "b", "two")
        assert fresh(session, waiting).wrote_at == wrote
    handoff.tick(database)
    with database.write() as session:
        due = wrote + timedelta(minutes=rules().next["usual"])
        assert handoff.due_at(fresh(session, waiting)) == due
        handoff.speak(session, here, "Both", "en", anne)
        assert handoff.due_at(fresh(session, waiting)) is None


def test_outside_hours_nobody_is_late_and_the_opening_tells_who_waits(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_DESK_HOURS", "office")
    with time_machine.travel(SUNDAY, tick=False), database.write() as session:
        waiting = add_waiting(session)
        assert waiting.state == "requested"
        opens = datetime.fromisoformat(MONDAY)
        assert waiting.first_due_at == opens + timedelta(minutes=rules().first["usual"])
        outlook = handoff.Queue(session, "en").of(waiting)
        assert (outlook.opens_at, outlook.minutes) == (opens, None)
    with time_machine.travel("2026-11-30T12:59:00+00:00", tick=False):
        handoff.tick(database)
        with database.read() as session:
            row = fresh(session, waiting)
            assert (row.state, row.warned_at, row.broken_at) == ("requested", None, None)
    with time_machine.travel("2026-11-30T13:01:00+00:00", tick=False):
        handoff.tick(database)
        with database.read() as session:
            assert fresh(session, waiting).state == "queued"
    assert ("system", say("en", "handoff.opened")) in spoken(database, waiting.conversation_id)


def test_what_was_meant_for_an_agent_who_is_gone_is_for_everybody(database: Database) -> None:
    with database.write() as session:
        anne, basile = add_agent(session, "Anne"), add_agent(session, "Basile")
        waiting = add_waiting(session)
        handoff.claim(session, waiting.id, anne)
        handoff.transfer(session, waiting.conversation_id, anne, "note", to=basile)
    for minutes, free in ((1, False), (3, True)):
        with later(minutes=minutes):
            handoff.tick(database)
            with database.read() as session:
                assert (fresh(session, waiting).meant_for is None) is free


@pytest.mark.parametrize("left", [False, True])
def test_who_closed_the_page_waits_no_more_unless_they_left_a_message(
    database: Database, left: bool
) -> None:
    with database.write() as session:
        waiting, stays = add_waiting(session), add_waiting(session)
        for each in (waiting, stays):
            open_session(session, each.conversation_id)
        if left:
            handoff.leave_message(session, waiting.conversation_id, "page")
        end_sessions(session, waiting.conversation_id)
    handoff.tick(database)
    with database.read() as session:
        row = fresh(session, waiting)
        assert (row.state, row.outcome) == (("queued", None) if left else ("closed", "abandoned"))
        assert fresh(session, stays).state == "queued"
    with later(minutes=31):
        handoff.tick(database)
        with database.read() as session:
            assert fresh(session, stays).outcome == "abandoned", "the session ended by itself"


def test_one_that_fails_stops_no_other(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")
        waiting = [add_waiting(session) for _ in range(2)]
        for each in waiting:
            handoff.claim(session, each.id, anne)
    line = handoff.presence.system_line  # type: ignore[attr-defined]

    def broken(session: Any, row: Any, key: str) -> int:
        if row.id == waiting[0].id:
            raise RuntimeError("broken")
        return int(line(session, row, key))

    monkeypatch.setattr("bot.handoff.presence.system_line", broken)
    with later(minutes=2):
        handoff.tick(database)
    with database.read() as session:
        assert [fresh(session, each).state for each in waiting] == ["active", "queued"]


def test_of_many_signs_of_life_few_are_written(database: Database) -> None:
    with database.write() as session:
        anne = add_agent(session, "Anne")
        assert handoff.needs_renewal(session, anne.id, "available")
        handoff.renew(session, anne)
    for seconds, state, due in ((15, "available", False), (15, "away", True), (25, "away", True)):
        with later(seconds=seconds), database.read() as session:
            assert handoff.needs_renewal(session, anne.id, state) is due
