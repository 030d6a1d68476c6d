"""A desk whose agents the organisation's provider signs in, and a browser at its door."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.store import Database
from tests.connectors.serving import Front, running_desk
from tests.desk.oidc.signing_in import SUBJECT, add
from tests.support.provider import StandInProvider, running_provider


@pytest.fixture
def provider() -> Iterator[StandInProvider]:
    with running_provider() as found:
        yield found


@pytest.fixture
def provided(front: Front, database: Database, provider: StandInProvider) -> Iterator[Front]:
    """A desk whose agents the provider signs in; `mara` is known to both."""
    add(database, provider, "mara", SUBJECT)
    with running_desk(front.settings, database, oidc=provider.settings()) as found:
        yield found


@pytest.fixture
def browser(provided: Front) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=provided.url, headers={"Origin": provided.url}, timeout=30) as found:
        yield found
