"""A real engine on the trained model, loaded once for these tests, without TensorFlow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.conversations import lines_after, open_conversation, post_text
from bot.model import ROOT, ModelError, check_model
from bot.settings import Settings
from bot.store import Database
from tests.conftest import KEYS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/engine" in str(item.path):
            item.add_marker(pytest.mark.engine)
            # One engine per test run, not one per test process.
            item.add_marker(pytest.mark.xdist_group("engine"))


@pytest.fixture(scope="session")
def model() -> Any:
    try:
        return check_model(ROOT / "models")
    except ModelError as error:
        pytest.fail(f"{error} (`make test` does)")


@pytest.fixture(scope="session")
def rasa_without_tensorflow() -> None:
    if "rasa.core.agent" not in sys.modules:
        from bot.engine import lean

        lean.install()


@pytest.fixture(scope="session")
def loaded(model: Any, rasa_without_tensorflow: None) -> Any:
    """The engine; tests give it their own database."""
    from bot.engine.agent import Engine

    return Engine(model, Database("sqlite://", KEYS))


@pytest.fixture
def engine(loaded: Any, database: Database) -> Iterator[Any]:
    """The engine on the test's database, with nothing in memory."""
    loaded.store.database = database
    loaded.store._live.clear()
    yield loaded


@dataclass
class Talk:
    """A conversation driven through the worker, one message at a time."""

    database: Database
    worker: Any
    conversation_id: str
    sent: int = 0

    def post(self, text: str) -> None:
        self.sent += 1
        with self.database.write() as session:
            post_text(session, self.conversation_id, f"m{self.sent}", text)

    async def work(self) -> bool:
        """One turn; False when nothing is due."""
        claim = self.worker._claims.next()
        if claim is None:
            return False
        await self.worker._answer(claim)
        self.worker._claims.release(claim.conversation_id)
        return True

    def said(self) -> list[str]:
        with self.database.read() as session:
            lines = lines_after(session, self.conversation_id, 0)
        return [line.body["text"] for line in lines if line.author == "bot"]


@pytest.fixture
def talk(engine: Any, settings: Settings, database: Database) -> Talk:
    from bot.engine.worker import Worker

    with database.write() as session:
        conversation_id = open_conversation(session, "web", "en")
    return Talk(database, Worker(settings, database, engine), conversation_id)
