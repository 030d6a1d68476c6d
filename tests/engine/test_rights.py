"""Rights and landing through the real engine: small samples of the campaigns."""

from __future__ import annotations

from typing import Any

import pytest

from bot.settings import Settings
from bot.store import Database
from tests.campaigns.landing import representative_dialogues_by_engine
from tests.campaigns.rights_cells import rights_matrix


@pytest.fixture
def worker(engine: Any, settings: Settings, database: Database) -> Any:
    from bot.engine.worker import Worker

    return Worker(settings, database, engine)


async def test_a_cell_is_answered_as_the_table_says(
    engine: Any, worker: Any, database: Database
) -> None:
    outcome = await rights_matrix(engine, worker, database, seed=1, share=0.15)
    assert outcome.passed, outcome.row()
    assert outcome.figures["cells by service call"] == 196


async def test_a_helper_is_told_nothing_of_landing(
    engine: Any, worker: Any, database: Database
) -> None:
    outcome = await representative_dialogues_by_engine(engine, worker, database, 4, 20, seed=1)
    assert outcome.passed, outcome.row()
