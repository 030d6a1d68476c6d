"""What the tests of sign-in share."""

from __future__ import annotations

import pytest

from bot.store import Database
from tests.bot.identity.people import add_client, client_form

ZOE = 101


@pytest.fixture
def person_id(database: Database) -> int:
    """Zoé, applicant of file 101."""
    with database.write() as session:
        return int(add_client(session, ZOE, language="fr")[0].id)


@pytest.fixture
def form() -> dict[str, str]:
    """What Zoé types."""
    return client_form(ZOE)
