"""The way a text message leaves: Twilio's Programmable Messaging, by its own client."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.clock import now
from bot.messages.ways import NotTaken, Unclear
from bot.settings import Settings
from bot.store import Outbound

# A message that was not answered in time may have left.
TIMEOUT_SECONDS = 10.0
# Codes of HTTP 400 that say "not now": 14107 and 20429 too fast, 21611 and 30001 the sender's
# queue is full, 30022 the account's rate. Every other 400 is the same for ever.
LATER = {14107, 20429, 21611, 30001, 30022}
# Ours and Twilio's clocks may differ by this.
CLOCKS = timedelta(minutes=2)
# How many of the newest messages to a number are looked through: more than its daily budget.
LOOKED_THROUGH = 100
LONGEST_VALIDITY = 36_000
SHORTEST_VALIDITY = 5


class TwilioText:
    """Not for two threads at once: what it last heard is kept beside the library's exception,
    which does not hold the headers."""

    def __init__(self, settings: Settings) -> None:
        self._http = _Http()
        self._client = Client(
            settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._http
        )
        self._client.api.base_url = settings.twilio_api_base
        self._sender: dict[str, Any] = (
            {"messaging_service_sid": settings.twilio_messaging_service_sid}
            if settings.twilio_messaging_service_sid
            else {"from_": settings.sms_from}
        )
        self._callback = f"{settings.public_url}/sms/status"

    async def send(self, message: Outbound) -> str | None:
        return await asyncio.to_thread(self._send, message)

    def _send(self, message: Outbound) -> str:
        try:
            made = self._client.messages.create(
                to=message.recipient,
                body=message.text,
                # Our own reference comes back with each status: it names the message even when
                # we never heard that it was taken.
                status_callback=f"{self._callback}?ref={message.reference}",
                **self._sender,
                **_validity(message),
            )
        except TwilioRestException as error:
            raise _said(error, self._http.headers) from error
        except requests.ConnectTimeout as error:  # before a word was said
            raise NotTaken("no connection") from error
        except (requests.RequestException, TwilioException, ValueError) as error:
            if _is_refused(error):
                raise NotTaken("no connection") from error
            raise Unclear(type(error).__name__) from error
        return str(made.sid)

    async def find(self, message: Outbound, known: frozenset[str]) -> str | None:
        return await asyncio.to_thread(self._find, message, known)

    def _find(self, message: Outbound, known: frozenset[str]) -> str | None:
        """The message to this number with this text since the first try.

        Not narrowed by DateSent: what waits in Twilio's queue has none yet. Nor by From, which a
        Messaging Service chooses.
        """
        since = message.attempted_at - CLOCKS
        for sent in self._client.messages.list(to=message.recipient, limit=LOOKED_THROUGH):
            ours = str(sent.direction).startswith("outbound") and sent.sid not in known
            # A trial account puts its own words before ours.
            if ours and sent.date_created >= since and str(sent.body).endswith(message.text):
                return str(sent.sid)
        return None

    def status(self, sid: str) -> tuple[str, int | None]:
        """What Twilio knows of a message: (status, error)."""
        message = self._client.messages(sid).fetch()
        return str(message.status), message.error_code

    def received(self, since: datetime) -> Iterator[Any]:
        """Text messages to us since then, newest first, as Twilio lists them."""
        for message in self._client.messages.stream(date_sent_after=since, page_size=200):
            if message.direction == "inbound" and message.date_sent >= since:
                yield message


def choose_text(settings: Settings) -> TwilioText | None:
    """Twilio when an account is set; the demo's own stand-in is one, too."""
    return TwilioText(settings) if settings.twilio_account_sid else None


def _validity(message: Outbound) -> dict[str, int]:
    """What is useless later is not delivered later either; Twilio's queue may hold it 10 hours."""
    if message.useless_after is None:
        return {}
    left = int((message.useless_after - now()).total_seconds())
    return {"validity_period": min(max(left, SHORTEST_VALIDITY), LONGEST_VALIDITY)}


def _said(error: TwilioRestException, headers: Any) -> NotTaken | Unclear:
    wait = _retry_after(headers)
    if error.status >= 500:
        return Unclear(f"HTTP {error.status}", wait=wait)
    final = error.status == 400 and error.code not in LATER
    return NotTaken(str(error.code or error.status), final=final, wait=wait)


def _retry_after(headers: Any) -> float | None:
    """Seconds, from either form of the header (RFC 9110, 10.2.3); None without it."""
    value = (headers or {}).get("Retry-After", "")
    if value.isdecimal():
        return min(float(value), LONGEST_VALIDITY)
    try:
        return max((parsedate_to_datetime(value) - now()).total_seconds(), 0)
    except (TypeError, ValueError):
        return None


def _is_refused(error: BaseException) -> bool:
    """True when nobody took the call, so nothing can have been sent."""
    seen: BaseException | None = error
    while seen is not None:
        if type(seen).__name__ in ("NewConnectionError", "NameResolutionError"):
            return True
        reason = getattr(seen, "reason", None) or next(iter(seen.args), None)
        seen = reason if isinstance(reason, BaseException) else seen.__cause__
    return False


class _Http(TwilioHttpClient):
    """The library's own, with a time-out, and the headers of what it heard last."""

    def __init__(self) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self.headers: Any = None

    def request(self, *args: Any, **kwargs: Any) -> Response:
        self.headers = None
        response = super().request(*args, **kwargs)
        self.headers = response.headers
        return response
