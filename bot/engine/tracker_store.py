"""Rasa's memory of conversations, in our database.

Differs from Rasa's own stores where those lose data: events are appended by position (unique), a
failed read fails the turn instead of starting a blank conversation, and nothing is written here:
`unsaved` hands the new events to the turn's one transaction (bot/engine/worker.py).
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import insert, select, update

from bot.store import Conversation, Database, TrackerEvent

LIVE = 500  # conversations kept in memory by the engine that owns them


class PositionConflict(Exception):
    """Somebody else wrote to this conversation meanwhile; the turn must start over."""


class TurnTrackerStore(TrackerStore):
    """Live trackers with the number of their events that are in the database."""

    def __init__(self, database: Database) -> None:
        super().__init__(Domain.empty())
        self.database = database
        self._live: OrderedDict[str, tuple[DialogueStateTracker, int]] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        with self.database.read() as session:
            stored = session.scalar(
                select(Conversation.last_event).where(Conversation.id == sender_id)
            )
            if stored is None:
                raise LookupError(f"no conversation {sender_id}")
            live = self._live.get(sender_id)
            if live is not None and live[1] == stored:
                self._live.move_to_end(sender_id)
                return live[0]
            tracker = self._replay(session, sender_id)
        self._keep(sender_id, tracker, stored)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Nothing: the worker writes `unsaved` events with the rest of the turn."""

    def unsaved(self, sender_id: str) -> list[Event]:
        tracker, stored = self._live[sender_id]
        return list(tracker.events)[stored:]

    def append(self, session: Any, sender_id: str) -> int:
        """Write the new events in the caller's transaction; returns how many are stored then.

        Raises:
            PositionConflict: the stored number is not the one this turn began with.
        """
        _, stored = self._live[sender_id]
        events = self.unsaved(sender_id)
        moved = session.execute(
            update(Conversation)
            .where(Conversation.id == sender_id, Conversation.last_event == stored)
            .values(last_event=stored + len(events))
            .execution_options(synchronize_session=False)
        )
        if moved.rowcount != 1:
            raise PositionConflict(sender_id)
        rows = [
            {"conversation_id": sender_id, "position": stored + i, "data": _as_row(event)}
            for i, event in enumerate(events)
        ]
        if rows:
            session.execute(insert(TrackerEvent), rows)
        return stored + len(events)

    def committed(self, sender_id: str, stored: int) -> None:
        """The turn's transaction went through."""
        tracker, _ = self._live[sender_id]
        self._live[sender_id] = (tracker, stored)

    def intent(self, sender_id: str) -> str | None:
        """What the latest message of a conversation in memory was understood as."""
        tracker, _ = self._live[sender_id]
        message = tracker.latest_message
        return message.intent.get("name") if message else None

    def forget(self, sender_id: str) -> None:
        """The turn failed, or deleted its conversation: what is in memory is not what is stored."""
        self._live.pop(sender_id, None)

    def _replay(self, session: Any, sender_id: str) -> DialogueStateTracker:
        rows = session.scalars(
            select(TrackerEvent.data)
            .where(TrackerEvent.conversation_id == sender_id)
            .order_by(TrackerEvent.position)
        ).all()
        tracker = self.init_tracker(sender_id)
        for row in rows:
            tracker.update(_as_event(row), self.domain)
        return tracker

    def _keep(self, sender_id: str, tracker: DialogueStateTracker, stored: int) -> None:
        self._live[sender_id] = (tracker, stored)
        self._live.move_to_end(sender_id)
        while len(self._live) > LIVE:
            self._live.popitem(last=False)


def _as_row(event: Event) -> dict[str, Any]:
    row = event.as_dict()
    if isinstance(event, BotUttered):
        # The words are in the transcript; a second copy of a case here would only be a risk.
        row["text"], row["data"] = None, {}
    return row


def _as_event(row: dict[str, Any]) -> Event:
    event = Event.from_parameters(row)
    if event is None:
        raise ValueError(f"unknown tracker event {row.get('event')}")
    return event
