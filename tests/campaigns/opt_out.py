"""Forty ways to write that somebody wants no more texts: one message is enough, it is confirmed
once, nothing is sent after it, and START restores (knowledge: security, T33)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.messages.outbox import queue_sms
from bot.messages.parts import plain
from bot.messages.sender import Sender
from bot.phones.finding import phone_of
from bot.phones.received import take_in
from bot.settings import Settings
from bot.store import Database
from bot.texts import say
from tests.campaigns.outcome import Outcome
from tests.conftest import KEYS, make_settings
from tests.support.texting import new_sid
from tests.support.twilio import Stand, running_twilio, texting

# Spelling, and the language of the reply: of a word of both languages the phone's own, English
# for one that never wrote before.
SPELLINGS = {
    "STOP": "en", "stop": "en", "Stop.": "en", " sToP! ": "en", "STOPP": "en", "SOTP": "en",
    "STPO": "en", "stop please": "en", "Please stop": "en", "stop texting me": "en",
    "STOP ALL": "en", "StopAll": "en", "S T O P": "en", "“STOP”": "en", "ＳＴＯＰ": "en",
    "stop 🛑": "en", "UNSUBSCRIBE": "en", "unsubcribe": "en", "Un-subscribe": "en",
    "unsubscibe": "en", "end": "en", "Quit": "en", "CANCEL": "en", "cancell": "en",
    "opt-out": "en", "Opt out": "en", "revoke": "en",
    "ARRET": "fr", "ARRÊT": "fr", "arrêt": "fr", "Arret.": "fr", "ARET": "fr", "arrrêt": "fr",
    "ARRE\u0302T": "fr", "arrêter": "fr", "Arrêtez svp": "fr", "arrêtez les textos": "fr",
    "FIN": "fr", "fin !": "fr", "DÉSABONNER": "fr", "desabonner": "fr", "Désaboner": "fr",
    "désabonnez-moi": "fr", "me désabonner": "fr", "désabonnement": "fr", "desinscrire": "fr",
}  # fmt: skip
# What is none of them, though it looks like one.
NOT_MEANT = (
    "stop my application", "Is there a bus stop at the office?", "shop", "spot", "step",
    "the end of my visa", "cancel my appointment", "arrêt de travail", "fin de mon permis",
    "quitter le Canada", "la fin du traitement ?", "When does it stop?", "postp", "my friend",
)  # fmt: skip


def opting_out(count: int, seed: int) -> Outcome:
    """The first `count` spellings and all that is not meant, each from a phone of its own."""
    outcome = Outcome("words that stop", seed)
    with _texting() as (settings, database, stand):
        plan = list(SPELLINGS.items())[:: max(1, len(SPELLINGS) // count)]
        for place, (words, language) in enumerate(plan):
            phone = _Phone(settings, database, stand, f"+1613555{100 + place:04d}")
            outcome.failures += [f"{words!r}: {fault}" for fault in phone.stops(words, language)]
        for place, words in enumerate(NOT_MEANT):
            phone = _Phone(settings, database, stand, f"+1416555{100 + place:04d}")
            if phone.text(words) != "inbox":
                outcome.failures.append(f"{words!r} was taken for a keyword")
    outcome.figures = {"spellings": len(plan), "not meant": len(NOT_MEANT)}
    return outcome


class _Phone:
    """A phone that never wrote before."""

    def __init__(self, settings: Settings, database: Database, stand: Stand, number: str) -> None:
        self.settings, self.database, self.stand, self.number = settings, database, stand, number

    def text(self, words: str) -> str:
        with self.database.write() as session:
            return take_in(session, self.settings, sid=new_sid(), sender=self.number, body=words)

    def stops(self, words: str, language: str) -> list[str]:
        """What went wrong."""
        self._notice("before")
        self.text(words)
        faults = self._expect([self._reply("stop", language)], "confirmed")
        for again in (words, "STOP", "Where is my application?", "HELP"):
            self.text(again)
        self._notice("after")
        faults += self._expect([self._reply("stop", language)], "and nothing after it")
        self.text("START")
        self._notice("again")
        restored = [self._reply("start", language), "again"]
        return faults + self._expect([self._reply("stop", language), *restored], "restored")

    def _notice(self, words: str) -> None:
        """Something of ours that goes to this phone by itself."""
        with self.database.write() as session:
            phone = phone_of(session, self.number, "en")
            queue_sms(session, phone=phone, language="en", text=words)

    def _reply(self, kind: str, language: str) -> str:
        page = f"{self.settings.public_url}/{language}"
        return say(language, f"sms.keyword.{kind}", page=page)

    def _expect(self, wanted: list[str], what: str) -> list[str]:
        asyncio.run(_send_all(self.settings, self.database))
        sent = [m.body for m in self.stand.twilio.thread(self.number) if not m.inbound]
        plainly = [plain(words) for words in wanted]
        return [] if sent == plainly else [f"{what}: sent {sent}"]


async def _send_all(settings: Settings, database: Database) -> None:
    sender = Sender(settings, database)
    while await sender.send_next():
        pass


@contextmanager
def _texting() -> Iterator[tuple[Settings, Database, Stand]]:
    with tempfile.TemporaryDirectory() as folder, running_twilio() as stand:
        database = Database(f"sqlite:///{folder}/stops.db", KEYS)
        database.migrate()
        try:
            yield make_settings(Path(folder), database.url, **texting(stand.url)), database, stand
        finally:
            database.close()
