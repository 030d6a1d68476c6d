"""Talk to a person: asked for in one step from anywhere, and what can be done while waiting."""

from __future__ import annotations

from typing import Any

from actions.asked import Asked
from bot import handoff
from bot.chat.conversations import conversation_channel
from bot.chat.reply import QuickReply, Reply
from bot.handoff.left import ways
from bot.handoff.words import waiting_short, waiting_text, zone_of
from bot.identity.sessions import verified_person
from bot.texts import say

# What the quick replies carry in the entity `way`.
LEAVE, STOP = "leave", "stop"
TOLD_BY = ("email", "sms", "page")


def request_person(asked: Asked) -> None:
    """Answer the intent request_agent, typed or pressed."""
    if asked.turn is None:
        asked.say("handoff.phone")
        return
    way = asked.entity("way")
    if way == STOP:
        _stop(asked)
    elif way == LEAVE:
        _leave(asked)
    elif way in TOLD_BY:
        _tell_by(asked, str(way))
    else:
        _ask(asked)


def person_button(asked: Asked, reason: str) -> QuickReply:
    """Offers a person, with the reason why (bot/handoff/asking.py)."""
    return asked.button("handoff.button.person", "request_agent", reason=reason)


def _ask(asked: Asked) -> None:
    assert asked.turn is not None
    here, reason = asked.turn.conversation_id, asked.entity("reason") or "asked"
    if reason not in handoff.REASONS:  # never from what was typed
        reason = "asked"
    urgent = reason == "urgent_need"
    with asked.turn.database.read() as session:
        zone = zone_of(session, verified_person(session, here))
        waiting = handoff.open_one(session, here)
        queue = handoff.Queue(session, waiting.language if waiting else asked.language)
        outlook = queue.of(waiting) if waiting else queue.of_new(urgent)
    asked.turn.handed_off = True
    asked.turn.later(lambda session: handoff.request(session, here, reason, urgent=urgent))
    text = waiting_text(asked.language, outlook, zone, again=waiting is not None)
    buttons = (_way(asked, LEAVE), _way(asked, STOP))
    short = waiting_short(asked.language, outlook, zone)
    asked.reply(Reply(text, choices=buttons, short=short))


def _way(asked: Asked, way: str) -> QuickReply:
    return asked.button(f"handoff.button.{way}", "request_agent", way=way)


def _stop(asked: Asked) -> None:
    assert asked.turn is not None
    here = asked.turn.conversation_id
    with asked.turn.database.read() as session:
        waits = handoff.open_one(session, here) is not None
    asked.turn.later(lambda session: handoff.withdraw(session, here))
    asked.say("handoff.stopped" if waits else "handoff.nothing_to_stop")


def _leave(asked: Asked) -> None:
    """How shall they be told? Who is not known can be told on the page only."""
    assert asked.turn is not None
    here = asked.turn.conversation_id
    with asked.turn.database.read() as session:
        by_text = conversation_channel(session, here) == "sms"
        person_id = verified_person(session, here)
        found = ways(session, person_id)
    if by_text:
        _tell_by(asked, "sms")
    elif found:
        buttons = tuple(_way(asked, way) for way in (*found, "page"))
        asked.reply(Reply(say(asked.language, "handoff.leave.which"), choices=buttons))
    else:
        _keep(asked, "page")
        prove = asked.button("handoff.button.prove", "check_status")
        choices = () if person_id else (prove,)
        asked.reply(Reply(say(asked.language, "handoff.leave.stranger"), choices=choices))


def _tell_by(asked: Asked, way: str) -> None:
    _keep(asked, way)
    asked.say(f"handoff.leave.{way}")


def _keep(asked: Asked, way: str) -> None:
    """The next text is the message; who was not waiting waits from now on."""
    assert asked.turn is not None
    here = asked.turn.conversation_id

    def write(session: Any) -> None:
        handoff.request(session, here, "asked")
        handoff.leave_message(session, here, way)

    asked.turn.later(write)
