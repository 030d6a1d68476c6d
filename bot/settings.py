"""Settings from the environment, read once at start. Every name is listed in README.md."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MIN_KEY_LENGTH = 32


class SettingsError(Exception):
    """A setting is missing or unusable; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """All settings of one installation.

    Ports are TCP ports on `host`; `home` holds the state; `secret_key` is the root from which the
    keys for blind indexes and codes are derived; durations are said in the field names.
    """

    home: Path
    database_url: str
    host: str
    port: int
    public_url: str
    demo: bool
    secret_key: str
    brand: str = "neutral"
    embed_origins: tuple[str, ...] = ()
    proxies: int = 0
    smtp_url: str = ""
    notify_api_key: str = ""
    notify_base_url: str = "https://api.notification.canada.ca"
    notify_template_id: str = ""
    mail_from: str = "no-reply@localhost"
    language: str = "en"
    model_dir: Path = Path("models")

    @property
    def secure(self) -> bool:
        """True when applicants reach us over https, so that cookies can be `__Host-` ones."""
        return self.public_url.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (default: the process's), creating the state folder.

    Raises:
        SettingsError: with a sentence that says what to set.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("PASSAGE_HOME", "./var")).resolve()
    home.mkdir(parents=True, exist_ok=True)
    demo = env.get("PASSAGE_DEMO", "") == "1"
    port = _port(env, "PASSAGE_PORT", 8080)
    return Settings(
        home=home,
        database_url=env.get("PASSAGE_DATABASE_URL") or f"sqlite:///{home / 'passage.db'}",
        host=env.get("PASSAGE_HOST", "127.0.0.1"),
        port=port,
        public_url=env.get("PASSAGE_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        demo=demo,
        secret_key=_secret_key(env, home, demo),
        brand=_choice(env, "PASSAGE_BRAND", ("neutral", "gc")),
        embed_origins=tuple(env.get("PASSAGE_EMBED_ORIGINS", "").split()),
        proxies=int(env.get("PASSAGE_PROXIES", "0")),
        smtp_url=env.get("SMTP_URL", ""),
        notify_api_key=env.get("NOTIFY_API_KEY", ""),
        notify_base_url=env.get("NOTIFY_BASE_URL", "https://api.notification.canada.ca"),
        notify_template_id=env.get("NOTIFY_TEMPLATE_ID", ""),
        mail_from=env.get("PASSAGE_MAIL_FROM", "no-reply@localhost"),
        language=operator_language(env),
        model_dir=model_dir(env),
    )


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} must be a port number from 1 to 65535, not {value!r}.")
    return int(value)


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, allowed[0])
    if value not in allowed:
        raise SettingsError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def model_dir(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of the trained model; needs no other setting."""
    env = os.environ if environ is None else environ
    return Path(env.get("PASSAGE_MODELS", "models"))


def operator_language(environ: Mapping[str, str] | None = None) -> str:
    """The operator's language (en or fr), for the command line and its reports."""
    env = os.environ if environ is None else environ
    value = env.get("PASSAGE_LANG") or env.get("LC_ALL") or env.get("LANG") or "en"
    return "fr" if value.lower().startswith("fr") else "en"


def _secret_key(env: Mapping[str, str], home: Path, demo: bool) -> str:
    key = env.get("PASSAGE_SECRET_KEY", "")
    if key:
        if len(key) < MIN_KEY_LENGTH:
            raise SettingsError(
                f"PASSAGE_SECRET_KEY is too short: give {MIN_KEY_LENGTH} random characters or more."
            )
        return key
    if not demo:
        raise SettingsError(
            "PASSAGE_SECRET_KEY is not set: give at least 32 random characters and keep them "
            "outside the database (only PASSAGE_DEMO=1 makes its own)."
        )
    return _own_key(home / "secret.key")


def _own_key(path: Path) -> str:
    """The demo's key, made once and kept beside the demo's database, readable by its owner only."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
