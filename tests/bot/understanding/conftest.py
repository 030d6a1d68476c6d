"""The encoder's files, built once from the package's weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.understanding.encoder import Encoder
from bot.understanding.encoder_files import build_encoder


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    folder: Path = tmp_path_factory.mktemp("encoder")
    build_encoder(folder)
    yield Encoder(folder)
