"""The demo's stand-in for Twilio on a port of its own, and settings that send through it."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sanic import Sanic

from bot.settings.texting import DEMO_ACCOUNT, DEMO_FROM, DEMO_TOKEN
from connectors.demo.api import add_api
from connectors.demo.messages import Message
from connectors.demo.twilio import Twilio
from connectors.demo.webhooks import Webhooks
from tests.connectors.serving import _serve

SERVICE = "MG" + "0" * 29 + "de0"


def texting(url: str, **changes: Any) -> dict[str, Any]:
    """Settings with which our service texts by way of the stand-in at `url`. In a hurry: the pace
    and the budgets have tests of their own."""
    return {
        "twilio_account_sid": DEMO_ACCOUNT,
        "twilio_auth_token": DEMO_TOKEN,
        "twilio_api_base": url,
        "sms_from": DEMO_FROM,
        "sms_parts_per_second": 1_000_000,
        "sms_per_number_daily": 1_000_000,
        "sms_daily": 1_000_000,
        **changes,
    }


@contextmanager
def running_twilio(
    public: str = "http://localhost:8080",
    reached: str = "http://127.0.0.1:8080",
    pace: float | None = None,
    taken: Callable[[Message], None] | None = None,
) -> Iterator[Stand]:
    """Serve a stand-in until the block ends. Without a `pace` nothing moves by itself."""
    webhooks = Webhooks(DEMO_TOKEN, public, reached)
    twilio = Twilio(DEMO_ACCOUNT, DEMO_TOKEN, DEMO_FROM, webhooks, pace=pace, taken=taken)
    app = Sanic(f"twilio_{secrets.token_hex(6)}", configure_logging=False)
    app.config.update({"ACCESS_LOG": False, "MOTD": False, "KEEP_ALIVE_TIMEOUT": 15})
    add_api(app, twilio, "")
    listener = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=_serve, args=(loop, app, listener, ready, stop), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield Stand(twilio, f"http://127.0.0.1:{listener.getsockname()[1]}", loop)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


class Stand:
    """A running stand-in: `twilio` has its memory, `url` is TWILIO_API_BASE."""

    def __init__(self, twilio: Twilio, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self.twilio, self.url, self._loop = twilio, url, loop

    def wait(self, work: Any) -> Any:
        """What a coroutine of the stand-in gives, run in its own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def bodies(self) -> list[str]:
        """What was taken from us, oldest first."""
        return [m.body for m in self.twilio.newest("", "", None)[::-1] if not m.inbound]
