"""The installation's database, with the keys that open it."""

from __future__ import annotations

from bot.settings import Settings
from bot.store import Database, Keys


def open_database(settings: Settings) -> Database:
    return Database(settings.database_url, Keys(settings.secret_key, settings.previous_secret_key))
