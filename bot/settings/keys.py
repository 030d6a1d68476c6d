"""Secrets, from the environment or from mounted files, and the keys that must be hard to guess."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from bot.settings.record import SettingsError

PRESENT = "PASSAGE_SECRET_KEY"
PREVIOUS = "PASSAGE_SECRET_KEY_PREVIOUS"
MIN_KEY_LENGTH = 32
MIN_DIFFERENT = 12
# In no key that was drawn at random, and in many that were typed or copied from an example.
PLACEHOLDERS = ("changeme", "secret", "password", "passage", "example", "0123456789", "abcdefgh")


def read_secret(env: Mapping[str, str], name: str, language: str) -> str:
    """The value of `name`, or what stands in the file that `name`_FILE names; empty when not set.

    Raises:
        SettingsError: both are set, or the file cannot be read.
    """
    value, path = env.get(name, ""), env.get(f"{name}_FILE", "")
    if value and path:
        raise SettingsError(language, "file.both", name=name)
    return _content(path, name, language) if path else value


def _content(path: str, name: str, language: str) -> str:
    # The path is shown below: what is no path may be the secret itself, put there by mistake.
    if not path.startswith("/"):
        raise SettingsError(language, "file.relative", name=name)
    try:
        content = Path(path).read_text("utf-8").strip()
    except (OSError, ValueError):
        content = ""
    if not content:
        raise SettingsError(language, "file.unreadable", name=name, path=path)
    return content


def read_keys(env: Mapping[str, str], home: Path, demo: bool, language: str) -> tuple[str, str]:
    """The present key, and the one before a rotation (mostly empty).

    Raises:
        SettingsError: one is missing, can be guessed, or stands in the wrong place.
        OSError: the demo's key file cannot be read or written.
    """
    present = read_secret(env, PRESENT, language)
    previous = read_secret(env, PREVIOUS, language)
    for name, key in ((PRESENT, present), (PREVIOUS, previous)):
        if key:
            _check_key(name, key, language)
    own = home / "secret.key"
    if not present and not demo:
        raise SettingsError(language, "key.missing", least=MIN_KEY_LENGTH)
    if present and not demo and own.exists() and present == own.read_text().strip():
        raise SettingsError(language, "key.demo")
    present = present or _own_key(own)
    if present == previous:
        raise SettingsError(language, "key.same")
    return present, previous


def _check_key(name: str, key: str, language: str) -> None:
    if len(key) < MIN_KEY_LENGTH:
        raise SettingsError(language, "key.short", name=name, least=MIN_KEY_LENGTH)
    placeholder = any(word in key.lower() for word in PLACEHOLDERS)
    if len(set(key)) < MIN_DIFFERENT or placeholder or _repeats(key):
        raise SettingsError(language, "key.weak", name=name)


def _repeats(key: str) -> bool:
    """True when `key` is one pattern again and again."""
    return any(key[length:] == key[:-length] for length in range(1, len(key) // 2 + 1))


def _own_key(path: Path) -> str:
    """The demo's key, made once and kept beside the demo's database, readable by its owner only."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
