"""Calls to the provider: bounded in time and size, following nobody elsewhere."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog
from aiohttp import BasicAuth, ClientError, ClientSession, ClientTimeout

SECONDS = 10.0
MOST_BYTES = 512 * 1024

log = structlog.get_logger()


class ProviderAway(Exception):
    """The provider cannot be used now: it does not answer, or with what cannot be an answer."""


async def fetch(
    address: str,
    form: dict[str, str] | None = None,
    auth: BasicAuth | None = None,
    seconds: float = SECONDS,
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of a GET, or of a POST of `form`.

    Raises:
        ProviderAway
    """
    try:
        async with ClientSession(timeout=ClientTimeout(total=seconds)) as client:
            method = "GET" if form is None else "POST"
            # A provider that sends us on could send our secret on as well.
            asked = client.request(method, address, data=form, auth=auth, allow_redirects=False)
            async with asked as answer:
                body = await _limited(answer.content)
                return answer.status, _object(body)
    except (ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
        log.error("oidc.no_answer", kind=type(error).__name__)
        raise ProviderAway(type(error).__name__) from error


async def _limited(content: Any) -> bytes:
    body = bytearray()
    async for part in content.iter_any():
        body += part
        if len(body) > MOST_BYTES:
            raise ValueError("too long")
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
