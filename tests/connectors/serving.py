"""The front on a real socket of this process, and a stand-in for the engine."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sanic import Sanic
from sqlalchemy import select, update

from bot.chat.conversations import add_choices, add_line
from bot.settings import Settings
from bot.store import Conversation, Database, Inbox
from connectors.desk.app import create_desk
from connectors.front import create_app
from connectors.rates import Rates

# Sanic rewrites its own classes when a server starts; in this mode it can do so again.
Sanic.test_mode = True

# Tests hurry; the limits have tests of their own.
NO_LIMITS = Rates(10_000, 10_000, 10_000, 10_000)


class Front:
    """A running front: `url` to call it, `app` to look inside."""

    def __init__(self, app: Any, settings: Settings, database: Database, url: str) -> None:
        self.app, self.settings, self.database, self.url = app, settings, database, url


@contextmanager
def running_front(
    settings: Settings,
    database: Database,
    rates: Rates = NO_LIMITS,
    shown: str | None = None,
    **changes: Any,
) -> Iterator[Front]:
    """Serve on a free port until the block ends; `shown` is the address the outside knows."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    url = f"http://localhost:{port}"
    own = replace(settings, port=port, public_url=shown or url, **changes)
    app = create_app(own, database, rates)
    with _served(app, listener):
        yield Front(app, own, database, url)


@contextmanager
def running_desk(settings: Settings, database: Database, **changes: Any) -> Iterator[Front]:
    """The agents' desk, likewise; `settings` are those of a running front, if there is one."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    url = f"http://localhost:{port}"
    own = replace(settings, desk_port=port, **{"desk_url": url, **changes})
    app = create_desk(own, database)
    with _served(app, listener):
        yield Front(app, own, database, url)


@contextmanager
def _served(app: Any, listener: socket.socket) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=_serve, args=(loop, app, listener, ready, stop), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


def _serve(
    loop: asyncio.AbstractEventLoop,
    app: Any,
    listener: socket.socket,
    ready: threading.Event,
    stop: asyncio.Event,
) -> None:
    async def serve() -> None:
        server = await app.create_server(sock=listener, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        ready.set()
        await stop.wait()
        await server.before_stop()
        await server.close()
        for connection in list(server.connections):
            connection.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(serve())
    finally:
        ready.set()
        loop.close()


Answer = dict[str, Any]


class StandIn:
    """Answers every new message the way the engine would: reply lines, then the message is done."""

    def __init__(
        self, database: Database, reply: Callable[[str, str], list[Answer]] | None = None
    ) -> None:
        self.database = database
        self.reply = reply or echo
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> StandIn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)

    def turn(self) -> bool:
        """Answer the oldest new message; False when there is none."""
        with self.database.write() as session:
            row = session.execute(
                select(Inbox).where(Inbox.state == "new").order_by(Inbox.id).limit(1)
            ).scalar_one_or_none()
            if row is None:
                return False
            language = session.get(Conversation, row.conversation_id).language
            for body in self.reply(row.text, language):
                say_line(session, row.conversation_id, {"lang": language, **body})
            session.execute(update(Inbox).where(Inbox.id == row.id).values(state="done"))
            return True

    def _run(self) -> None:
        while not self._stop.is_set():
            if not self.turn():
                self._stop.wait(0.02)


def say_line(session: Any, conversation_id: str, body: Answer, author: str = "bot") -> int:
    """A line as the engine writes it: its choices become one-use buttons."""
    choices = body.get("choices")
    if choices:
        body = {**body, "choices": add_choices(session, conversation_id, choices)}
    return add_line(session, conversation_id, author, body)


def echo(text: str, language: str) -> list[Answer]:
    return [{"text": f"{language}: {text}"}]
