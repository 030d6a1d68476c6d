"""A text message that came in: taken once, and what it causes, in the caller's transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.chat.canonical import TextRefused, canonical
from bot.clock import now
from bot.phones.answering import answer, answer_keyword
from bot.phones.finding import phone_of
from bot.phones.keywords import Keyword, keyword
from bot.phones.numbers import normal_number
from bot.phones.stopping import start, stop
from bot.phones.talking import choose, converse
from bot.phones.unlinking import unlink
from bot.settings import Settings
from bot.store import Phone, SmsReceived
from bot.store.upsert import upsert

DEFAULT_LANGUAGE = "en"
# Most messages go to the engine; the outcome of another one is written at its end.
USUAL = "inbox"
# More from one phone within the window is not answered any more, after one word about it. Twilio
# is never refused: it would try again (knowledge: security, T19).
MOST = 30
WINDOW = timedelta(minutes=5)
# What Twilio calls its own opt-out words (OptOutType): it has answered them itself.
_OPT_OUT_TYPES = {"STOP": "stop", "START": "start", "HELP": "help"}


def take_in(
    session: Any,
    settings: Settings,
    *,
    sid: str,
    sender: str,
    body: str,
    opt_out_type: str | None = None,
    media: int = 0,
) -> str:
    """Take a message in, known by its MessageSid; the same `sid` again has no effect.

    Returns the outcome: inbox (the engine answers), keyword, media, dropped (also for a number
    that we do not text: it leaves no trace).
    """
    number = normal_number(sender, settings.sms_countries)
    if number is None:
        return "dropped"
    word = _word(body, opt_out_type)
    phone = phone_of(session, number, (word and word.language) or DEFAULT_LANGUAGE)
    known = _first_time(session, sid, phone)
    if known is not None:
        return known
    phone.last_at = now()
    message = _Message(session, settings, phone, sid, body, media, opt_out_type is not None)
    outcome = message.take(word)
    if outcome != USUAL:
        session.execute(
            update(SmsReceived)
            .where(SmsReceived.sid == sid)
            .values(outcome=outcome)
            .execution_options(synchronize_session=False)
        )
    session.flush()
    return outcome


def _first_time(session: Any, sid: str, phone: Phone) -> str | None:
    """Note the sid before anything is done for it; the outcome of the first time if there was
    one. The phone's row is locked by now, so two copies at once do not both pass."""
    row = {"sid": sid, "phone_id": phone.id, "outcome": USUAL, "received_at": now()}
    noted = upsert(session, SmsReceived).values(**row)
    if session.execute(noted.on_conflict_do_nothing(index_elements=["sid"])).rowcount == 1:
        return None
    outcome: str = session.scalar(select(SmsReceived.outcome).where(SmsReceived.sid == sid))
    return outcome


def _word(body: str, opt_out_type: str | None) -> Keyword | None:
    """The keyword that it is, by our own reading and by Twilio's."""
    found = keyword(body)
    kind = _OPT_OUT_TYPES.get(opt_out_type or "")
    if kind and (found is None or found.kind != kind):
        return Keyword(kind, None)
    return found


class _Message:
    """One message on its way through the rules, in their order."""

    def __init__(
        self,
        session: Any,
        settings: Settings,
        phone: Phone,
        sid: str,
        body: str,
        media: int,
        answered: bool,
    ) -> None:
        self.session, self.settings, self.phone = session, settings, phone
        self.sid, self.body, self.media = sid, body, media
        self.answered = answered

    def take(self, word: Keyword | None) -> str:
        kind = word.kind if word else ""
        if word and kind in ("stop", "wrong"):
            return self._end(word)
        if word and (kind == "start" or (kind == "again" and self.phone.stopped_at)):
            start(self.session, self.phone)
            return self._keyword("start", word)
        if self.phone.stopped_at:
            return "dropped"
        if word and kind == "help":
            return self._keyword("help", word)
        return self._flood() or self._words()

    def _end(self, word: Keyword) -> str:
        """No more messages; a wrong number is nobody's any more either. Confirmed once."""
        wrong = word.kind == "wrong"
        if wrong:
            unlink(self.session, self.phone, "wrong")
        if stop(self.session, self.phone, "wrong" if wrong else "keyword"):
            return self._keyword(word.kind, word)
        return "keyword"

    def _keyword(self, kind: str, word: Keyword) -> str:
        """Answered in the word's language, in which the phone is answered from now on."""
        self.phone.language = word.language or self.phone.language
        if not self.answered:
            answer_keyword(self.session, self.settings, self.phone, kind, self.phone.language)
        return "keyword"

    def _flood(self) -> str | None:
        count = self.session.scalar(
            select(func.count()).where(
                SmsReceived.phone_id == self.phone.id, SmsReceived.received_at > now() - WINDOW
            )
        )
        if count <= MOST:
            return None
        if count == MOST + 1:
            answer(self.session, self.settings, self.phone, "too_many")
        return "dropped"

    def _words(self) -> str:
        try:
            text = canonical(self.body)
        except TextRefused as refused:
            empty = refused.reason == "errors.text_empty"
            answer(self.session, self.settings, self.phone, "no_text" if empty else "too_long")
            return "media" if empty else "dropped"
        given = (self.session, self.settings, self.phone, self.sid, text)
        return choose(*given) or converse(*given)
