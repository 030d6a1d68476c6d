"""What the stand-in for Twilio posts to our service, signed as Twilio does."""

from __future__ import annotations

import asyncio

import aiohttp
from twilio.request_validator import RequestValidator

from connectors.demo.messages import Form

SECONDS = 15  # Twilio waits no longer for an answer


class Webhooks:
    """`public` is the address that Twilio was given, and signs; `reached` is where the service
    really listens."""

    def __init__(self, token: str, public: str, reached: str) -> None:
        self._validator = RequestValidator(token)
        self._public, self._reached = public, reached

    async def inbound(self, form: Form) -> int:
        return await self.post(f"{self._public}/sms/inbound", form)

    async def status(self, url: str, form: Form) -> int:
        return await self.post(url, form)

    def signature(self, url: str, form: Form) -> str:
        signature: str = self._validator.compute_signature(url, form)
        return signature

    async def post(self, url: str, form: Form) -> int:
        """The HTTP status; 0 when nobody answers."""
        headers = {"X-Twilio-Signature": self.signature(url, form)}
        reached = url.replace(self._public, self._reached, 1)
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(reached, data=form, headers=headers) as answer,
            ):
                return answer.status
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return 0
