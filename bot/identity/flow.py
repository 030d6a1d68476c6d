"""The steps by which a person proves who they are in a conversation.

They work without the engine, in one transaction each; the engine is told of the outcome by a
signal and goes on with the question that was asked.
"""

from __future__ import annotations

from typing import Any

from bot import audit
from bot.chat.conversations import add_line, conversation_language, post_signal
from bot.identity.codes import Attempt, send_code, try_code
from bot.identity.matching import Details
from bot.identity.sessions import end_sessions, verify_session
from bot.texts import say


def submit_details(session: Any, secret_key: str, conversation_id: str, details: Details) -> None:
    """Take the details in and say the one sentence that is always said."""
    language = conversation_language(session, conversation_id)
    send_code(session, secret_key, conversation_id, details, language)
    add_line(session, conversation_id, "user", _line(language, "identity.details_sent"))
    body = _line(language, "identity.code_maybe_sent")
    add_line(session, conversation_id, "bot", {**body, "card": {"kind": "code"}})


def enter_code(
    session: Any, secret_key: str, conversation_id: str, code: str
) -> tuple[Attempt, str | None]:
    """Try a code. When it is right: a rotated session (its token is returned) and the pending
    question goes to the engine."""
    attempt = try_code(session, secret_key, conversation_id, code)
    if attempt.person_id is None:
        return attempt, None
    token = verify_session(session, conversation_id, attempt.person_id)
    audit.record(
        session,
        "identity.verified",
        person_id=attempt.person_id,
        conversation_id=conversation_id,
    )
    language = conversation_language(session, conversation_id)
    add_line(session, conversation_id, "user", _line(language, "identity.code_entered"))
    add_line(session, conversation_id, "system", _line(language, "identity.verified"))
    post_signal(session, conversation_id, "EXTERNAL_verified")
    return attempt, token


def log_out(session: Any, conversation_id: str) -> None:
    """End every session of the conversation and say so."""
    language = conversation_language(session, conversation_id)
    end_sessions(session, conversation_id)
    audit.record(session, "identity.logged_out", conversation_id=conversation_id)
    add_line(session, conversation_id, "system", _line(language, "identity.logged_out"))


def _line(language: str, key: str) -> dict[str, Any]:
    return {"text": say(language, key), "lang": language}
